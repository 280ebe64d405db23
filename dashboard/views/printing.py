"""打印 and 按单位打包: the buttons that hand out pages to print and a file for each unit."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import polars as pl

from hotline12345.dashboard import components, labels, rate_data, snapshots
from hotline12345.dashboard.documents import rate_sheets
from hotline12345.dashboard.documents.rate_sheets import Printed
from hotline12345.dashboard.exports import File
from hotline12345.dashboard.unit_packs import PackContent, file_stem, unit_pack
from hotline12345.dashboard.views.scope import Scope
from hotline12345.sql.lost_reads import LostBy

LAYOUT = "公文版式的 Word 文档，A4 纸一页，附规则、考核周期和数据时点。"
PACK = "一个压缩包：每个单位一个 Excel，列出它的失分工单和口径说明，可直接分发；另有清单。已脱敏。"


def printed(scope: Scope, title: str) -> Printed:
    """What a printed page of the chosen period says besides its figures."""
    return Printed(
        title=title,
        subtitle=labels.span(scope.period["start_at"], scope.period["end_at"]),
        ground=scope.ground,
        published_at=scope.facts["published_at"],
        decimals=scope.rule["score_decimals"],
        is_simulated=bool(scope.facts["is_simulated"]),
    )


def rates(scope: Scope, scores: pl.DataFrame) -> None:
    """The buttons of the page 三率 for the units it shows; grain of `scores` unit_id."""
    summary = rate_data.group_summary(scope.viewer, scope.snapshot, scope.rule_id, scope.period_id)
    is_whole = scores.height == scope.scores.height
    make = partial(
        rate_sheets.rates_sheet,
        printed(scope, f"{labels.period_name(scope.period_id)}三率"),
        scores,
        summary if is_whole else summary.clear(),
    )
    file = File(f"三率_{scope.period_id}.docx", scores.height, make)
    components.file_button(scope.viewer, file, "打印（Word）", f"{LAYOUT}单位多时每类单位一页。")
    own = scores.join(scope.own_scores.select("unit_id"), on="unit_id", how="semi", maintain_order="left")
    if scope.viewer.opens_orders and own.height:
        units = dict(own.select("unit_id", "unit_name").iter_rows())
        pack = File(f"失分工单_按单位_{scope.period_id}.zip", len(units), partial(_pack, scope, units))
        components.file_button(scope.viewer, pack, f"按单位打包失分工单（{len(units)} 个单位）", PACK)


def unit(scope: Scope, row: Mapping[str, Any], standing: str, lost: Mapping[LostBy, pl.DataFrame]) -> None:
    """The button of one unit's page; `row` of its scores, `standing` its rank in words, `lost` of `lost_summaries`."""
    earlier = rate_data.compared_scores(scope.viewer, scope.snapshot, scope.rule_id, scope.period_id)
    mine = {
        other["comparison"]: other
        for other in earlier.filter(pl.col("unit_id") == row["unit_id"]).iter_rows(named=True)
    }
    page = printed(scope, f"{row['unit_name']}{labels.period_name(scope.period_id)}三率")
    make = partial(rate_sheets.unit_sheet, page, row, mine, standing, lost)
    file = File(f"{file_stem('三率', row['unit_name'], scope.period_id)}.docx", 1, make)
    components.file_button(scope.viewer, file, "打印（Word）", LAYOUT)


def overview(scope: Scope, moved: pl.DataFrame, issues: pl.DataFrame) -> None:
    """The button of the page 总览; `moved` of `comparisons.movers`, `issues` the first of the ranking."""
    groups = rate_data.group_summary(scope.viewer, scope.snapshot, scope.rule_id, scope.period_id)
    shown = labels.in_group_order(groups.filter(pl.col("received") > 0)) if scope.has_rates else groups.clear()
    page = printed(scope, f"{labels.period_name(scope.period_id)}总览")
    file = File(f"总览_{scope.period_id}.docx", 1, partial(rate_sheets.overview_sheet, page, shown, moved, issues))
    components.file_button(scope.viewer, file, "打印（Word）", LAYOUT)


def _pack(scope: Scope, units: Mapping[str, str]) -> bytes:
    """Read when the button is clicked, outside the page's run: one unit's ledger after the other."""
    reads = snapshots.order_reader(scope.viewer, scope.snapshot)
    ledgers = ((name, reads.ledger(scope.rule_id, scope.period_id, unit_id)) for unit_id, name in units.items())
    return unit_pack(ledgers, PackContent(scope.rule_text, scope.period_id, scope.ground))
