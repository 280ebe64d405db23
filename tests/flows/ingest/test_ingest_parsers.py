"""The fast parser of text tables gives what the exact one gives, whatever the text and wherever its blocks are cut."""

from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from hotline12345.flows.ingest import delimited
from hotline12345.flows.ingest.delimited import Layout, parse_exactly, parse_fast

LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "1",
            "暖气",
            "𠮷",
            " ",
            '"',
            '""',
            '"a"',
            '"a""b"',
            '"第一行\n第二行"',
            '"a\r\nb"',
            '5"管',
            '"没关',
            'x"y"z',
        ]
    ),
    st.text(alphabet='a"\n\r,;\0 暖\ufeff', max_size=6),
)
ROWS = st.lists(st.tuples(st.lists(CELLS, max_size=5), LINE_ENDS), max_size=12)
PLAIN = st.sampled_from(["", "1", "暖气", '"a,b"', '"a""b"', '"a\r\nb"'])
TABLES = st.lists(st.tuples(st.lists(PLAIN, min_size=3, max_size=3), st.just("\r\n")), max_size=12)


def text_of(rows: list[tuple[list[str], str]], separator: str) -> str:
    return "".join(separator.join(cells) + end for cells, end in rows)


def parsed(pieces: list[str], layout: Layout, *, fast: bool) -> pl.DataFrame:
    """The rows of a text that comes in pieces."""
    frames, rest, done = [], "", 0
    for number, piece in enumerate(pieces):
        final = number == len(pieces) - 1
        block = rest + piece
        quick = parse_fast(block, layout, final) if fast else None
        frame, rest = quick or parse_exactly(block, layout, done, final)
        done += frame.height
        frames.append(frame)
    assert rest == ""
    return pl.concat(frames)


def pieces_of(text: str, cuts: list[int]) -> list[str]:
    places = sorted({min(cut, len(text)) for cut in cuts} | {0, len(text)})
    return [text[a:b] for a, b in pairwise(places)] or [text]


@settings(max_examples=300, deadline=None)
@given(
    rows=st.one_of(ROWS, TABLES),
    separator=st.sampled_from([",", ";"]),
    width=st.integers(1, 4),
    header=st.integers(0, 3),
    usual=st.integers(0, 4),
    cuts=st.lists(st.integers(0, 80), max_size=3),
    tail=st.sampled_from(["", "", '"', "x", "\r", 'a,"b']),
)
def test_fast_and_exact_agree(rows, separator, width, header, usual, cuts, tail) -> None:
    text = text_of(rows, separator) + tail
    layout = Layout(separator, width, header, usual)
    exact = parsed([text], layout, fast=False)
    for fast in (False, True):
        assert_frame_equal(parsed(pieces_of(text, cuts), layout, fast=fast), exact)


@settings(max_examples=100, deadline=None)
@given(rows=TABLES.filter(bool))
def test_a_proper_table_takes_the_fast_way(rows) -> None:
    text = text_of(rows, ",")
    quick = parse_fast(text, Layout(",", 3), final=True)
    assert quick is not None
    assert quick[0].height == len(rows)


def test_ragged_rows_of_one_line_take_the_fast_way() -> None:
    text = "a,b,c\n1\n\n1,2,3,4\n1,2,3\n" * 50
    quick = parse_fast(text, Layout(",", 3), final=True)
    assert quick is not None
    assert_frame_equal(quick[0], parsed([text], Layout(",", 3), fast=False))
    assert quick[0]["overflow"].drop_nulls().to_list() == ["1"] * 50


@pytest.mark.parametrize("lines", [199, 200, 201, 250])
def test_a_record_of_many_lines(lines: int) -> None:
    text = 'a,b\n1,"' + "x\n" * (lines - 1) + 'x"\n2,3\n'
    layout = Layout(",", 2)
    exact = parsed([text], layout, fast=False)
    assert exact.height == (3 if lines <= delimited.MAX_LINES_IN_RECORD else lines + 2)
    assert_frame_equal(parsed([text], layout, fast=True), exact)
    assert_frame_equal(parsed(pieces_of(text, [30, 60]), layout, fast=True), exact)
