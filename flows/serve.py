"""`hotline serve`: the only long-lived writer. Takes the oldest open request, does it, says what became of it.

A request is done only when its event says so: a server that is killed leaves it running, and the next one does it
again. Loading recognises a content that it has loaded, so nothing is lost and nothing is doubled.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

from hotline12345.flows.requested import KINDS, RequestError, TakenBackError, Work
from hotline12345.flows.stopping import stopping
from hotline12345.flows.watching import Watch
from hotline12345.sql.records import requests, servers
from hotline12345.sql.records.store import RecordsError, opened_records
from hotline12345.sql.records.uploads import sweep_uploads
from hotline12345.sql.storage import Storage

POLL_SECONDS = 0.5
BEAT_SECONDS = 5.0
ATTEMPTS = 5  # a request that ended the server this often would end it again
ANSWERABLE = ("E06",)  # an inspection that fails so succeeds once a person says where the header stands

Explain = Callable[[Exception], str]


class ServerRunningError(Exception):
    """Another server works on this data folder; the Chinese message names its process."""


def serve(storage: Storage, explain: Explain, once: bool = False, watched: Watch | None = None) -> None:
    """Do requests until SIGTERM or Ctrl+C, which let the current one end; with `once` until none waits.

    Args:
        storage: the data folder; ServerRunningError when another server holds it.
        explain: the Chinese message of an error, without values.
        once: end when nothing is waiting.
        watched: a folder to look at while nothing is waiting.
    """
    storage.make()
    with only_server(storage), opened_records(storage) as records, stopping() as stop, beating(storage):
        sweep_uploads(records, storage)
        while not stop.is_set():
            if request := requests.oldest_open(records):
                execute(Work(storage, records, request, stop), explain)
                continue
            if once:
                if watched:
                    watched.twice(stop)
                return
            if watched and watched.is_due:
                watched.step(stop)
            stop.wait(POLL_SECONDS)


def execute(work: Work, explain: Explain) -> None:
    """Do one request. No error leaves: what can be mended is said to its sender, a fault of the program is logged."""
    request, records = work.request, work.records
    attempt = 1 + sum("attempt" in detail for _, detail in requests.events(records, request.request_id))
    if not requests.claim(records, request.request_id, {"attempt": attempt}):
        return
    try:
        if attempt > ATTEMPTS:
            raise RequestError(f"处理这个文件时程序已中断 {ATTEMPTS} 次，不再重试。数据没有损坏；请联系维护人员。")
        result = dict(KINDS[request.kind](work))
    except TakenBackError:
        return
    except Exception as error:
        code = getattr(error, "code", "")
        result = {"message": explain(error), "code": code, "is_answerable": code in ANSWERABLE, **work.file_name}
        state = requests.FAILED
    else:
        state = requests.DONE
    requests.add_event(records, request.request_id, state, result)
    sweep_uploads(records, work.storage)


@contextmanager
def only_server(storage: Storage) -> Iterator[None]:
    """Hold the data folder's server lock; the system lets go of it however the process ends."""
    with os.fdopen(os.open(storage.data / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600), "r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServerRunningError(
                f"数据目录 {storage.data} 已有一个 hotline serve 在运行（进程号 {lock.read().strip() or '未知'}）。"
                "一个数据目录只能运行一个；要重启，请先结束它。"
            ) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


@contextmanager
def beating(storage: Storage) -> Iterator[None]:
    """Say every few seconds that the server lives, from a thread of its own: a long load must not look dead."""
    ended = Event()
    with opened_records(storage) as records:
        server_id = servers.begin_server(records, os.getpid())

    def run() -> None:
        with opened_records(storage) as own:
            while not ended.wait(BEAT_SECONDS):
                with suppress(RecordsError):  # a store that does not answer for a while may answer the next beat
                    servers.beat(own, server_id)

    thread = Thread(target=run, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        with opened_records(storage) as records:
            servers.end_server(records, server_id)
