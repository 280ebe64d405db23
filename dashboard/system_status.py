"""How the installation is: last load, snapshot, disk, queue, errors, models, versions. Pure; for the command and the page.

It reads the published snapshot and the records store, never the warehouse, and says nothing about orders or people.
"""

import platform
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any, Literal

from hotline12345.dashboard import labels
from hotline12345.sql.migrating import VERSION
from hotline12345.sql.publish import NothingPublishedError, current_snapshot, pointed
from hotline12345.sql.reads import Reader
from hotline12345.sql.records import accounts, requests, servers, store
from hotline12345.sql.records.store import RecordsError, opened_records
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import WarehouseError

State = Literal["正常", "注意", "异常"]
FINE: State = "正常"
LOOK: State = "注意"
BROKEN: State = "异常"
OLD = timedelta(days=3)  # a snapshot older than a long weekend
RECENT = timedelta(days=7)  # failures that are still worth a look
LEAST_SHARE = 0.1  # of the disk, that should stay free
COPIES = 2  # a publication writes a copy of the newest snapshot; so much room must be there
FAILURES = 5
PACKAGES = ("duckdb", "polars", "streamlit", "prefect", "scikit-learn")
_UNITS = ("字节", "KB", "MB", "GB", "TB")


@dataclass(frozen=True)
class Line:
    """One line of the state.

    Attributes:
        area: what it belongs to; lines of an area stand together.
        name: for programs.
        title: for people.
        value: as a program reads it: sizes in bytes, times as text, shares 0–1; None when there is nothing.
        shown: as people read it.
        state: one of the states above.
        advice: what to do, where it is not fine.
    """

    area: str
    name: str
    title: str
    value: str | int | float | None
    shown: str
    state: State = FINE
    advice: str = ""


def status(storage: Storage, now: datetime) -> list[Line]:
    """Every line for the data folder at a time in Shanghai; nothing is created or changed except that an older records
    store is brought up to date as anybody does who opens it. What cannot be read is a line that says so.
    """
    return [*_published(storage, now), *_disk(storage), *_records(storage, now), *_versions()]


def worst(lines: Sequence[Line]) -> State:
    """The worst state of all lines."""
    found = {line.state for line in lines}
    return BROKEN if BROKEN in found else LOOK if LOOK in found else FINE


def size(count: float) -> str:
    """Bytes as people read them: `1.5 GB`."""
    for unit in _UNITS[:-1]:
        if count < 1024:
            return f"{labels.round_half_up(count, 0 if unit == _UNITS[0] else 1)} {unit}"
        count /= 1024
    return f"{labels.round_half_up(count, 1)} {_UNITS[-1]}"


def _published(storage: Storage, now: datetime) -> Iterator[Line]:
    """The snapshot that pages show, the last load, the model in use."""
    area = "数据"
    try:
        snapshot = current_snapshot(storage)
        reader = Reader(storage, snapshot)
    except (NothingPublishedError, WarehouseError) as error:
        yield Line(area, "snapshot", "已发布的数据", None, "不能打开", BROKEN, str(error))
        return
    try:
        facts: dict[str, Any] = reader.overview()
        batches, models = reader.batches(), reader.models()
    finally:
        reader.close()
    published: datetime = facts["published_at"]
    age = now - published
    advice = "已有几天没有发布。请检查每日导入是否照常运行。" if age > OLD else ""
    yield Line(area, "snapshot", "已发布的数据", snapshot.run_id, snapshot.run_id)
    shown = f"{labels.moment(published)}（{_ago(age)}）"
    yield Line(area, "published_at", "发布时间", _text(published), shown, LOOK if advice else FINE, advice)
    yield Line(area, "cutoff_at", "数据截至", _text(facts["cutoff_at"]), labels.moment(facts["cutoff_at"]))
    yield Line(area, "orders", "工单", facts["orders"], labels.count(facts["orders"], "件"))
    last = batches.row(0, named=True) if batches.height else None
    if last:
        told = f"{labels.moment(last['loaded_at'])}（批次 {last['batch_id']}，读取 {last['rows_read']:,} 行）"
        yield Line(area, "last_load_at", "最近一次导入", _text(last["loaded_at"]), told)
    waiting = facts["quarantined"]
    advice = "隔离的行等待改正，见“数据健康”页或 hotline check。" if waiting else ""
    shown = labels.count(waiting, "行")
    yield Line(area, "quarantined", "隔离", waiting, shown, LOOK if waiting else FINE, advice)
    used = [row for row in models.iter_rows(named=True) if row["is_model_in_use"]]
    told = f"{used[0]['model_id']}（训练于 {labels.moment(used[0]['trained_at'])}）" if used else "没有"
    yield Line(area, "topic_model", "在用的分类模型", used[0]["model_id"] if used else None, told)
    stored = pointed(storage.topic_models)
    if used and stored and stored != used[0]["model_id"]:
        advice = "已训练的模型还没有用于已发布的数据。下次导入或运行 hotline publish 后生效。"
        yield Line(area, "stored_model", "最新的分类模型", stored, stored, LOOK, advice)


