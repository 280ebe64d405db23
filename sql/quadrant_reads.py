"""Reads about volume beside quality: how much a unit got, how much of it was repeated, unreached, by which channel."""

from datetime import datetime

import polars as pl

from hotline12345.sql.reading import SnapshotReads

# The join names created_at beside the id: the database then reads the days of the window only.
_WINDOW = """
    select ledger.unit_id, ledger.reason_code, ledger.is_volume_excluded, orders.order_id, orders.created_at,
        orders.channel_group, orders.caller_key
    from intermediate.rate_ledger as ledger
    inner join staging.orders as orders using (order_id, created_at)
    where ledger.rule_id = $rule_id and orders.created_at >= $start_at and orders.created_at < $end_at
"""


class QuadrantReads(SnapshotReads):
    """Volumes of the units that a rule scores, in any window of time."""

    def unit_workload(self, rule_id: str, start_at: datetime, end_at: datetime) -> pl.DataFrame:
        """Orders created in [start_at, end_at) of each unit in the rule's role; grain unit_id.

        `volume_count` leaves out what does not count as 诉求量. `repeated_count`: orders of a case, or of a caller, that
        the unit already had in the window. `called_count`: orders called back, of which `unreached_count` in vain.
        """
        return self._query(
            f"""
            with told as ({_WINDOW}),
            numbered as (
                select told.*,
                    row_number() over (
                        partition by unit_id, cases.case_key order by created_at, order_id
                    ) as case_turn,
                    row_number() over (
                        partition by unit_id, coalesce(caller_key, order_id) order by created_at, order_id
                    ) as caller_turn
                from told inner join intermediate.cases as cases using (order_id)
            )
            select
                unit_id, units.unit_name, units.unit_group,
                count(*) as order_count,
                count(*) filter (where not is_volume_excluded) as volume_count,
                count(*) filter (where case_turn > 1 or caller_turn > 1) as repeated_count,
                count(*) filter (
                    where reason_code in ('counted', 'repeat_of_case', 'callback_not_valid', 'unreached')
                ) as called_count,
                count(*) filter (where reason_code in ('callback_not_valid', 'unreached')) as unreached_count
            from numbered inner join intermediate.units as units using (unit_id)
            group by all order by unit_id
            """,
            rule_id=rule_id,
            start_at=start_at,
            end_at=end_at,
        )

    def unit_channels(self, rule_id: str, start_at: datetime, end_at: datetime) -> pl.DataFrame:
        """Orders of each unit and group of channels created in [start_at, end_at); grain unit_id, channel_group."""
        return self._query(
            f"""
            with told as ({_WINDOW})
            select unit_id, channel_group, count(*) as order_count
            from told group by all order by unit_id, channel_group
            """,
            rule_id=rule_id,
            start_at=start_at,
            end_at=end_at,
        )
