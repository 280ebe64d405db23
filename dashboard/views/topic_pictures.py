"""Parts of the page 诉求分类: the treemap, and the season calendar beside the months of the data."""

from datetime import date

import streamlit as st

from hotline12345.dashboard import components, labels, seasons, topic_charts, topic_data
from hotline12345.dashboard.months import Coverage
from hotline12345.dashboard.views.scope import Scope

TOPIC_ROWS = 10
YEAR = 12  # whole months that a calendar takes at least


def treemap(scope: Scope, basis: str, cut: tuple[date, int, str | None], unit_id: str | None) -> None:
    """The topics of a level inside the level above; `cut` is the first month, the level, and the level-1 code looked into."""
    components.section(
        "各类占多大",
        "面积为件数；同色的一片属于同一上级分类，颜色没有其他含义。指着一格看件数和占比。级别在上面选，也可以展开一个一级分类。",
    )
    shown = topic_data.topic_areas(scope.viewer, scope.snapshot, basis, cut, unit_id)
    components.chart(topic_charts.treemap(shown), "各类诉求量矩形树图")


def calendar(scope: Scope, basis: str, unit_id: str | None) -> None:
    """What comes back every year: the seasons of the config with the orders of their topics, and the largest topics."""
    components.section(
        "季节日历",
        "数字为各年同月的平均件数，只用完整的月份，疫情年份（2020–2022）不算；颜色越深，比该行各月的平均多得越多，多一倍及以上最深。"
        "橙框为日历所列的月份，起止、地位和出处见左列名称的提示，在配置目录的 seasons.csv 中修改。",
    )
    covered = Coverage.of(scope.facts["first_at"], scope.facts["cutoff_at"])
    whole = seasons.baseline(covered)
    if len(whole) < YEAR:
        components.empty(f"完整的月份只有 {len(whole)} 个，不足一年，看不出季节。导入更早的工单后再看。")
        return
    months = topic_data.topic_calendar(scope.viewer, scope.snapshot, basis, unit_id)
    listed = topic_data.seasons(scope.viewer, scope.snapshot)
    day = scope.facts["cutoff_at"].date()
    names = topic_data.topic_names(scope.viewer, scope.snapshot)
    rows = seasons.season_rows(listed, months, covered, day)
    components.table(seasons.markup([*rows, *seasons.topic_rows(months, names, covered, TOPIC_ROWS)], "季节和分类"))
    st.caption(
        f"{labels.month(whole[0])}至{labels.month(whole[-1])}的 {len(whole)} 个完整月份。"
        "季节的起止多为通行说法，未核实，请按当地通知修改；与季节有关的分类按示例目录的编码列出。"
    )
