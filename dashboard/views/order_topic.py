"""The section of an order's page that says why it has its topic and which earlier orders are like it."""

import streamlit as st

from hotline12345.dashboard import components, labels, tables, topic_data
from hotline12345.dashboard.topic_explaining import Story, marked, phrase_table, tipping_sentence
from hotline12345.dashboard.views import opened
from hotline12345.dashboard.views.scope import Scope

NOTE = (
    "词语的强弱是它给这一类增加或减少的对数几率：“强”指几率至少翻一倍或减一半，“中”指至少变动四分之一，再弱的不列。"
    "同一词语出现几处时合并计算。第二可能是一级分类中概率第二的。"
)
BODY = 80  # letters of a similar order's text
SIMILAR_NOTE = "同一一级分类中更早的工单，按文字相似程度；同一案件的、举报和保密的不列。"


def render(scope: Scope, order_id: str, texts: tuple[tuple[str, str], ...]) -> None:
    """The section; `texts` are the labelled texts that the page may show, none for a confidential order."""
    components.section("为什么归到这一类", NOTE)
    story = topic_data.topic_story(scope.viewer, scope.snapshot, order_id)
    if story is None:
        return
    components.listed(story.given)
    _answer(story)
    if story.phrases or story.against:
        left, right = st.columns([5, 6], gap="large")
        with left:
            components.table(phrase_table(story))
        with right:
            components.marked_block([(name, marked(text, story)) for name, text in texts])
    components.listed([line for line in (tipping_sentence(story), *story.remarks) if line])
    st.caption("不同意这一分类，请到“分类复核”页按工单编号改正；举报和保密工单不在那里复核。")
    if story.similar.height:
        _similar(story)


def _answer(story: Story) -> None:
    pairs = [("模型的判断", " › ".join(f"{name} {labels.chance(share)}" for name, share in story.path))]
    if story.runner_up:
        pairs.append(("第二可能", f"{story.runner_up[0]} {labels.chance(story.runner_up[1])}"))
    if story.path:
        components.table(tables.facts([*pairs, ("由哪个模型", story.model)]))


def _similar(story: Story) -> None:
    components.section("相似的往期工单", SIMILAR_NOTE)
    for row in story.similar.iter_rows(named=True):
        parts = (labels.moment(row["created_at"])[:10], row["unit_name"], row["topic_name"], row["resolution"])
        head = "　".join([*filter(None, parts), f"相似度 {labels.rate(row['text_similarity'])}"])
        body = (row["body"] or "")[:BODY] + ("…" if len(row["body"] or "") > BODY else "")
        text, button = st.columns([7, 1], vertical_alignment="center")
        with text:
            components.text_block([(head, "：".join(filter(None, (row["title"], body))))])
        with button:
            if st.button("打开", key=f"similar_{row['order_id']}", help=f"打开工单 {row['order_id']}"):
                opened.open_order(row["order_id"])
