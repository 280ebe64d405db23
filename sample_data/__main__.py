"""`python -m hotline12345.sample_data` makes the committed files and their truth anew."""

from hotline12345.sample_data.answers import write_truth
from hotline12345.sample_data.exports import make_tables, write_tables
from hotline12345.sample_data.generate import DEFAULT_SEED
from hotline12345.sample_data.paths import FILES, TRUTH


def main() -> None:
    """Write `files/` and `truth/` of this package."""
    FILES.mkdir(exist_ok=True)
    TRUTH.mkdir(exist_ok=True)
    tables = make_tables()
    write_tables(FILES, tables)
    write_truth(TRUTH, tables, DEFAULT_SEED)


if __name__ == "__main__":
    main()
