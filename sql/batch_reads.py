"""Reads about what came in: batches, quarantine and its corrections, names to settle, channels."""

import polars as pl

from hotline12345.sql.reading import SnapshotReads

CHANNEL_MONTHS = 12


class BatchReads(SnapshotReads):
    """The reads of 数据健康 and of the commands about batches."""

    def batches(self) -> pl.DataFrame:
        """Loaded files and what became of their rows, newest first; grain batch_id."""
        return self._query("select * from marts.mart_batches order by batch_id desc")

    def quarantine(self, batch_id: int) -> pl.DataFrame:
        """Rows kept aside from one file, masked; grain row_number, column_name, rule.

        `correction_state` is null, 已改正, or 仍有问题 when the corrected row was kept aside again, both in
        `corrected_batch_id`.
        """
        return self._query(
            """
            with newest as (
                select row_token, max((batch_id, row_number)) as correction
                from landed.corrections anti join landed.undos using (batch_id)
                group by row_token
            ),
            fixed as (
                select row_token, correction[1] as corrected_batch_id, correction[2] as corrected_row_number from newest
            ),
            again as (select distinct batch_id, row_number from landed.quarantine)
            select
                quarantine.*, rows.row_token, fixed.corrected_batch_id,
                case
                    when again.batch_id is not null then '仍有问题'
                    when fixed.corrected_batch_id is not null then '已改正'
                end as correction_state
            from landed.quarantine as quarantine
            left join landed.quarantined_rows as rows using (batch_id, row_number)
            left join fixed on fixed.row_token = rows.row_token
            left join again
                on again.batch_id = fixed.corrected_batch_id and again.row_number = fixed.corrected_row_number
            where quarantine.batch_id = $batch_id
            order by quarantine.row_number, quarantine.column_name, quarantine.rule
            """,
            batch_id=batch_id,
        )

    def quarantined_rows(self, batch_id: int) -> pl.DataFrame:
        """The rows of one file that still have to be corrected, as `quarantine_workbook` takes them; grain row_number.

        A row that a later file corrected is left out: if that failed, it waits in the later batch.
        """
        return self._query(
            """
            with fixed as (select row_token from landed.corrections anti join landed.undos using (batch_id))
            select rows.row_number, rows.row_token, rows.cells, batches.column_mapping
            from landed.quarantined_rows as rows
            inner join landed.batches as batches using (batch_id)
            anti join fixed on fixed.row_token = rows.row_token
            where batch_id = $batch_id order by rows.row_number
            """,
            batch_id=batch_id,
        )

    def quarantine_reasons(self, batch_id: int) -> pl.DataFrame:
        """Why rows of one file were kept aside, the most frequent first; grain column_name, rule."""
        return self._query(
            """
            select
                column_name, rule, min(reason) as reason, min(fix) as fix,
                count(distinct row_number) as rows_quarantined
            from landed.quarantine where batch_id = $batch_id
            group by column_name, rule order by rows_quarantined desc, column_name, rule
            """,
            batch_id=batch_id,
        )

    def unlisted_units(self) -> pl.DataFrame:
        """Undertakers that the site's list does not know, with their orders; grain unit_id."""
        return self._query(
            """
            select units.unit_id, units.unit_name, units.unit_group, count(orders.order_id) as order_count
            from staging.units as units inner join staging.orders as orders using (unit_id)
            where not units.is_listed group by all order by order_count desc, unit_id
            """
        )

    def listed_units(self) -> pl.DataFrame:
        """The site's list of units with every name each answers to; grain unit_id."""
        return self._query(
            """
            with names as (
                select unit_id, string_agg(unit_alias, '、' order by unit_alias) as unit_aliases
                from (select distinct unit_id, unit_alias from landed.unit_names) as spelled group by unit_id
            )
            select units.*, names.unit_aliases
            from landed.units as units left join names using (unit_id) order by unit_id
            """
        )

    def name_proposals(self) -> pl.DataFrame:
        """Names that the dated list does not settle, the most frequent first; grain name_role, found_name, name_issue."""
        return self._query(
            "select * from marts.mart_name_proposals order by order_count desc, name_role, found_name, name_issue"
        )

    def channel_counts(self) -> pl.DataFrame:
        """Orders of the newest 12 calendar months by channel, rolled up; grain channel_group, channel, sub_center.

        小计 stands for all sub-centres of a channel or all channels of a group, 合计 for every order; sub-centres are
        listed where they are known.
        """
        return self._query(
            """
            with recent as (
                select * from marts.mart_channel_months
                where created_month > (select max(created_month) from marts.mart_channel_months) - to_months($months)
            )
            select
                coalesce(channel_group, '合计') as channel_group,
                coalesce(channel, '小计') as channel,
                coalesce(sub_center, '小计') as sub_center,
                sum(order_count)::bigint as order_count,
                sum(order_count)::double / (select sum(order_count) from recent) as order_share
            from recent
            group by rollup (channel_group, channel, sub_center)
            having sub_center is distinct from '（未填分中心）' and sum(order_count) > 0
            order by
                grouping(channel_group),
                sum(sum(order_count)) over (partition by channel_group) desc, channel_group,
                grouping(channel) desc,
                sum(sum(order_count)) over (partition by channel_group, channel) desc, channel,
                grouping(sub_center) desc, order_count desc, sub_center
            """,
            months=CHANNEL_MONTHS,
        )
