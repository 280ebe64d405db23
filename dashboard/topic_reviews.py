"""What the page 分类复核 reads and writes of the records store: answers of reviewers, and requests about the model.

Each function takes the Viewer first; its login name stands as the one who answered or asked. Nothing here is cached.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from hotline12345.dashboard.access import Viewer
from hotline12345.dashboard.labels import TOPIC_REQUESTS
from hotline12345.sql.records import requests, topic_events
from hotline12345.sql.records.requests import Request
from hotline12345.sql.records.store import opened_records
from hotline12345.sql.records.topic_events import Answer, TopicEvent
from hotline12345.sql.storage import Storage

KINDS: Mapping[str, str] = TOPIC_REQUESTS
LOOKED_AT = 100


def answers(viewer: Viewer) -> list[TopicEvent]:
    """The answer in force of each order, the newest first."""
    with opened_records(Storage.at()) as records:
        return topic_events.answers_in_force(records)


def history(viewer: Viewer, order_id: str) -> list[TopicEvent]:
    """Everything said of one order, oldest first."""
    with opened_records(Storage.at()) as records:
        return topic_events.topic_history(records, order_id)


def give(viewer: Viewer, answer: Answer) -> int | None:
    """Note an answer under the viewer's name; its number, None when the viewer has just said the same (a key held down)."""
    viewer.needs("review")
    with opened_records(Storage.at()) as records:
        last = topic_events.topic_history(records, answer.order_id)[-1:]
        if [(event.who, event.action, event.topic_code) for event in last] == [
            (viewer.who, answer.action, answer.topic_code)
        ]:
            return None
        return topic_events.answer_topics(records, viewer.who, [answer])[0]


def withdraw(viewer: Viewer, event_id: int) -> bool:
    """Take an answer back; False when it was taken back already."""
    viewer.needs("review")
    with opened_records(Storage.at()) as records:
        return topic_events.withdraw_answer(records, viewer.who, event_id)


def model_requests(viewer: Viewer) -> Sequence[Request]:
    """The latest requests of `KINDS`, newest first; open ones are always among them."""
    with opened_records(Storage.at()) as records:
        return [request for request in requests.newest(records, LOOKED_AT) if request.kind in KINDS]


def file_model_request(viewer: Viewer, kind: str, detail: Mapping[str, Any]) -> int:
    """Ask the server for one of `KINDS`; the request's number."""
    viewer.needs("review")
    with opened_records(Storage.at()) as records:
        return requests.file_request(records, kind, viewer.who, detail=detail)
