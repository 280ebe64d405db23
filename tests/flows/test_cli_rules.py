"""`hotline rules` and `hotline explain` on orders whose rates were worked out by hand."""

import json
import shutil
from pathlib import Path
from typing import Any

import made_rates
import pytest
from called import Hotline

from hotline12345.flows.cli import rules
from hotline12345.sql.rules import EXAMPLES
from hotline12345.sql.storage import Storage


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    return made_rates.published(tmp_path_factory.mktemp("rules"))[0]


@pytest.fixture
def called(hotline: Hotline, published: Storage):
    def call(*arguments: str):
        return hotline(*arguments, "--data-dir", published.data)

    return call


def replayed(called: Any, rule_id: str, *options: str) -> list[dict[str, Any]]:
    done = called("rules", "replay", "--rule", rule_id, "--period", "2026-03", "--format", "json", *options)
    assert done.code == 0, done.err
    return json.loads(done.out)


def test_list_tells_which_are_in_force_and_used(called: Any) -> None:
    listed = {row["rule_id"]: row for row in json.loads(called("rules", "list", "--format", "json").out)}
    assert len(listed) == len(list(EXAMPLES.rglob("*.toml")))
    assert [rule_id for rule_id, row in listed.items() if row["is_in_force"]] == ["example-10-50-40"]
    assert listed["example-10-50-40"]["first_used_at"] == str(made_rates.PUBLISHED_AT)
    assert listed["example-stars"]["first_used_at"] is None
    assert "启用备用规则：把文件复制到" in called("rules", "list").out


def test_a_used_rule_that_was_changed_or_deleted_is_marked(called: Any, published: Storage) -> None:
    """The packaged default was used; a file of the site under its id takes its place with another content."""

    def state() -> str:
        rows = json.loads(called("rules", "list", "--format", "json").out)
        return next(row["rule_file_state"] for row in rows if row["rule_id"] == "example-10-50-40")

    assert state() == "与发布时相同"
    published.rules.mkdir(parents=True)
    text = (EXAMPLES / "example-10-50-40.toml").read_text(encoding="utf-8")
    (published.rules / "ours.toml").write_text(text.replace('"基本满意" = 0.9', '"基本满意" = 0.8'), encoding="utf-8")
    assert state() == "内容已被改动"
    told = called("rules", "show", "example-10-50-40").out
    assert "内容已被改动，与发布时不同；发布会被拒绝。改动的键：answers.satisfaction.基本满意（0.9 → 0.8）" in told
    assert "启用时发布会被拒绝" in called("rules", "list").out
    shutil.rmtree(published.rules)


