"""Personal data that cannot belong to anybody.

Mobile numbers use segments that no carrier was ever given; landlines use area code 026, which was never opened;
citizen and bank card numbers carry a wrong check digit; plates name a letter that their province never issued.
"""

from typing import Any

import numpy as np
import polars as pl

from hotline12345.sample_data.grammar import Ints

MOBILE_SEGMENTS = ("142", "143", "154", "161", "163", "164", "168", "169")
LANDLINE_AREA = "026"
PLATE_HEADS = ("宁Z", "青Z", "琼Z", "藏Z")
_PLATE_CHARACTERS = np.array(list("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"))
_ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_ID_CHECK = np.array(list("10X98765432"))


def mobiles(caller: Ints) -> pl.Series:
    """The mobile number of each caller; different callers have different numbers."""
    number = (caller // len(MOBILE_SEGMENTS) * 48_271 + 7_654_321) % 10**8
    head = pl.Series(MOBILE_SEGMENTS).gather(caller % len(MOBILE_SEGMENTS))
    return head + pl.Series(number).cast(pl.String).str.zfill(8)


def accounts(caller: Ints) -> pl.Series:
    """The web account of each caller."""
    return "slq_" + pl.Series((caller * 7_919 + 104_729) % 10**9).cast(pl.String).str.zfill(9)


def names(caller: Ints, person: dict[str, Any]) -> pl.Series:
    """张先生, 李女士 or a full name, always the same for a caller."""
    surname = pl.Series(person["surname"]).gather(caller * 31 % len(person["surname"]))
    given = person["given"] + ["先生"] * 35 + ["女士"] * 45
    return surname + pl.Series(given).gather(caller // 7 * 13 % len(given))


def landlines(rows: int, rng: np.random.Generator) -> pl.Series:
    """Numbers such as 026-61234567."""
    return LANDLINE_AREA + "-" + pl.Series(rng.integers(20_000_000, 90_000_000, rows)).cast(pl.String)


def citizen_ids(rows: int, rng: np.random.Generator) -> pl.Series:
    """18 characters with a plausible date of birth and a wrong check digit."""
    body = 110_198 * 10**11 + rng.integers(1945, 2006, rows) * 10**7 + rng.integers(1, 13, rows) * 10**5
    body += rng.integers(1, 29, rows) * 1000 + rng.integers(1, 999, rows)
    digits = body[:, None] // 10 ** np.arange(16, -1, -1) % 10
    wrong = (digits @ _ID_WEIGHTS + rng.integers(1, 11, rows)) % 11
    return pl.Series(body).cast(pl.String) + pl.Series(_ID_CHECK[wrong])


def bank_cards(rows: int, rng: np.random.Generator) -> pl.Series:
    """19 digits that fail the Luhn check."""
    body = 620_000 * 10**12 + rng.integers(0, 10**12, rows)
    digits = body[:, None] // 10 ** np.arange(17, -1, -1) % 10
    doubled = digits[:, 1::2] * 2
    total = digits[:, ::2].sum(axis=1) + (doubled - 9 * (doubled > 9)).sum(axis=1)
    wrong = (-total + rng.integers(1, 10, rows)) % 10
    return pl.Series(body).cast(pl.String) + pl.Series(wrong).cast(pl.String)


def plates(rows: int, rng: np.random.Generator) -> pl.Series:
    """Plates such as 宁Z8K3P6."""
    tail = rng.choice(_PLATE_CHARACTERS, (rows, 5))
    joined = tail[:, 0]
    for column in range(1, 5):
        joined = np.char.add(joined, tail[:, column])
    return pl.Series(PLATE_HEADS).gather(rng.integers(0, len(PLATE_HEADS), rows)) + pl.Series(joined)


def rooms(rows: int, rng: np.random.Generator) -> pl.Series:
    """Building, unit and room in the ways callers give them."""
    block, unit, floor, door = (pl.Series(rng.integers(1, top, rows)).cast(pl.String) for top in (19, 6, 19, 4))
    long = rng.random(rows) < 0.6
    written = block + "号楼" + unit + "单元" + floor + "0" + door + "室"
    dashed = block + "-" + unit + "-" + floor + "0" + door
    return written.zip_with(pl.Series(long), dashed)
