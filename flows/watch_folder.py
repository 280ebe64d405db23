"""The flow `watch-folder`: one turn over the folder that HOTLINE_WATCH_DIR names; schedule it as often as exports come.

Paths and file names stay out of Prefect's database: the folder comes from the environment, results are numbers. What was
said of each file stands in the records store. Run it with `python -m hotline12345.flows.watch_folder` or deploy it.
"""

import os
from pathlib import Path
from threading import Event

from hotline12345.flows.cli.errors import describe
from hotline12345.flows.orchestration import NO_CACHE, flow, is_outside_fault, task
from hotline12345.flows.watching import Watch, WatchError
from hotline12345.sql.storage import Storage


@task(task_run_name="turn", cache_policy=NO_CACHE, retries=2, retry_condition_fn=is_outside_fault)
def turn() -> dict[str, int]:
    """Load what came to rest in the folder and publish once; returns how many files were loaded and refused."""
    folder = os.environ.get("HOTLINE_WATCH_DIR")
    if not folder:
        raise WatchError("没有设置要监视的目录。请设置环境变量 HOTLINE_WATCH_DIR。")
    watch = Watch(Storage.at(), Path(folder), lambda _: None, describe)
    watch.twice(Event())
    if watch.obstacle:  # said without its words: they may name a path
        raise WatchError("这一轮没有做完。请在服务器上运行 hotline watch 目录 --once 查看原因；下一轮会接着做。")
    return {"loaded": watch.loaded, "refused": watch.refused}


@flow(name="watch-folder")
def watch_folder() -> dict[str, int]:
    """One turn; what a killed one left is completed by the next."""
    Storage.at().make()
    return turn()


if __name__ == "__main__":
    watch_folder()
