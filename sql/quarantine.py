"""The rows behind the tokens of a corrected file."""

from collections.abc import Sequence

import polars as pl

from hotline12345.sql.warehouse import Connection


def rows_by_token(connection: Connection, tokens: Sequence[str]) -> pl.DataFrame:
    """Quarantined rows with these tokens; grain row_token. Unknown tokens and those of undone batches are left out.

    row_token, batch_id, cells, lost_columns (columns whose digits were lost, which the text alone does not show), and of
    the batch known_at, is_simulated, column_mapping.
    """
    rows: pl.DataFrame = connection.sql(
        """
        with lost as (
            select batch_id, row_number, list(column_name order by column_name) as lost_columns
            from landed.quarantine where rule = 'digits_lost' group by batch_id, row_number
        )
        select
            rows.row_token, batch_id, rows.cells, coalesce(lost.lost_columns, []) as lost_columns,
            batches.known_at, batches.is_simulated, batches.column_mapping
        from landed.quarantined_rows as rows
        inner join landed.batches as batches using (batch_id)
        left join lost using (batch_id, row_number)
        anti join landed.undos using (batch_id)
        where list_contains($tokens::varchar[], rows.row_token)
        order by rows.row_token
        """,
        params={"tokens": list(tokens)},
    ).pl()
    return rows
