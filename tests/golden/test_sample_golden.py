"""The whole job on the committed sample: golden marts, and the planted problems found again.

After an intended change, write the golden files anew: `python tests/golden/test_sample_golden.py DATA_DIR`.
"""

import sys
from pathlib import Path

import polars as pl
import pytest

from hotline12345.sample_data.paths import TRUTH
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reference import SEEDS
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_snapshot

GOLDEN = Path(__file__).parent
PLANTED, TOP = 12, 20
FIGURES = """
    unit_id, received, excluded, suspended, valid, contacted, resolved, satisfied, basically_satisfied,
    round(response_rate, 6) as response_rate, round(resolution_rate, 6) as resolution_rate,
    round(satisfaction_rate, 6) as satisfaction_rate, score, score_rank, band
"""
QUERIES = {
    "unit_scores_2026-08.csv": f"select {FIGURES} from marts.mart_unit_scores where period_id = '2026-08' order by unit_id",
    "periods.csv": "select period_id, period_state, received, valid, awaited from marts.mart_periods order by period_id",
    "clerk_topics.csv": """
        select topic_name, sum(order_count) as order_count, sum(volume_count) as volume_count
        from marts.mart_topic_months where label_basis = '计数' and topic_source = '人工' group by topic_name order by topic_name
    """,
    "batches.csv": """
        select batch_id, rows_read, rows_new, rows_revised, rows_unchanged, rows_repeated, rows_not_data, rows_quarantined
        from marts.mart_batches order by batch_id
    """,
    "quarantine.csv": """
        select batch_id, column_name, rule, count(*) as reasons from landed.quarantine group by all order by all
    """,
}


def found(storage: Storage, query: str) -> pl.DataFrame:
    connection = open_snapshot(current_snapshot(storage).path)
    frame = connection.sql(query).pl()
    connection.close()
    return frame


def as_csv(frame: pl.DataFrame) -> str:
    return frame.write_csv(null_value="")


@pytest.mark.parametrize("name", QUERIES)
def test_marts_of_the_sample(name: str, demo_storage: Storage) -> None:
    assert as_csv(found(demo_storage, QUERIES[name])) == (GOLDEN / name).read_text(encoding="utf-8")


def test_planted_problems_are_found(demo_storage: Storage) -> None:
    """A planted problem counts as found when most orders of a top issue are its own, and most of its own are there."""
    truth = pl.read_parquet(TRUTH / "truth.parquet").filter(pl.col("problem_id").is_not_null())
    sizes = dict(truth.group_by("problem_id").len().iter_rows())
    assert len(sizes) == PLANTED
    members = found(
        demo_storage,
        f"""
        select issue_id, order_id from marts.mart_issue_orders
        inner join marts.mart_issues using (issue_id) where issue_rank <= {TOP}
        """,
    )
    orders = dict(members.group_by("issue_id").len().iter_rows())
    hits = members.join(truth, on="order_id").group_by("issue_id", "problem_id").len()
    recovered = {
        problem
        for issue, problem, count in hits.iter_rows()
        if count > orders[issue] / 2 and count > sizes[problem] / 2
    }
    assert len(recovered) >= 10, f"not among the top {TOP}: {sorted(sizes.keys() - recovered)}"


def test_the_prolific_caller_is_no_issue(demo_storage: Storage) -> None:
    """The caller with dozens of matters makes no issue: nobody writes a third of an issue's orders alone."""
    loudest = found(
        demo_storage,
        """
        with shares as (
            select issue_id, caller_key, count(*) / sum(count(*)) over (partition by issue_id) as share
            from marts.mart_issue_orders
            inner join marts.mart_issues using (issue_id)
            where issue_rank <= 20 group by issue_id, caller_key
        )
        select max(share) as share from shares where caller_key is not null
        """,
    )
    assert loudest["share"][0] < 1 / 3


def test_reference_units_are_never_ranked(demo_storage: Storage) -> None:
    """The real towns ship as reference data only; none appears beside invented numbers."""
    reference = Path(SEEDS) / "reference_mentougou_towns.csv"
    real = set(pl.read_csv(reference)["unit_name"])
    shown = set(found(demo_storage, "select distinct unit_name from marts.mart_unit_scores")["unit_name"])
    assert len(real) == 13 and not real & shown


if __name__ == "__main__":
    for file, statement in QUERIES.items():
        (GOLDEN / file).write_text(as_csv(found(Storage.at(Path(sys.argv[1])), statement)), encoding="utf-8")
