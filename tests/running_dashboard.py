"""`hotline dashboard` in a process of its own, with what it costs: processor time and memory."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from page_driver import View

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A running dashboard: its address and its process."""

    address: str
    process_id: int

    def cpu(self) -> float:
        """Seconds of processor time so far."""
        fields = Path(f"/proc/{self.process_id}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def memory(self) -> float:
        """Megabytes held now."""
        lines = Path(f"/proc/{self.process_id}/status").read_text(encoding="ascii").splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmRSS"))) / 1000

    def timed(self, view: Callable[[], View]) -> tuple[View, float]:
        """A view and the processor time that it took."""
        before = self.cpu()
        found = view()
        return found, self.cpu() - before


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Server]:
    """`hotline dashboard` on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [shutil.which("hotline", path=str(Path(sys.executable).parent)) or "hotline", "dashboard"]
    app = subprocess.Popen(
        [*command, "--data-dir", str(folder), "--port", str(port)], stdout=subprocess.DEVNULL, start_new_session=True
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _answering(app, f"{address}/_stcore/health")
        yield Server(address, _listening(app.pid))
    finally:
        os.killpg(app.pid, signal.SIGTERM)
        app.wait()


def _answering(app: "subprocess.Popen[bytes]", address: str) -> None:
    for _ in range(600):
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=1):
            return
        if app.poll() is not None:
            break
        time.sleep(0.2)
    raise SystemExit("the dashboard did not start")


def _listening(parent: int) -> int:
    """The process that makes the pages: the child of the command, or the command itself."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    return int(children[0]) if children else parent
