"""One issue: its orders, name, counts and score."""

import hashlib
from dataclasses import dataclass, field

from hotline12345.models.recurring.corpus import Corpus, Rows
from hotline12345.models.recurring.grouping import nearest, stack_centres
from hotline12345.models.recurring.measures import Measures, measure
from hotline12345.models.recurring.naming import issue_name, problem_phrase
from hotline12345.models.recurring.settings import MiningSettings
from hotline12345.models.recurring.statistics import Statistics

EVENT, THEME = "点位事件", "共性问题"


@dataclass(frozen=True)
class Issue:
    """An issue; parts, score, parent_id and is_covered are set by ranking.

    `members` are (row, similarity, occurrence), most representative first."""

    issue_id: str
    place: str | None
    problem: str
    members: list[tuple[int, float, int | None]]
    measures: Measures
    parts: dict[str, float | None] = field(default_factory=dict)
    score: float = 0.0
    parent_id: str | None = None
    is_covered: bool = False

    @property
    def grain(self) -> str:
        """点位事件 or 共性问题."""
        return EVENT if self.place else THEME

    @property
    def name(self) -> str:
        """Place and problem, or the problem alone."""
        return issue_name(self.place, self.problem)

    @property
    def rows(self) -> list[int]:
        """The issue's rows in the corpus."""
        return [row for row, _, _ in self.members]


def build_issue(
    corpus: Corpus, rows: Rows, place: str | None, statistics: Statistics, settings: MiningSettings
) -> Issue:
    """The issue of a group of rows; `place` for an event, None for a theme.

    `issue_id` is a digest of grain, place and the most representative order. It is provisional: it changes when that
    order does, until identities are stored.
    """
    centres = stack_centres(corpus.vectors, [rows])
    cosine = nearest(corpus.vectors, rows, centres)[1].round(6).tolist()
    own = [corpus.descriptions[row] for row in rows.tolist()]
    measures = measure(own, [corpus.places[row] for row in rows.tolist()])
    members = _by_representativeness(corpus, list(zip(rows.tolist(), cosine, measures.occurrences, strict=True)))
    words = list(statistics.columns)
    weights = {words[column]: weight for column, weight in zip(centres.indices, centres.data, strict=True)}
    core = corpus.descriptions[members[0][0]]
    identity = "\0".join((EVENT if place else THEME, place or "", core.order_id))
    return Issue(
        issue_id=("E" if place else "T") + hashlib.blake2b(identity.encode(), digest_size=6).hexdigest(),
        place=place,
        problem=problem_phrase([(order.voice, order.headline) for order in own], place, weights),
        members=members,
        measures=measures,
    )


def _by_representativeness(
    corpus: Corpus, members: list[tuple[int, float, int | None]]
) -> list[tuple[int, float, int | None]]:
    """Members by similarity; a person's second order comes after everybody's first, so that examples differ."""
    ordered = sorted(members, key=lambda member: (-member[1], corpus.descriptions[member[0]].order_id))
    spoken: dict[str, int] = {}
    turns = []
    for member in ordered:
        voice = corpus.descriptions[member[0]].voice
        turns.append(spoken.get(voice, 0))
        spoken[voice] = turns[-1] + 1
    return [ordered[i] for i in sorted(range(len(ordered)), key=lambda i: (turns[i], i))]
