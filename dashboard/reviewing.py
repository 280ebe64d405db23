"""Reviewing topics, pure: the queue in its order, why an order stands where it stands, and answers made of codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from hotline12345.dashboard import labels
from hotline12345.models.topics.review import Clerk, review_queue, wrong_probability
from hotline12345.sql.label_problems import DUPLICATE
from hotline12345.sql.records.topic_events import CONFIRM, CORRECT, UNCLEAR, WITHDRAW, Answer, TopicEvent

QUEUE = pl.Schema(
    {"order_id": pl.String(), "text_hash": pl.String(), "expected_gain": pl.Float64()}
    | {"wrong_probability": pl.Float64(), "kind_error_count": pl.Float64()}
)
ACTIONS = {CONFIRM: "确认模型判断", CORRECT: "改正", UNCLEAR: "说不清", WITHDRAW: "撤回"}
COUNTED, NOT_YET = "已计入", "已改，重新发布后计入"
UNCOUNTED = "不影响统计"


class AnswerError(Exception):
    """An answer that cannot be taken; the Chinese message says what is allowed."""


@dataclass(frozen=True)
class Catalogue:
    """The topics that can be chosen.

    Attributes:
        paths: every code → its names from level 1 down, joined by `->`.
        current: the codes that can be chosen today, in the order of the catalogue.
    """

    paths: Mapping[str, str]
    current: Sequence[str]

    @classmethod
    def of(cls, choices: pl.DataFrame) -> "Catalogue":
        """Of the read `topic_choices`."""
        return cls(
            dict(choices.select("topic_code", "topic_path").iter_rows()),
            choices.filter(pl.col("is_current"))["topic_code"].to_list(),
        )

    def name(self, code: str | None) -> str:
        """The names of a code; a label that no catalogue knows stands as written, — for none."""
        return labels.MISSING if code is None else self.paths.get(code, code)

    def code(self, text: str) -> str:
        """The code that a text names: a code, a full path, or a name that only one topic has; else AnswerError."""
        if text in self.current:
            return text
        wanted = text.replace(" ", "")
        named = [code for code in self.current if self.paths[code] == wanted]
        named = named or [code for code in self.current if self.paths[code].rpartition("->")[2] == wanted]
        if len(named) == 1:
            return named[0]
        if named:
            places = "、".join(f"{code} {self.paths[code]}" for code in named[:5])
            raise AnswerError(f"名称“{text}”对应多个分类：{places}。请写编码。")
        raise AnswerError(
            f"分类目录中没有“{text}”。请写编码、完整路径（一级->二级->三级）或不重复的名称，见 hotline topics catalogue。"
        )


def ranked(candidates: pl.DataFrame, limit: int) -> pl.DataFrame:
    """The `limit` orders to review next, the largest expected gain first; grain order_id, of equal texts the newest order.

    `candidates` are of the read `review_candidates`; the columns are those of `QUEUE`.
    """
    if candidates.is_empty():
        return pl.DataFrame(schema=QUEUE)
    model, clerk, second = (candidates[name] for name in ("model_topic_code", "clerk_topic_code", "runner_up_code"))
    stands = np.select(
        [clerk.is_null(), (clerk == model).fill_null(False), (clerk == second).fill_null(False)],
        [Clerk.SILENT, Clerk.AGREES, Clerk.RUNNER_UP],
        default=Clerk.ANOTHER,
    )
    sure, nearly = (candidates[name].fill_null(0).to_numpy() for name in ("model_probability", "runner_up_probability"))
    wrong = wrong_probability(sure, nearly, stands, model.n_unique())
    contradicts = pl.Series(np.isin(stands, (Clerk.RUNNER_UP, Clerk.ANOTHER)))
    counts, instead = clerk.zip_with(contradicts, model), model.zip_with(contradicts, second)
    queue = review_queue(wrong, list(zip(counts, instead, strict=True)))
    found = candidates.select("order_id", "text_hash")[queue.order].with_columns(
        expected_gain=pl.Series(queue.gain),
        wrong_probability=pl.Series(wrong[queue.order]),
        kind_error_count=pl.Series(queue.kind_errors),
    )
    return found.unique("text_hash", keep="first", maintain_order=True).head(limit)


def with_names(orders: pl.DataFrame, catalogue: Catalogue) -> pl.DataFrame:
    """Orders of `review_orders` with clerk_name, model_name and runner_up_name, null where nothing was said."""
    sources = {"clerk_name": "clerk_leaf_code", "model_name": "model_leaf_code", "runner_up_name": "runner_up_code"}
    return orders.with_columns(
        pl.Series(name, [code and catalogue.name(code) for code in orders[column]], dtype=pl.String)
        for name, column in sources.items()
    )


def cause(row: Mapping[str, Any], catalogue: Catalogue) -> str:
    """What speaks against an order's topic: `人工标“住房”，模型判“公共服务”`."""
    clerk, model, second = row["clerk_topic_code"], row["model_topic_code"], row["runner_up_code"]
    if clerk is not None and clerk != model:
        return f"人工标“{catalogue.name(clerk)}”，模型判“{catalogue.name(model)}”"
    if second is None:
        return f"模型把握 {labels.rate(row['model_probability'])}"
    return f"模型在“{catalogue.name(model)}”与“{catalogue.name(second)}”之间"