def test_a_used_rule_without_a_file_is_told_as_it_was(
    called: Any, published: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [file for file in rules.catalogue(published.rules) if file.rule.id != "example-10-50-40"]
    monkeypatch.setattr(rules, "catalogue", lambda _: files)
    (row,) = [row for row in json.loads(called("rules", "list", "--format", "json").out) if row["first_used_at"]]
    assert (row["rule_file_state"], row["is_in_force"]) == ("文件已删除", False)
    told = called("rules", "show", "example-10-50-40").out
    assert "第十三条 综合成绩" in told and "文件已删除，以上是发布时的内容" in told


def test_list_needs_no_publication(hotline: Hotline, tmp_path: Path) -> None:
    assert "example-10-50-40" in hotline("rules", "list", "--data-dir", tmp_path).out


def test_show_says_a_rule_in_clauses(called: Any) -> None:
    told = called("rules", "show", "example-10-50-40").out
    assert "第十三条 综合成绩：综合成绩 = 100×（10%×响应率 + 50%×解决率 + 40%×满意率）" in told
    assert "已启用" in told
    assert "2026-04-01 09:00 起用于发布，内容不能再改" in told
    assert "未启用（备用）" in called("rules", "show", "example-stars").out


def test_show_notices_a_group_that_no_unit_is_in(called: Any, published: Storage) -> None:
    variants = published.rules / "variants"
    variants.mkdir(parents=True)
    text = (EXAMPLES / "variants" / "example-response-only.toml").read_text(encoding="utf-8")
    draft = text.replace("example-response-only", "draft").replace('["国企"]', '["国有企业"]')
    (variants / "draft.toml").write_text(draft, encoding="utf-8")
    told = called("rules", "show", "draft").out
    assert "单位清单中没有“国有企业”这一类别，第十条对它不起作用。现有类别：国企、街镇。" in told
    assert "对它不起作用" not in called("rules", "show", "example-response-only").out
    shutil.rmtree(published.rules)


def test_an_unknown_rule_is_guessed(called: Any) -> None:
    refused = called("rules", "show", "example-10-50-4")
    assert refused.code == 2
    assert "您是不是要写“example-10-50-40”？" in refused.err


def test_diff_tells_what_changes(called: Any) -> None:
    told = called("rules", "diff", "example-10-50-40", "observed-full-count").out
    assert "第八条 剔除。原来：剔除的工单不进分子和分母，仍计入受理量。改为：剔除的工单也计入三率（全口径）。" in told
    assert "第七条" not in told
    assert "没有一条不同" in called("rules", "diff", "example-stars", "example-stars").out


def test_replay_gives_old_and_new_figures(called: Any) -> None:
    """Default: A1, A2, A5, A6 valid → 4/4, 3/4, 2.9/4. 全口径 adds A3: 5/5, 3/5, 2.9/5."""
    rows = {(row["unit_name"], row["rule_id"]): row for row in replayed(called, "observed-full-count")}
    old, new = rows["甲街道", "example-10-50-40"], rows["甲街道", "observed-full-count"]
    assert [
        old[f"{rate}_{part}"] for rate in ("resolution", "satisfaction") for part in ("numerator", "denominator")
    ] == [
        *(3, 4, 2.9, 4),
    ]
    assert (old["score"], new["score"]) == (76.5, 63.2)
    assert new["response_rate"] == 5 / 5
    assert new["resolution_rate"] == 3 / 5
    assert (old["moved_count"], new["moved_count"]) == (1, 1)
    assert rows["供热公司", "observed-full-count"]["moved_count"] == 0
    assert rows["乙镇", "observed-full-count"]["score"] is None


MOVES = {
    "observed-full-count": [("A3", "响应率：不计 → 计 1；解决率：不计 → 计 0；满意率：不计 → 计 0", "第八条 剔除")],
    "example-latest-of-case": [
        ("A5", "响应率：计 1 → 不计；解决率：计 1 → 不计；满意率：计 1 → 不计", "第十一条 重复诉求")
    ],
    "example-30-35-35": [("A2", "满意率：计 0.9 → 计 1", "第十二条 分子")],
    "example-thirds-assessed": [
        ("A2", "满意率：计 0.9 → 计 0.8", "第十二条 分子"),
        ("A4", "响应率：不计 → 计 0；解决率：不计 → 计 0；满意率：不计 → 计 0", "第七条 分母"),
    ],
    "example-stars": [
        (
            name,
            f"响应率：计 1 → 不计；解决率：{solved} → 不计；满意率：{satisfied} → 不计；单位：甲街道 → 不在本期",
            "第三条 归期",
        )
        for name, solved, satisfied in (
            *(("A1", "计 1", "计 1"), ("A2", "计 1", "计 0.9"), ("A5", "计 1", "计 1")),
            ("A6", "计 0", "计 0"),
        )
    ],
    "example-response-only": [],
}


@pytest.mark.parametrize("rule_id", MOVES)
def test_replay_lists_which_orders_moved_and_why(called: Any, rule_id: str) -> None:
    rows = replayed(called, rule_id, "--unit", "甲街道")
    assert [(row["order_id"], row["rule_move"], row["rule_clause"]) for row in rows] == MOVES[rule_id]


def test_state_enterprises_on_response_only(called: Any) -> None:
    (row,) = replayed(called, "example-response-only", "--unit", "供热公司")
    assert row["rule_move"] == "解决率：计 1 → 不计；满意率：计 1 → 不计"
    assert row["rule_clause"] == "第十条 只评价响应率"
    scores = {
        row["unit_name"]: row for row in replayed(called, "example-response-only") if "response" in row["rule_id"]
    }
    assert (scores["供热公司"]["score"], scores["供热公司"]["resolution_rate"]) == (100, None)
    assert {row["score_rank"] for row in scores.values()} == {None}  # nobody has ten valid callbacks


def test_a_rule_that_scores_the_place_moves_orders_to_it(called: Any, published: Storage) -> None:
    variants = published.rules / "variants"
    variants.mkdir(parents=True, exist_ok=True)
    text = (EXAMPLES / "example-10-50-40.toml").read_text(encoding="utf-8")
    draft = text.replace("example-10-50-40", "draft-place").replace("[scope]", '[scope]\nunit_role = "place"')
    (variants / "draft.toml").write_text(draft, encoding="utf-8")
    (row,) = replayed(called, "draft-place", "--unit", "乙镇")
    assert (row["order_id"], row["rule_move"], row["rule_clause"]) == ("A6", "单位：甲街道 → 乙镇", "第五条 计分单位")
    assert "按不同角色的单位计分" in called("rules", "replay", "--rule", "draft-place", "--period", "2026-03").out
    shutil.rmtree(published.rules)


def test_the_table_sums_up_what_moved(called: Any) -> None:
    told = called("rules", "replay", "--rule", "example-thirds-assessed", "--period", "2026-03").out
    for part in (
        "共有 2 件工单的计分不同。",
        "其中 1 件因为第七条 分母：",
        "其中 1 件因为第十二条 分子：",
        "72.5% → 56.0%",
        "本系统测算，以正式通报为准",
        "第十五条 汇总。原来：",
    ):
        assert part in told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--rule", "example-10-50-40", "--period", "2026-03"), "没有可比的"),
        (("--rule", "example-place-year", "--period", "2026-03"), "每个自然年为一期"),
        (("--rule", "example-stars", "--period", "三月"), "写法应如 2026-08"),
        (("--rule", "example-stars", "--period", "2018-03"), "没有 2018-03 期"),
        (("--rule", "example-stars", "--period", "2025-03"), "没有可以重算的"),
        (("--rule", "example-stars", "--period", "2026-03", "--unit", "丙镇"), "没有单位“丙镇”"),
        (("--rule", "none", "--period", "2026-03"), "没有规则“none”"),
    ],
)
def test_replay_refuses_in_words(called: Any, options: tuple[str, ...], told: str) -> None:
    refused = called("rules", "replay", *options)
    assert (refused.code, refused.out) == (2, "")
    assert told in refused.err


