"""对账: the officially published table beside ours, the differences, and orders that may explain them."""

from datetime import datetime, time
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, labels, rate_data, requests, tables
from hotline12345.dashboard.reconciling import CAUTION, Explanation
from hotline12345.dashboard.views import opened, volumes
from hotline12345.dashboard.views.opened import OrdersBehind
from hotline12345.dashboard.views.scope import Scope, heading
from hotline12345.sql.records.store import RecordsError

FIGURES = ("received", "valid", "response_rate", "resolution_rate", "satisfaction_rate", "score", "score_rank")
TABLES = (
    *("official_id", "period_id", "source", "issued_at", "loaded_at", "file_name", "unit_rows", "refused_rows"),
    "withdrawn_at",
)
VARIANTS = 5


def render(scope: Scope) -> None:
    """The page."""
    if not scope.period or not scope.has_rates:
        volumes.render(scope)
        return
    heading(scope, "对账", "正式通报的数字在前，本系统测算在后，差异逐单位列出，附可能的原因和对应工单。")
    compared = rate_data.official_comparison(scope.viewer, scope.snapshot, scope.rule_id, scope.period_id)
    if compared["is_published"].any():
        _differences(compared)
        _reasons(scope, compared)
    else:
        components.empty(
            f"{labels.period_name(scope.period_id)}还没有导入正式通报。可以在下面上传，或请信息技术人员运行 "
            f"`hotline reconcile 通报.xlsx --period {scope.period_id}`。"
        )
    _tables(scope)
    _upload(scope)


def _differences(compared: pl.DataFrame) -> None:
    components.section("正式与测算", "差异为正式减测算；率的差异以百分点计，位次的差异为正表示正式位次靠后。")
    figures = [name for name in FIGURES if compared[_official(name)].count()]
    names = ["unit_name", *(part for name in figures for part in (_official(name), name, f"{name}_difference"))]
    headings = {_official(name): f"正式{labels.column(name)}" for name in figures}
    headings |= {name: "测算" for name in figures} | {f"{name}_difference": "差异" for name in figures}
    headings |= {"official_rank": "正式位次", "unit_name": "单位"}
    cells: dict[str, tables.Cell] = {f"{name}_difference": _difference_cell(name) for name in figures}
    components.table(tables.html_table(compared, names, cells, headings))
    left_out = compared.filter(~pl.col("is_published"))["unit_name"].to_list()
    if left_out:
        st.caption(f"通报没有列出、本系统有工单的单位：{'、'.join(left_out)}。")


def _official(name: str) -> str:
    return "official_rank" if name == "score_rank" else f"official_{name}"


def _difference_cell(name: str) -> tables.Cell:
    def cell(row: dict[str, Any]) -> str:
        value = row[f"{name}_difference"]
        if value is None:
            return labels.MISSING
        shown = labels.round_half_up(
            100 * value if name.endswith("_rate") else value, 1 if name.endswith(("_rate", "score")) else 0
        )
        return f"<b>{shown:+}</b>" if shown else '<span class="none">一致</span>'

    return cell  # type: ignore[return-value]


def _reasons(scope: Scope, compared: pl.DataFrame) -> None:
    components.section("可能的原因", CAUTION)
    explanations, variants = rate_data.official_reasons(scope.viewer, scope.snapshot, scope.rule_id, scope.period_id)
    components.listed([variant.words for variant in variants[:VARIANTS]])
    names = dict(compared.select("unit_id", "unit_name").iter_rows())
    if not explanations:
        components.empty("没有差异，或没有找到能对上差异的工单。")
        return
    for number, one in enumerate(explanations):
        text, button = st.columns([6, 1], vertical_alignment="center")
        with text:
            st.markdown(f"**{names[one.unit_id]}**　{one.words}")
        with button:
            if st.button(f"看 {len(one.order_ids)} 件", key=f"reason_{number}", icon=":material/list_alt:"):
                opened.open_orders(_behind(names[one.unit_id], one))
    st.caption(CAUTION)


def _behind(unit_name: str, one: Explanation) -> OrdersBehind:
    return OrdersBehind(f"{unit_name}对账差异可能涉及的工单", [one.words, CAUTION], one.order_ids)


def _tables(scope: Scope) -> None:
    loaded = rate_data.official_tables(scope.viewer, scope.snapshot)
    components.section("已导入的通报", "同一周期后印发的为准，先前的保留；导入错的可以撤回，不删除。")
    if loaded.is_empty():
        components.empty("还没有导入过通报。")
        return
    components.table(tables.html_table(loaded, TABLES))


def _upload(scope: Scope) -> None:
    """File an official table for the server, which loads it as `hotline reconcile` does."""
    components.section("导入通报", "文件由导入服务处理；进度和结果见“数据导入”页。")
    with st.form("official", clear_on_submit=True, border=False):
        file = st.file_uploader("通报的成绩表（Excel 或 CSV）", type=["xlsx", "xls", "csv"])
        period, source, day = st.columns(3)
        with period:
            identifiers = scope.periods["period_id"].to_list()
            period_id = st.selectbox(
                "通报的考核周期", identifiers, identifiers.index(scope.period_id), format_func=labels.period
            )
        with source:
            said = st.text_input("通报来源", placeholder="如 通报文号")
        with day:
            issued = st.date_input("印发日期（知道才填）", None)
        if st.form_submit_button("上传", type="primary", icon=":material/upload_file:"):
            if file is None:
                st.caption("请先选择文件。")
                return
            detail = {"period_id": str(period_id), "source": said}
            if issued:
                detail["issued_at"] = datetime.combine(issued, time()).isoformat(timespec="seconds")
            _file(scope, file.name, file.getbuffer(), detail)


def _file(scope: Scope, name: str, content: memoryview, detail: dict[str, str]) -> None:
    try:
        request_id = requests.file_official(scope.viewer, name, content, detail)
    except RecordsError as error:
        components.failure(str(error))
        return
    components.empty(f"已提交，请求 {request_id}。导入服务处理完后本页会更新；进度见“数据导入”页。")
