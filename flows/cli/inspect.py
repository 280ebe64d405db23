"""`hotline inspect`: what a file holds, how it would be read, what has to be answered; nothing is loaded."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import click
from rich.table import Table

from hotline12345.flows.cli.chinese import ChineseCommand, UserError
from hotline12345.flows.cli.file_options import column_option, mapping_option, stated_mapping
from hotline12345.flows.cli.output import console
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.ingest.mapping import IGNORE, FileMapping
from hotline12345.flows.ingest.profiles import FOLDER, load_profiles, remember
from hotline12345.flows.inspecting import Inspection, inspect_file
from hotline12345.sql.dictionary import label
from hotline12345.sql.storage import Storage

TAB_WORDS = ("tab", "\\t")


@click.command("inspect", cls=ChineseCommand)
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@data_dir_option
@mapping_option
@column_option
@click.option("--sheet", metavar="名称", help="工作表；不写则取最像工单表的一个。")
@click.option("--header-row", metavar="行号", type=click.IntRange(1), help="表头在第几行；不写则自动查找。")
@click.option("--encoding", metavar="编码", help="文本文件的编码，如 gb18030；不写则自动识别。")
@click.option("--separator", metavar="符号", help="文本文件的分隔符，如 ; 或 tab；不写则自动识别。")
@click.option("--save", metavar="名称", help="把列对应存为档案，以后表头相同的文件按它读取。")
@click.option(
    "--format", "output", type=click.Choice(["table", "json"]), default="table", show_default=True, help="输出格式。"
)
def inspect(
    file: Path,
    storage: Storage,
    mapping: Path | None,
    columns: tuple[str, ...],
    sheet: str | None,
    header_row: int | None,
    encoding: str | None,
    separator: str | None,
    save: str | None,
    output: str,
) -> None:
    """看一个文件会怎样读取：编码、表头、列对应和置信度、脱敏样例、待回答的问题、缺少的列和试导入结果。不导入任何数据。"""
    said = stated_mapping(mapping, columns) or FileMapping()
    said = replace(
        said,
        sheet=sheet or said.sheet,
        header_row=header_row or said.header_row,
        encoding=encoding or said.encoding,
        separator=_separator(separator) or said.separator,
    )
    folder = storage.config / FOLDER
    found = inspect_file(file, said, load_profiles(folder))
    if output == "json":
        click.echo(json.dumps(found.to_dict(), ensure_ascii=False, indent=2))
    else:
        show(found)
    if save:
        _save(folder, found, said, save, quiet=output == "json")


def _separator(said: str | None) -> str | None:
    if said is not None and said.lower() in TAB_WORDS:
        return "\t"
    if said is not None and len(said) != 1:
        raise UserError("--separator 应为一个字符，如 , ; | 或 tab。")
    return said


def _save(folder: Path, found: Inspection, said: FileMapping, name: str, quiet: bool) -> None:
    if found.questions:
        raise UserError(f"还有 {len(found.questions)} 个问题没有回答，列对应没有保存。请先用 --column 回答。")
    profile = remember(folder, found.headers, found.mapping, said, name)
    if not quiet:
        console().print(f"列对应已存为“{profile.name}”；以后表头相同的文件按它读取。")


def show(found: Inspection) -> None:
    """Print an inspection for a clerk: facts, columns, questions, sample, limits, dry run, next step."""
    out = console()
    place = (
        f"格式 {found.format}",
        f"编码 {found.encoding}" if found.encoding else "",
        f"工作表“{found.sheet}”" if found.sheet else "",
        f"表头在第 {found.header_row} 行" if found.header_row else "",
        f"共 {len(found.columns)} 列",
    )
    out.print(f"文件“{found.file_name}”：{'，'.join(filter(None, place))}。")
    for note in found.notes:
        out.print(f"· {note}")
    _show_columns(found)
    _show_questions(found)
    _show_sample(found)
    if found.limits:
        out.print("\n按目前的列对应，缺少的列和因此做不到的事")
        for limit in found.limits:
            out.print(f"· 没有{'、'.join(limit.labels)}：{limit.says}。")
    _show_dry_run(found)
    _show_next(found)


def _print(title: str, headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table(title=title, title_justify="left", title_style="bold")
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*row)
    if table.row_count:
        console().print()
        console().print(table)


def _show_columns(found: Inspection) -> None:
    loaded = [fact for fact in found.columns if fact.column not in ("", IGNORE)]
    _print(
        "列对应",
        ("文件中的列", "目标列", "方式", "置信度", "示例（已脱敏）"),
        ((f.header, f"{f.label}（{f.column}）", f.how, f"{f.confidence:.0%}", f.example) for f in loaded),
    )
    proposed = {suggestion.header: suggestion for suggestion in found.suggestions}
    rows = []
    for fact in found.columns:
        if fact.column == "":
            near = proposed.get(fact.header)
            option = f"可能是{near.label}：{near.option}" if near else ""
            why = f"{near.confidence:.0%}　{'；'.join(near.reasons)}" if near else ""
            rows.append((fact.header, fact.content, option, why))
    _print("不导入的列（建议只供参考，不会自动采用）", ("文件中的列", "内容", "建议", "置信度和理由"), rows)
    if ignored := [fact.header for fact in found.columns if fact.column == IGNORE]:
        console().print(f"已说明不导入：{'、'.join(ignored)}。")


def _show_questions(found: Inspection) -> None:
    for number, question in enumerate(found.questions, start=1):
        console().print(f"\n问题 {number}（{question.code}）：{question.text}")
        for answer in question.answers:
            console().print(f"  {answer.option}    {answer.says}")


def _show_sample(found: Inspection) -> None:
    if found.sample:
        rows = [list(row.values()) for row in found.sample]
        _print("前几行（已脱敏，只列主要的列）", list(found.sample[0]), rows)


def _show_dry_run(found: Inspection) -> None:
    out, run = console(), found.dry_run
    if found.refusal:
        out.print(f"\n试导入被拒绝：{found.refusal}")
    if run is None:
        return
    out.print(
        f"\n试导入（没有写入任何数据）：读取 {run.rows_read:,} 行 = 可导入 {run.rows_loaded:,} + "
        f"非数据 {run.rows_not_data:,} + 隔离 {run.rows_quarantined:,}。"
    )
    _print(
        "隔离的原因",
        ("列", "原因", "处数", "改法"),
        ((label(r.column) if r.column else "整行", r.reason, f"{r.count:,}", r.fix) for r in run.reasons),
    )


def _show_next(found: Inspection) -> None:
    out = console()
    if found.suggestions:
        out.print(f"\n核对后采用全部建议：{' '.join(suggestion.option for suggestion in found.suggestions)}")
    if found.questions:
        out.print("\n下一步：用上面的 --column 回答问题，再运行一次 hotline inspect；回答齐了就可以 hotline run。")
    elif found.dry_run:
        out.print("\n下一步：hotline run 文件（用同样的 --mapping 和 --column）。")
