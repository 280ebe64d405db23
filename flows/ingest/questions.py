"""What only a person can decide about the headers of a file, with the option that answers it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.mapping import IGNORE, column_title, target_label
from hotline12345.flows.ingest.suggest import Suggestion

SHOWN_HEADERS = 40
SHOWN_ANSWERS = 4


@dataclass(frozen=True)
class Answer:
    """One way to answer: what it means in Chinese, and the entries (header → target) that say so."""

    says: str
    columns: Mapping[str, str]

    @property
    def option(self) -> str:
        """The answer as options of the command."""
        return " ".join(f'--column "{header}={column}"' for header, column in self.columns.items())


@dataclass(frozen=True)
class Question:
    """An open question about a file's headers.

    Attributes:
        code: E07 a needed column is missing, E08 an ambiguous header, E09 two headers for one column, E10 a header that
            the user names is not there, E11 a header that a confirmed mapping names is gone.
        text: the question in Chinese, without values.
        answers: what can be answered, the likeliest first; may be empty when nothing is near.
    """

    code: str
    text: str
    answers: tuple[Answer, ...]


def refusal(questions: Sequence[Question], where: str) -> IngestError:
    """The error that asks the first question of a file and says how many more there are."""
    first = questions[0]
    ways = "".join(f"\n  {answer.option}    {answer.says}" for answer in first.answers)
    more = f"\n还有 {len(questions) - 1} 个问题。" if len(questions) > 1 else ""
    return IngestError(
        first.code,
        f"{where}：{first.text}\n请加上回答再次导入（也可写进映射文件，用 --mapping）：{ways}{more}\n"
        "hotline inspect 文件 会列出全部列、建议和问题，不导入任何数据。",
    )


def _as(column: str) -> str:
    return "不导入这一列" if column == IGNORE else f"作为“{target_label(column)}”"


def _suggested(names: Sequence[str], suggestions: Sequence[Suggestion]) -> tuple[Answer, ...]:
    return tuple(
        Answer(f"{_as(s.column)}（{'；'.join(s.reasons)}）", {names[s.index]: s.column})
        for s in suggestions[:SHOWN_ANSWERS]
    )


def ambiguous(name: str, candidates: Sequence[str], support: Mapping[str, Suggestion]) -> Question:
    """E08: a header that means different things in different systems."""
    choices = "还是".join(f"“{column_title(column)}”" for column in candidates)
    reasons = {column: f"（{'；'.join(support[column].reasons)}）" for column in candidates if column in support}
    answers = [Answer(_as(column) + reasons.get(column, ""), {name: column}) for column in (*candidates, IGNORE)]
    return Question("E08", f"列“{name}”在不同系统里含义不同，不能自动对应。它是{choices}？", tuple(answers))


def two_for_one(first: str, second: str, column: str) -> Question:
    """E09: two headers with different content for one column."""
    return Question(
        "E09",
        f"列“{first}”和“{second}”都对应“{column_title(column)}”，内容却不同，无法判断用哪一列。",
        tuple(
            Answer(f"用“{used}”", {used: column, unused: IGNORE}) for used, unused in ((first, second), (second, first))
        ),
    )


def not_there(key: str, column: str, names: Sequence[str], suggestions: Sequence[Suggestion]) -> Question:
    """E10: the user names a header that the file does not have."""
    return Question(
        "E10",
        f"您把列“{key}”指定为“{column_title(column)}”，但文件中没有这一列。文件中的列：{_listed(names)}。",
        _suggested(names, suggestions) or (Answer("换成文件中的列名", {"文件中的列名": column}),),
    )


def gone(old: str, column: str, names: Sequence[str], suggestions: Sequence[Suggestion]) -> Question:
    """E11: a confirmed mapping names a header that the file no longer has."""
    return Question(
        "E11",
        f"已确认的列对应中，“{target_label(column)}”取自列“{old}”，这个文件里没有这一列了。"
        f"它改名了，还是不再导出？文件中的列：{_listed(names)}。",
        (*_suggested(names, suggestions), Answer("文件不再有这一列", {old: IGNORE})),
    )


def missing(columns: Sequence[str], why: str, names: Sequence[str], suggestions: Sequence[Suggestion]) -> Question:
    """E07: none of the columns is there, one of which is needed."""
    titles = "、".join(column_title(column) for column in columns)
    what = f"以下至少一列：{titles}" if len(columns) > 1 else titles
    return Question(
        "E07",
        f"缺少必需的列：{what}。{why}文件中的列：{_listed(names)}。",
        _suggested(names, suggestions) or (Answer("如果只是叫法不同", {"文件中的列名": columns[0]}),),
    )


def order_id_overlooked(names: Sequence[str], suggestions: Sequence[Suggestion]) -> Question:
    """E07: no header is an order id, but the content of a column looks like one."""
    headers = "、".join(f"“{names[s.index]}”" for s in suggestions)
    none = dict.fromkeys((names[s.index] for s in suggestions), IGNORE)
    return Question(
        "E07",
        f"没有工单编号列，但{headers}看起来像工单编号。它是工单编号吗？没有工单编号的文件也能导入，只是以后无法可靠地跟踪同一工单的修订。",
        (*_suggested(names, suggestions), Answer("都不是，文件没有工单编号", none)),
    )


def _listed(names: Sequence[str]) -> str:
    more = f" 等 {len(names)} 列" if len(names) > SHOWN_HEADERS else ""
    return "、".join(names[:SHOWN_HEADERS]) + more
