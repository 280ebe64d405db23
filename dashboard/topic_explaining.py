"""Why an order has its topic, put together and put into words for the order page and `hotline topics explain`. Pure."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.tables import bar
from hotline12345.models.topics.phrases import Phrase, places
from hotline12345.models.topics.store import StoredModelError
from hotline12345.models.topics.topic_tree import TopicTree

Row = Mapping[str, Any]
Names = Mapping[str, str]
SIMILAR: Final = 3
ALIKE: Final = 0.2  # cosine below which two texts have hardly a word in common
UNSEEN: Final = (
    0.6  # share of a text's letters in no known word from which answers are unsure twice as often as elsewhere
)
WEAK: Final = "弱"
STRENGTHS: Final = ((math.log(2), "强"), (math.log(1.25), "中"), (0.0, WEAK))  # by how much the odds are multiplied
HIDDEN: Final = f"举报或保密工单：词语和相似工单{labels.CONFIDENTIAL}。"


@dataclass(frozen=True)
class Story:
    """What there is to say about one order's topic; the model's part is empty where nothing may or can be said."""

    given: tuple[str, ...]
    """Who gave the topic that counts, and what the others say."""
    path: tuple[tuple[str, float], ...] = ()
    """Names of the model's path with their probabilities, level 1 first."""
    runner_up: tuple[str, float] | None = None
    phrases: tuple[Phrase, ...] = ()
    against: tuple[Phrase, ...] = ()
    tipping: tuple[str, ...] = ()
    similar: pl.DataFrame = field(default_factory=pl.DataFrame)
    """At most `SIMILAR` rows as `similar_candidates` gives them, with text_similarity (0–1), the closest first."""
    model: str = ""
    """The model and the day of its training."""
    remarks: tuple[str, ...] = ()


def told(
    order: Row, names: Names, open_model: Callable[[str], TopicTree], read_candidates: Callable[[], pl.DataFrame]
) -> Story:
    """The story of one order, a row of `Reader.order_topic`; `read_candidates` gives its `similar_candidates`.

    Opens the model that answered for the order, and nothing at all where no word of the text may be shown.
    """
    given = tuple(given_by(order, names))
    if not (order["title"] or order["body"]):
        return Story(given, remarks=("这张工单没有导入文本，没有词语可以说明。",))
    if order["model_id"] is None:
        return Story(given, remarks=("还没有能用的模型，模型没有判断，也就没有可以说明的。",))
    if order["is_need_to_know"]:
        code = order["model_topic_code"]
        path = ((names.get(code, code), order["model_probability"]),)
        return Story(given, path, model=_model(order), remarks=(HIDDEN,))
    try:
        tree = open_model(order["model_id"])
    except StoredModelError as error:
        return Story(given, model=_model(order), remarks=(str(error),))
    return _story(order, names, tree, read_candidates())


def _story(order: Row, names: Names, tree: TopicTree, candidates: pl.DataFrame) -> Story:
    document = (order["title"] or "", order["body"] or "")
    said = tree.explain(document)
    return Story(
        given=tuple(given_by(order, names)),
        path=tuple((names.get(code, code), probability) for code, probability in said.path),
        runner_up=(names.get(said.runner_up_code, said.runner_up_code), said.runner_up_probability),
        phrases=said.phrases,
        against=said.against,
        tipping=said.tipping,
        similar=closest(tree, document, candidates),
        model=_model(order),
        remarks=tuple(_remarks(order)),
    )


def closest(tree: TopicTree, document: Sequence[str], candidates: pl.DataFrame) -> pl.DataFrame:
    """The candidates most like the document, newer ones first among equals; none that is hardly alike."""
    alike = tree.similarity(document, candidates["title"].fill_null(""), candidates["body"].fill_null(""))
    ranked = candidates.with_columns(text_similarity=pl.Series(alike, dtype=pl.Float64))
    ranked = ranked.filter(pl.col("text_similarity") >= ALIKE)
    order = ["text_similarity", "created_at", "order_id"]
    return ranked.sort(order, descending=True).head(SIMILAR)


