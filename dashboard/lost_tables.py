"""失分工单 as tables: the four cells solved × satisfied, and where the points are lost. Pure: frames in, markup out."""

from html import escape

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.tables import html_table

GRID = (("双是", "解决不满意"), ("未解决满意", "双否"))  # rows solved, unsolved; columns satisfied, not satisfied
OTHER_CELLS = ("未回访到", "回访结果空白", "只评价响应率")


def four_cells(cells: pl.DataFrame) -> str:
    """Solved × satisfied with orders and lost points; grain answer_cell: order_count, lost_score (`Reader.lost_summary`)."""
    found = {row["answer_cell"]: row for row in cells.iter_rows(named=True)}
    head = "<tr><th></th><th>满意</th><th>不满意</th></tr>"
    body = "".join(
        f"<tr><th>{name}</th>" + "".join(f"<td>{_cell(cell, found)}</td>" for cell in row) + "</tr>"
        for name, row in zip(("解决", "未解决"), GRID, strict=True)
    )
    rest = "　".join(
        f"{escape(name)} {found[name]['order_count']:,} 件，失 {_points(found[name]['lost_score'])} 分"
        for name in OTHER_CELLS
        if name in found
    )
    note = f'<div class="lead cells-note">{rest}</div>' if rest else ""
    return f'<table class="cells"><thead>{head}</thead><tbody>{body}</tbody></table>{note}'


def _cell(name: str, found: dict[str, dict[str, float]]) -> str:
    row = found.get(name)
    count, lost = (row["order_count"], row["lost_score"]) if row else (0, 0.0)
    return f"<span>{name}</span><b>{count:,} 件</b><small>失 {_points(lost)} 分</small>"


def lost_by(summary: pl.DataFrame, name: str, title: str, limit: int) -> str:
    """Where the points are lost, most first; grain `name`: order_count, lost_count, lost_score."""
    shown = summary.filter(pl.col("lost_score") > 0).head(limit)
    cells = {
        name: lambda row: escape(row[name] or "（未填）"),
        "lost_count": lambda row: f"{row['lost_count']:,}<small>/ {row['order_count']:,}</small>",
        "lost_score": lambda row: _points(row["lost_score"]),
    }
    headings = {name: title, "lost_count": "失分工单/计入工单", "lost_score": "失分"}
    return html_table(shown, (name, "lost_count", "lost_score"), cells, headings)


def _points(lost: float) -> str:
    return str(labels.round_half_up(lost, 2))
