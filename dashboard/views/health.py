"""数据健康: what came in, what became of every row, what the site's lists do not know."""

from html import escape

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, data, labels, tables
from hotline12345.dashboard.views.scope import Scope

ROWS = 100
WHOLE = "小计"  # of a channel or sub-centre: the row stands for all of them
ACCOUNTING = ("rows_new", "rows_revised", "rows_unchanged", "rows_repeated", "rows_not_data", "rows_quarantined")


def render(scope: Scope) -> None:
    """The page."""
    components.heading("数据健康", "导入了哪些文件，每一行去了哪里，哪些需要处理。")
    batches = data.batches(scope.viewer, scope.snapshot)
    unlisted = data.unlisted_units(scope.viewer, scope.snapshot)
    _cards(scope, batches, unlisted)
    if not scope.has_rates:
        components.empty("已导入的文件都没有“是否有效回访”列：不计算三率。请导入带回访结果的导出表。")
    elif not batches["has_callback"].all():
        without = "、".join(str(number) for number in batches.filter(~pl.col("has_callback"))["batch_id"].sort())
        components.empty(f"批次 {without} 没有“是否有效回访”列，其中的工单不进三率，只计诉求量。")
    components.section("批次", "读取的行数等于后面各栏之和；“未变”为与已有版本相同的行。")
    components.table(
        tables.html_table(
            batches,
            (
                *("batch_id", "file_name", "file_format", "known_at", "loaded_at", "rows_read"),
                *ACCOUNTING,
                "has_callback",
                *(["undone_at"] if batches["undone_at"].count() else []),
            ),
        )
    )
    left, right = st.columns([3, 2], gap="large")
    with left:
        _quarantine(scope, batches)
        _names(data.name_proposals(scope.viewer, scope.snapshot))
    with right:
        _unmapped(batches)
        _channels(data.channel_counts(scope.viewer, scope.snapshot))


def _cards(scope: Scope, batches: pl.DataFrame, unlisted: pl.DataFrame) -> None:
    facts = scope.facts
    cards = (
        ("工单", labels.count(facts["orders"], "件"), f"{labels.moment(facts['first_at'])[:10]} 起"),
        ("数据截至", labels.moment(facts["cutoff_at"])[:10], f"发布于 {labels.moment(facts['published_at'])}"),
        (
            "导入批次",
            labels.count(batches.height, "个"),
            f"共读取 {labels.count(int(batches['rows_read'].sum()), '行')}",
        ),
        ("隔离", labels.count(facts["quarantined"], "行"), "原因见下方"),
        (
            "未登记单位",
            labels.count(unlisted.height, "个"),
            f"涉及 {labels.count(int(unlisted['order_count'].sum()), '件')}",
        ),
    )
    for column, (title, value, below) in zip(st.columns(5), cards, strict=True):
        with column:
            st.metric(title, value, below, delta_color="off", delta_arrow="off", border=True)


def _quarantine(scope: Scope, batches: pl.DataFrame) -> None:
    components.section("隔离的行", "不合要求的行不进入统计，原值已脱敏。可在“数据导入”页下载成 Excel，改正后再导入。")
    broken = batches.filter(pl.col("quarantine_reasons") > 0)
    if broken.is_empty():
        components.empty("没有隔离的行。")
        return
    names = {row["batch_id"]: f"批次 {row['batch_id']}　{row['file_name']}" for row in broken.iter_rows(named=True)}
    batch_id = st.selectbox(
        "批次", list(names), format_func=names.__getitem__, key="batch", label_visibility="collapsed"
    )
    column = {"column_name": lambda row: labels.column_or_name(row["column_name"] or "整行")}
    reasons = data.quarantine_reasons(scope.viewer, scope.snapshot, batch_id)
    components.table(tables.html_table(reasons, ("column_name", "reason", "fix", "rows_quarantined"), column))
    rows = data.quarantine(scope.viewer, scope.snapshot, batch_id)
    with st.expander(f"逐行查看（{min(rows.height, ROWS):,} / {rows.height:,} 条）"):
        names_shown = ("row_number", "column_name", "value_masked", "reason", "correction_state", "corrected_batch_id")
        components.table(tables.html_table(rows.head(ROWS), names_shown, column))


def _names(names: pl.DataFrame) -> None:
    components.section(
        "需要核对的名称",
        "承办单位和被反映街乡镇各自对照单位清单，互不代填：没填街乡镇的工单不会按承办单位补上。清单里没有的名称单独列出，不会自动合并。",
    )
    if names.is_empty():
        components.empty("名称都已对上。")
        return
    columns = ("name_role", "found_name", "name_issue", "order_count", "proposed_unit_name", "proposal_reason")
    components.table(tables.html_table(names.head(ROWS), columns))
    components.empty(
        "核对后请告诉维护单位清单的人：建议正确的，把这个名称登记为该单位的别名（`hotline units alias`）；新单位在清单（`units.csv`）中加一行。"
        "重新发布后生效。"
    )
    if names.height > ROWS:
        components.empty(f"只列出工单最多的 {ROWS} 个，共 {names.height:,} 个。")


def _unmapped(batches: pl.DataFrame) -> None:
    components.section(
        "未识别的列", "文件里有、没有导入的列。需要时，在“数据导入”页再上传一次这个文件，并为它们选择含义。"
    )
    unmapped = batches.filter(pl.col("unmapped_columns").fill_null("") != "")
    if unmapped.is_empty():
        components.empty("每一列都已识别。")
    else:
        components.table(tables.html_table(unmapped, ("batch_id", "unmapped_columns")))


def _channels(channels: pl.DataFrame) -> None:
    components.section(
        "渠道构成",
        "最近 12 个月的工单（全口径），按 channels.csv 归组；清单外的渠道保留原名，归入“未归组”。",
    )
    if channels.is_empty():
        components.empty("还没有工单。")
    else:
        names = ("channel_group", "channel", "sub_center", "order_count", "order_share")
        components.table(tables.html_table(channels, names, {name: _part(name) for name in names[:3]}))


def _part(name: str) -> tables.Cell:
    """One level of the channels: a group's own row bold, nothing where a row stands for the whole level."""

    def cell(row: tables.Row) -> str:
        if name == "channel_group":
            return f"<b>{escape(row[name])}</b>" if row["channel"] == WHOLE else ""
        return "" if row[name] == WHOLE else escape(row[name])

    return cell
