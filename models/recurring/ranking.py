"""One list of both grains in which the events of a theme do not crowd out other problems."""

from dataclasses import replace

from hotline12345.models.recurring.issue import Issue
from hotline12345.models.recurring.measures import score_parts, total_score
from hotline12345.models.recurring.settings import MiningSettings


def rank(events: list[Issue], themes: list[Issue], settings: MiningSettings) -> list[Issue]:
    """Issues by rank: uncovered before covered, then by score, people, orders (all falling), then by issue_id."""
    usual = _usual_unsettled_share(themes or events)
    events, themes = ([_scored(issue, usual, settings) for issue in issues] for issues in (events, themes))
    theme_of = {row: theme for theme in themes for row in theme.rows}
    placed = [_under_theme(event, theme_of, settings) for event in events]
    return sorted([*themes, *placed], key=_rank_key)


def _usual_unsettled_share(issues: list[Issue]) -> float | None:
    outcomes = sum(issue.measures.outcomes for issue in issues)
    return sum(issue.measures.unsettled for issue in issues) / outcomes if outcomes else None


def _scored(issue: Issue, usual: float | None, settings: MiningSettings) -> Issue:
    parts = score_parts(issue.measures, issue.place is not None, usual, settings)
    return replace(issue, parts=parts, score=total_score(parts, settings))


def _rank_key(issue: Issue) -> tuple[bool, float, int, int, str]:
    return issue.is_covered, -issue.score, -issue.measures.people, -issue.measures.orders, issue.issue_id


def _under_theme(event: Issue, theme_of: dict[int, Issue], settings: MiningSettings) -> Issue:
    """The event with the theme that holds most of its orders, covered where it is no bigger than such events are."""
    inside: dict[str, int] = {}
    themes = {theme.issue_id: theme for row in event.rows if (theme := theme_of.get(row))}
    for row in event.rows:
        if row in theme_of:
            inside[theme_of[row].issue_id] = inside.get(theme_of[row].issue_id, 0) + 1
    parent_id = min(inside, key=lambda issue_id: (-inside[issue_id], issue_id), default=None)
    if parent_id is None or inside[parent_id] < settings.parent_share * len(event.rows):
        return event
    parent = themes[parent_id]
    people_per_place = parent.measures.people / max(1, parent.measures.places)
    covered = parent.score >= event.score and event.measures.people < settings.standout * people_per_place
    return replace(event, parent_id=parent_id, is_covered=covered)
