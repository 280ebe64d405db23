"""Reads of the library: orders whose texts hold what was asked for, and how many of them by unit and month.

The index knows texts by number only. Whose orders they are, and which of them a reader sees, says
intermediate.searchable_orders, which shows a limited reader its own orders, and no number where it may not read the text.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import polars as pl

from hotline12345.sql.reading import SnapshotReads
from hotline12345.sql.search_index import LISTED
from hotline12345.sql.warehouse import WarehouseError

# As hotline12345.models.search.asked says them: a part is held by a text that holds all terms of one of its ways.
Term = tuple[str, str]
Way = tuple[Term, ...]
Ways = tuple[Way, ...]

NEAR = 40  # words with another character that are tried in place of one
TELLING = 12  # words of a text by which similar ones are found: its rarest
_CONDITIONS = {
    "word": "term = {name} and is_word",
    "pair": "term = {name}",
    "beginning": "term >= {name} and term < {name} || chr(1114111)",
}
_FILTERS = {
    "unit_id": "unit_id = $unit_id",
    "place_id": "place_id = $place_id",
    "topic_code": "(topic_code = $topic_code or topic_level2_code = $topic_code)",
    "outcome": "outcome = $outcome",
    "first_month": "created_month >= $first_month",
    "last_month": "created_month <= $last_month",
}


@dataclass(frozen=True)
class Narrowed:
    """Which orders are searched; None for all. The months are the first days of the first and the last one."""

    unit_id: str | None = None
    place_id: str | None = None
    topic_code: str | None = None
    outcome: str | None = None
    first_month: date | None = None
    last_month: date | None = None

    @property
    def values(self) -> dict[str, Any]:
        """What is chosen."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @property
    def orders(self) -> str:
        """The query of these orders; it reads the columns that it filters by and no other."""
        chosen = " and ".join(_FILTERS[name] for name in self.values)
        return f"select * from intermediate.searchable_orders{f' where {chosen}' if chosen else ''}"


