"""Rule files: what is wrong is named with file, key and what is allowed; the shipped rules never change."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

from hotline12345.flows.ingest.values import NO_ANSWER, RESOLUTIONS, SATISFACTIONS
from hotline12345.sql.rule_checks import RuleError
from hotline12345.sql.rule_layout import ANSWERS, READ_AS
from hotline12345.sql.rules import EXAMPLES, VARIANTS, catalogue, load_rule, load_rules

EXAMPLE = EXAMPLES / "example-10-50-40.toml"
FROZEN = {
    "example-10-50-40.toml": "e8ac64d47b2c015c7af1015a34f89e0083ae5a8624cea6acbb9f7447d3f7a5a9",
    "variants/example-30-35-35.toml": "6e28e3a325ecb886d2bcadd8d4c667ddf70e513a9c0e5a2998b5a038c1e1d732",
    "variants/example-deductions.toml": "ba6823fd6057d598b04ea81d866b5065dbb6f521ff1b92bfa285149f75c34dd5",
    "variants/example-latest-of-case.toml": "2448a3a217a7d6e603d824d4d702d821aef615ea17be4744146630f94bce3b57",
    "variants/example-place-year.toml": "5a268aa36632e9cb27e3d683a3cc335aeb1fd9382bff62500074565317134976",
    "variants/example-response-only.toml": "eef739efbd1e7a30d498a882f7817706f2b1b7cf0ef989f22d063c534b3d1014",
    "variants/example-stars.toml": "8b6650da7039ed07f77b74c85a76d89a5522b86044456445f2790bca8dea252a",
    "variants/example-thirds-assessed.toml": "a59a21d1b61b1eb8386a677fcd6543071fa1d5b726284e1ee9b70c80c2db547a",
    "variants/observed-full-count.toml": "16e0f322c920ea85355b94a21dca0228d9765f6f1f0a941aba6fd3bcb106d6d5",
}
SHIPPED = sorted(EXAMPLES.rglob("*.toml"))


def changed(tmp_path: Path, old: str, new: str, name: str = "own.toml") -> Path:
    """The example with one place changed, under another file name."""
    text = EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / name
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_shipped_rules_are_immutable() -> None:
    hashes = {path.relative_to(EXAMPLES).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in SHIPPED}
    assert hashes == FROZEN, "a rule that was used never changes: write a new file with a new id"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_rules_claim_to_be_no_authoritys(path: Path) -> None:
    rule = load_rule(path)
    start = {"example": "示例规则", "observed": "观察所得"}
    assert rule.name.startswith(start[rule.status])
    assert "不" in rule.source
    assert rule.id == path.stem


def test_only_the_example_is_in_force_by_default(tmp_path: Path) -> None:
    assert [rule.id for rule in load_rules(tmp_path)] == ["example-10-50-40"]
    files = catalogue(tmp_path)
    assert [file.rule.id for file in files if file.is_in_force] == ["example-10-50-40"]
    assert len(files) == len(SHIPPED) >= 7


def test_the_shipped_rules_differ_in_kind() -> None:
    rules = [load_rule(path) for path in SHIPPED]
    for kind in (
        {rule.period_length for rule in rules},
        {rule.period_label for rule in rules},
        {rule.start_hour for rule in rules},
        {rule.unit_role for rule in rules},
        {rule.answer_source for rule in rules},
        {rule.answer_round for rule in rules},
        {rule.repeat_policy for rule in rules},
        {rule.score_method for rule in rules},
        {rule.summary_method for rule in rules},
        {rule.exclusions_apply for rule in rules},
        {rule.suspensions_apply for rule in rules},
    ):
        assert len(kind) == 2
    assert {rule.tie_break for rule in rules} == {"received", "valid", "shared"}
    assert {base for rule in rules for base in rule.denominators.values()} == {"valid", "assessed", "answered"}
    assert {rule.clock for rule in rules} == {"created", "dispatched", "closed"}


def test_the_sites_own_variants_come_before_the_packaged_ones(tmp_path: Path) -> None:
    (tmp_path / VARIANTS).mkdir()
    changed(tmp_path / VARIANTS, "示例规则：响应10%", "本区草稿：响应10%", "draft.toml")
    (tmp_path / "a.toml").write_text(EXAMPLE.read_text().replace('id = "example-10-50-40"', 'id = "ours"'))
    names = {file.rule.id: (file.path.name, file.is_in_force) for file in catalogue(tmp_path)}
    assert (names["ours"], names["example-10-50-40"]) == (("a.toml", True), ("draft.toml", False))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("minimum_valid", "minimun_valid", "不认识的键“minimun_valid”。您是不是要写“minimum_valid”？"),
        ("[scope]", "[scop]", "您是不是要写“scope”？"),
        ("start_day", "start_dya", r"的 \[period\]：不认识的键“start_dya”。您是不是要写“start_day”？可用的键："),
        ('id = "example-10-50-40"', 'id = "a b"', "字母、数字、汉字"),
        ('status = "example"', 'status = "exampel"', "“status”：不认识的取值“exampel”。您是不是要写“example”？"),
        ('status = "example"', 'status = "示例"', "您是不是要写“example”？可用的取值：official（正式）、"),
        ('method = "mean_of_units"', 'method = "sum"', "mean_of_units（各单位算术平均）、pooled（合并计算）"),
        ("valid_from = 2019-01-01", 'valid_from = "2019-01-01"', "“valid_from”.*日期，不加引号"),
        ("valid_from = 2019-01-01", "valid_from = 2019-01-01T08:00:00", "日期，不加引号.*现在是 2019-01-01 08:00:00。"),
        ("valid_from = 2019-01-01", "valid_from = 2019-01-01\nvalid_to = 2019-01-01", "应晚于“valid_from”"),
        ("minimum_valid = 100", "minimum_valid = true", "整数；现在是 true"),
        ("minimum_valid = 100 ", "", "缺少“minimum_valid”"),
        (
            "start_day = 19",
            "start_day = 31",
            "“period.start_day”（每期从几日开始）：取值应为：1 到 28 的整数；现在是 31",
        ),
        ("start_day = 19", 'start_day = 19\nlength = "yearly"', "不认识的取值“yearly”。您是不是要写“year”？"),
        ("start_day = 19", 'start_day = 19\nlength = "year"', "start_day 应为 1"),
        ("start_day = 19", "start_day = 19\nstart_hour = 24", "0 到 23 的整数"),
        ("[weights] ", "[score]\nminimum_for_rank = 0\n[weights] ", "“score.minimum_for_rank”.*1 到"),
        ("[weights] ", "[score]\ndecimals = 1.5\n[weights] ", "0 到 2 的整数；现在是 1.5"),
        ("[weights] ", '[repeats]\npolicy = "latest"\n[weights] ', "您是不是要写“latest_per_case”？"),
        ("[weights] ", '[callback]\nsource = "city"\nround = "first"\n[weights] ', "只有导出表的回访结果"),
        ("[weights] ", '[flags]\nexcluded = "in"\nexcluded_kinds = ["重复"]\n[weights] ', "excluded_kinds 不起作用"),
        ("[weights] ", "[deductions.resolution]\ntarget = 0.9\npoints = 1\n[weights] ", "只用于扣分制"),
        ("[weights] ", '[score]\nmethod = "deduction"\n[weights] ', "扣分制.*请删去"),
        ('["咨询",', '["咨询", "咨询",', "不重复"),
        ('["咨询",', "[1,", "文字的列表"),
        ("[weights] ", 'assessed_order_types = ["表扬", "投诉"]\n[weights] ', "“表扬”同时写在"),
        ("response = 0.10", "response = 0.20", "四项权重合计应为 1，现在是 1.1"),
        ("response = 0.10", "response = -0.10", "0 到 1 的数"),
        ("response = 0.10", "response = 0.1001", "最多三位小数"),
        ("response = 0.10", "response = nan", "0 到 1 的数"),
        ("renormalise = true", 'renormalise = "yes"', "true 或 false"),
        ('"基本满意" = 0.9', '"基本满意" = 9', "“answers.satisfaction.基本满意”：取值应为：0 到 1 的数"),
        ('"基本满意" = 0.9', '"较满意" = 0.9', "不认识的答案“较满意”。您是不是要写“基本满意”？可用的答案：满意、"),
        ('"基本解决" = 1.0', '"办成" = 1.0', "您是不是要写“解决”？"),
        ('"基本解决" = 1.0', '"基本解觉" = 1.0', "您是不是要写“基本解决”？"),
        ('"满意" = 1.0\n"基本满意" = 0.9', '"满意" = 0.0', "至少要有一个答案大于 0"),
    ],
)
def test_a_wrong_rule_says_what_is_wrong(old: str, new: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=message) as error:
        load_rule(changed(tmp_path, old, new))
    assert str(error.value).startswith("规则文件 own.toml")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'status = "example"',
            "status = “example”",
            "第 5 行不是有效的 TOML：取值的写法不对.*全角标点.*status = “example”",
        ),
        ('status = "example"', 'status = "example', "第 5 行.*缺少右引号"),
        ('status = "example"', "status : 1", "第 5 行.*应为“=”"),
        ("start_day = 19 ", "start_day = 19 日 ", "第 11 行.*多余的文字"),
        ("start_day = 19", "start_day = 19\nstart_day = 20", "第 12 行.*写了两次"),
        ("[scope]", "[scope", "缺少右方括号"),
        ("[scope]", "[period]", "写了两次"),
        ("renormalise = true", "renormalise = True", "小写"),
        ("valid_from = 2019-01-01", "valid_from = 2019-02-30", "第 7 行"),
    ],
)
def test_a_broken_file_is_told_in_chinese_with_its_line(old: str, new: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(RuleError, match=message) as error:
        load_rule(changed(tmp_path, old, new))
    told = str(error.value).split("这一行是")[0].replace("own.toml", "").replace("TOML", "")
    assert not [
        word for word in ("Expected", "Invalid", "line", "column", "true") if word in told.replace("true/false", "")
    ]


def test_a_section_that_is_no_section_is_told(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    text = EXAMPLE.read_text(encoding="utf-8")
    path.write_text("scope = 5\n" + text.replace("[scope]", "[other]"), encoding="utf-8")
    with pytest.raises(RuleError, match="不认识的键“other”"):
        load_rule(path)
    path.write_text('summary = "pooled"\n' + text[: text.index("[summary]")], encoding="utf-8")
    with pytest.raises(RuleError, match=r"“summary”应为一节：先写一行 \[summary\]"):
        load_rule(path)


def test_other_encodings(tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8-sig")
    assert load_rule(path) == load_rule(EXAMPLE)
    path.write_text(text, encoding="gb18030")
    with pytest.raises(RuleError, match="不是 UTF-8 编码"):
        load_rule(path)


def test_comments_and_order_do_not_make_another_rule(tmp_path: Path) -> None:
    path = changed(tmp_path, '"解决" = 1.0\n"基本解决" = 1.0', '# first\n"基本解决" = 1\n"解决" = 1.00')
    assert load_rule(path) == load_rule(EXAMPLE)


def test_the_answers_of_a_rule_are_the_words_that_loading_gives() -> None:
    """A rule that names another word would never match, and nobody would be told."""
    assert set(ANSWERS["resolution"]) == set(RESOLUTIONS.values())
    assert set(ANSWERS["satisfaction"]) >= set(SATISFACTIONS.values()) | (set(NO_ANSWER) - {"未回访"})
    read = RESOLUTIONS | SATISFACTIONS
    assert {word: read[word] for word in READ_AS} == READ_AS


def test_the_default_rule_keeps_its_meaning() -> None:
    rule = load_rule(EXAMPLE)
    assert (rule.valid_from, rule.valid_to, rule.minimum_valid, rule.minimum_for_rank) == (
        date(2019, 1, 1),
        None,
        100,
        1,
    )
    assert rule.weights == {"response": 100, "resolution": 500, "satisfaction": 400, "on_time": 0}
    assert rule.answers == {
        "resolution": {"解决": 1000, "基本解决": 1000},
        "satisfaction": {"满意": 1000, "基本满意": 900},
    }
    assert rule.denominators == dict.fromkeys(("response", "resolution", "satisfaction"), "valid")
    assert (rule.clock, rule.unit_role, rule.answer_source, rule.answer_round) == (
        *("created", "undertaker", "callback"),
        "latest",
    )
    assert (rule.exclusions_apply, rule.suspensions_apply, rule.repeat_policy) == (True, True, "each")
    assert (rule.score_method, rule.score_decimals, rule.tie_break, rule.summary_method) == (
        *("weighted", 1, "received"),
        "mean_of_units",
    )


def test_two_files_with_one_id_are_refused(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_bytes(EXAMPLE.read_bytes())
    with pytest.raises(RuleError, match="相同的 id"):
        load_rules(tmp_path)
