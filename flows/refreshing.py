"""From landed rows to a published snapshot: build, index, classify, mine, check, publish. One plain function a step."""

from collections.abc import Callable

from hotline12345.flows import (
    issue_edits,
    issue_mining,
    issue_scoring,
    search_indexing,
    topic_flags,
    topic_proposing,
    topic_scoring,
)
from hotline12345.flows.clock import now
from hotline12345.sql import build
from hotline12345.sql.issue_touching import touch_changed_members
from hotline12345.sql.landing import sweep_orphans
from hotline12345.sql.publish import Snapshot, current_snapshot, is_readable, pointed, publish
from hotline12345.sql.reference import land_reference
from hotline12345.sql.reference_versions import keep_reference
from hotline12345.sql.rule_freeze import refuse_changed_rules
from hotline12345.sql.rules import load_rules
from hotline12345.sql.same_age import fill_same_age
from hotline12345.sql.storage import Storage
from hotline12345.sql.texts import has_touched_orders
from hotline12345.sql.topic_corrections import land_corrections
from hotline12345.sql.warehouse import Connection

Report = Callable[[str], None]
Step = Callable[[Connection, Storage], None]


def is_current(connection: Connection, storage: Storage) -> bool:
    """Whether the published snapshot already shows everything landed, under today's rules, units and SQL."""
    sweep_orphans(connection, storage)
    refuse_changed_rules(connection, storage)
    reference_hash = land_reference(connection, storage)
    build.set_parameter(connection, build.REFERENCE, reference_hash)
    land_corrections(connection, storage)
    issue_edits.land_edits(connection, storage)
    topic_flags.notice_examples(connection)
    search_indexing.notice_recipe(connection, storage)
    build.begin(connection, reference_hash)
    published = build.parameter(connection, build.PUBLISHED)
    if not published or published != pointed(storage.published) or has_touched_orders(connection):
        return False
    return is_readable(current_snapshot(storage))


def build_rates(connection: Connection, storage: Storage) -> None:
    """Orders as they stand, the rate ledger and what only needs them."""
    build.set_parameter(connection, build.PUBLISHED, "")
    build.run_files(connection, build.stages()[0])


def build_search(connection: Connection, storage: Storage) -> None:
    """Index new texts; the tables of the next step join the orders to them."""
    search_indexing.index_texts(connection, storage)


def build_topics(connection: Connection, storage: Storage) -> None:
    """Score and flag new texts, then the tables that read topics."""
    topic_scoring.classify(connection, storage)
    topic_flags.flag_texts(connection, storage)
    build.touch_partitions(connection)
    build.run_files(connection, build.stages()[1])


def build_issues(connection: Connection, storage: Storage) -> None:
    """Mine recurring issues and what fits no category, then the tables that read them."""
    topic_proposing.propose_categories(connection, storage)
    facts = issue_mining.mine_orders(connection, storage)
    issue_scoring.score_issues(connection, storage, facts)
    touch_changed_members(connection)
    build.run_files(connection, build.stages()[2])


def check_and_publish(connection: Connection, storage: Storage) -> None:
    """Publish only what passes every check; until then readers keep the last state."""
    build.run_checks(connection)
    fill_same_age(connection, load_rules(storage.rules))
    build.finish(connection)
    keep_reference(connection, storage, build.parameter(connection, build.REFERENCE) or "", now())
    snapshot = publish(connection, storage, now())
    build.set_parameter(connection, build.PUBLISHED, snapshot.run_id)


STEPS: tuple[tuple[str, Step], ...] = (
    ("计算三率台账", build_rates),
    ("全文索引", build_search),
    ("诉求分类", build_topics),
    ("挖掘反复问题", build_issues),
    ("检查并发布", check_and_publish),
)


def refresh(connection: Connection, storage: Storage, report: Report) -> Snapshot:
    """Bring every table up to what has been landed and publish; a killed run is completed by the next one."""
    if not is_current(connection, storage):
        for name, step in STEPS:
            report(name)
            step(connection, storage)
    return current_snapshot(storage)
