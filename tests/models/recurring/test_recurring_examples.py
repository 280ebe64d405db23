"""Examples of an issue: typical ones of different people first, copies last, need-to-know orders never."""

import polars as pl

from hotline12345.models.recurring.examples import rank_examples


def ranked(*orders: tuple[str, float, str | None, bool | None]) -> dict[str, int | None]:
    """order_id → example_rank of one issue; orders are id, similarity, voice, is_need_to_know."""
    table = pl.DataFrame(
        orders,
        schema={"order_id": pl.String, "similarity": pl.Float64, "voice": pl.String, "is_need_to_know": pl.Boolean},
        orient="row",
    )
    members = table.select("order_id", "similarity", issue_id=pl.lit("E1"))
    return dict(rank_examples(members, table).select("order_id", "example_rank").iter_rows())


def test_the_most_typical_order_comes_first_and_ties_go_by_id():
    assert ranked(("B", 0.7, "b", False), ("A", 0.9, "a", None), ("C", 0.8, None, False)) == {"A": 1, "C": 2, "B": 3}


def test_a_second_order_of_one_person_comes_after_the_first_of_everybody():
    assert ranked(("A", 0.9, "a", False), ("B", 0.8, "a", False), ("C", 0.1, "c", False)) == {"A": 1, "C": 2, "B": 3}


def test_a_copy_under_another_name_comes_last():
    assert ranked(("A", 0.9, "a", False), ("B", 0.9, "b", False), ("C", 0.1, "c", False)) == {"A": 1, "C": 2, "B": 3}


def test_orders_of_unknown_people_are_not_taken_for_one_person():
    assert ranked(("A", 0.9, None, False), ("B", 0.8, None, False), ("C", 0.1, "c", False)) == {"A": 1, "B": 2, "C": 3}


def test_need_to_know_orders_have_no_rank():
    assert ranked(("A", 0.9, "a", True), ("B", 0.8, "b", False)) == {"A": None, "B": 1}


def test_each_issue_has_ranks_of_its_own():
    members = pl.DataFrame({"issue_id": ["E1", "T1", "T1"], "order_id": ["A", "A", "B"], "similarity": [0.5, 0.4, 0.6]})
    facts = pl.DataFrame({"order_id": ["A", "B"], "voice": ["a", "b"], "is_need_to_know": [False, False]})
    assert rank_examples(members, facts)["example_rank"].to_list() == [1, 2, 1]


def test_the_many_orders_of_one_person_do_not_use_up_the_turns_of_others():
    """One person wrote both wordings twice, two others one wording each."""
    orders = [("A1", 0.9, "a"), ("A2", 0.8, "a"), ("A3", 0.9, "a"), ("A4", 0.8, "a"), ("B", 0.9, "b"), ("C", 0.8, "c")]
    found = ranked(*((*order, False) for order in orders))
    assert sorted(found, key=found.get)[:3] == ["A1", "C", "B"]
