"""村社区: what each village and community brings up and how it is handled, with intervals; its topics."""

import polars as pl
import streamlit as st

from hotline12345.dashboard import community_data, community_tables, components, exports, labels
from hotline12345.dashboard.views.scope import Scope, heading, unit_picker

SPANS = {"本期": 1, "最近 3 期": 3, "最近 12 期": community_data.LONGEST}
VOLUME, WEAKEST = "诉求多的在前", "解决率低的在前"
SHOWN, TOPIC_ROWS = 20, 25
ORDERED = "“解决率低的在前”按区间上限排，件数很少的不会因一两件排到最前。"
COLUMNS = (
    *("place_town", "community", "order_count", "people_count"),
    *(
        "resolution_numerator",
        "resolution_denominator",
        "resolution_rate",
        "resolution_rate_low",
        "resolution_rate_high",
    ),
    *("satisfaction_numerator", "satisfaction_denominator", "satisfaction_rate"),
    *("satisfaction_rate_low", "satisfaction_rate_high"),
)


def render(scope: Scope) -> None:
    """The page."""
    if not scope.period:
        components.heading("村社区", "已发布的数据里没有可以归入考核周期的工单。")
        components.empty("请在“数据导入”页导入工单表，或请分析员导入。")
        return
    asked = st.container()
    place_id, periods, order = _choices(scope)
    every = community_data.communities(scope.viewer, scope.snapshot, scope.rule_id, periods, place_id)
    with asked:
        heading(scope, "村社区", _lead(scope, periods, every))
    if every.is_empty():
        components.empty("所选街乡镇在这段时间没有工单。请换一个街乡镇或放宽时间。")
        return
    _communities(scope, every, order, periods)
    _topics(scope, every, periods, place_id)


def _choices(scope: Scope) -> tuple[str | None, list[str], str]:
    """The 街乡镇 (None: all of them), the periods, the order of the table."""
    places = community_data.places(scope.viewer, scope.snapshot)
    chooses = scope.viewer.opens_orders
    place, *span, order = st.columns([1.2, *([1.6] if chooses else []), 1.6], vertical_alignment="bottom")
    with place:
        named = places.select(unit_id="place_id", unit_name="place_town")
        place_id = unit_picker(named, "街乡镇（问题发生地）", "全部街乡镇")
    chosen = "最近 12 期"
    if chooses:
        with span[0]:
            chosen = str(
                st.segmented_control(
                    "时间", list(SPANS), default="最近 3 期", required=True, key="community_span", bind="query-params"
                )
            )
    with order:
        first = st.segmented_control(
            "排列", [VOLUME, WEAKEST], default=VOLUME, required=True, key="community_order", bind="query-params"
        )
    periods = community_data.window(scope.viewer, scope.periods, scope.period_id, SPANS[chosen])
    return place_id, periods, str(first)


def _lead(scope: Scope, periods: list[str], every: pl.DataFrame) -> str:
    newest, oldest = labels.period_name(periods[0]), labels.period_name(periods[-1])
    span = newest if newest == oldest else f"{oldest}至{newest}"
    own = "，只含本单位的工单" if scope.viewer.units is not None else ""
    return f"{span}：{community_tables.words(every)}；按问题发生地，全口径{own}"


def _communities(scope: Scope, every: pl.DataFrame, order: str, periods: list[str]) -> None:
    components.section(
        "各村社区",
        "受理量为全口径；解决率、满意率按所选规则计，下方小字为分子/分母，横条为 95% 区间，虚线为所选范围合计。"
        f"区间与虚线相交的，不能说比合计好或差。{ORDERED}",
    )
    ordered = community_tables.weakest_first(every) if order == WEAKEST else every
    components.table(community_tables.community_table(ordered.head(SHOWN), every))
    if every.height > SHOWN:
        with st.expander(f"其余 {every.height - SHOWN:,} 个村社区"):
            components.table(community_tables.community_table(ordered.slice(SHOWN), every))
    if not scope.viewer.opens_orders:
        st.caption(f"“{labels.WITHHELD}”：{labels.WITHHELD_BECAUSE}。汇总角色固定看最近 {len(periods)} 期合计。")
    lines = [_lead(scope, periods, every), *scope.ground]
    if every["people_count"].null_count():
        lines.insert(1, f"{labels.column('people_count')}空白：{labels.WITHHELD_BECAUSE}")
    components.downloads(
        scope.viewer, exports.Table(ordered.select(COLUMNS), lines), f"村社区_{periods[-1]}_{periods[0]}"
    )


def _topics(scope: Scope, every: pl.DataFrame, periods: list[str], place_id: str | None) -> None:
    components.section(
        "村社区 × 分类",
        f"格中为件数；颜色越深，该类占当地诉求的比例越高；不足 20 件的村社区不着色。{labels.COUNTED_TOPICS}",
    )
    if place_id is None:
        components.empty("请在上面选一个街乡镇，看它的各村社区反映的是哪些事。")
        return
    cells = community_data.topics(scope.viewer, scope.snapshot, scope.rule_id, periods, place_id)
    if cells is None:
        components.empty(
            "工单集中在一个村社区或一类，列出分类就等于列出个别诉求人的事，不列。各街乡镇的分类见“诉求分类”页。"
        )
        return
    totals = dict(every.select("community", "order_count").iter_rows())
    components.table(community_tables.topic_table(cells, totals, TOPIC_ROWS))
    if cells["community"].n_unique() > TOPIC_ROWS:
        st.caption(f"列出诉求最多的 {TOPIC_ROWS} 个村社区。")
    if cells["order_count"].null_count():
        st.caption(f"“{labels.WITHHELD}”：{labels.WITHHELD_BECAUSE}。")
