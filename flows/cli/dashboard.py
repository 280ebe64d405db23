"""`hotline dashboard`: Streamlit as a process of its own, on this machine only."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import click

from hotline12345 import dashboard as package
from hotline12345.flows.cli.chinese import ChineseCommand, UserError
from hotline12345.flows.cli.output import console
from hotline12345.flows.cli.places import data_dir_option
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
    """打开看板。只监听本机；按 Ctrl+C 结束。网页“数据导入”提交的请求由 hotline serve 执行，请另开一个终端运行它。"""
    return serve(storage, port)


def serve(storage: Storage, port: int) -> int:
    """Run the app until it is stopped; it also opens where nothing is published yet, for the first upload; UserError without a data folder."""
    if not storage.data.is_dir():
        raise UserError(
            f"没有数据目录 {storage.data}，还没有发布过数据。首次使用请先运行 hotline init 建立目录，"
            "再打开看板上传文件，或用 hotline run 文件… 导入；看样例请运行 hotline demo。"
        )
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
    console().print(f"要在网页上导入文件，请另开一个终端运行：hotline serve --data-dir {storage.data}")
    command = [sys.executable, "-m", "streamlit", "run", str(app), *flags]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as app_process:  # noqa: S603
        signal.signal(signal.SIGTERM, lambda *_: app_process.terminate())  # or the app would keep the port
        return app_process.wait()
