"""年度清单: the themes of a year by month, with their problems, lead, the city topic they answer, carried over or new."""

from collections.abc import Mapping, Sequence

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, issue_board, issue_data, issue_deciding, issue_records, labels, tables
from hotline12345.dashboard.issue_deciding import BoardError
from hotline12345.dashboard.views.scope import Scope
from hotline12345.sql.records.board_events import NotedYearEntry, YearEntry

TURN = "issue_year_turn"
COLUMNS = ("month", "theme", "issues", "lead", "city", "carried", "progress")
HEADINGS = {
    "month": "主题月",
    "theme": "主题",
    "issues": "具体问题",
    "lead": issue_deciding.LEAD,
    "city": "对应市级主题",
    "carried": "结转/新增",
    "progress": "进度",
}


def render(scope: Scope) -> None:
    """The part of the page."""
    entries = issue_records.year_entries(scope.viewer)
    newest = scope.facts["cutoff_at"].year
    years = sorted({newest - 1, newest, newest + 1, *(int(entry.theme_month[:4]) for entry in entries)}, reverse=True)
    year = st.selectbox(
        "年度",
        years,
        years.index(newest),
        format_func=lambda each: f"{each}年",
        key="issue_year",
        bind="query-params",
        width=160,
    )
    of_year = [entry for entry in entries if entry.theme_month[:4] == str(year)]
    every = issue_board.edited(issue_data.issues(scope.viewer, scope.snapshot), issue_records.edits(scope.viewer))
    names = dict(every.select("issue_id", "issue_name").iter_rows())
    choice = issue_data.choice(scope.viewer, scope.snapshot)
    st.caption(
        f"每月一个主题，每个主题 {choice.least_problems}—{choice.most_problems} 个具体问题。"
        "本区怎样选由配置文件 issues.toml 的 [choice] 规定，附带的是建议值。"
    )
    if of_year:
        components.table(_table(scope, of_year, names))
    else:
        components.empty(f"{year}年还没有列出主题。")
    if scope.viewer.can("decide"):
        _form(scope, year, of_year, every, names)


def _table(scope: Scope, entries: Sequence[NotedYearEntry], names: Mapping[str, str]) -> str:
    units = issue_data.units(scope.viewer, scope.snapshot)
    items = issue_records.plan_items(scope.viewer)
    today = scope.facts["cutoff_at"].date()
    rows = [
        {
            "month": labels.period(entry.theme_month),
            "theme": entry.theme_name,
            "issues": "；".join(names.get(each, each) for each in entry.issue_ids),
            "lead": units.get(entry.lead_unit_id or "", labels.MISSING),
            "city": entry.city_topic or labels.MISSING,
            "carried": "上年结转" if entry.is_carried_over else "新增",
            "progress": issue_deciding.progress(
                [each for each in items if each.issue_id in entry.issue_ids], today
            ).said,
        }
        for entry in entries
    ]
    return tables.html_table(pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String)), COLUMNS, None, HEADINGS)


def _form(
    scope: Scope, year: int, entries: Sequence[NotedYearEntry], every: pl.DataFrame, names: Mapping[str, str]
) -> None:
    turn = f"{year}_{st.session_state.get(TURN, 0)}"
    numbered = {entry.entry_id: entry for entry in entries}
    components.section("增改一个主题")
    chosen = st.selectbox(
        "改哪一个",
        list(numbered),
        index=None,
        format_func=lambda number: f"{labels.period(numbered[number].theme_month)} {numbered[number].theme_name}",
        key=f"year_entry_{turn}",
        placeholder="不选则新增",
    )
    entry = numbered.get(chosen) if chosen else None
    offered = list(dict.fromkeys([*(entry.issue_ids if entry else ()), *_allowed(scope, every)]))
    problems = {issue_id: names.get(issue_id, issue_id) for issue_id in offered}
    said = _inputs(scope, year, entry, problems, f"{turn}_{chosen}")
    with st.container(horizontal=True):
        if st.button(
            "保存修改" if entry else "列入清单", key=f"year_save_{turn}", type="primary", icon=":material/save:"
        ):
            _save(scope, said, entry, entries, names)
        if entry and st.button("从清单移除", key=f"year_remove_{turn}", icon=":material/delete:"):
            issue_records.remove_entry(scope.viewer, entry.entry_id)
            _turned("已移除，记录仍保留")


def _allowed(scope: Scope, every: pl.DataFrame) -> list[str]:
    """The issues that the district may list, as ranked."""
    grains = issue_data.choice(scope.viewer, scope.snapshot).grains
    allowed = pl.col("issue_grain").is_in(grains) & pl.col("issue_rank").is_not_null() & ~pl.col("is_dismissed")
    found: list[str] = every.filter(allowed).sort("issue_rank")["issue_id"].to_list()
    return found


def _inputs(scope: Scope, year: int, entry: NotedYearEntry | None, problems: Mapping[str, str], turn: str) -> YearEntry:
    units = issue_data.units(scope.viewer, scope.snapshot)
    choice = issue_data.choice(scope.viewer, scope.snapshot)
    months = issue_deciding.months_of(year)
    month, theme, city, carried = st.columns([1, 1.6, 1.6, 1], vertical_alignment="bottom")
    with month:
        place = months.index(entry.theme_month) if entry else 0
        theme_month = st.selectbox("主题月", months, place, format_func=labels.period, key=f"year_month_{turn}")
    with theme:
        theme_name = st.text_input("主题名称", entry.theme_name if entry else "", key=f"year_theme_{turn}")
    with city:
        known = (entry.city_topic or "") if entry else ""
        city_topic = st.text_input("对应市级主题（没有则不填）", known, key=f"year_city_{turn}")
    with carried:
        is_carried = st.checkbox("上年结转", bool(entry and entry.is_carried_over), key=f"year_carried_{turn}")
    chosen, lead = st.columns([2.2, 1])
    with chosen:
        issue_ids = st.multiselect(
            "具体问题",
            list(problems),
            default=list(entry.issue_ids) if entry else [],
            max_selections=choice.most_problems,
            format_func=problems.__getitem__,
            key=f"year_issues_{turn}",
            placeholder=f"选 {choice.least_problems}—{choice.most_problems} 个",
        )
    with lead:
        at = list(units).index(entry.lead_unit_id) if entry and entry.lead_unit_id in units else None
        lead_id = st.selectbox(
            issue_deciding.LEAD,
            list(units),
            at,
            format_func=units.__getitem__,
            key=f"year_lead_{turn}",
            placeholder="待定",
        )
    name, city_name = theme_name.strip(), city_topic.strip() or None
    return YearEntry(str(theme_month), name, tuple(issue_ids), lead_id, city_name, is_carried)


def _save(
    scope: Scope,
    said: YearEntry,
    entry: NotedYearEntry | None,
    entries: Sequence[NotedYearEntry],
    names: Mapping[str, str],
) -> None:
    choice = issue_data.choice(scope.viewer, scope.snapshot)
    others = [each for each in entries if entry is None or each.entry_id != entry.entry_id]
    try:
        issue_deciding.refuse_entry(said, others, names, choice.least_problems, choice.most_problems)
    except BoardError as error:
        components.failure(str(error))
        return
    issue_records.save_entry(scope.viewer, said, entry.entry_id if entry else None)
    _turned("已记录")


def _turned(message: str) -> None:
    """Say it and empty the form."""
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.toast(message)
    st.rerun()
