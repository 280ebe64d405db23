"""诉求分类: what people call about, by month, place and unit, at three levels; always with whose label counts."""

from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import charts, components, labels, tables, topic_data
from hotline12345.dashboard.views import relabel, topic_pictures, urgent
from hotline12345.dashboard.views.scope import Scope, unit_picker
from hotline12345.sql.rule_layout import STATUSES
from hotline12345.sql.topic_reads import COUNTED

SPANS = {"最近 1 个月": 1, "最近 3 个月": 3, "最近 12 个月": 12, "全部": 10_000}
LEVELS = {"一级": 1, "二级": 2, "三级": 3}
BASIS_NAMES = {"计数": "计数口径", "模型": "只看模型", "人工": "只看人工标注"}
BARS, TOPICS, TOWNS = 15, 11, 20
BAR_HEIGHT, LEAST_HEIGHT = 24, 240


def render(scope: Scope) -> None:
    """The page."""
    tops = topic_data.topic_months(scope.viewer, scope.snapshot, COUNTED, 1, None)  # as below, so that it is read once
    if tops.is_empty():
        components.heading("诉求分类", "还没有工单。")
        components.empty("请先在“数据导入”页导入工单表。")
        return
    title, units = st.columns([4, 1], vertical_alignment="bottom")
    with units:
        names = tops.select("unit_id", "unit_name").unique().sort("unit_id")
        unit_id = unit_picker(names, "承办单位", "全部单位")
    span, basis, level, within = _choices(tops)
    months = topic_data.topic_months(scope.viewer, scope.snapshot, basis, level, within)
    chosen = months if unit_id is None else months.filter(pl.col("unit_id") == unit_id)
    first = _first_month(tops, SPANS[span])
    window = chosen.filter(pl.col("created_month") >= first)
    with title:
        inside = tops.filter(pl.col("topic_code") == within)["topic_name"].head(1).to_list() if within else []
        components.heading("诉求分类", "：".join([*inside, _lead(window, first, scope.facts)]))
    st.caption(f"按什么计：{labels.BASES[basis]}。按工单创建时间，不按考核周期。{_catalogues(scope)}")
    if window.is_empty():
        components.empty("这一范围没有工单。请放宽时间、单位或分类。")
    else:
        topic_pictures.treemap(scope, basis, (first, level, within), unit_id)
        _amounts(chosen, window)
        _where(window)
        topic_pictures.calendar(scope, basis, unit_id)
    _seven_five(scope, unit_id, first)
    urgent.render(scope)
    relabel.render(scope)


def _choices(tops: pl.DataFrame) -> tuple[str, str, int, str | None]:
    """The span, whose label counts, the level, and the level-1 code to look into (None: all)."""
    spans, bases, levels, inside = st.columns([1.75, 1.55, 1, 1.05], vertical_alignment="bottom")
    with spans:
        span = st.segmented_control(
            "时间", list(SPANS), default="最近 12 个月", required=True, key="topic_span", bind="query-params"
        )
    with bases:
        basis = st.segmented_control(
            "按什么计",
            list(labels.BASES),
            default="计数",
            required=True,
            key="topic_basis",
            bind="query-params",
            format_func=BASIS_NAMES.__getitem__,
            help="三种口径各数一遍全部工单，不能相加。",
        )
    with inside:
        names = dict(tops.select("topic_code", "topic_name").unique().sort("topic_code").iter_rows())
        within: str | None = st.selectbox(
            "展开一个一级分类",
            [code for code in names if code != labels.UNCLASSIFIED],
            index=None,
            format_func=names.__getitem__,
            key="topic_within",
            bind="query-params",
            placeholder="全部一级分类",
        )
    with levels:
        finer = list(LEVELS)[1:] if within else list(LEVELS)
        level = st.segmented_control(
            "级别",
            finer,
            default=finer[0],
            required=True,
            key=f"topic_level_{'in' if within else 'all'}",
            bind="query-params",
        )
    return str(span), str(basis), LEVELS[str(level)], within


def _first_month(months: pl.DataFrame, count: int) -> date:
    every: list[date] = months["created_month"].unique().sort().to_list()
    return every[-min(count, len(every))]


def _catalogues(scope: Scope) -> str:
    """Which catalogues the codes come from, and what they are."""
    listed = topic_data.taxonomies(scope.viewer, scope.snapshot).iter_rows(named=True)
    named = [
        f"{row['taxonomy_name']}（{STATUSES[row['taxonomy_status']]}）"
        if row["taxonomy_status"]
        else row["taxonomy_name"]
        for row in listed
    ]
    return f"分类目录：{'、'.join(named)}。" if named else "没有分类目录：各类按导入文件所写。"


