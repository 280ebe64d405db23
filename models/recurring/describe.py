"""What one order says: words, place, voice. Depends on the order alone, so it is computed once per order."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from hotline12345.models.recurring.places import mentioned_place, normalise_place
from hotline12345.models.recurring.settings import MiningSettings
from hotline12345.models.recurring.texts import BREAK, Token, clean, content_words, tokens

#: Columns of the records and their types; only `order_id` and one of `title` and `body` are mandatory.
COLUMNS = pl.Schema(
    {
        "order_id": pl.String(),
        "title": pl.String(),
        "body": pl.String(),
        "reported_at": pl.Datetime("us"),
        "caller": pl.String(),
        "place": pl.String(),
        "area": pl.String(),
        "topic": pl.String(),
        "unit": pl.String(),
        "is_resolved": pl.Boolean(),
        "closed_at": pl.Datetime("us"),
    }
)
_HEADLINE_WORDS = 25


@dataclass(frozen=True, slots=True)
class Description:
    """One order as the miner sees it.

    `voice` is the key of the person who speaks; `content_key` is a digest that orders the records independently of
    their rows; `headline` is the cut title (or the beginning of the body), from which names are taken.
    """

    order_id: str
    voice: str
    content_key: str
    headline: tuple[Token, ...]
    title_words: tuple[str, ...]
    body_words: tuple[str, ...]
    place: str | None
    area: str | None
    topic: str | None
    unit: str | None
    reported_at: datetime | None
    closed_at: datetime | None
    is_resolved: bool | None


def conform(records: pl.DataFrame) -> pl.DataFrame:
    """The records with all columns of `COLUMNS`, absent ones null, sorted by `order_id`.

    Raises ValueError without `order_id`, without both texts, or where an `order_id` is null or repeated.
    """
    if "order_id" not in records.columns or not {"title", "body"} & set(records.columns):
        raise ValueError("records need order_id and at least one of title, body")
    missing = [pl.lit(None, dtype=kind).alias(name) for name, kind in COLUMNS.items() if name not in records.columns]
    frame = records.with_columns(missing).select(pl.col(name).cast(kind) for name, kind in COLUMNS.items())
    if frame["order_id"].null_count() or frame["order_id"].n_unique() != frame.height:
        raise ValueError("order_id must be unique and not null")
    return frame.sort("order_id")


def describe(records: pl.DataFrame, settings: MiningSettings) -> list[Description]:
    """One description per record of a conformed frame, in its order."""
    return [_describe(row, settings) for row in records.iter_rows(named=True)]


def _describe(row: dict[str, str | datetime | bool | None], settings: MiningSettings) -> Description:
    title, body = clean(_text(row["title"])), clean(_text(row["body"])[: settings.body_length])
    area = _text(row["area"]) or None
    place = normalise_place(_text(row["place"]), area)
    where = sorted(filter(None, {clean(_text(row["place"])), place, area}), key=lambda name: (-len(name), name))
    title_tokens, body_tokens = tokens(_without(title, where)), tokens(_without(body, where))
    if place is None:
        place = mentioned_place(title_tokens) or mentioned_place(body_tokens)
    digest = hashlib.blake2b("\0".join((title, body)).encode(), digest_size=8).hexdigest()
    caller = _text(row["caller"])
    return Description(
        order_id=_text(row["order_id"]),
        voice=f"caller:{caller}" if caller else f"text:{digest}",
        content_key=hashlib.blake2b((digest + _text(row["order_id"])).encode(), digest_size=8).hexdigest(),
        headline=tuple(title_tokens or body_tokens[:_HEADLINE_WORDS]),
        title_words=tuple(content_words(title_tokens)),
        body_words=tuple(content_words(body_tokens)),
        place=place,
        area=area,
        topic=_text(row["topic"]) or None,
        unit=_text(row["unit"]) or None,
        reported_at=row["reported_at"] if isinstance(row["reported_at"], datetime) else None,
        closed_at=row["closed_at"] if isinstance(row["closed_at"], datetime) else None,
        is_resolved=row["is_resolved"] if isinstance(row["is_resolved"], bool) else None,
    )


def _without(text: str, names: list[str]) -> str:
    """The text with a break where one of the names stood, so that the words around it are cut right."""
    for name in names:
        text = text.replace(name, BREAK)
    return text


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
