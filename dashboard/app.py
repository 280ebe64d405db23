"""The app: opens the newest published snapshot at each rerun and shows one page. Start it with `hotline dashboard`."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from hotline12345.dashboard import components, data, snapshots
from hotline12345.dashboard.access import ANALYST
from hotline12345.dashboard.views import (
    health,
    imports,
    issues,
    model,
    opened,
    order,
    orders,
    overview,
    rates,
    reconcile,
    review,
    rules,
    targets,
    topics,
    unit,
)
from hotline12345.dashboard.views.scope import Scope, open_scope
from hotline12345.sql.publish import NothingPublishedError
from hotline12345.sql.records.store import RecordsError

# Drawn here: an icon by name would be fetched from outside.
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#1f5f99"/>'
    '<path d="M4 12V8M8 12V4M12 12V6" stroke="#fff" stroke-width="2"/></svg>'
)
Render = Callable[[Scope], None]
VIEWS: dict[str, tuple[tuple[str, str, str, Render], ...]] = {
    "概况": (("总览", "overview", ":material/dashboard:", overview.render),),
    "三率": (
        ("三率", "rates", ":material/leaderboard:", rates.render),
        ("单位", "unit", ":material/apartment:", unit.render),
        ("明细", "orders", ":material/list_alt:", orders.render),
        ("目标", "targets", ":material/flag:", targets.render),
        ("对账", "reconcile", ":material/balance:", reconcile.render),
        ("口径", "rules", ":material/rule:", rules.render),
    ),
    "诉求": (
        ("诉求分类", "topics", ":material/category:", topics.render),
        ("分类复核", "review", ":material/rate_review:", review.render),
        ("模型", "model", ":material/model_training:", model.render),
        ("每月一题", "issues", ":material/troubleshoot:", issues.render),
    ),
    "数据": (("数据健康", "health", ":material/fact_check:", health.render),),
}


def show(render: Render) -> None:
    """One page: the newest snapshot, the banner, the page itself or the order opened on it, its foot-note."""
    components.style()
    try:
        scope = open_scope(ANALYST, snapshots.current())
        if scope.facts["is_simulated"]:
            components.simulated_banner()
        opened.stay_on(render.__module__)
        if order_id := opened.order():
            st.button("返回", icon=":material/arrow_back:", on_click=opened.close_order)
            order.render(scope, order_id)
        elif behind := opened.orders():
            st.button("返回", icon=":material/arrow_back:", on_click=opened.close_orders)
            orders.behind(scope, behind)
        else:
            render(scope)
        components.footnote(scope.ground)
    except NothingPublishedError:
        components.nothing_published()
    except snapshots.SnapshotGoneError:
        st.rerun()


def show_imports() -> None:
    """The page that also opens before anything is published: it is where data come in."""
    components.style()
    try:
        snapshot = snapshots.current()
        if data.overview(ANALYST, snapshot)["is_simulated"]:
            components.simulated_banner()
    except NothingPublishedError:
        snapshot = None
    except snapshots.SnapshotGoneError:
        st.rerun()
    try:
        imports.render(ANALYST, snapshot)
    except RecordsError as error:
        components.empty(str(error))


def main() -> None:
    """Set the page up and run the view that the URL names."""
    st.set_page_config(page_title="12345 热线数据分析", page_icon=ICON, layout="wide", initial_sidebar_state=200)
    sections = {
        section: [
            st.Page(partial(show, render), title=title, icon=icon, url_path=path, default=path == "overview")
            for title, path, icon, render in views
        ]
        for section, views in VIEWS.items()
    }
    sections["数据"].append(st.Page(show_imports, title="数据导入", icon=":material/upload_file:", url_path="imports"))
    st.navigation(sections, expanded=True).run()


if __name__ == "__main__":
    main()
