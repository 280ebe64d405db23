"""The options that say how a file is to be read: which column is which, and where the table stands."""

from dataclasses import replace
from pathlib import Path

import click

from hotline12345.flows.ingest.mapping import FileMapping, load_mapping, stated_columns

mapping_option = click.option(
    "--mapping", metavar="文件", type=click.Path(path_type=Path), help="列对应关系（TOML），用于列名不常见的文件。"
)
column_option = click.option(
    "--column",
    "columns",
    metavar="列名=目标列",
    multiple=True,
    help='说明一列的含义，可写多次，如 --column "来电类别=channel"；不导入的列写 =ignore。',
)


def stated_mapping(mapping: Path | None, columns: tuple[str, ...]) -> FileMapping | None:
    """What the user says by --mapping and --column, the latter winning; None when nothing is said. IngestError E10."""
    if mapping is None and not columns:
        return None
    said = load_mapping(mapping) if mapping else FileMapping()
    return replace(said, columns={**said.columns, **stated_columns(columns)})
