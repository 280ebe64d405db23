"""本月候选: which problems, why they rank so; a click on a row opens the evidence of one below the list."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, issue_board, issue_data, issue_deciding, issue_records, labels
from hotline12345.dashboard.months import Coverage
from hotline12345.dashboard.views import issue_choice, issue_detail, issue_pack
from hotline12345.dashboard.views.scope import Scope
from hotline12345.sql.issue_board_reads import BoardChoice

LISTED = 200  # issues in the list; what ranks lower is found by narrowing
HEIGHT, HEAD, ROW = 430, 38, 35
NONE = "这一范围没有候选问题。请放宽月份、地区、分类，或换一种类型。"
NONE_DISMISSED = "这一范围没有被定为“不作为问题”的问题。"


def render(scope: Scope) -> None:
    """The part of the page."""
    choice, kind = _choice(scope)
    allowed = issue_data.choice(scope.viewer, scope.snapshot)
    every = issue_data.candidates(scope.viewer, scope.snapshot, choice)
    edited = issue_board.edited(every, issue_records.edits(scope.viewer))
    shown, few = issue_board.narrowed(edited, kind, allowed.minimum_people)
    if shown.is_empty():
        components.empty(NONE_DISMISSED if kind == issue_board.DISMISSED else NONE)
        return
    merged = issue_board.same_as(issue_data.merged(scope.viewer, scope.snapshot))
    decisions = issue_deciding.in_force(issue_records.decisions(scope.viewer), merged)
    listed = issue_board.listed(shown, decisions, issue_records.year_entries(scope.viewer))
    received = issue_data.total(scope.viewer, scope.snapshot, choice)
    _said(listed.height, few, choice, received)
    named = edited.filter(pl.col("issue_id") == (issue_choice.open_id(scope) or ""))
    row = _pick(*_counted(scope, choice, listed.head(LISTED), named), f"{choice}{kind}")
    issue_choice.open_issue(row["issue_id"])
    covered = Coverage.of(scope.facts["first_at"], scope.facts["cutoff_at"])
    volume = issue_board.volume(row["monthly_counts"], choice.month, covered).said
    issue_detail.render(scope, row, volume + issue_board.share(row["board_order_count"], received))
    shortlist = listed["issue_id"].head(allowed.shortlist_size)
    components.section(
        f"证据包：列表前 {shortlist.len()} 个问题", "按上面的筛选和顺序取，一次生成会议用的文字材料和数据表。"
    )
    issue_pack.render(scope, shortlist.to_list(), choice.month)


def _choice(scope: Scope) -> tuple[BoardChoice, str]:
    """What the selectors above the list narrow it to, and the grain."""
    months = issue_data.months(scope.viewer, scope.snapshot)
    options = issue_data.choices(scope.viewer, scope.snapshot)
    grain, month, place, topic, seven_five = st.columns([2.1, 1.1, 1.5, 1.2, 1.1], vertical_alignment="bottom")
    with grain:
        kind = st.segmented_control(
            "类型",
            (*labels.GRAINS, issue_board.EVERY, issue_board.DISMISSED),
            default=_kind(scope),
            required=True,
            key="issue_kind",
            bind="query-params",
            help="共性问题：一类问题在多处出现，可列入每月一题；点位事件：一处一事，作为共性问题的证据和属地的待办。",
        )
    with month:
        chosen = st.selectbox(
            "截至月份",
            months,
            index=_newest_whole(scope, months),
            format_func=labels.month,
            key="issue_month",
            bind="query-params",
            help="件数、人数、走势为截至这个月的 12 个月；名次和得分按全部数据，不随筛选变。",
        )
    with place:
        places = _names(options, "place")
        place_ids = st.multiselect(
            "街乡镇",
            list(places),
            format_func=places.__getitem__,
            key="issue_place",
            bind="query-params",
            placeholder=issue_board.EVERY,
            select_all=False,
        )
    with topic:
        topic_code = _one(options, "topic", "一级分类")
    with seven_five:
        kinds = _one(options, "seven_five", "七有五性")
    return BoardChoice(chosen, tuple(place_ids) or None, topic_code, kinds), str(kind)


def _kind(scope: Scope) -> str:
    """What the list begins with: the grain of the issue that the URL names, else the one that is chosen from."""
    wanted = issue_choice.open_id(scope)
    found = issue_data.issue(scope.viewer, scope.snapshot, wanted) if wanted else None
    return str(found["issue_grain"]) if found else issue_data.choice(scope.viewer, scope.snapshot).grains[0]


def _names(options: pl.DataFrame, kind: str) -> dict[str, str]:
    """The codes of one kind of choice with their names, those of most orders first."""
    return dict(options.filter(pl.col("choice_kind") == kind).select("choice_code", "choice_name").iter_rows())


def _one(options: pl.DataFrame, kind: str, title: str) -> str | None:
    """The code chosen of one kind; None for all."""
    names = _names(options, kind)
    found: str | None = st.selectbox(
        title,
        list(names),
        index=None,
        format_func=names.__getitem__,
        key=f"issue_{kind}",
        bind="query-params",
        placeholder=issue_board.EVERY,
    )
    return found


def _newest_whole(scope: Scope, months: list[date]) -> int:
    """The place of the newest month that the data covers whole, else of the newest."""
    last = Coverage.of(scope.facts["first_at"], scope.facts["cutoff_at"]).last
    return next((place for place, month in enumerate(months) if month <= last), 0)


def _said(count: int, few: int, choice: BoardChoice, received: int) -> None:
    rest = f"，列出前 {LISTED} 个" if count > LISTED else ""
    left_out = f"，另有 {few:,} 个人数太少没有列出（选“{issue_board.EVERY}”可看）" if few else ""
    st.caption(
        f"共 {count:,} 个候选{rest}{left_out}。件数、人数为截至{labels.month(choice.month)}的 12 个月、所选范围内"
        f"（同期同地全部诉求 {received:,} 件）。得分只用于排序，权重为建议值，是否列入由会议决定。点一行看证据。"
    )


def _counted(
    scope: Scope, choice: BoardChoice, listed: pl.DataFrame, named: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The issues of the list, and the one that the URL names, with people and months."""
    issue_ids = tuple(sorted({*listed["issue_id"], *named["issue_id"]}))
    volumes = issue_data.volumes(scope.viewer, scope.snapshot, choice, issue_ids)
    return issue_board.with_volumes(listed, volumes), issue_board.with_volumes(named, volumes)


