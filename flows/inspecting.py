"""What `hotline inspect` and the page 数据导入 show of a file before anything is loaded: facts only, masked."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from hotline12345.flows.ingest.content import content_of
from hotline12345.flows.ingest.contracts import explain
from hotline12345.flows.ingest.headers import TIMES, HeaderMatch, display_names, suggestions
from hotline12345.flows.ingest.mapping import CALLER_NAME, IGNORE, TOPIC_PATH, FileMapping, target_label
from hotline12345.flows.ingest.masking import mask_own_name, mask_series, own_names
from hotline12345.flows.ingest.opening import OpenedTable, guarded, open_table
from hotline12345.flows.ingest.prepare import IngestError, open_orders
from hotline12345.flows.ingest.profiles import Profile
from hotline12345.flows.ingest.questions import Question
from hotline12345.flows.ingest.text import clean_text
from hotline12345.sql.key_files import KEY_BYTES

SHOWN_ROWS = 5
SHOWN_CHARACTERS = 30
HOW = {"stated": "您指定", "profile": "已确认的对应", "alias": "列名", "weak": "次要列名", "none": "未导入"}
_MAIN = ("order_id", *TIMES[:1], "order_type", TOPIC_PATH, "topic_level1", "place_town", "unit_name", "title", "body")
_HIDDEN = "***"

# columns of which one is enough, and what is impossible without any of them
_LIMITS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("order_id",), "编号由创建时间、单位和文字推算；以后的导出改动了文字，会被当作新工单，无法可靠地跟踪修订"),
    (("is_valid_callback",), "不算三率：没有回访标记，是否解决、是否满意只是单位自评；只统计诉求量"),
    (("is_contacted",), "没有响应率"),
    (("resolution",), "没有解决率"),
    (("satisfaction",), "没有满意率"),
    (("closed_at",), "没有办理时长和按期办结"),
    (("caller_key",), "不能识别重复来电，不能按人数统计"),
    (("unit_name",), "不能按承办单位统计和排名"),
    (("place_town",), "不能按街乡镇统计"),
    (("community", "place_point"), "反复问题只能定位到街乡镇"),
    (("title", "body"), "不能自动分类，不能挖掘反复问题"),
    (("topic_level1", TOPIC_PATH), "没有人工分类可供对照和训练"),
    (("due_at", "limit_text"), "不知道办理时限，不能判断是否超期"),
)


@dataclass(frozen=True)
class ColumnFact:
    """One column of the file: where it goes ("" nowhere), how that was found, and what its cells look like.

    `example` is a masked value, only of columns that are loaded: what else a column holds cannot be masked safely.
    """

    header: str
    column: str
    label: str
    how: str
    confidence: float
    example: str
    content: str


@dataclass(frozen=True)
class SuggestionFact:
    """A proposal for a column that is not loaded, with the option that takes it."""

    header: str
    column: str
    label: str
    confidence: float
    reasons: tuple[str, ...]
    option: str


@dataclass(frozen=True)
class AnswerFact:
    """One answer to a question: its meaning, the entries for a mapping, the options of the command."""

    says: str
    columns: dict[str, str]
    option: str


@dataclass(frozen=True)
class QuestionFact:
    """What a person has to decide before the file can be loaded."""

    code: str
    text: str
    answers: tuple[AnswerFact, ...]


@dataclass(frozen=True)
class Limit:
    """Columns of which none is there, and what that makes impossible."""

    columns: tuple[str, ...]
    labels: tuple[str, ...]
    says: str


@dataclass(frozen=True)
class Reason:
    """Why rows would be put aside: column ("" for whole rows), reason and fix in Chinese, how many cells."""

    column: str
    rule: str
    reason: str
    fix: str
    count: int


@dataclass(frozen=True)
class DryRun:
    """What would become of the rows; rows_read = rows_loaded + rows_not_data + rows_quarantined."""

    rows_read: int
    rows_loaded: int
    rows_not_data: int
    rows_quarantined: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Inspection:
    """All that can be said of a file without loading it.

    Attributes:
        file_name, sheet: masked.
        format: xlsx, xls, csv or parquet; `encoding` of text files only.
        header_row: 1-based; 0 for parquet.
        notes: Chinese remarks on how the file was read.
        columns: one for each column of the file, in file order.
        suggestions: proposals; none is applied.
        questions: the file cannot be loaded while one is open.
        limits: what this file makes impossible.
        sample: the first rows, Chinese label → masked text.
        dry_run: None while a question is open, when loading would be refused, and for a file of corrected rows.
        refusal: the message with which loading would be refused although no question is open.
        headers: the header row, masked, as a profile keeps it.
    """

    file_name: str
    format: str
    encoding: str | None
    sheet: str | None
    header_row: int
    notes: tuple[str, ...]
    columns: tuple[ColumnFact, ...]
    suggestions: tuple[SuggestionFact, ...]
    questions: tuple[QuestionFact, ...]
    limits: tuple[Limit, ...]
    sample: tuple[dict[str, str], ...]
    dry_run: DryRun | None
    refusal: str | None
    headers: tuple[str, ...]

    @property
    def mapping(self) -> dict[str, str]:
        """Header → canonical column, of the columns that would be loaded."""
        return {fact.header: fact.column for fact in self.columns if fact.column not in ("", IGNORE)}

    def to_dict(self) -> dict[str, Any]:
        """The same as plain lists and dicts, for JSON."""
        return asdict(self)


def inspect_file(path: Path, mapping: FileMapping | None = None, profiles: Sequence[Profile] = ()) -> Inspection:
    """Look at a file; loads nothing, writes nothing, needs no key.

    Raises:
        IngestError: E01-E06 when the file cannot be read as a table at all.
    """
    opened = guarded(path, lambda: open_table(path, mapping or FileMapping(), profiles))
    facts = guarded(path, lambda: _facts(opened))
    if facts.questions or opened.corrects:
        return facts
    try:
        return replace(facts, dry_run=_dry_run(path, opened.mapping))
    except IngestError as error:
        return replace(facts, refusal=str(error))


def _facts(opened: OpenedTable) -> Inspection:
    resolved, table = opened.resolved, opened.table
    names = display_names(table.headers)
    masked = masked_columns(opened.sample, resolved.columns)
    return Inspection(
        file_name=opened.source.name,
        format=opened.source.format,
        encoding=opened.source.encoding,
        sheet=None if table.sheet is None else _masked(table.sheet),
        header_row=table.header_row,
        notes=opened.notes,
        columns=tuple(_column(match, opened.sample, masked) for match in resolved.matches),
        suggestions=() if opened.corrects else _suggested(opened, names),
        questions=tuple(map(_question, resolved.questions)),
        limits=() if opened.corrects else limits(resolved.columns),
        sample=_rows(masked),
        dry_run=None,
        refusal=None,
        headers=tuple(names),
    )


def _suggested(opened: OpenedTable, names: Sequence[str]) -> tuple[SuggestionFact, ...]:
    return tuple(
        SuggestionFact(
            header=names[found.index],
            column=found.column,
            label=target_label(found.column),
            confidence=found.confidence,
            reasons=found.reasons,
            option=f'--column "{names[found.index]}={found.column}"',
        )
        for found in suggestions(opened.table.headers, opened.resolved, opened.sample)
    )


def _question(question: Question) -> QuestionFact:
    answers = tuple(AnswerFact(answer.says, dict(answer.columns), answer.option) for answer in question.answers)
    return QuestionFact(question.code, question.text, answers)


def _column(match: HeaderMatch, sample: pl.DataFrame, masked: Mapping[str, pl.Series]) -> ColumnFact:
    cells = sample[str(match.index)] if sample.width else pl.Series(dtype=pl.String)
    column = match.column or ""
    shown = masked[column].drop_nulls().head(1).to_list() if column in masked else []
    return ColumnFact(
        header=match.header,
        column=column,
        label=target_label(column) if column else "",
        how=HOW[match.how],
        confidence=match.confidence,
        example=shown[0] if shown else "",
        content=content_of(cells).described(),
    )


def masked_columns(sample: pl.DataFrame, columns: Mapping[str, int]) -> dict[str, pl.Series]:
    """The loaded columns of a sample as people may see them: canonical column → masked, shortened text."""
    if not sample.width:
        return {}
    texts = {column: clean_text(sample[str(index)]) for column, index in columns.items()}
    callers = texts.get(CALLER_NAME)
    names = None if callers is None else own_names(callers)
    masked = {}
    for column, cells in texts.items():
        own = cells if names is None else mask_own_name(cells, names)
        shown = mask_series(own).str.slice(0, SHOWN_CHARACTERS)
        masked[column] = _hidden(cells, shown) if column in ("caller_key", CALLER_NAME) else shown
    return masked


def _hidden(cells: pl.Series, masked: pl.Series) -> pl.Series:
    """A caller's name or account that no rule of masking changed is not shown at all."""
    pair = pl.DataFrame([cells.alias("cell"), masked.alias("masked")])
    unchanged = pl.col("cell") == pl.col("masked")
    return pair.select(pl.when(unchanged).then(pl.lit(_HIDDEN)).otherwise(pl.col("masked"))).to_series()