def given_by(order: Row, names: Names) -> Iterator[str]:
    """Sentences on who gave the topic that counts, and on an answer of the model that differs."""
    counted = f"“{_path(order, names)}”"
    match order["topic_source"]:
        case "复核":
            yield f"{counted}由复核人于 {labels.moment(order['corrected_at'])} 确定，以复核为准。"
        case "人工":
            yield f"{counted}是导入文件中的人工分类，有人工分类时以人工分类为准。"
        case "模型":
            yield f"{counted}由模型判断：导入文件没有分类，也没有人复核。"
        case _:
            yield f"未归类：导入文件没有分类，{_why_not(order, names)}"
    if order["topic_source"] in ("复核", "人工") and order["model_topic_code"] is not None:
        said = order["model_topic_code"]
        agrees = said == order["topic_code"]
        yield "模型在一级上的判断与此相同。" if agrees else f"模型的判断不同，判为“{names.get(said, said)}”。"


def tipping_sentence(told: Story) -> str:
    """What would have to be different for the runner-up to win; empty without a runner-up."""
    if told.runner_up is None or not told.phrases:
        return ""
    name = told.runner_up[0]
    if not told.tipping:
        return f"即使没有最有力的几个词语，也不会改判为第二可能“{name}”。"
    return f"如果没有{'、'.join(f'“{phrase}”' for phrase in told.tipping)}，模型会改判为第二可能“{name}”。"


def strength(weight: float) -> str:
    """强: the odds of the topic at least double with the phrase, or halve against it; 中: by a quarter; else 弱."""
    return next(word for least, word in STRENGTHS if abs(weight) >= least)


def phrase_table(told: Story) -> str:
    """Phrases with bars against the strongest one, those for the topic first, weak ones left out; ready markup."""
    most = max((abs(phrase.weight) for phrase in (*told.phrases, *told.against)), default=1.0)
    head = "".join(f"<th>{name}</th>" for name in ("词语", "作用", "强弱"))
    rows = "".join(
        f"<tr><td>{escape(phrase.text)}</td><td>{side}</td>"
        f"<td>{bar(abs(phrase.weight) / most)}{strength(phrase.weight)}</td></tr>"
        for side, group in (("支持", told.phrases), ("反对", told.against))
        for phrase in group
        if strength(phrase.weight) != WEAK
    )
    return f'<table class="ht"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def marked(text: str, told: Story) -> str:
    """The text with its phrases that are not weak marked, for the topic and against it; escaped, ready markup."""
    side = [""] * len(text)
    for kind, group in (("against", told.against), ("for", told.phrases)):
        for phrase in (each for each in group if strength(each.weight) != WEAK):
            for start, end in places(text, phrase.text):
                side[start:end] = [kind] * (end - start)
    parts, start = [], 0
    for end in range(1, len(text) + 1):
        if end == len(text) or side[end] != side[start]:
            part = escape(text[start:end])
            parts.append(f'<mark class="{side[start]}">{part}</mark>' if side[start] else part)
            start = end
    return "".join(parts)


def _path(order: Row, names: Names) -> str:
    codes = (order["topic_code"], order["topic_level2_code"], order["topic_level3_code"])
    return " › ".join(names.get(code, code) for code in codes if code is not None)


def _why_not(order: Row, names: Names) -> str:
    code = order["model_topic_code"]
    if code is None:
        return "也没有模型的判断。"
    sure = labels.rate(order["model_probability"])
    return f"模型最接近“{names.get(code, code)}”，但概率只有 {sure}，把握不够，不采用。"


def _remarks(order: Row) -> Iterator[str]:
    if (order["unseen_share"] or 0) >= UNSEEN:
        share = labels.rate(order["unseen_share"])
        yield f"这张工单有 {share} 的文字不在模型学过的词语里，判断须打折扣。"


def _model(order: Row) -> str:
    trained = f"，{order['trained_at']:%Y-%m-%d} 训练" if order["trained_at"] else ""
    return f"模型 {order['model_id']}{trained}"