def _pick(listed: pl.DataFrame, named: pl.DataFrame, key: str) -> Mapping[str, Any]:
    """The row that was clicked; to begin with the issue that the URL names, also one that is not listed; one row or none."""
    ids = listed["issue_id"].to_list()
    wanted = named["issue_id"].first() if named.height else None
    begin = [ids.index(wanted)] if wanted in ids else [] if named.height else [0]
    columns = _columns()
    event = st.dataframe(
        listed.select(*columns),
        key=f"issues_{key}",
        height=min(HEIGHT, HEAD + ROW * listed.height),
        hide_index=True,
        column_config=columns,
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": begin}},
        placeholder=labels.MISSING,
    )
    rows = event["selection"]["rows"]
    if rows and rows[0] < listed.height:
        return listed.row(rows[0], named=True)
    return named.row(0, named=True) if named.height else listed.row(0, named=True)


def _columns() -> dict[str, Any]:
    number, text, bar = (getattr(st.column_config, f"{kind}Column") for kind in ("Number", "Text", "Progress"))
    scores = {
        name: bar(labels.column(name), width=78, min_value=0, max_value=100, format="%.0f", help=labels.meaning(name))
        for name in issue_board.SCORES
    }
    return {
        "issue_rank": number(labels.column("issue_rank"), width=45, help="两种类型合排的名次。"),
        "marked_name": text(labels.column("issue_name"), width=195),
        "issue_grain": text("类型", width=72),
        "board_people_count": number("人数", width=55, help=labels.meaning("board_people_count")),
        "board_order_count": number("件数", width=55, help=labels.meaning("board_order_count")),
        "trend": st.column_config.BarChartColumn("12 个月走势", width=110, y_min=0),
        **scores,
        "issue_score": number(
            labels.column("issue_score"), format="%.1f", width=55, help=labels.meaning("issue_score")
        ),
        "top_percent": bar(
            labels.column("top_share"),
            width=90,
            min_value=0,
            max_value=100,
            format="%.1f%%",
            help=labels.meaning("top_share"),
        ),
        "board_state": text(labels.column("board_state"), width=135),
    }
