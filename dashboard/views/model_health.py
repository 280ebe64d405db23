"""模型健康: how sure the model in force is month by month, alarms with their reasons, and proposed categories."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, labels, tables, topic_alarms, topic_data
from hotline12345.dashboard.views import opened, order_list
from hotline12345.dashboard.views.scope import Scope

MONTHS, EXAMPLES = 12, 50
BODY = 40  # letters of a text shown beside its title, which may say nothing: 要求尽快处理
SHARES = ("mean_probability", "unseen_share", "unsure_share", "disagreement_share")
HAND_OVER = "转每月一题"


def render(scope: Scope) -> None:
    """The section, for the page 模型."""
    health = topic_data.topic_health(scope.viewer, scope.snapshot)
    if health.is_empty():
        components.empty("还没有模型分类的结果，看不出健康情况。模型分类过的工单发布后，这里按月列出。")
    else:
        _alarms(scope, health)
        _months(health, topic_data.model_in_force(scope.viewer, scope.snapshot))
        _topics(health)
    _proposals(scope)


def _alarms(scope: Scope, health: pl.DataFrame) -> None:
    components.section("提醒", "最近一个工单足够的月份，与训练时和前几个月相比；有提醒不等于分类错了。")
    found = topic_alarms.alarms(health, topic_data.model_in_force(scope.viewer, scope.snapshot))
    if not found:
        st.success("没有提醒：把握、生词、类别构成、待复核和与人工的一致程度都在平常范围内。", icon=":material/check:")
    for alarm in found:
        st.warning(
            f"**{alarm.kind}**　{alarm.topic_name}，{labels.month(alarm.month)}：{alarm.reason}",
            icon=":material/warning:",
        )


def _months(health: pl.DataFrame, manifest: Mapping[str, Any]) -> None:
    components.section("逐月", "按工单创建的月份；首尾两个月可能不满月。全部按模型判断，不论计数时用不用。")
    months = topic_alarms.monthly(health).sort("created_month", descending=True).head(MONTHS)
    components.table(tables.html_table(months, ("created_month", "order_count", *SHARES, "corrected_count")))
    then = [labels.rate(manifest.get(name)) for name in ("mean_probability", "unseen_share")]
    st.caption(
        "平均把握：模型一级分类概率的平均值。生词：不在模型词表里的字，平常也有不少（虚词、地名、少见的说法），看的是变化。"
        f"待复核：把握低于下限，模型判断不采用。训练时评估的工单上，平均把握 {then[0]}，生词 {then[1]}。"
    )


def _topics(health: pl.DataFrame) -> None:
    month: date = health["created_month"].sort()[-1]
    components.section(f"各类，{labels.month(month)}", "按模型给出的一级分类，件数最多的在前；最近一个月可能不满月。")
    topics = topic_alarms.with_shares(health.filter(pl.col("created_month") == month))
    listed = topics.sort("order_count", "topic_name", descending=[True, False])
    components.table(tables.html_table(listed, ("topic_name", "order_count", *SHARES)))


def _proposals(scope: Scope) -> None:
    components.section(
        "新类别建议",
        "最近 12 个月中模型把握不够或没有分类的工单，内容相近、不少于 10 件且不少于 5 人的归成一组。"
        "是否设为新类别，由人决定；人工标注已集中在某一类的不列。",
    )
    proposals = topic_data.topic_proposals(scope.viewer, scope.snapshot)
    if proposals.is_empty():
        components.empty("没有成组的、归不进现有类别的工单。")
        return
    names = {
        row["proposal_id"]: f"{row['proposal_name']}　{row['order_count']:,} 件 {row['people_count']:,} 人"
        for row in proposals.iter_rows(named=True)
    }
    proposal_id = st.selectbox("建议", list(names), format_func=names.__getitem__, key="proposal")
    row = proposals.row(by_predicate=pl.col("proposal_id") == proposal_id, named=True)
    guess = f"{row['topic_name']}（占 {labels.rate(row['guessed_share'])}）" if row["guessed_code"] else labels.MISSING
    facts = [(labels.column(name), labels.shown(name, row[name])) for name in ("order_count", "people_count")]
    facts += [
        (labels.column("key_phrases"), row["key_phrases"]),
        (labels.column("guessed_code"), guess),
        ("反映时间", f"{labels.month(row['first_at'])}—{labels.month(row['last_at'])}"),
    ]
    components.table(tables.facts(facts))
    orders = topic_data.proposal_orders(scope.viewer, scope.snapshot, str(proposal_id), EXAMPLES)
    shown = orders.drop("community").with_columns(
        remark=pl.col("body").str.slice(0, BODY), created_at=pl.col("created_at").dt.strftime("%Y-%m-%d %H:%M")
    )
    order_list.show(shown, f"proposal_{proposal_id}", 280)
    _hand_over(scope, row)


def _hand_over(scope: Scope, row: dict[str, object]) -> None:
    """To 每月一题: the same orders as evidence, all of them listed, with a way to that page."""
    if st.button(f"{HAND_OVER}：列出全部工单", key="proposal_hand_over"):
        found = topic_data.proposal_orders(scope.viewer, scope.snapshot, str(row["proposal_id"]), 5000)
        opened.open_orders(
            opened.OrdersBehind(
                f"{HAND_OVER}候选：{row['proposal_name']}",
                [f"归不进现有类别的相近工单，关键词：{row['key_phrases']}。供专题会参考，是否列入由会议决定。"],
                found["order_id"].to_list(),
            )
        )
    st.caption("工单清单可以下载，作为每月一题的材料；同一批工单若已是反复问题，在“每月一题”页按名称可以找到。")
