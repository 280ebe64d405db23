"""`hotline rates bridge`: from two exports to one paragraph; kept scores and same-age figures come with each run."""

import json
from pathlib import Path

import pytest
from called import Hotline
from made_exports import count, orders, storage_at, write_csv

from hotline12345.sql.storage import Storage

KEYS = {
    *("unit_name", "indicator", "from", "to", "difference", "causes", "units", "usual_variation", "is_within_usual"),
    *("rule_ids", "paragraph"),
}
BEFORE, AFTER = "2025-03@2025-03-12", "2025-03"
UNIT = "甲山街道"


@pytest.fixture
def site(hotline: Hotline, tmp_path: Path) -> Storage:
    """Fourteen days of orders known on 12 March; on 25 March one of them is judged anew and one is 剔除."""
    storage = storage_at(tmp_path / "data")
    rows = orders(30)
    own = [row for row in rows if row["责任单位"] == UNIT and row["有效回访"] == "是" and row["解决情况"] == "解决"]
    changed = [own[0] | {"解决情况": "未解决", "满意度": "不满意"}]
    files = ((rows, "2025-03-12"), (changed, "2025-03-25"))
    for number, (content, known_at) in enumerate(files):
        path = write_csv(tmp_path / f"{number}.csv", content)
        done = hotline("run", path, "--data-dir", storage.data, "--exported-at", known_at)
        assert done.code == 0, done.printed
    return storage


def test_the_whole_answer(hotline: Hotline, site: Storage) -> None:
    place = ("--data-dir", site.data, "--unit", UNIT, "--from", BEFORE, "--to", AFTER)
    told = json.loads(hotline("rates", "bridge", *place, "--format", "json", "--orders").out)
    assert set(told) == KEYS | {"orders"} and told["indicator"] == "score"
    assert sum(cause["contribution"] for cause in told["causes"]) == pytest.approx(told["difference"], abs=1e-9)
    causes = {cause["cause"]: cause["order_count"] for cause in told["causes"]}
    assert causes["改判"] == 1 and "迟到回访" not in causes
    assert told["orders"][0]["order_before"].startswith("解决") and told["orders"][0]["order_after"] == "未解决、不满意"

    of_rate = json.loads(hotline("rates", "bridge", *place, "--indicator", "resolution", "--format", "json").out)
    sides = of_rate["from"], of_rate["to"]
    assert [side["resolution_numerator"] for side in sides] == [
        sides[0]["resolution_numerator"],
        sides[0]["resolution_numerator"] - 1,
    ]
    assert of_rate["difference"] == pytest.approx(-100 / sides[0]["resolution_denominator"])

    table = hotline("rates", "bridge", *place, "--orders").out
    assert "改判" in table and told["paragraph"] in table and "本系统测算，以正式通报为准" in table
    assert hotline("rates", "bridge", *place, "--format", "csv").out.startswith("\ufeff原因,")
    group = hotline("rates", "bridge", "--data-dir", site.data, "--unit", "街镇", "--from", BEFORE, "--to", AFTER)
    assert group.code == 0 and "结构" in group.out and "表现" in group.out


WRONG = [
    (("--unit", "无此镇", "--from", AFTER, "--to", AFTER), "单位："),
    (("--unit", UNIT, "--from", "2025-13", "--to", AFTER), "现有 2025-03 至 2025-03"),
    (("--unit", UNIT, "--from", "2025-03@昨天", "--to", AFTER), "2026-07@2026-08-01"),
    (("--unit", UNIT, "--from", AFTER, "--to", AFTER, "--rule", "none"), "现有规则："),
    (("--unit", UNIT, "--from", AFTER), "--to"),
]


def test_a_wrong_question_ends_with_2_and_says_what_there_is(hotline: Hotline, site: Storage) -> None:
    for arguments, said in WRONG:
        ended = hotline("rates", "bridge", "--data-dir", site.data, *arguments)
        assert (ended.code, said in ended.err, "Traceback" in ended.printed) == (2, True, False), ended.printed
    assert count(site, "select count(distinct run_id) from landed.kept_scores") == 2, "each publication kept its scores"
    assert count(site, "select count(*) from landed.kept_scores anti join landed.publications using (run_id)") == 0