class SearchReads(SnapshotReads):
    """What the page 民生诉求库 reads."""

    def search_counts(self, parts: Sequence[Ways], narrowed: Narrowed) -> pl.DataFrame:
        """Found orders; grain unit_id, created_month: unit_name, order_count."""
        hits, terms = self._hits(parts)
        return self._query(
            f"""
            with hits as materialized ({hits}),
            counted as (
                select unit_id, created_month, count(*) as order_count
                from ({narrowed.orders}) as orders semi join hits using (text_number)
                group by unit_id, created_month
            )
            select counted.unit_id, units.unit_name, created_month, order_count
            from counted inner join staging.units as units using (unit_id)
            order by counted.unit_id, created_month
            """,
            **terms,
            **narrowed.values,
        )

    def search_orders(self, parts: Sequence[Ways], narrowed: Narrowed, first: int, count: int) -> pl.DataFrame:
        """Found orders from the `first` on (0 is the first), those with most parts in the title before the others, then the
        newest; grain order_id: created_at, unit_name, place_town, community, topic_name, outcome, titled, masked texts.
        """
        hits, terms = self._hits(parts)
        query = f"""
            with hits as materialized ({hits}),
            -- the few orders of the page first: only of these the wide columns are read
            shown as (
                select order_id, hits.titled from ({narrowed.orders}) as orders inner join hits using (text_number)
                order by titled desc, created_at desc, order_id desc limit $count offset $first
            ),
            found as (select orders.*, titled from intermediate.searchable_orders as orders inner join shown using (order_id))
            {_NAMED.format(columns="titled")}
        """
        values = terms | narrowed.values | {"first": first, "count": count}
        return self._with_texts(query, "titled desc, created_at desc, order_id desc", **values)

    def search_near(self, word: str, others: Sequence[Ways], narrowed: Narrowed, count: int) -> pl.DataFrame:
        """Words that differ from one of two characters in one of them and stand in texts that hold the other parts.

        Grain term: order_count; those of most orders first. NEAR words of most texts are tried.
        """
        near = self._query(
            """
            select term, sum(text_count) as text_count from landed.search_words
            where term <> $word and (left(term, 1) = left($word, 1) or right(term, 1) = right($word, 1))
            group by term order by text_count desc, term limit $near
            """,
            word=word,
            near=NEAR,
        )["term"].to_list()
        if not near:
            return pl.DataFrame(schema={"term": pl.String, "order_count": pl.Int64})
        hits, terms = self._hits(others) if others else ("", {})
        names = {f"near_{number}": term for number, term in enumerate(near)}
        listed = ", ".join(f"${name}" for name in names)
        return self._query(
            f"""
            with near as (select term, text_number from {self._index()} where term in ({listed}) and is_word)
            select term, count(*) as order_count
            from near inner join ({narrowed.orders}) as orders using (text_number)
            {f"semi join ({hits}) as hits using (text_number)" if hits else ""}
            group by term order by order_count desc, term limit $count
            """,
            **names,
            **terms,
            **narrowed.values,
            count=count,
        )

    def search_similar(self, order_id: str, words: Iterable[str], count: int) -> pl.DataFrame:
        """Orders of the same level-1 topic that share most of the telling words of a text, the closest first; grain order_id.

        text_similarity: the weight of the shared words among the `TELLING` rarest ones, a word weighing -log of its share of
        texts. Columns as in search_orders. `words`: those of the text, of two characters.
        """
        weights = self._weights(sorted(set(words)))
        if not weights:
            return pl.DataFrame(schema=dict.fromkeys(("order_id", "text_similarity"), pl.String))
        names = {f"word_{number}": word for number, word in enumerate(weights)}
        told = " union all ".join(
            f"select text_number, {weights[word]!r} as weight from {self._index()} where term = ${name} and is_word"
            for name, word in names.items()
        )
        query = f"""
            with shared as (select text_number, sum(weight) as weight from ({told}) as told group by text_number),
            found as (
                select orders.*, round(shared.weight / {sum(weights.values())!r}, 4) as text_similarity
                from intermediate.searchable_orders as orders inner join shared using (text_number)
                inner join intermediate.searchable_orders as this on this.order_id = $order_id
                    and this.topic_code = orders.topic_code and this.order_id <> orders.order_id
                order by text_similarity desc, created_at desc, order_id desc limit $count
            )
            {_NAMED.format(columns="text_similarity")}
        """
        order = "text_similarity desc, created_at desc, order_id desc"
        return self._with_texts(query, order, order_id=order_id, count=count, **names)

    def search_choices(self) -> pl.DataFrame:
        """What a search can be narrowed to; grain choice_kind (unit, place, topic, outcome), choice_code: choice_name, order_count."""
        return self._query(
            """
            with counted as (
                select
                    grouping_id(unit_id, place_id, topic_code, outcome) as kind, unit_id, place_id, topic_code, outcome,
                    max(place_town) as place_town, count(*) as order_count
                from intermediate.searchable_orders
                group by grouping sets ((unit_id), (place_id), (topic_code), (outcome))
            )
            select
                case kind when 7 then 'unit' when 11 then 'place' when 13 then 'topic' else 'outcome' end as choice_kind,
                coalesce(counted.unit_id, counted.place_id, counted.topic_code, outcome) as choice_code,
                case kind when 7 then units.unit_name when 11 then place_town when 13
                    then coalesce(topics.topic_name, counted.topic_code) else outcome end as choice_name,
                order_count
            from counted
            left join staging.units as units on units.unit_id = counted.unit_id
            left join intermediate.topics as topics on topics.topic_code = counted.topic_code
            order by choice_kind, order_count desc, choice_code
            """
        )

    def search_months(self) -> list[date]:
        """The months in which orders were received, the oldest first."""
        months = "select distinct created_month from intermediate.searchable_orders order by created_month"
        return self._query(months)["created_month"].to_list()

    def _weights(self, words: Sequence[str]) -> dict[str, float]:
        counts = self._query(
            """
            with every as (select sum(text_count) as texts from landed.search_files),
            counted as (
                select term, sum(text_count) as texts from landed.search_words
                where list_contains($words::varchar[], term) group by term
            )
            select term, counted.texts / every.texts as share from counted cross join every
            order by share, term limit $telling
            """,
            words=list(words),
            telling=TELLING,
        )
        return {term: round(-math.log(share), 4) for term, share in counts.rows() if share < 1}

    def _hits(self, parts: Sequence[Ways]) -> tuple[str, dict[str, Any]]:
        """The query of the texts that hold every part, with `titled`, how many of them in the title; and its values."""
        values: dict[str, Any] = {}
        queries = [self._part(ways, values) for ways in parts]
        joined = " inner join ".join(
            f"({query}) as part_{number}" + (" using (text_number)" if number else "")
            for number, query in enumerate(queries)
        )
        titled = " + ".join(f"part_{number}.titled" for number in range(len(queries)))
        return f"select text_number, {titled} as titled from {joined}", values

    def _part(self, ways: Ways, values: dict[str, Any]) -> str:
        queries = [self._way(way, values) for way in ways]
        is_single = len(queries) == 1 and all(kind != "beginning" for _, kind in ways[0])
        told = " union all ".join(queries)
        return (
            told
            if is_single
            else f"select text_number, max(titled) as titled from ({told}) as told group by text_number"
        )

    def _way(self, way: Way, values: dict[str, Any]) -> str:
        first, *others = [self._term(term, values) for term in way]
        joined = "".join(
            f" semi join ({other}) as other_{number} using (text_number)" for number, other in enumerate(others)
        )
        return f"select first_term.text_number, first_term.in_title::integer as titled from ({first}) as first_term{joined}"

    def _term(self, term: Term, values: dict[str, Any]) -> str:
        text, kind = term
        name = f"term_{len(values)}"
        values[name] = text
        return f"select text_number, in_title from {self._index()} where {_CONDITIONS[kind].format(name=f'${name}')}"

    def _index(self) -> str:
        """The listed files as a table; WarehouseError when one is gone."""
        names = self._query(f"select search_file from {LISTED} order by search_file")["search_file"].to_list()
        if not names:
            return "(select '' as term, 0 as text_number, false as is_word, false as in_title where false)"
        if gone := [name for name in names if not (self._search / name).exists()]:
            raise WarehouseError(
                f"全文索引缺少 {len(gone)} 个文件，暂时不能检索；其他页面不受影响。请在服务器上运行 hotline publish 重建。"
            )
        quoted = ", ".join("'" + str(self._search / name).replace("'", "''") + "'" for name in names)
        return f"read_parquet([{quoted}])"


_NAMED = """
    select
        found.order_id, found.text_hash, found.created_at, found.place_town, found.community, found.outcome, found.{columns},
        units.unit_name, coalesce(level2.topic_name, topics.topic_name, found.topic_code) as topic_name
    from found
    inner join staging.units as units on units.unit_id = found.unit_id
    left join intermediate.topics as topics on topics.topic_code = found.topic_code
    left join intermediate.topics as level2 on level2.topic_code = found.topic_level2_code
"""
