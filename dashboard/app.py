"""The app: opens the newest published snapshot at each rerun and shows one page. Start it with `hotline dashboard`."""

from collections.abc import Callable
from functools import partial

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from hotline12345.dashboard import components, data, snapshots
from hotline12345.dashboard.access import PAGES, AccessError, NoAccessError, Viewer, read_access
from hotline12345.dashboard.views import (
    admin,
    communities,
    health,
    imports,
    issues,
    library,
    live,
    looking,
    mine,
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
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import WarehouseError

# Drawn here: an icon by name would be fetched from outside.
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#1f5f99"/>'
    '<path d="M4 12V8M8 12V4M12 12V6" stroke="#fff" stroke-width="2"/></svg>'
)
Render = Callable[[Scope], None]
VIEWS: dict[str, tuple[tuple[str, str, Render], ...]] = {
    "概况": (
        ("overview", ":material/dashboard:", overview.render),
        ("mine", ":material/home_pin:", mine.render),
    ),
    "三率": (
        ("rates", ":material/leaderboard:", rates.render),
        ("unit", ":material/apartment:", unit.render),
        ("orders", ":material/list_alt:", orders.render),
        ("targets", ":material/flag:", targets.render),
        ("reconcile", ":material/balance:", reconcile.render),
        ("rules", ":material/rule:", rules.render),
    ),
    "诉求": (
        ("topics", ":material/category:", topics.render),
        ("communities", ":material/holiday_village:", communities.render),
        ("library", ":material/search:", library.render),
        ("review", ":material/rate_review:", review.render),
        ("model", ":material/model_training:", model.render),
        ("issues", ":material/troubleshoot:", issues.render),
    ),
    "数据": (("health", ":material/fact_check:", health.render),),
}


def show(viewer: Viewer, render: Render) -> None:
    """One page: the newest snapshot, the banner, the page itself or the order opened on it, its foot-note."""
    try:
        scope = open_scope(viewer, snapshots.current())
        if scope.facts["is_simulated"]:
            components.simulated_banner()
        live.offer_newer(scope.snapshot)
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
    except WarehouseError as error:
        components.unreadable(str(error))
    except snapshots.SnapshotGoneError:
        st.rerun()
    except NoAccessError as error:
        components.empty(str(error))


def show_imports(viewer: Viewer) -> None:
    """The page that also opens before anything is published: it is where data come in."""
    try:
        snapshot = snapshots.current()
        if data.overview(viewer, snapshot)["is_simulated"]:
            components.simulated_banner()
    except NothingPublishedError:
        snapshot = None
    except WarehouseError as error:
        snapshot = None
        components.unreadable(str(error))
    except snapshots.SnapshotGoneError:
        st.rerun()
    try:
        imports.render(viewer, snapshot)
    except (RecordsError, NoAccessError) as error:
        components.empty(str(error))


def show_admin(viewer: Viewer) -> None:
    """The page that says what is wrong where nothing else opens."""
    try:
        admin.render(viewer)
    except NoAccessError as error:
        components.empty(str(error))


ALSO_WITHOUT_DATA: tuple[tuple[str, str, Callable[[Viewer], None]], ...] = (
    ("imports", ":material/upload_file:", show_imports),
    ("admin", ":material/monitor_heart:", show_admin),
)


def pages(viewer: Viewer) -> dict[str, list[StreamlitPage]]:
    """The pages of a viewer's role by section. No other page has an address."""
    made: dict[str, list[StreamlitPage]] = {}
    for section, views in VIEWS.items():
        for path, icon, render in views:
            if path in viewer.pages:
                page = st.Page(partial(show, viewer, render), title=PAGES[path], icon=icon, url_path=path)
                made.setdefault(section, []).append(page)
    for path, icon, shown in ALSO_WITHOUT_DATA:
        if path in viewer.pages:
            page = st.Page(partial(shown, viewer), title=PAGES[path], icon=icon, url_path=path)
            made.setdefault("数据", []).append(page)
    return made


def main() -> None:
    """Set the page up and run the view that the URL names."""
    st.set_page_config(page_title="12345 热线数据分析", page_icon=ICON, layout="wide", initial_sidebar_state=200)
    components.style()
    try:
        viewer = looking.viewer(read_access(Storage.at()))
    except (AccessError, NoAccessError, RecordsError) as error:
        components.failure(str(error))
        return
    except WarehouseError as error:
        components.unreadable(str(error))
        return
    if viewer is not None:
        shown = pages(viewer)
        first = next(iter(shown.values()))[0]
        # A page that is the default one has no address of its own, and a link to it would open another role's first page.
        landing = st.Page(partial(st.switch_page, first), title="首页", default=True, visibility="hidden")
        st.navigation({**shown, "": [landing]}, expanded=True).run()


if __name__ == "__main__":
    main()
