"""New categories of the warehouse: the newest orders that fit none to the proposer, its proposals into their tables."""

import polars as pl

from hotline12345.models.topics.proposals import Proposal, propose
from hotline12345.sql import topic_proposals
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

PROPOSALS = pl.Schema(
    {
        "proposal_id": pl.String(),
        "category_rank": pl.Int64(),
        "proposal_name": pl.String(),
        "key_phrases": pl.String(),
        "order_count": pl.Int64(),
        "people_count": pl.Int64(),
        "first_at": pl.Datetime("us"),
        "last_at": pl.Datetime("us"),
        "guessed_code": pl.String(),
        "guessed_share": pl.Float64(),
        "labelled_share": pl.Float64(),
    }
)
MEMBERS = pl.Schema({"proposal_id": pl.String(), "order_id": pl.String(), "example_rank": pl.Int64()})


def propose_categories(connection: Connection, storage: Storage) -> int:
    """Propose new categories and store them in place of the earlier ones; returns how many. Cost is bounded."""
    orders = topic_proposals.unfit_orders(connection, storage)
    found = propose(orders.drop("guess"))
    proposals = [_row(rank, proposal, orders) for rank, proposal in enumerate(found, start=1)]
    members = [
        {"proposal_id": proposal.proposal_id, "order_id": order_id, "example_rank": number}
        for proposal in found
        for number, order_id in enumerate(proposal.order_ids, start=1)
    ]
    topic_proposals.land_proposals(
        connection, pl.DataFrame(proposals, schema=PROPOSALS), pl.DataFrame(members, schema=MEMBERS)
    )
    return len(found)


def _row(rank: int, proposal: Proposal, orders: pl.DataFrame) -> dict[str, object]:
    own = orders.filter(pl.col("order_id").is_in(proposal.order_ids))
    guesses = own.drop_nulls("guess").group_by("guess").len().sort("len", "guess", descending=[True, False])
    guess, count = guesses.row(0) if guesses.height else (None, 0)
    return {
        "proposal_id": proposal.proposal_id,
        "category_rank": rank,
        "proposal_name": proposal.name,
        "key_phrases": "、".join(proposal.phrases),
        "order_count": own.height,
        "people_count": proposal.people,
        "first_at": own["reported_at"].min(),
        "last_at": own["reported_at"].max(),
        "guessed_code": guess,
        "guessed_share": count / own.height,
        "labelled_share": own["label"].count() / own.height,
    }
