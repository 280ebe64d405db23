"""What one order says: words, places, voice. Depends on the order alone, so it is computed once per order."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from hotline12345.models.recurring.places import SECONDARY, Mention, mentions, normalise_place
from hotline12345.models.recurring.settings import MiningSettings
from hotline12345.models.recurring.texts import BREAK, Token, clean, content_words, tokens

#: Columns of the records that the miner reads; only `order_id` and one of `title` and `body` are mandatory.
TEXT_COLUMNS = pl.Schema(
    {
        "order_id": pl.String(),
        "title": pl.String(),
        "body": pl.String(),
        "voice": pl.String(),
        "place": pl.String(),
        "area": pl.String(),
        "topic": pl.String(),
    }
)
CALLER = "caller:"  # how the key of a known person begins
_GAP = Token(BREAK, "x", is_content=False)
_HEADLINE_WORDS = 25
_BEGINNING = 100  # characters of a body that a headline may be taken from


@dataclass(frozen=True, slots=True)
class Description:
    """One order as the miner sees it.

    `voice` is the key of the person who speaks; `digest` orders the records independently of their rows. `place` is the
    name in the order's own cell; `points` (estates, schools, villages) and `others` (roads, facilities) are the places named in
    its text, the most telling first. `title` and `body` are the cleaned texts. The words of an address are no content: neither the cell's nor those of the named places.
    """

    order_id: str
    voice: str
    digest: str
    place: str | None
    points: tuple[str, ...]
    others: tuple[str, ...]
    area: str | None
    topic: str | None
    title: str
    body: str
    title_words: tuple[str, ...]
    body_words: tuple[str, ...]

    @property
    def text(self) -> str:
        """The cleaned text, title first."""
        return f"{self.title}{BREAK}{self.body}"


def describe(records: pl.DataFrame, settings: MiningSettings) -> list[Description]:
    """One description per record, in their order; columns as in `TEXT_COLUMNS`."""
    cleaned = records.with_columns(
        clean(records["title"]).alias("title"),
        clean(records["body"].str.slice(0, settings.body_length)).alias("body"),
        clean(records["place"]).alias("cell"),
    )
    return [_describe(row) for row in cleaned.iter_rows(named=True)]


def voice_of(caller: str | None, title: str, body: str) -> str:
    """The key of the person who speaks; without a caller every different text is a voice of its own."""
    if caller:
        return f"{CALLER}{caller}"
    words = "".join(character for character in title + body if "\u4e00" <= character <= "\u9fff")
    return f"text:{hashlib.blake2b(words.encode(), digest_size=8).hexdigest()}"


def headlines(records: pl.DataFrame) -> dict[str, tuple[str, tuple[Token, ...]]]:
    """By order_id the voice and the words of the title (or of the beginning of the body), from which problems are named.

    `records`: grain order_id with voice, title, body, place, area.
    """
    cleaned = records.with_columns(title=clean(records["title"]), body=clean(records["body"].str.slice(0, _BEGINNING)))
    found = {}
    for row in cleaned.iter_rows(named=True):
        where = _longest_first((row["place"], row["area"]))
        words = tokens(_without(row["title"], where)) or tokens(_without(row["body"], where))[:_HEADLINE_WORDS]
        found[row["order_id"]] = (row["voice"], tuple(words))
    return found


def _describe(row: dict[str, str | None]) -> Description:
    title, body = _text(row["title"]), _text(row["body"])
    area, order_id = _text(row["area"]) or None, _text(row["order_id"])
    place = normalise_place(_text(row["place"]), area)
    where = _longest_first((_text(row["cell"]), place, area))
    title_tokens, body_tokens = tokens(_without(title, where)), tokens(_without(body, where))
    in_title, in_body = mentions(title_tokens), mentions(body_tokens)
    return Description(
        order_id=order_id,
        voice=_text(row["voice"]) or order_id,
        digest=hashlib.blake2b("\0".join((title, body, order_id)).encode(), digest_size=8).hexdigest(),
        place=place,
        points=_names(in_title, in_body, are_secondary=False),
        others=_names(in_title, in_body, are_secondary=True),
        area=area,
        topic=_text(row["topic"]) or None,
        title=title,
        body=body,
        title_words=tuple(content_words(_unnamed(title_tokens, in_title))),
        body_words=tuple(content_words(_unnamed(body_tokens, in_body))),
    )


def _names(in_title: list[Mention], in_body: list[Mention], are_secondary: bool) -> tuple[str, ...]:
    """Names of points (or of others: roads, facilities), those of the title first, by rank of their suffix; each once."""
    ordered = [
        mention.name
        for found in (in_title, in_body)
        for mention in sorted(found, key=lambda mention: mention.rank)
        if (mention.rank == SECONDARY) == are_secondary
    ]
    return tuple(dict.fromkeys(ordered))


def _unnamed(words: list[Token], found: list[Mention]) -> list[Token]:
    """The words with a break in place of the names of places."""
    inside = {position for mention in found for position in range(mention.start, mention.end)}
    return [_GAP if i in inside else word for i, word in enumerate(words)] if inside else words


def _longest_first(names: Iterable[str | None]) -> list[str]:
    return sorted(filter(None, set(names)), key=lambda name: (-len(name), name))


def _without(text: str, names: list[str]) -> str:
    """The text with a break where one of the names stood, so that the words around it are cut right."""
    for name in names:
        text = text.replace(name, BREAK)
    return text


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
