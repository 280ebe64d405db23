"""`hotline dashboard`: Streamlit as a process of its own, on this machine only unless accounts guard it."""

import errno
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import click

from hotline12345 import dashboard as package
from hotline12345.dashboard.addresses import is_loopback
from hotline12345.flows.cli.chinese import ChineseCommand, UserError
from hotline12345.flows.cli.output import console
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.sql.records.accounts import all_accounts
from hotline12345.sql.records.store import opened_records
from hotline12345.sql.storage import Storage

ADDRESS = "127.0.0.1"
OPTIONS = {
    "server.headless": "true",
    "server.enableXsrfProtection": "true",
    "server.enableCORS": "true",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "server.fileWatcherType": "none",
}


@click.command("dashboard", cls=ChineseCommand)
@data_dir_option
@click.option(
    "--address",
    metavar="地址",
    default=ADDRESS,
    show_default=True,
    help="监听的地址；本机以外的地址（如 0.0.0.0）要先有可用的账号。",
)
@click.option("--port", metavar="整数", type=click.IntRange(1, 65535), default=8501, show_default=True, help="端口。")
def dashboard(storage: Storage, address: str, port: int) -> int:
    """打开看板；按 Ctrl+C 结束。默认只监听本机。网页“数据导入”提交的请求由 hotline serve 执行，请另开一个终端运行它。

    没有账号时是演示方式：只能在这台计算机上打开，任何人都可以切换角色。用 hotline accounts add 建立账号后须登录。
    """
    return serve(storage, port, address)


def serve(storage: Storage, port: int, address: str = ADDRESS) -> int:
    """Run the app until it is stopped; it also opens where nothing is published yet, for the first upload.

    UserError without a data folder, for an address of others without an account in use, and for one that is taken.
    """
    if not storage.data.is_dir():
        raise UserError(
            f"没有数据目录 {storage.data}，还没有发布过数据。首次使用请先运行 hotline init 建立目录，"
            "再打开看板上传文件，或用 hotline run 文件… 导入；看样例请运行 hotline demo。"
        )
    if not is_loopback(address):
        _need_accounts(storage, address)
    _need_free(address, port)
    serving = Path(str(package.__file__)).with_name("serving.py")
    flags = [f"--{name}={value}" for name, value in {**OPTIONS, "server.address": address, "server.port": port}.items()]
    environment = {
        **os.environ,
        "HOTLINE_DATA_DIR": str(storage.data),
        "HOTLINE_CONFIG_DIR": str(storage.config),
        "DO_NOT_TRACK": "1",
    }
    console().print(f"看板地址：http://{f'[{address}]' if ':' in address else address}:{port}  （按 Ctrl+C 结束）")
    if not is_loopback(address):
        console().print("注意：这个地址不加密，密码会以明文经过网络。正式使用请在前面加 TLS，见 docs/deploy.md。")
    console().print(f"要在网页上导入文件，请另开一个终端运行：hotline serve --data-dir {storage.data}")
    command = [sys.executable, "-m", "streamlit", "run", str(serving), *flags]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as app_process:  # noqa: S603
        signal.signal(signal.SIGTERM, lambda *_: app_process.terminate())  # or the app would keep the port
        return app_process.wait()


def _need_accounts(storage: Storage, address: str) -> None:
    with opened_records(storage) as records:
        if not any(account.is_open() for account in all_accounts(records)):
            raise UserError(
                f"不能监听 {address}：还没有可用的账号，任何连得上这个地址的人都能看到全部数据。"
                "请先用 hotline accounts add 或 hotline accounts import 建立账号，或只监听本机（不写 --address）。"
            )


def _need_free(address: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except socket.gaierror:
            raise UserError(f"“{address}”不是地址。请写这台计算机的 IP 地址，如 127.0.0.1 或 0.0.0.0。") from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise UserError(f"端口 {port} 已被占用。请用 --port 换一个。") from None
            if error.errno == errno.EADDRNOTAVAIL:
                raise UserError(f"这台计算机没有地址 {address}。请写它自己的地址，或 0.0.0.0 表示全部。") from None
            raise UserError(f"不能监听 {address}:{port}（1024 以下的端口需要权限）。请用 --port 换一个。") from None
