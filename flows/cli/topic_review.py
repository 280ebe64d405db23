"""`hotline topics review`: the queue, answers to it one by one or by a table, and clerks' labels that are doubted."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import polars as pl

from hotline12345.dashboard import exports, labels, reviewing
from hotline12345.dashboard.reviewing import AnswerError, Catalogue
from hotline12345.flows.cli.chinese import ChineseCommand, UserError
from hotline12345.flows.cli.output import console, emit, format_option, progress
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.cli.tables import read_columns
from hotline12345.flows.ingest.masking import mask_text
from hotline12345.flows.label_doubts import STEPS, search, told
from hotline12345.sql.label_problems import DUPLICATE
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.records import topic_events
from hotline12345.sql.records.store import opened_records
from hotline12345.sql.records.topic_events import Answer
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse

QUEUE = ("order_id", "created_at", "clerk_name", "model_name", "model_probability", "runner_up_name", "review_reason")
FORM = ("order_id", "created_at", "unit_name", "title", "body", "clerk_name", "model_name", "model_probability")
FORM_END = ("runner_up_name", "review_reason", "review_answer")
PROBLEMS = ("order_id", "problem_kind", "label_name", "suggested_name", "label_probability", "suggested_probability")
PROBLEMS_END = ("conflict_number", "title")
YES, UNKNOWN = "确认", "说不清"
NAMED = 10
LATER = "hotline publish 或页面上的“重新分类”之后计入统计；hotline topics train 之后模型会学到。"

many: dict[str, Any] = {"multiple": True, "metavar": "工单编号"}


@click.command("review", cls=ChineseCommand)
@data_dir_option
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="列出多少件。")
@click.option("--confirm", **many, help="确认模型的判断；可重复。")
@click.option(
    "--set", "chosen", multiple=True, metavar="工单编号=分类", help="改为一个分类（编码、路径或名称）；可重复。"
)
@click.option("--unclear", **many, help="文本看不出属于哪一类；不再列出，不影响统计；可重复。")
@click.option("--withdraw", **many, help="撤回这张工单最后一次复核，恢复先前的；可重复。")
@click.option(
    "--export", "to", type=click.Path(path_type=Path), metavar="文件.csv", help="把队列写成表，在最后一列填写。"
)
@click.option("--import", "form", type=click.Path(path_type=Path), metavar="文件", help="读取填好的表（csv、xlsx）。")
@click.option("--problems", is_flag=True, help="列出疑似标错的人工分类。")
@click.option("--find-problems", is_flag=True, help="重新查找疑似标错的人工分类并发布，再列出；约需一分钟。")
@click.option("--who", default="分析员", show_default=True, metavar="姓名或岗位", help="谁复核的，会一起记录。")
@format_option
def review(
    storage: Storage,
    limit: int,
    confirm: Sequence[str],
    chosen: Sequence[str],
    unclear: Sequence[str],
    withdraw: Sequence[str],
    to: Path | None,
    form: Path | None,
    problems: bool,
    find_problems: bool,
    who: str,
    output: str,
) -> None:
    """列出最该复核的工单，确认或改正它们的分类；复核结果是记录，可以撤回。

    不带选项时列出队列：分类可能有误的概率越大、同类有误的越多，排得越前。举报和保密工单不列。
    """
    if find_problems:
        _search(storage)
    reader = Reader(storage, current_snapshot(storage))
    catalogue = Catalogue.of(reader.topic_choices())
    who = mask_text(who)
    said = [*((each, YES) for each in confirm), *map(_pair, chosen), *((each, UNKNOWN) for each in unclear)]
    if form:
        said += read_columns(form, [labels.column("order_id"), labels.column("review_answer")]).drop_nulls().rows()
    if said or withdraw or form:
        _record(storage, who, _answers(reader, catalogue, said), withdraw, catalogue)
    elif problems or find_problems:
        _list_problems(reader, catalogue, storage, limit, output)
    else:
        _list_queue(reader, catalogue, storage, limit, output, to)


def _pair(text: str) -> tuple[str, str]:
    order_id, equals, topic = text.partition("=")
    if not (order_id and equals and topic):
        raise UserError(f"--set 应写作 工单编号=分类，如 --set GD001=S0101；收到的是“{mask_text(text)}”。")
    return order_id, topic


def _answers(reader: Reader, catalogue: Catalogue, said: Sequence[tuple[str, str]]) -> list[Answer]:
    """Answers of what was said of orders; UserError that names what cannot be taken, and then nothing is recorded."""
    orders = {
        row["order_id"]: row for row in reader.review_orders([order_id for order_id, _ in said]).iter_rows(named=True)
    }
    found, wrong = [], []
    for order_id, text in said:
        try:
            if order_id not in orders:
                raise AnswerError("已发布的数据中没有这张工单，请核对编号。")
            order = orders[order_id]
            if text == YES and order["model_leaf_code"] is None:
                raise AnswerError("没有模型判断可以确认，请写明分类。")
            code = None if text == UNKNOWN else order["model_leaf_code"] if text == YES else catalogue.code(text)
            found.append(reviewing.answer(order, code))
        except AnswerError as error:
            wrong.append(f"工单 {mask_text(order_id)}：{error}")
    if wrong:
        more = f"\n另有 {len(wrong) - NAMED:,} 件。" if len(wrong) > NAMED else ""
        raise UserError("没有记录任何复核结果，请改正后再试。\n" + "\n".join(wrong[:NAMED]) + more)
    return found


def _record(
    storage: Storage, who: str, answers: Sequence[Answer], withdraw: Sequence[str], catalogue: Catalogue
) -> None:
    with opened_records(storage) as records:
        in_force = {event.order_id: event for event in topic_events.answers_in_force(records)}
        if unknown := [order_id for order_id in withdraw if order_id not in in_force]:
            raise UserError(f"工单 {mask_text(unknown[0])} 没有可撤回的复核结果；没有记录任何内容。")
        known = {(event.order_id, event.topic_code, event.action, event.who) for event in in_force.values()}
        fresh = [each for each in answers if (each.order_id, each.topic_code, each.action, who) not in known]
        topic_events.answer_topics(records, who, fresh)
        for order_id in withdraw:
            topic_events.withdraw_answer(records, who, in_force[order_id].event_id)
    earlier = [in_force[each.order_id] for each in fresh if each.order_id in in_force]
    for event in earlier[:NAMED]:
        console().print(f"工单 {event.order_id} 先前：{reviewing.told(event, catalogue)}")
    counts = Counter(each.action for each in fresh)
    parts = [f"{reviewing.ACTIONS[action]} {count:,} 件" for action, count in sorted(counts.items())]
    parts += [f"撤回 {len(withdraw):,} 件"] if withdraw else []
    parts += [f"与先前相同、不再记录 {len(answers) - len(fresh):,} 件"] if len(fresh) < len(answers) else []
    later = LATER if fresh or withdraw else ""
    console().print(f"{'，'.join(parts) or '表中没有填写复核结果'}。{later}")


def _list_queue(
    reader: Reader, catalogue: Catalogue, storage: Storage, limit: int, output: str, to: Path | None
) -> None:
    decided = _decided(storage)
    queue = reviewing.ranked(reader.review_candidates(), limit + len(decided))
    queue = queue.filter(~pl.col("order_id").is_in(decided)).head(limit).drop("text_hash")
    orders = reviewing.with_names(reader.review_orders(queue["order_id"].to_list()), catalogue)
    rows = queue.join(orders, on="order_id", how="inner", maintain_order="left")
    reasons = [reviewing.reason(row, catalogue) for row in rows.iter_rows(named=True)]
    rows = rows.with_columns(pl.Series("review_reason", reasons, pl.String), review_answer=pl.lit(None, pl.String))
    if to:
        table = exports.Table(rows.select(*FORM, *FORM_END), [])
        to.write_bytes(exports.csv(table))
        console().print(
            f"已写出 {rows.height:,} 件到 {to.name}。请在“{labels.column('review_answer')}”列填“{YES}”、“{UNKNOWN}”，"
            f"或者分类的编码、路径、名称，再用 hotline topics review --import 读入。文本已脱敏，请仍按内部资料保管。"
        )
        return
    notes = [f"已复核 {len(decided):,} 件；{labels.DISCLAIMER}"]
    emit(rows, output, "待复核的工单", [*QUEUE, "title"] if output != "table" else list(QUEUE), notes)


def _list_problems(reader: Reader, catalogue: Catalogue, storage: Storage, limit: int, output: str) -> None:
    found = reader.label_problems().filter(~pl.col("order_id").is_in(_decided(storage)))
    names = {"label_name": "label_code", "suggested_name": "suggested_code"}
    rows = found.head(limit).with_columns(
        pl.Series(name, [code and catalogue.name(code) for code in found[column].head(limit)], pl.String)
        for name, column in names.items()
    )
    sought = found["sought_at"].max()
    notes = [
        f"共 {found.height:,} 件，其中文本近似而标注不同 {found.filter(pl.col('problem_kind') == DUPLICATE).height:,} 件。"
        if sought
        else "没有标注疑点，或者还没有查找过；hotline topics review --find-problems 重新查找。"
    ]
    emit(rows, output, "疑似标错的人工分类", [*PROBLEMS, *PROBLEMS_END], notes)


def _search(storage: Storage) -> None:
    current_snapshot(storage)
    connection = open_warehouse(storage)
    try:
        with progress(STEPS) as report:
            found = search(connection, storage, report)
    finally:
        connection.close()
    console(to_error=True).print(told(found))


def _decided(storage: Storage) -> list[str]:
    with opened_records(storage) as records:
        return [event.order_id for event in topic_events.answers_in_force(records)]
