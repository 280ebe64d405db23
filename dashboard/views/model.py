"""模型: the card of every topic model that was in use, how the newest fares, and what was used when."""

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, labels, model_card, tables, topic_data
from hotline12345.dashboard.exports import File
from hotline12345.dashboard.views import model_health
from hotline12345.dashboard.views.scope import Scope

TABS = ("模型说明书", "健康", "各个模型")
LISTED = (
    *("model_id", "trained_at", "is_model_in_use", "macro_f1", "accuracy", "train_count", "correction_count"),
    *("test_count", "scored_count", "first_used_at", "last_used_at"),
)


def render(scope: Scope) -> None:
    """The page."""
    models = topic_data.models(scope.viewer, scope.snapshot)
    if models.is_empty():
        components.heading("模型", "诉求分类模型的来历、效果和局限。")
        components.empty("还没有分类模型。导入带一级分类的工单（至少 200 条不同文本、两个类别）后会自动训练第一个。")
        return
    components.heading("模型", _lead(models))
    card, health, history = st.tabs(TABS, key="model_part", bind="query-params")
    with card:
        _card(scope, models)
    with health:
        model_health.render(scope)
    with history:
        _history(models)


def _lead(models: pl.DataFrame) -> str:
    used = models.filter("is_model_in_use")
    if used.is_empty():
        return "已发布的数据没有使用模型分类。"
    row = used.row(0, named=True)
    return (
        f"现用模型 {row['model_id']}，{labels.moment(row['trained_at'])} 训练，已分类 {labels.count(row['scored_count'], '条')}不同文本；"
        "每张工单的页面写明分类由哪个模型给出。"
    )


def _card(scope: Scope, models: pl.DataFrame) -> None:
    shown = models.sort("is_model_in_use", "trained_at", "model_id", descending=[True, True, False])
    names = {
        row["model_id"]: f"{row['model_id']}　{labels.moment(row['trained_at'])} 训练"
        + ("（现用）" if row["is_model_in_use"] else "")
        for row in shown.iter_rows(named=True)
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        model_id = st.selectbox(
            "看哪个模型", list(names), format_func=names.__getitem__, key="model_id", bind="query-params", width=460
        )
        manifest = topic_data.model_manifest(scope.viewer, scope.snapshot, str(model_id))
        codes = topic_data.topic_names(scope.viewer, scope.snapshot)
        file = File(f"模型说明书_{model_id}.md", 1, lambda: model_card.markdown(manifest, codes).encode())
        components.file_button(scope.viewer, file, "下载说明书", "模型从何而来、学了什么、有多准。")
    for section in model_card.card(manifest, codes):
        components.section(section.title)
        components.listed(section.lines)
        if section.table is not None and section.table.height:
            components.table(_table(section.table))


def _table(frame: pl.DataFrame) -> str:
    """A table of the card; F1 as a bar before its number."""
    bars = {"f1": lambda row: tables.bar(row["f1"]) + labels.rate(row["f1"])} if "f1" in frame.columns else {}
    return tables.html_table(frame, frame.columns, bars)


def _history(models: pl.DataFrame) -> None:
    components.section("用过的模型", "新模型在同样的留出工单上不比现用模型差，才会启用；用过的模型都保留，可以换回。")
    components.table(tables.html_table(models, LISTED))
    st.caption("重新训练、重新分类、换回先前的模型，在“分类复核”页提出；没有启用的训练结果也在那里说明原因。")
