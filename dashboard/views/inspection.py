"""One uploaded file before it is loaded: what it is, which column is which, what it lacks, what its sender has to say."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, labels, requests, tables
from hotline12345.dashboard.access import Viewer
from hotline12345.dashboard.corrections import MARK
from hotline12345.dashboard.requests import Queue
from hotline12345.sql.records.requests import Request
from hotline12345.sql.records.store import moment

NOT_LOADED = "ignore"
PROPOSED = 0.6  # confidence from which a proposal stands in its selector to begin with
TOO_MANY_BAD = "E12"
PLACEHOLDER = "文件中的列名"  # of an answer that names no column of the file
SELECTOR = 560  # pixels at most
Facts = Mapping[str, Any]


def show(viewer: Viewer, found: Queue, request: Request) -> None:
    """The file of an inspection, with everything to answer and the buttons."""
    facts, name = request.outcome, found.file_name(request)
    with st.container(border=True):
        components.section(f"待确认：{name or '新上传的文件'}", "还没有导入。核对后按“确认导入”，或放弃这个文件。")
        refused = found.refusal_of(request.upload)
        if refused and refused.request_id > request.request_id:
            components.failure(f"上一次没有导入：{refused.outcome['message']}")
        if request.state == "failed":
            components.failure(facts["message"])
        else:
            _facts(facts)
        answers = _answers(request)
        if request.state == "done":
            _details(facts)
            if not _is_correction(facts):
                answers |= _options(request, refused)
        _buttons(viewer, request, answers)


def _facts(facts: Facts) -> None:
    pairs = [
        ("格式", facts["format"]),
        ("编码", facts["encoding"] or labels.MISSING),
        ("工作表", facts["sheet"] or labels.MISSING),
        ("表头", f"第 {facts['header_row']} 行" if facts["header_row"] else "列名"),
    ]
    if run := facts["dry_run"]:
        pairs += [
            ("读取", labels.count(run["rows_read"], "行")),
            ("可导入", labels.count(run["rows_loaded"], "行")),
            ("非数据", labels.count(run["rows_not_data"], "行")),
            ("将隔离", labels.count(run["rows_quarantined"], "行")),
        ]
    components.table(tables.facts(pairs))
    if facts["refusal"]:
        components.failure(facts["refusal"])
    lacks = [f"没有“{'、'.join(limit['labels'])}”列：{limit['says']}。" for limit in facts["limits"]]
    components.listed(facts["notes"])
    if lacks:
        st.markdown("已识别的列里缺少下面这些；如果文件里有，请在“没有识别的列”中指定，再按“按回答重新识别”。")
        components.listed(lacks)


def _details(facts: Facts) -> None:
    """Which column is which, the first rows, and why rows would be kept aside."""
    mapped = [column for column in facts["columns"] if column["column"] not in ("", NOT_LOADED)]
    run = facts["dry_run"]
    kept_aside = f"将隔离的行（{run['rows_quarantined']:,}）" if run else "将隔离的行"
    titles = [f"列对应（{len(mapped)} / {len(facts['columns'])} 列）", "前几行（已脱敏）", kept_aside]
    columns, rows, reasons = st.tabs(titles)
    with columns:
        _mapping(mapped)
    with rows:
        if facts["sample"]:
            sample = pl.DataFrame(facts["sample"])
            places = {column["label"]: number for number, column in enumerate(mapped)}
            names = sorted(sample.columns, key=lambda name: places.get(name, len(places)))  # as the file has them
            components.table(tables.html_table(sample, names, headings={name: name for name in names}))
        else:
            components.empty("没有可以显示的行。")
    with reasons:
        if run and run["reasons"]:
            column = {"column": lambda row: labels.column_or_name(row["column"]) if row["column"] else "整行"}
            headings = {"column": "列", "reason": "原因", "fix": "改法", "count": "处数"}
            components.table(tables.html_table(pl.DataFrame(run["reasons"]), tuple(headings), column, headings))
        else:
            components.empty(_untried(facts))


def _untried(facts: Facts) -> str:
    """Why no row stands among those that would be kept aside."""
    if facts["dry_run"]:
        return "试导入没有坏行。"
    if _is_correction(facts):
        return "改正的行在导入时核对，仍不合要求的再次进入隔离区。"
    return "回答问题并重新识别后，这里显示试导入的结果。"


def _is_correction(facts: Facts) -> bool:
    return any(column["column"] == MARK for column in facts.get("columns", ()))


def _mapping(mapped: list[Facts]) -> None:
    if not mapped:
        components.empty("没有识别出任何列。")
        return
    names = {
        "header": "文件中的列",
        "label": "识别为",
        "how": "依据",
        "confidence": "把握",
        "example": "示例（已脱敏）",
    }
    cells = {"confidence": lambda row: f"{row['confidence']:.0%}"}
    components.table(tables.html_table(pl.DataFrame(mapped).select(list(names)), tuple(names), cells, names))


def _answers(request: Request) -> dict[str, Any]:
    """What the sender says in the selectors: columns, sheet and header row, as a request takes them."""
    facts, said = request.outcome, request.detail
    columns = dict(said.get("columns", {}))
    for number, question in enumerate(facts.get("questions", ())):
        columns |= _answer(request, number, question)
    columns |= _others(request, facts)
    answers: dict[str, Any] = {"columns": columns} if columns else {}
    with st.expander("表头或工作表不对？", expanded=request.state == "failed"):
        left, right = st.columns(2)
        row = left.number_input(
            "表头在第几行",
            min_value=1,
            value=said.get("header_row"),
            key=f"row-{request.request_id}",
            placeholder="自动识别",
        )
        sheet = right.text_input(
            "工作表名称", value=said.get("sheet"), key=f"sheet-{request.request_id}", placeholder="自动识别"
        )
    return answers | {name: value for name, value in (("header_row", row), ("sheet", sheet)) if value}


def _answer(request: Request, number: int, question: Facts) -> dict[str, str]:
    """The sender's answer to one question; none is chosen beforehand."""
    st.markdown(f"**问题 {number + 1}**　{components.for_page(question['text'])}")
    if not (says := [answer["says"] for answer in question["answers"] if PLACEHOLDER not in answer["columns"]]):
        st.markdown("请在下面“没有识别的列”中指定。")
        return {}
    chosen = st.selectbox(
        f"问题 {number + 1} 的回答",
        range(len(says)),
        index=None,
        format_func=says.__getitem__,
        key=f"answer-{request.request_id}-{number}",
        placeholder="请选择",
        label_visibility="collapsed",
        width=SELECTOR,
    )
    return {} if chosen is None else dict(question["answers"][chosen]["columns"])