def test_a_wrong_variant_is_named(hotline: Hotline, tmp_path: Path) -> None:
    folder = Storage.at(tmp_path).rules / "variants"
    folder.mkdir(parents=True)
    (folder / "draft.toml").write_text("id = “x”", encoding="utf-8")
    refused = hotline("rules", "list", "--data-dir", tmp_path)
    assert refused.code == 2
    assert "规则文件 draft.toml 第 1 行" in refused.err


def test_init_brings_the_variants_but_puts_none_in_force(hotline: Hotline, tmp_path: Path) -> None:
    told = hotline("init", "--data-dir", tmp_path).out
    assert "备用的规则" in told
    rules = Storage.at(tmp_path).rules
    assert [path.name for path in rules.glob("*.toml")] == ["example-10-50-40.toml"]
    assert {path.name for path in (rules / "variants").iterdir()} == {
        path.name for path in (EXAMPLES / "variants").iterdir()
    }


STORIES = {
    ("A2",): (
        "单位：计在甲街道名下（第五条：按承办单位计分）",
        "满意率：基本满意，进分母，分子计 0.9（第七条、第十二条）",
        "甲街道本期有效回访 4 件，综合成绩 76.50 分；不含这一件为 70.00 分，相差 +6.50 分",
    ),
    ("A3",): (
        "标记：剔除：是（不属于本区）；挂账：否；不计入诉求总量：否；只评价响应率：否",
        "结论：不进三率的分母：已剔除。依据第八条（剔除）：剔除的工单不进分子和分母",
        "全口径：不扣减剔除和挂账时，进响应率、解决率、满意率的分母",
    ),
    ("A3", "observed-full-count"): ("未启用的规则重算", "解决率：未解决，进分母，分子计 0"),
    ("A4",): ("回访无效（未取得有效答复）", "依据第七条（分母）"),
    ("A4", "example-thirds-assessed"): ("响应率：未联系，进分母，分子计 0（第七条）",),
    ("A5", "example-latest-of-case"): ("重复诉求，同一案件已计另一件。依据第十一条", "同一案件的其他工单：A6"),
    ("A6",): ("承办单位：甲街道；被反映街乡镇：乙镇；归属行业部门：未填",),
    ("A6", "example-place-year"): ("单位：计在乙镇名下", "导入文件没有这种回访的列。依据第六条"),
    ("E7", "example-response-only"): (
        "解决率：不进分母：只评价响应率。依据第十条",
        "供热公司本期综合成绩 100.00 分，只由这一件得出",
    ),
    ("A1", "example-stars"): ("这张工单不归入任何一期。第三条 归期：工单按派单时间归入周期",),
    ("A1", "example-10-50-40"): ("规则：示例规则：响应10%", "2026年3月期（"),
}


@pytest.mark.parametrize("asked", STORIES, ids="-".join)
def test_explain_tells_the_story_under_any_rule(called: Any, asked: tuple[str, ...]) -> None:
    order_id, *rule = asked
    done = called("explain", order_id, *(["--rule", rule[0]] if rule else []))
    assert done.code == 0, done.err
    for part in (*STORIES[asked], "首次出现", "本系统测算，以正式通报为准"):
        assert part in done.out


def test_explain_knows_no_such_order_or_rule(called: Any) -> None:
    assert "没有这张工单" in called("explain", "A99").err
    refused = called("explain", "A1", "--rule", "example-star")
    assert refused.code == 2
    assert "您是不是要写“example-stars”？" in refused.err
