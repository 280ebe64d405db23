"""What people say of an order's topic: append-only answers; of one order the newest that was not withdrawn counts."""

from collections.abc import Iterable
from dataclasses import dataclass

from hotline12345.sql.records.store import Connection, moment, writing

CONFIRM, CORRECT, UNCLEAR, WITHDRAW = "confirm", "correct", "unclear", "withdraw"

_IN_FORCE = """
    select * from topic_events
    where event_id in (
        select max(event_id) from topic_events as answers
        where action <> 'withdraw' and not exists (select 1 from topic_events where withdrawn_id = answers.event_id)
        group by order_id
    )
"""


@dataclass(frozen=True)
class Answer:
    """What a reviewer says of one order.

    Attributes:
        order_id: the order.
        text_hash: the text that was looked at.
        action: confirm (the model is right), correct (another topic), unclear (the text does not tell).
        topic_code: the deepest code chosen; None for unclear.
        previous_code: what the model had said; None where it had said nothing.
        model_id: that model.
    """

    order_id: str
    text_hash: str
    action: str
    topic_code: str | None
    previous_code: str | None
    model_id: str | None


@dataclass(frozen=True, kw_only=True)
class TopicEvent(Answer):
    """An answer, or a withdrawal, as it was noted: its number, when (as text), who; `withdrawn_id` of a withdrawal."""

    event_id: int
    at: str
    who: str
    withdrawn_id: int | None


def answer_topics(connection: Connection, who: str, answers: Iterable[Answer]) -> list[int]:
    """Note answers, all or none; their numbers in order."""
    with writing(connection):
        return [_append(connection, who, answer) for answer in answers]


def withdraw_answer(connection: Connection, who: str, event_id: int) -> bool:
    """Take back an answer by its number, so that the one before it counts again; False when that is not possible (any more)."""
    with writing(connection):
        row = connection.execute(
            "select * from topic_events as answers where event_id = ? and action <> 'withdraw' "
            "and not exists (select 1 from topic_events where withdrawn_id = answers.event_id)",
            (event_id,),
        ).fetchone()
        if row is None:
            return False
        taken = _event(row)
        _append(connection, who, Answer(taken.order_id, taken.text_hash, WITHDRAW, None, None, None), event_id)
    return True


def answers_in_force(connection: Connection) -> list[TopicEvent]:
    """The answer that counts of each order that has one, the newest first."""
    return [_event(row) for row in connection.execute(f"{_IN_FORCE} order by event_id desc")]


def topic_history(connection: Connection, order_id: str) -> list[TopicEvent]:
    """Everything said of one order, withdrawals too, oldest first."""
    rows = connection.execute("select * from topic_events where order_id = ? order by event_id", (order_id,))
    return [_event(row) for row in rows]


def _append(connection: Connection, who: str, answer: Answer, withdrawn_id: int | None = None) -> int:
    row = connection.execute(
        "insert into topic_events "
        "(at, who, order_id, text_hash, action, topic_code, previous_code, model_id, withdrawn_id) "
        "values (?, ?, ?, ?, ?, ?, ?, ?, ?) returning event_id",
        (
            moment(),
            who,
            answer.order_id,
            answer.text_hash,
            answer.action,
            answer.topic_code,
            answer.previous_code,
            answer.model_id,
            withdrawn_id,
        ),
    ).fetchone()
    return int(row["event_id"])


def _event(row: object) -> TopicEvent:
    return TopicEvent(**dict(row))  # type: ignore[call-overload]
