"""Publishing: a complete copy of what readers may see, written aside, then one pointer moves."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hotline12345.sql.build import MODEL, REFERENCE, parameter
from hotline12345.sql.files import sync
from hotline12345.sql.graph import build_order, load_folder
from hotline12345.sql.kept_scores import keep_scores
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection, WarehouseError, open_snapshot

KEPT = 3
WRITER_ONLY = {
    *("run.touched_orders", "run.touched_periods", "run.touched_months", "run.touched_case_groups"),
    *(
        "landed.order_problems",
        "landed.mined_orders",
        "landed.issue_statistics",
        "landed.issue_themes",
        "landed.former_issue_orders",
    ),
}


class NothingPublishedError(Exception):
    """No snapshot exists yet; the Chinese message says what to run."""


@dataclass(frozen=True)
class Snapshot:
    """One published state: its id and its file."""

    run_id: str
    path: Path


def publish(connection: Connection, storage: Storage, published_at: datetime) -> Snapshot:
    """Copy facts, ledger, marts and masked quarantine to a new snapshot and point `current` at it.

    Cost grows with the stored orders (a sequential copy); texts are not copied, only listed.
    """
    run_id = _next_id(storage, published_at)
    path = storage.published / f"{run_id}.duckdb"
    aside = path.with_suffix(".partial")
    aside.unlink(missing_ok=True)
    keep_scores(connection, run_id, published_at)
    target = str(aside).replace("'", "''")
    connection.execute(f"attach '{target}' as snapshot")
    try:
        for name, comment in _tables():
            connection.execute(f"create schema if not exists snapshot.{name.split('.')[0]}")
            connection.execute(f"create table snapshot.{name} as select * from {name}")
            escaped = comment.replace("'", "''")
            connection.execute(f"comment on table snapshot.{name} is '{escaped}'")
        _record(connection, "snapshot.landed.publications", run_id, published_at)
        connection.execute("create schema snapshot.meta")
        connection.execute("create table snapshot.meta.snapshot (run_id text, published_at timestamp)")
        connection.execute("insert into snapshot.meta.snapshot values (?, ?)", [run_id, published_at])
    finally:
        connection.execute("detach snapshot")
    aside.chmod(0o600)
    sync(aside)
    aside.rename(path)
    # Before the pointer moves: a run killed in between leaves a record more, never a published state without one.
    _record(connection, "landed.publications", run_id, published_at)
    point(storage.published, run_id)
    _prune(storage, path)
    return Snapshot(run_id, path)


def _record(connection: Connection, table: str, run_id: str, published_at: datetime) -> None:
    """Write what this state stands on."""
    connection.execute(
        f"""
        insert into {table}
        select ?, ?, (select max(batch_id) from landed.batches), ?, ?
        """,
        [run_id, published_at, parameter(connection, REFERENCE), parameter(connection, MODEL)],
    )


def current_snapshot(storage: Storage) -> Snapshot:
    """The newest complete snapshot; NothingPublishedError when there is none."""
    run_id = pointed(storage.published)
    if run_id is None:
        raise NothingPublishedError(
            f"目录 {storage.data} 中还没有发布过数据。请先运行 hotline run 文件… 导入工单，或运行 hotline demo 查看样例。"
        )
    return Snapshot(run_id, storage.published / f"{run_id}.duckdb")


def is_readable(snapshot: Snapshot) -> bool:
    """Whether a snapshot's file is there and opens."""
    try:
        open_snapshot(snapshot.path).close()
    except WarehouseError:
        return False
    return True


def _tables() -> list[tuple[str, str]]:
    files = [*load_folder("landed"), *load_folder("run"), *build_order()]
    return sorted((file.name, file.comment) for file in files if file.name not in WRITER_ONLY)


def _next_id(storage: Storage, published_at: datetime) -> str:
    stem = published_at.strftime("%Y%m%dT%H%M%S")
    taken = {path.stem for path in storage.published.glob("*.duckdb")}
    return next(name for name in (f"{stem}-{n:02d}" for n in range(1, 1000)) if name not in taken)


def point(folder: Path, name: str) -> None:
    """Move a folder's pointer `current` to `name`, all at once and on disk."""
    aside = folder / "current.partial"
    aside.write_text(f"{name}\n", encoding="utf-8")
    sync(aside)
    aside.replace(folder / "current")
    sync(folder / "current")


def pointed(folder: Path) -> str | None:
    """The name that a folder's pointer `current` holds; None when there is none."""
    pointer = folder / "current"
    return pointer.read_text(encoding="utf-8", errors="replace").strip() or None if pointer.exists() else None


def _prune(storage: Storage, current: Path) -> None:
    """Keep `current` and the newest others, whatever the clock says; delete what killed runs left.

    A reader that holds an older one open keeps its file until it closes it.
    """
    others = sorted(path for path in storage.published.glob("*.duckdb") if path != current)
    for path in (*others[: 1 - KEPT], *storage.published.glob("*.partial*")):
        path.unlink()