def _lead(window: pl.DataFrame, first: date, facts: dict[str, Any]) -> str:
    total = int(window["order_count"].sum())
    parts = [f"{labels.month(first)}至{labels.day(facts['last_at'])}，{labels.count(total, '件')}（全口径）"]
    for name, word in labels.SOURCES.items():
        own = int(window.filter(pl.col("topic_source") == name)["order_count"].sum())
        if own:
            parts.append(f"{word} {labels.rate(own / total)}")
    return "，".join(parts)


def _amounts(chosen: pl.DataFrame, window: pl.DataFrame) -> None:
    totals = window.group_by("topic_name", "topic_source").agg(pl.col("order_count").sum())
    named = totals.filter(pl.col("topic_name") != labels.UNCLASSIFIED)
    names = charts.largest(named, "topic_name", BARS)
    rest = named.filter(~pl.col("topic_name").is_in(names))
    shown = totals.filter(pl.col("topic_name").is_in([*names, labels.UNCLASSIFIED]))
    left, right = st.columns(2, gap="large")
    with left:
        components.section(
            "各类诉求量", "绿色为人工复核，深蓝为人工标注，浅蓝为模型判断，灰色为未归类。标“未细分”的只知道上一级。"
        )
        components.chart(charts.topic_bars(shown, BAR_HEIGHT), "各类诉求量条形图")
        if rest.height:
            orders = labels.count(int(rest["order_count"].sum()), "件")
            st.caption(f"列出最多的 {BARS} 类；另有 {rest['topic_name'].n_unique()} 类共 {orders}没有画出。")
    with right:
        components.section("最多的五类，逐月", "所选单位和口径的全部月份；首尾两个月可能不满月。")
        height = max(LEAST_HEIGHT, BAR_HEIGHT * shown["topic_name"].n_unique())
        components.chart(charts.monthly_lines(chosen, "topic_name", height), "诉求量最多的五类逐月折线图")


def _where(window: pl.DataFrame) -> None:
    components.section(
        "街乡镇 × 分类",
        "格中为件数；颜色越深，该类占当地诉求的比例越高，便于比较大小不同的街乡镇；"
        f"不足 {tables.FEW} 件的街乡镇不着色。按问题发生地，不是承办单位。",
    )
    named = window.filter(pl.col("topic_name") != labels.UNCLASSIFIED)
    topics = charts.largest(named, "topic_name", TOPICS)
    places = window.group_by("place_id").agg(pl.col("place_town").first(), pl.col("order_count").sum())
    towns = places.sort("order_count", "place_id", descending=[True, False])["place_town"].unique(maintain_order=True)
    kept = pl.col("topic_name").is_in([*topics, labels.UNCLASSIFIED])
    cells = window.with_columns(pl.when(kept).then("topic_name").otherwise(pl.lit(labels.OTHER)).alias("topic_name"))
    cells = cells.group_by("place_town", "topic_name").agg(pl.col("order_count").sum())
    present = set(cells["topic_name"])
    columns = [*topics, *(name for name in (labels.OTHER, labels.UNCLASSIFIED) if name in present)]
    components.table(tables.heat_table(cells, towns.head(TOWNS).to_list(), columns))
    if towns.len() > TOWNS:
        st.caption(f"列出诉求最多的 {TOWNS} 个地方，另有 {towns.len() - TOWNS} 个。")


def _seven_five(scope: Scope, unit_id: str | None, first: date) -> None:
    components.section(
        "七有五性",
        "导入文件自带的归类优先；没有的按计数口径的分类查对照表（建议）；仍没有的列为未归类。不随上面的口径和级别变。",
    )
    every = topic_data.seven_five_months(scope.viewer, scope.snapshot)
    if unit_id:
        every = every.filter(pl.col("unit_id") == unit_id)
    months = every.filter(pl.col("created_month") >= first)
    totals = months.group_by("seven_five").agg(pl.col("order_count").sum())
    last = (pl.col("seven_five") == labels.UNCLASSIFIED).alias("last")
    left, right = st.columns(2, gap="large")
    with left:
        components.chart(
            charts.ranked_bars(totals.sort(last, -pl.col("order_count"), "seven_five"), "seven_five"), "七有五性条形图"
        )
    with right:
        components.chart(charts.monthly_lines(every, "seven_five", 310), "七有五性中最多的五类逐月折线图")
    total = int(months["order_count"].sum())
    sources = months.group_by("seven_five_source").agg(pl.col("order_count").sum()).sort("order_count", descending=True)
    shares = "，".join(f"{name} {labels.rate(own / total)}" for name, own in sources.rows())
    st.caption(f"归类来源：{shares}。右图为全部月份中最多的五类。")
