"""Every read of a published snapshot. `limited` gives one that sees some rows only."""

import polars as pl

from hotline12345.sql.appeal_reads import AppealReads
from hotline12345.sql.batch_reads import BatchReads
from hotline12345.sql.bridge_reads import BridgeReads
from hotline12345.sql.community_reads import CommunityReads
from hotline12345.sql.comparison_reads import ComparisonReads
from hotline12345.sql.issue_board_reads import IssueBoardReads
from hotline12345.sql.issue_reads import IssueReads
from hotline12345.sql.listing_reads import ListingReads
from hotline12345.sql.lost_reads import LostReads
from hotline12345.sql.model_reads import ModelReads
from hotline12345.sql.official_reads import OfficialReads
from hotline12345.sql.quadrant_reads import QuadrantReads
from hotline12345.sql.rate_reads import RateReads
from hotline12345.sql.review_reads import ReviewReads
from hotline12345.sql.rule_reads import RuleReads
from hotline12345.sql.score_steps import StepReads
from hotline12345.sql.search_reads import SearchReads
from hotline12345.sql.similar_reads import SimilarReads
from hotline12345.sql.street_reads import StreetReads
from hotline12345.sql.target_reads import TargetReads
from hotline12345.sql.topic_area_reads import TopicAreaReads
from hotline12345.sql.topic_health_reads import TopicHealthReads
from hotline12345.sql.topic_reads import TopicReads
from hotline12345.sql.volume_reads import VolumeReads
from hotline12345.sql.what_if import WhatIfReads


class Reader(
    RateReads,
    LostReads,
    ListingReads,
    WhatIfReads,
    StepReads,
    ComparisonReads,
    BridgeReads,
    RuleReads,
    VolumeReads,
    OfficialReads,
    QuadrantReads,
    TargetReads,
    ReviewReads,
    ModelReads,
    TopicReads,
    TopicAreaReads,
    TopicHealthReads,
    CommunityReads,
    BatchReads,
    SimilarReads,
    SearchReads,
    IssueReads,
    IssueBoardReads,
    StreetReads,
    AppealReads,
):
    """A published snapshot opened for reading, with the text files it lists; or the replay of one."""

    def order(self, order_id: str) -> pl.DataFrame:
        """One order as it stands, with its masked texts, unit and topic; one row or none."""
        return self._with_texts(
            """
            select
                orders.*, units.unit_name, units.unit_group, cases.case_key, classified.topic_code, classified.topic_source,
                classified.model_probability, coalesce(topics.topic_name, classified.topic_code) as topic_name
            from staging.orders as orders
            inner join staging.units as units using (unit_id)
            inner join intermediate.classified_orders as classified using (order_id)
            inner join intermediate.cases as cases using (order_id)
            left join intermediate.topics as topics on topics.topic_code = classified.topic_code
            where order_id = $order_id
            """,
            "order_id",
            order_id=order_id,
        )

    def case_orders(self, order_id: str) -> pl.DataFrame:
        """The other orders of the same case, oldest first; grain order_id: created_at, unit_name, resolution.

        Need-to-know orders only where their texts may be read: a case is of one person, so it would tell who reported.
        """
        return self._query(
            """
            select orders.order_id, orders.created_at, units.unit_name, orders.resolution
            from intermediate.cases as this
            inner join intermediate.cases as cases on cases.case_key = this.case_key and cases.order_id <> this.order_id
            inner join staging.orders as orders on orders.order_id = cases.order_id
            inner join staging.units as units using (unit_id)
            where this.order_id = $order_id and ($may_know or not orders.is_need_to_know)
            order by orders.created_at, orders.order_id
            """,
            order_id=order_id,
            may_know=self._access.need_to_know,
        )

    def order_versions(self, order_id: str) -> pl.DataFrame:
        """What was known of an order, batch by batch, oldest first; grain batch_id."""
        return self._query(
            """
            select versions.*, batches.file_name, undos.undone_at
            from landed.order_versions as versions
            inner join landed.batches as batches using (batch_id)
            left join landed.undos as undos using (batch_id)
            inner join staging.orders as orders on orders.order_id = versions.order_id
            where versions.order_id = $order_id
            order by versions.known_at, batch_id
            """,
            order_id=order_id,
        )

    def days(self) -> pl.DataFrame:
        """Orders of each day and place; grain created_date, place_id. Aggregates only."""
        return self._query("select * from marts.mart_days order by created_date, place_id")

    def overview(self) -> dict[str, object]:
        """Facts of the whole snapshot: orders, span, cut-off, simulated or not, callback or not, published_at.

        Without any callback column there are no rates, unless a rule of the site scores what the units report themselves.
        """
        return self._query(
            """
            select
                (select count(*) from staging.orders) as orders,
                (select min(created_at) from staging.orders) as first_at,
                (select max(created_at) from staging.orders) as last_at,
                (select max(known_at) from landed.batches anti join landed.undos using (batch_id)) as cutoff_at,
                (select coalesce(bool_or(is_simulated), false) from staging.orders) as is_simulated,
                (
                    select coalesce(bool_or(has_callback or has_callback_district or has_callback_city), false)
                    from staging.orders
                ) or exists (select 1 from landed.rules where answer_source = 'unit') as has_callback,
                (
                    select count(*) from landed.quarantined_rows as rows
                    anti join landed.undos using (batch_id)
                    anti join (select row_token from landed.corrections anti join landed.undos using (batch_id)) as fixed
                        on fixed.row_token = rows.row_token
                ) as quarantined,
                (select max(published_at) from meta.snapshot) as published_at
            """
        ).row(0, named=True)