def _disk(storage: Storage) -> Iterator[Line]:
    """Room on the disk, and what takes it."""
    area = "磁盘"
    if not storage.data.is_dir():
        yield Line(area, "disk_free", "数据目录", None, "不存在", BROKEN, "请先运行 hotline init 建立数据目录。")
        return
    usage = shutil.disk_usage(storage.data)
    newest = max((path.stat().st_size for path in storage.published.glob("*.duckdb")), default=0)
    state: State = FINE
    advice = ""
    if usage.free < COPIES * newest:
        state, advice = BROKEN, f"剩余空间不够再发布一次（约需 {size(COPIES * newest)}）。请清理或扩大磁盘。"
    elif usage.free < LEAST_SHARE * usage.total:
        state, advice = LOOK, "剩余空间不足一成。请清理或扩大磁盘。"
    shown = f"{size(usage.free)} / {size(usage.total)}"
    yield Line(area, "disk_free", "磁盘剩余 / 总共", usage.free, shown, state, advice)
    kept = len(list(storage.published.glob("*.duckdb")))
    for title, name, path in (
        ("数据仓库", "warehouse_size", storage.warehouse),
        (f"已发布的数据（{kept} 份）", "published_size", storage.published),
        ("脱敏文本", "texts_size", storage.texts),
        ("诉求库索引", "search_size", storage.search),
        ("分类模型", "models_size", storage.topic_models),
        ("人工记录", "records_size", storage.records),
        ("缓存", "caches_size", storage.caches),
    ):
        taken = _taken(path)
        yield Line(area, name, title, taken, size(taken))


def _records(storage: Storage, now: datetime) -> Iterator[Line]:
    """The server, the queue, what failed lately."""
    area = "导入服务"
    if not storage.records.exists():
        yield Line(area, "server", "导入服务", None, "从未启动", LOOK, "要在网页上导入文件，请运行 hotline serve。")
        return
    try:
        with opened_records(storage) as records:
            server, found = servers.last_server(records), requests.newest(records, 100)
            format_version, has_accounts = store.version(records), accounts.has_accounts(records)
    except RecordsError as error:
        yield Line(area, "records", "记录库", None, "不能打开", BROKEN, str(error))
        return
    waiting = [request for request in found if request.is_open]
    is_alive = server is not None and server.is_alive
    heard = f"最近一次活动 {server.beat_at}" if server else "从未启动"
    shown = f"{'运行中' if is_alive else '未运行'}（{heard}）"
    advice = "" if is_alive else "网页提交的请求不会处理。请运行 hotline serve。"
    state = FINE if is_alive else BROKEN if waiting else LOOK
    yield Line(area, "server", "导入服务", "running" if is_alive else "stopped", shown, state, advice)
    oldest = f"，最早的提交于 {waiting[-1].filed_at}" if waiting else ""
    yield Line(area, "queue", "排队的请求", len(waiting), f"{labels.count(len(waiting), '个')}{oldest}")
    since = str(now - RECENT)
    failed = [request for request in found if request.state == requests.FAILED and request.at >= since]
    told = "近 7 天没有" if not failed else f"近 7 天 {len(failed)} 个"
    yield Line(area, "failures", "失败的请求", len(failed), told, LOOK if failed else FINE)
    for request in failed[:FAILURES]:
        title = f"请求 {request.request_id}　{labels.REQUESTS[request.kind]}"
        message = str(request.outcome.get("message", ""))
        yield Line(area, "failure", title, request.request_id, request.at, LOOK, message)
    shown = "账号登录" if has_accounts else "演示方式（没有账号，只能在本机打开）"
    yield Line("版本", "way_in", "进入方式", "accounts" if has_accounts else "demo", shown)
    yield Line("版本", "records_version", "记录库格式", format_version, str(format_version))


def _versions() -> Iterator[Line]:
    """What runs here."""
    area = "版本"
    program = installed("hotline12345")
    yield Line(area, "version", "程序", program, program)
    yield Line(area, "data_version", "数据格式", VERSION, str(VERSION))
    yield Line(area, "python", "Python", platform.python_version(), platform.python_version())
    system = f"{platform.system()} {platform.release()}（{platform.machine()}）"
    yield Line(area, "system", "操作系统", system, system)
    for name in PACKAGES:
        yield Line(area, name, name, installed(name), installed(name))


def _taken(path: Path) -> int:
    """Bytes of a file, or of all files of a folder; 0 where there is none."""
    if path.is_file():
        return path.stat().st_size
    found = 0
    for each in path.rglob("*"):
        try:
            found += each.stat().st_size if each.is_file() else 0
        except FileNotFoundError:  # a writer swept it meanwhile
            continue
    return found


def _text(value: datetime | None) -> str | None:
    return None if value is None else str(value)


def _ago(age: timedelta) -> str:
    if age < timedelta(hours=1):
        return "不到 1 小时前"
    return f"{age // timedelta(hours=1)} 小时前" if age < timedelta(days=2) else f"{age.days} 天前"
