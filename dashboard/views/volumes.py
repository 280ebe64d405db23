"""In place of the rates where no file brought callbacks: why there are none, and the volumes by town and category."""

import polars as pl
import streamlit as st

from hotline12345.dashboard import charts, components, data, labels, topic_data
from hotline12345.dashboard.views.scope import Scope

LIMIT = 20
WHOLE = "全口径，含剔除。"


def render(scope: Scope) -> None:
    """The page without rates."""
    components.heading("三率", "本次数据不能计算三率，只列诉求量。")
    if scope.has_rates:
        components.empty("没有工单落在规则的考核周期内，不能计算三率。请检查规则的有效期和工单的创建时间。")
    else:
        components.empty(
            "已导入的文件都没有“是否有效回访”列。三率的分母是有效回访；没有回访结果时，“是否解决”“是否满意”"
            "只是承办单位自评，不能作为三率。请导入带回访结果的导出表。"
        )
    left, right = st.columns(2, gap="large")
    with left:
        _volume("各街乡镇诉求量", WHOLE, data.days(scope.viewer, scope.snapshot), "place_town")
    with right:
        topics = topic_data.topic_months(scope.viewer, scope.snapshot)
        _volume("各类诉求量", f"{WHOLE}{labels.COUNTED_TOPICS}", topics, "topic_name")


def _volume(title: str, note: str, frame: pl.DataFrame, name: str) -> None:
    components.section(title, note)
    names = charts.largest(frame, name, LIMIT)
    totals = frame.group_by(name).agg(pl.col("order_count").sum()).filter(pl.col(name).is_in(names))
    shown = totals.sort("order_count", name, descending=[True, False])
    if shown.is_empty():
        components.empty("还没有工单。")
        return
    components.chart(charts.ranked_bars(shown, name), f"{title}条形图")
