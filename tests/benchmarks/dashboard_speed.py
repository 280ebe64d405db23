"""How fast the pages are on a million orders, as a browser would ask for them: the real server, its own messages, no browser.

`python tests/benchmarks/dashboard_speed.py FOLDER [--orders 1000000] [--only pages|crowd|memory]` builds a district of so
many orders in FOLDER, or takes what lies there, starts `hotline dashboard` on it and prints

- for each page the seconds from the request to its first figure and to its end: cold (nothing read since the snapshot was
  published), warm (somebody else has opened it), and after a filter is changed to what nobody has looked at;
- what 20 readers at once wait for, each opening pages and changing periods with a pause of 1 to 5 seconds between;
- the memory of the server over 500 views.

CPU is the processor time of the server for a view: on a busy machine it says more than the clock.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median, quantiles

from big_district import build

sys.path.insert(0, str(Path(__file__).parent.parent))

from page_driver import PageError, Reader, View
from running_dashboard import Server, serving

ORDERS, READERS, VIEWS_EACH, MEMORY_VIEWS = 1_000_000, 20, 12, 500
PAUSE = (1.0, 5.0)
GOALS = {"cold": 2.0, "warm": 0.6, "filter": 0.4, "crowd": 2.0}
FILTERS = ("period", "issue_month", "topic_span", "unit", "review_part", "library_unit")
OTHER = 3  # an option that no default is, nor what a page compares with
STREET = "栖云街道"
ASKED = {"mine": {"unit": STREET}, "unit": {"unit": STREET}, "orders": {"unit": STREET}}  # pages of one unit
WORDS = ("library_words", "电梯 困人")
ROLES = {"承办单位": "mine", "区领导": "overview"}  # the page that each of them lands on


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def cell(measured: tuple[View, float] | None, goal: str) -> str:
    """First figure / whole page (CPU), with ! where the first figure comes later than the goal."""
    if measured is None:
        return f"{'—':^22}"
    view, cpu = measured
    late = "!" if view.first > GOALS[goal] else " "
    return f"{view.first:6.2f}{late}/{view.whole:6.2f} ({cpu:5.2f})"


def pages(server: Server) -> None:
    """Every page cold, warm and after a change of a filter."""
    first = Reader(server.address)
    view, cpu = server.timed(lambda: first.page(""))
    say(f"the first page of a server just started: {view.first:.2f} s, whole {view.whole:.2f} s, CPU {cpu:.2f} s")
    first.close()
    say(f"{'page':12} {'cold: first/whole (CPU)':^22}  {'warm':^22}  {'filter':^22}  kB")
    for page in first.pages:
        say(measured_page(server, page))
    say(measured_page(server, "orders", {}))
    for role, page in ROLES.items():
        say(measured_role(server, role, page))


def measured_page(server: Server, page: str, asked: dict[str, str] | None = None) -> str:
    """One line of the table."""
    reader, other = Reader(server.address), Reader(server.address)
    query = ASKED.get(page, {}) if asked is None else asked
    try:
        reader.forget()
        cold = server.timed(lambda: reader.page(page, **query))
        warm = min(
            (server.timed(lambda: other.page(page, **query)) for _ in range(3)), key=lambda found: found[0].whole
        )
        key, change = filter_of(other)
        changed = server.timed(change) if change else None
    except PageError as error:
        return f"{page or 'overview':12} {error}"
    finally:
        reader.close()
        other.close()
    title = (page or "overview") + ("" if query or page not in ASKED else " all")
    return f"{title:12} {cell(cold, 'cold')}  {cell(warm, 'warm')}  {cell(changed, 'filter')}  {cold[0].size // 1000} {key}"


def filter_of(reader: Reader) -> tuple[str, Callable[[], View] | None]:
    """The filter of a page that is changed, and how."""
    if WORDS[0] in reader.widgets:
        return WORDS[0], lambda: reader.write(*WORDS)
    found = next((key for key in FILTERS if key in reader.widgets and len(reader.widgets[key].options) > OTHER), None)
    return (found, lambda: reader.choose(found, OTHER)) if found else ("", None)


def measured_role(server: Server, role: str, page: str) -> str:
    """One line: the page that a role lands on, when the first of this role comes."""
    reader, other = Reader(server.address), Reader(server.address)
    for one in (reader, other):
        one.page("rules")
        one.write("demo_role", role)
    reader.forget()
    cold = server.timed(lambda: reader.page(page))
    warm = server.timed(lambda: other.page(page))
    key, change = filter_of(other)
    changed = server.timed(change) if change else None
    reader.close()
    other.close()
    return f"{page} {role} {cell(cold, 'cold')}  {cell(warm, 'warm')}  {cell(changed, 'filter')}  {cold[0].size // 1000} {key}"


def visits(server: Server, seed: int, count: int, pause: tuple[float, float]) -> list[View]:
    """What one reader of the app waits for; half of the views change a filter of the page."""
    chance = random.Random(seed)
    reader = Reader(server.address)
    found = [reader.page("")]
    try:
        while len(found) < count:
            time.sleep(chance.uniform(*pause))
            keys = [key for key in FILTERS if key in reader.widgets and len(reader.widgets[key].options) > 1]
            if keys and chance.random() < 0.5:
                key = chance.choice(keys)
                found.append(reader.choose(key, chance.randrange(min(6, len(reader.widgets[key].options)))))
            else:
                found.append(reader.turn_to(chance.choice(sorted(reader.pages))))
    finally:
        reader.close()
    return found


def crowd(server: Server) -> None:
    """Readers at once."""
    before, start = server.cpu(), time.perf_counter()
    with ThreadPoolExecutor(READERS) as pool:
        found = list(pool.map(lambda seed: visits(server, seed, VIEWS_EACH, PAUSE), range(READERS)))
    views = [view for each in found for view in each[1:]]
    for name, waits in (("first figure", [v.first for v in views]), ("whole page", [v.whole for v in views])):
        late = quantiles(waits, n=20)[-1]
        say(
            f"{READERS} readers, {len(views)} views, {name}: median {median(waits):.2f} s, p95 {late:.2f} s, most {max(waits):.2f} s"
        )
    busy = (server.cpu() - before) / (time.perf_counter() - start)
    say(
        f"processors in use meanwhile: {busy:.2f}; memory {server.memory():,.0f} MB; goal: p95 below {GOALS['crowd']} s"
    )


def memory(server: Server) -> None:
    """Memory of the server over many views."""
    say(f"memory before the first of {MEMORY_VIEWS} views: {server.memory():,.0f} MB")
    for number in range(MEMORY_VIEWS // 25):
        visits(server, 1000 + number, 25, (0.0, 0.0))
        if number % 4 == 3:
            say(f"after {25 * (number + 1):4} views: {server.memory():,.0f} MB")


def main() -> None:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--orders", type=int, default=ORDERS)
    parser.add_argument("--only", choices=("pages", "crowd", "memory"))
    given = parser.parse_args()
    if not (given.folder / "published" / "current").exists():
        build(given.folder, given.orders, say)
    for part in (pages, crowd, memory):
        if given.only in (None, part.__name__):
            with serving(given.folder) as server:
                part(server)


if __name__ == "__main__":
    main()
