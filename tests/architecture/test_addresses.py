"""The project works without a network: no file names a package registry or a CDN, code names no address at all."""

import re

import pytest

NAMES = (
    *("pypi", "pythonhosted", "anaconda", "npmjs", "npmmirror", "yarnpkg", "crates", "dockerhub"),
    *("jsdelivr", "unpkg", "cdnjs", "cloudflare", "bootcdn", "bootcss", "staticfile", "googleapis", "gstatic"),
    *("tsinghua", "aliyun", "aliyuncs", "ustc", "huaweicloud", "douban"),
)
SERVICE = re.compile(
    rf"\b(?:{'|'.join(NAMES)})\.(?:org|com|net|io|cn|dev|edu\.cn)\b|\bcdn\.[\w-]+\.\w+|\bmirrors?\.[\w-]+\.\w+",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"\bhttps?://([^\s/:\"'`<>)\]}]*)")
OWN = {"127.0.0.1", "localhost", "0.0.0.0"}
# The last two: strict Office files, and the settings of Word files.
NAMESPACES = {"www.w3.org", "schemas.openxmlformats.org", "purl.oclc.org", "schemas.microsoft.com"}


def foreign(text: str) -> list[str]:
    """Hosts of addresses that are neither this machine, nor a variable, nor an XML namespace."""
    return [host for host in ADDRESS.findall(text) if host and host not in OWN | NAMESPACES and host[0] != "{"]


@pytest.fixture(scope="module")
def texts(root, project_files) -> dict[str, str]:
    """Path below the root → text, of every file that is text."""
    found = {}
    for path in project_files:
        try:
            found[path.relative_to(root).as_posix()] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


def test_no_file_names_a_registry_or_a_cdn(texts):
    assert len(texts) > 20
    assert not {path: found for path, text in texts.items() if (found := SERVICE.findall(text))}


def test_only_documents_name_addresses(texts):
    own = "tests/architecture/test_addresses.py"
    code = {p: t for p, t in texts.items() if not p.endswith(".md") and p not in {"LICENSE", own}}
    assert not {path: found for path, text in code.items() if (found := foreign(text))}


def test_no_file_says_where_packages_come_from(texts):
    options = [f"--{option}" for option in ("index" + "-url", "extra-index" + "-url", "find" + "-links")]
    assert not {path: option for path, text in texts.items() for option in options if option in text}


@pytest.mark.parametrize(
    "text", ["py" + "pi.org/simple", "https://cdn" + ".example.com/x.js", "mirrors" + ".example.cn"]
)
def test_a_registry_or_cdn_is_found(text):
    assert SERVICE.search(text)


def test_addresses_are_found():
    assert foreign('a = "https://example.com/x"') == ["example.com"]
    assert not foreign('f"http://127.0.0.1:{port}" f"http://{host}" xmlns="http://www.w3.org/2000/svg"')
