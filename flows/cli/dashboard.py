"""`hotline dashboard`: Streamlit as a process of its own, on this machine only."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import click

from hotline12345 import dashboard as package
from hotline12345.flows.cli.chinese import ChineseCommand, UserError
from hotline12345.flows.cli.output import console
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.storage import Storage

ADDRESS = "127.0.0.1"
OPTIONS = {
    "server.address": ADDRESS,
    "server.headless": "true",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "server.fileWatcherType": "none",
}


@click.command("dashboard", cls=ChineseCommand)
@data_dir_option
@click.option("--port", metavar="整数", type=click.IntRange(1, 65535), default=8501, show_default=True, help="端口。")
def dashboard(storage: Storage, port: int) -> int:
    """打开看板。只读已发布的数据，只监听本机；按 Ctrl+C 结束。"""
    return serve(storage, port)


def serve(storage: Storage, port: int) -> int:
    """Run the app until it is stopped; NothingPublishedError when there is nothing to show."""
    current_snapshot(storage)
    with socket.socket() as probe:
        if probe.connect_ex((ADDRESS, port)) == 0:
            raise UserError(f"端口 {port} 已被占用。请用 --port 换一个。")
    app = Path(str(package.__file__)).with_name("app.py")
    flags = [f"--{name}={value}" for name, value in {**OPTIONS, "server.port": str(port)}.items()]
    environment = {
        **os.environ,
        "HOTLINE_DATA_DIR": str(storage.data),
        "HOTLINE_CONFIG_DIR": str(storage.config),
        "DO_NOT_TRACK": "1",
    }
    console().print(f"看板地址：http://{ADDRESS}:{port}  （按 Ctrl+C 结束）")
    command = [sys.executable, "-m", "streamlit", "run", str(app), *flags]
    return subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL).returncode  # noqa: S603
