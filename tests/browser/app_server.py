"""The app as users start it: Streamlit in a process of its own, on a free port of this machine."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
START_SECONDS = 60


@contextmanager
def serve(data: Path, log: Path) -> Iterator[str]:
    """The address of a running app on a data folder; what it prints goes to `log`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(APP), f"--server.port={port}"]
    with log.open("w", encoding="utf-8") as output:
        app = subprocess.Popen(
            command, cwd=data, env={**os.environ, "HOTLINE_DATA_DIR": str(data)}, stdout=output, stderr=output
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(app, f"{address}/_stcore/health", log)
            yield address
        finally:
            app.terminate()
            app.wait()


def _wait(app: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and app.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the app did not start: {log.read_text(encoding='utf-8')}")
