"""What a user says about a file: mapping files and --column, and messages that show the line and the near name."""

import pytest

from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.mapping import IGNORE, TARGETS, load_mapping, stated_columns, target, target_label


@pytest.mark.parametrize(
    ("option", "columns"),
    [
        ("来电类别=channel", {"来电类别": "channel"}),
        ("来电类别 = 来源渠道", {"来电类别": "channel"}),
        ("来电类别＝ignore", {"来电类别": IGNORE}),
        ("备注=不导入", {"备注": IGNORE}),
        ("*a=b：=Channel", {"a=b": "channel"}),
        ("号码=来电号码", {"号码": "caller_key"}),
    ],
)
def test_columns_stated_on_the_command_line(option, columns):
    assert stated_columns([option]) == columns


@pytest.mark.parametrize("option", ["来电类别", "=channel", "来电类别=", "：=channel"])
def test_a_statement_without_both_sides_is_explained(option):
    with pytest.raises(IngestError, match=r"--column 的写法是") as refused:
        stated_columns([option])
    assert refused.value.code == "E10"


def test_an_unknown_target_gets_the_near_one():
    with pytest.raises(IngestError, match="是不是 closed_at？") as refused:
        stated_columns(["甲=close_at"])
    assert "closed_at（办结时间）" in refused.value.message


def test_one_header_said_twice_differently_is_refused():
    assert stated_columns(["甲=channel", "甲 =channel"]) == {"甲": "channel"}
    with pytest.raises(IngestError, match="写了两次"):
        stated_columns(["甲=channel", "*甲=title"])


def test_every_target_is_known_by_its_name_and_its_label():
    for name in TARGETS:
        assert target(name) == target(target_label(name)) == name


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[columns]\n"甲" = "channel"\n乙 = "title"', "第 3 行不是有效的 TOML：列名要加英文双引号"),
        ("[columns]\n“甲” = “channel”", "第 2 行不是有效的 TOML：列名要加英文双引号"),
        ('[columns]\n"甲" = channel', "第 2 行不是有效的 TOML：等号后面的值要加英文双引号"),
        ('[columns]\n"甲" "channel"', "第 2 行不是有效的 TOML：列名后面缺少等号"),
        ('[columns]\n"甲" = "a" "乙" = "b"', "第 2 行不是有效的 TOML：一行只能写一个对应"),
        ('[columns]\n"甲" = "a\n', "第 2 行不是有效的 TOML：引号没有配对"),
        ('[columns]\n"甲" = "a"\n"甲" = "b"', "不是有效的 TOML：同一个列名写了两次"),
        ("[columns]\n[columns]", "第 2 行不是有效的 TOML：同一个段写了两次"),
        ("[columns", "末尾不是有效的 TOML：段名缺少右方括号"),
        ('[columns]\n"甲" = 3', "目标列不存在"),
        ("[file]\nheader_row = 0", "header_row"),
        ("[file]\nheader_row = true", "header_row"),
    ],
)
def test_a_wrong_mapping_file_is_explained_with_its_line(tmp_path, content, said):
    path = tmp_path / "m.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(IngestError, match=said) as refused:
        load_mapping(path)
    assert refused.value.code == "E10"


def test_a_mapping_file_in_another_encoding_names_the_line(tmp_path):
    path = tmp_path / "m.toml"
    path.write_bytes(b"[columns]\n" + '"甲" = "channel"'.encode("gb18030"))
    with pytest.raises(IngestError, match="第 2 行：不是 UTF-8 编码"):
        load_mapping(path)


def test_chinese_targets_are_understood_in_files_too(tmp_path):
    path = tmp_path / "m.toml"
    path.write_text('[columns]\n"甲" = "办结时间"\n', encoding="utf-8")
    assert load_mapping(path).columns == {"甲": "closed_at"}
