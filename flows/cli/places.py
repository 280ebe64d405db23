"""The options that say where the data and the config lie."""

from pathlib import Path

import click

from hotline12345.sql.storage import Storage


def _storage(ctx: click.Context, param: click.Parameter, value: Path | None) -> Storage:
    return Storage.at(value)


data_dir_option = click.option(
    "--data-dir",
    "storage",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="目录",
    callback=_storage,
    help="数据目录；不写则用环境变量 HOTLINE_DATA_DIR，再不然是 ./data。配置目录是其中的 config 或 HOTLINE_CONFIG_DIR。",
)
