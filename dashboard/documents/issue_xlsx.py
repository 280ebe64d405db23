"""The rows behind the evidence pack of 每月一题 as a workbook: the document's figures can be counted again here."""

import io
from collections.abc import Callable, Sequence

import polars as pl
import xlsxwriter

from hotline12345.dashboard import labels
from hotline12345.dashboard.documents.issue_content import ORDER_COLUMNS, SCORES, Candidate, PackContent
from hotline12345.dashboard.exports import write_definition, write_sheet
from hotline12345.dashboard.issue_deciding import LEAD

RANKING, EVIDENCE, SHARES, MONTHS, UNITS, ORDERS = "候选排名", "得分依据", "比例", "逐月", "各单位", "工单明细"
_COUNTS = ("people_count", "order_count", "need_to_know_count")
# Share → what it is of: numerator, denominator.
_OF = {
    "unresolved_share": ("unresolved_count", "resolution_asked_count"),
    "unsatisfied_share": ("unsatisfied_count", "satisfaction_asked_count"),
    "recurrence_rate": ("recurrence_count", "resolved_occurrence_count"),
    "returned_share": ("returned_count", "order_count"),
    "held_share": ("held_count", "order_count"),
}
_ANSWERED = {
    "resolved_share": ("resolved_count", "resolution_asked_count"),
    "satisfied_share": ("satisfied_count", "satisfaction_asked_count"),
}
_FORMULAS = {
    "listed_count": f"=COUNTIF('{ORDERS}'!$A:$A,{{issue_id}})",
    **{
        share: f'=IF({{{of}}}=0,"",{{{part}}}/{{{of}}})'
        for share, (part, of) in {**_ANSWERED, "part_share": ("part_count", "whole_count")}.items()
    },
}
_HEADINGS = {**SCORES, "lead": LEAD, "decision": "决定"}


def workbook(pack: PackContent) -> bytes:
    """The pack as .xlsx: shares are formulas over the counts beside them; the same content gives the same bytes."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"title": pack.title, "created": pack.published_at})
        write_sheet(book, RANKING, pl.DataFrame([_ranked(each) for each in pack.candidates]), _HEADINGS, _FORMULAS)
        for name, frame in (
            (EVIDENCE, _evidence),
            (SHARES, _shares),
            (MONTHS, _months),
            (UNITS, _units),
            (ORDERS, _orders),
        ):
            write_sheet(book, name, _together(pack.candidates, frame), formulas=_FORMULAS)
        missing = [f"{each.name}：{each.missing_note}" for each in pack.candidates if each.missing_note]
        write_definition(book, [*pack.definition, *missing])
    return content.getvalue()


def _together(candidates: Sequence[Candidate], of: Callable[[Candidate], pl.DataFrame]) -> pl.DataFrame:
    """One frame of all candidates, each row with whose it is."""
    return pl.concat(
        of(each).select(
            pl.lit(each.issue["issue_id"]).alias("issue_id"), pl.lit(each.name).alias("issue_name"), pl.all()
        )
        for each in candidates
    )


def _ranked(candidate: Candidate) -> dict[str, object]:
    return {
        **{name: candidate.issue[name] for name in ("issue_rank", "issue_id", "issue_name", "issue_grain", *_COUNTS)},
        "listed_count": candidate.orders.height,
        **{name: candidate.issue[name] for name in (*SCORES, "top_share")},
        "lead": candidate.lead,
        "decision": candidate.decision.choice if candidate.decision else labels.MISSING,
    }


def _evidence(candidate: Candidate) -> pl.DataFrame:
    rows = [(each.score, each.measure, each.value, each.of) for each in candidate.evidence]
    names = ("score_name", "measure_name", "measure_value", "measure_of")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _shares(candidate: Candidate) -> pl.DataFrame:
    """Each share with what it is of; a denominator of 0 gives none, an unknown one null."""
    texts = dict.fromkeys(("measure_name", "part_name", "whole_name"), pl.String())
    columns = pl.Schema({**texts, "part_count": pl.Int64(), "whole_count": pl.Int64(), "part_share": pl.Float64()})
    rows = [
        (
            *(labels.column(name) for name in (share, part, of)),
            *(candidate.issue[name] for name in (part, of, share)),
        )
        for share, (part, of) in _OF.items()
    ]
    return pl.DataFrame(rows, schema=columns, orient="row")


def _months(candidate: Candidate) -> pl.DataFrame:
    frame = candidate.months.with_columns(pl.col("created_month").dt.strftime("%Y-%m"))
    return _answered(frame.sort("created_month", "unit_name"), ("created_month", "unit_name", "order_count"))


def _units(candidate: Candidate) -> pl.DataFrame:
    return _answered(candidate.units, ("unit_name", "order_count", "people_count"))


def _answered(frame: pl.DataFrame, first: Sequence[str]) -> pl.DataFrame:
    """The columns `first`, then each share after its counts, recurrences at the end."""
    shares = [
        column
        for share, (part, of) in _ANSWERED.items()
        for column in (of, part, pl.when(pl.col(of) > 0).then(pl.col(part) / pl.col(of)).alias(share))
    ]
    return frame.select(*first, *shares, "recurrence_count")


def _orders(candidate: Candidate) -> pl.DataFrame:
    times = [pl.col(name).dt.strftime("%Y-%m-%d %H:%M") for name in ("created_at", "closed_at")]
    return candidate.orders.select(ORDER_COLUMNS).with_columns(times)
