"""Answering for texts that are no orders of the warehouse: any table, chunk by chunk, through a stored model."""

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from hotline12345.flows.ingest.masking import mask_columns
from hotline12345.models.topics.topic_tree import TopicTree

UNCLASSIFIED: Final = "未归类"
ANSWERS: Final = (
    *("topic_code", "topic_name"),
    *(f"level{level}_{what}" for level in (1, 2, 3) for what in ("code", "name", "probability")),
    *("runner_up_code", "runner_up_name", "runner_up_probability", "unseen_share", "is_unsure"),
)
_CODES: Final = ("topic", "level1", "level2", "level3", "runner_up")


def answers(
    rows: pl.DataFrame, texts: Sequence[str], tree: TopicTree, thresholds: Mapping[str, float], names: Mapping[str, str]
) -> pl.DataFrame:
    """What a model says of each row, in the rows' order; the columns `ANSWERS`.

    `texts` names the text columns, the title first; a single one is a body without a title. They are masked first, as
    they would be at an import, because that is what the model has learnt from. topic_code is the deepest code that the
    model is sure enough of by its `thresholds` (0-1, of `level1` and of `lower` levels), else 未归类, as is a row without
    any text or any word that the model knows; the levels beside it are the model's whole path. `names` gives the name of
    a code, which stands for itself where it has none.
    """
    masked = mask_columns(rows.select(texts))
    body = masked.select(pl.concat_str(texts[1:] or texts, separator=" ", ignore_nulls=True)).to_series()
    title = masked[texts[0]].fill_null("") if len(texts) > 1 else pl.repeat("", len(body), eager=True)
    body = body.fill_null("")
    said = tree.answer(title, body)
    said = said.select(pl.when((title + body) != "").then(pl.col(name)).alias(name) for name in said.columns)
    is_sure = (pl.col("level1_probability") >= thresholds["level1"]) & (pl.col("unseen_share") < 1)
    code = pl.when(is_sure).then("level1_code").otherwise(pl.lit(UNCLASSIFIED))
    for level in (2, 3):
        is_deeper = is_sure & (pl.col(f"level{level}_probability") >= thresholds["lower"])
        code = pl.when(is_deeper).then(f"level{level}_code").otherwise(code)
    coded = said.with_columns(topic_code=code, is_unsure=~is_sure)
    named = (pl.col(f"{of}_code").replace(names).alias(f"{of}_name") for of in _CODES)
    return coded.with_columns(named).select(ANSWERS)
