"""The folders are the package: what pyproject.toml lists is what the tree holds."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

PREFIX = "hotline12345."
FOLDERS = ("dashboard", "flows", "models", "sample_data", "sql")


@pytest.fixture(scope="module")
def setuptools_table(root: Path) -> dict[str, object]:
    """`[tool.setuptools]` of pyproject.toml."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]


def packages_in_tree(root: Path) -> Iterator[str]:
    for folder in FOLDERS:
        for init in (root / folder).rglob("__init__.py"):
            yield PREFIX + ".".join(init.parent.relative_to(root).parts)


def uncovered_files(root: Path, package_data: dict[str, list[str]]) -> list[str]:
    """Files of the packages that an installed copy would lack."""
    covered = {
        path
        for package, patterns in package_data.items()
        for pattern in patterns
        for path in (root / package.removeprefix(PREFIX).replace(".", "/")).glob(pattern)
    }
    files = (path for folder in FOLDERS for path in (root / folder).rglob("*") if path.is_file())
    return sorted(
        str(path.relative_to(root))
        for path in files
        if path not in covered and path.suffix not in {".py", ".md"} and path.parent.name != "__pycache__"
    )


def test_every_sub_package_is_listed(root, setuptools_table):
    assert sorted(setuptools_table["packages"]) == sorted(packages_in_tree(root))


def test_every_folder_with_python_files_is_a_package(root, package_modules):
    listed = set(packages_in_tree(root))
    folders = {path.parent.relative_to(root) for path in package_modules}
    assert sorted(PREFIX + ".".join(folder.parts) for folder in folders) == sorted(listed)


def test_the_packages_map_to_their_folders(setuptools_table):
    assert setuptools_table["package-dir"] == {PREFIX + folder: folder for folder in FOLDERS}


def test_every_data_file_is_installed(root, setuptools_table):
    missing = uncovered_files(root, setuptools_table["package-data"])
    assert not missing, f"add a pattern to [tool.setuptools.package-data] for: {missing}"


def test_every_package_is_typed(root):
    assert not [folder for folder in FOLDERS if not (root / folder / "py.typed").exists()]


def test_a_data_file_without_a_pattern_is_found(tmp_path):
    (tmp_path / "sql" / "seeds").mkdir(parents=True)
    (tmp_path / "sql" / "seeds" / "units.csv").touch()
    (tmp_path / "sql" / "columns.toml").touch()
    assert uncovered_files(tmp_path, {"hotline12345.sql": ["*.toml"]}) == ["sql/seeds/units.csv"]
    assert uncovered_files(tmp_path, {"hotline12345.sql": ["*.toml", "seeds/*.csv"]}) == []