def reason(row: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Why an order stands in the queue: its cause, and `；同类约 12 件可能有误` where there are more of its kind."""
    why, alike = cause(row, catalogue), round(row["kind_error_count"])
    return f"{why}；同类约 {alike:,} 件可能有误" if alike > 1 else why


def doubt(row: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Why a label is doubted, of a row of the read `label_problems`."""
    label, suggested = catalogue.name(row["label_code"]), catalogue.name(row["suggested_code"])
    if row["problem_kind"] == DUPLICATE:
        others = f"，同组多数标“{suggested}”" if row["suggested_code"] else ""
        return f"第 {row['conflict_number']} 组近似文本标注不同：这一件标“{label}”{others}"
    sure, own = labels.rate(row["suggested_probability"]), labels.rate(row["label_probability"])
    return f"人工标“{label}”（{own}），更像“{suggested}”（{sure}）"


def answer(order: Mapping[str, Any], code: str | None) -> Answer:
    """What choosing a code for an order says; None says that the text does not tell.

    Args:
        order: a row of the read `review_orders`; AnswerError when it is need-to-know or has no model's answer to confirm.
    """
    if order["is_need_to_know"]:
        raise AnswerError("举报或保密工单，不在这里复核。")
    said = order["model_leaf_code"]
    action = UNCLEAR if code is None else CONFIRM if code == said else CORRECT
    return Answer(order["order_id"], order["text_hash"] or "", action, code, said, order["model_id"])


def told(event: TopicEvent, catalogue: Catalogue) -> str:
    """One answer in words: `分析员 2026-03-05 14:20 改正：住房->物业`."""
    return f"{event.who} {event.at[:16]} {said(event, catalogue)}"


def said(event: TopicEvent, catalogue: Catalogue) -> str:
    """What an answer says: `改正：住房->物业`."""
    what = f"：{catalogue.name(event.topic_code)}" if event.topic_code else ""
    return f"{ACTIONS[event.action]}{what}"


def state(event: TopicEvent, landed: Mapping[str, str]) -> str:
    """Whether an answer in force is counted in the snapshot; `landed`: order_id → `topic_code time` that it counts."""
    if event.action == UNCLEAR:
        return UNCOUNTED
    return COUNTED if landed.get(event.order_id) == f"{event.topic_code} {event.at}" else NOT_YET


def landed_keys(corrections: pl.DataFrame) -> dict[str, str]:
    """The read `landed_corrections` as `state` takes it."""
    return {
        order_id: f"{code} {at:%Y-%m-%d %H:%M:%S}"
        for order_id, code, at in corrections.select("order_id", "topic_code", "corrected_at").iter_rows()
    }