def _rows(masked: Mapping[str, pl.Series]) -> tuple[dict[str, str], ...]:
    shown = [column for column in _MAIN if column in masked]
    cells = {target_label(column): masked[column].head(SHOWN_ROWS).fill_null("") for column in shown}
    return tuple(pl.DataFrame(cells).iter_rows(named=True))


def limits(columns: Mapping[str, int]) -> tuple[Limit, ...]:
    """What the absence of columns makes impossible."""
    return tuple(
        Limit(needed, tuple(target_label(column) for column in needed), says)
        for needed, says in _LIMITS
        if not {*needed} & {*columns}
    )


def _masked(text: str) -> str:
    return str(mask_series(pl.Series([text], dtype=pl.String))[0])


def _dry_run(path: Path, mapping: FileMapping) -> DryRun:
    """Prepare every row and count; the key is thrown away, so that nothing can be compared with stored data."""
    file = open_orders(path, secrets.token_bytes(KEY_BYTES), mapping)
    counts, reasons = Counter[str](), Counter[tuple[str, str]]()
    for chunk in file.chunks():
        counts.update(read=chunk.rows_read, not_data=chunk.rows_not_data, quarantined=chunk.rows_quarantined)
        counts.update(loaded=chunk.orders.height)
        reasons.update(chunk.quarantine.select("column_name", "rule").iter_rows())
    listed = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return DryRun(
        rows_read=counts["read"],
        rows_loaded=counts["loaded"],
        rows_not_data=counts["not_data"],
        rows_quarantined=counts["quarantined"],
        reasons=tuple(Reason(column, rule, *explain(rule, column), count) for (column, rule), count in listed),
    )
