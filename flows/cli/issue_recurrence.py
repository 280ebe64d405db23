"""`hotline issues recurrence`: of what was solved, how much was reported again, by unit or by topic."""

import click

from hotline12345.dashboard import issue_recurrence, labels
from hotline12345.flows.cli.chinese import ChineseCommand
from hotline12345.flows.cli.output import emit, format_option
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage

UNIT, TOPIC = "unit", "topic"
FIGURES = (*issue_recurrence.COUNTED, *issue_recurrence.INTERVAL)
COLUMNS = {UNIT: ("unit_group", "unit_name", *FIGURES, "unit_id"), TOPIC: ("topic_name", *FIGURES, "topic_code")}


@click.command("recurrence", cls=ChineseCommand)
@data_dir_option
@click.option(
    "--by",
    type=click.Choice(list(COLUMNS)),
    default=UNIT,
    show_default=True,
    help="怎样列：unit 按承办单位，topic 按一级分类。",
)
@format_option
def recurrence(storage: Storage, by: str, output: str) -> None:
    """解决后再次反映率：答复解决并办结的次数，其中同一处又有人反映的次数，率和 95% 区间。没有已解决的写“—”，不写 0%。"""
    reader = Reader(storage, current_snapshot(storage))
    found = issue_recurrence.total(reader.recurrences_in_all())
    counts = labels.in_group_order(reader.recurrences_by_unit()) if by == UNIT else reader.recurrences_by_topic()
    simulated = [labels.SIMULATED] if reader.overview()["is_simulated"] else []
    told = [*simulated, issue_recurrence.said(found), *issue_recurrence.notes(found), *issue_recurrence.HOW]
    emit(issue_recurrence.rated(counts), output, "解决后再次反映", COLUMNS[by], told)
