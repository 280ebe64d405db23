"""How many texts a second masking takes, and how it compares with another version of the module.

    python tests/benchmarks/masking_speed.py [--texts 200000] [--other EARLIER_MASKING.py]

The texts are invented, about 100 characters each, and no two are the same by intent: 30 % hold one to three pieces of
personal data, the other clauses are plain words (four of five) or numbers that have to stay. One process; slices of the
column run side by side on its cores.
"""

import argparse
import importlib.util
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1] / "privacy"))

from made_corpus import make_corpus

from hotline12345.flows.ingest.masking import mask_series
from hotline12345.flows.ingest.text import clean_text

SHARE, NARRATIVE, SEED, ROUNDS = 0.3, 0.8, 7, 3
Mask = Callable[[pl.Series], pl.Series]


def other_version(path: Path) -> Mask:
    """`mask_series` of another masking module in a file of its own, such as `git show` writes."""
    spec = importlib.util.spec_from_file_location("other_masking", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["other_masking"] = module
    spec.loader.exec_module(module)
    mask: Mask = module.mask_series
    return mask


def texts_a_second(mask: Mask, texts: pl.Series) -> tuple[float, float]:
    """Texts a second of wall time, and a second of processor time, in the best of some rounds."""
    walls, processors = [], []
    for _ in range(ROUNDS):
        wall, processor = time.perf_counter(), time.process_time()
        mask(texts)
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return len(texts) / min(walls), len(texts) / min(processors)


def say(line: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{line}\n")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=200_000)
    parser.add_argument("--other", type=Path)
    arguments = parser.parse_args()
    texts = clean_text(pl.Series([message.text for message in make_corpus(arguments.texts, SHARE, SEED, NARRATIVE)]))
    changed = (mask_series(texts) != texts).mean()
    average = texts.str.len_chars().mean()
    say(f"{len(texts)} texts, {average:.0f} characters on average, {changed:.0%} with personal data")
    say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    wall, processor = texts_a_second(mask_series, texts)
    say(f"this version: {wall:,.0f} texts/s, {processor:,.0f} texts per second of processor time")
    if arguments.other:
        other_wall, other_processor = texts_a_second(other_version(arguments.other), texts)
        say(f"other version: {other_wall:,.0f} texts/s, {other_processor:,.0f} texts per second of processor time")
        say(f"ratio: {wall / other_wall:.2f}")


if __name__ == "__main__":
    main()