def _others(request: Request, facts: Facts) -> dict[str, str]:
    """A selector for each column that would not be loaded; a likely proposal stands in it until it is changed."""
    asked = {
        header
        for question in facts.get("questions", ())
        for answer in question["answers"]
        for header in answer["columns"]
    }
    free = [column for column in facts.get("columns", ()) if not column["column"] and column["header"] not in asked]
    if not free or _is_correction(facts):
        return {}
    used = {column["column"] for column in facts["columns"]}
    targets = [NOT_LOADED, *(name for name in facts["targets"] if name not in used)]
    names = {NOT_LOADED: "不导入", **facts["targets"]}
    proposals = {found["header"]: found for found in facts["suggestions"]}
    columns = {}
    with st.expander(f"没有识别的列（{len(free)} 列）", expanded=bool(proposals) or bool(facts["questions"])):
        for number, column in enumerate(free):
            found = proposals.get(column["header"])
            is_likely = found is not None and found["confidence"] >= PROPOSED and found["column"] in targets
            chosen = st.selectbox(
                f"{column['header']}　{_why(column, found)}",
                targets,
                index=targets.index(found["column"]) if found and is_likely else 0,
                format_func=names.__getitem__,
                key=f"column-{request.request_id}-{number}",
                width=SELECTOR,
            )
            if chosen != NOT_LOADED:
                columns[column["header"]] = chosen
    return columns


def _why(column: Facts, found: Facts | None) -> str:
    if found is None:
        return f"内容：{column['content']}"
    return f"建议：{found['label']}（{found['confidence']:.0%}，{'；'.join(found['reasons'])}）"


def _options(request: Request, refused: Request | None) -> dict[str, Any]:
    """When the file was exported, and, after a refusal for it, that many bad rows are accepted."""
    options: dict[str, Any] = {}
    exported_on = st.date_input(
        "导出日期（可不填；写法如 2026-03-05）",
        value=None,
        max_value="today",
        format="YYYY-MM-DD",
        key=f"exported-{request.request_id}",
        width=SELECTOR,
        help="补传以前的导出表时填写，这样不会覆盖更新的内容；不填则取表上方写明的导出时间，没有写的取文件中最晚的时间。",
    )
    if exported_on:
        options["exported_at"] = min(f"{exported_on} 23:59:59", moment())  # a day's export knows the day
    bad = refused is not None and refused.outcome.get("code") == TOO_MANY_BAD
    if bad and st.checkbox("坏行很多也导入，坏行进入隔离区", key=f"bad-{request.request_id}"):
        options["max_bad_share"] = 1.0
    return options


def _buttons(viewer: Viewer, request: Request, answers: Mapping[str, Any]) -> None:
    if not request.upload:
        return
    columns, unanswered = answers.get("columns", {}), _unanswered(request)
    twice = [name for name, count in Counter(columns.values()).items() if count > 1 and name != NOT_LOADED]
    reason = ""
    if twice:
        reason = f"有两列都指定为“{request.outcome['targets'][twice[0]]}”，请只留一列。"
    elif unanswered:
        reason = f"还有 {unanswered} 个问题没有回答。"
    if reason:
        st.caption(reason)
    load, look, drop = st.columns(3)
    can_load = request.state == "done" and not reason
    key = request.request_id
    if load.button("确认导入", key=f"load-{key}", type="primary", disabled=not can_load, width="stretch"):
        requests.file_load(viewer, request.upload, answers)
        st.rerun()
    if look.button("按回答重新识别", key=f"look-{key}", disabled=bool(twice), width="stretch"):
        said = {name: answers[name] for name in ("columns", "sheet", "header_row") if name in answers}
        requests.file_inspection(viewer, request.upload, said)
        st.rerun()
    if drop.button("放弃这个文件", key=f"drop-{key}", width="stretch"):
        requests.give_up(viewer, request)
        st.rerun()


def _unanswered(request: Request) -> int:
    keys = range(len(request.outcome.get("questions", ())))
    states = [st.session_state.get(f"answer-{request.request_id}-{number}", 0) for number in keys]
    return sum(state is None for state in states)
