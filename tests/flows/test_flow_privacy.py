"""No personal data anywhere: planted in every cell and name that may hold it, then looked for in every byte."""

import gzip
import pickle
import zlib
from pathlib import Path

import duckdb
import polars as pl
from called import Hotline
from made_exports import orders, storage_at, write_csv

from hotline12345.sql.publish import current_snapshot

# Invalid by construction: no such mobile prefix, impossible birth date, no such plate.
MOBILE, LANDLINE, ID_NUMBER, PLATE, NAME = "12912345678", "010-12345678", "110105209912310012", "京A·12I45", "欧阳翠花"
PLANTED = (MOBILE, LANDLINE, "01012345678", ID_NUMBER, PLATE, NAME)
SENTENCE = f"联系人：{NAME}，电话{MOBILE}，座机{LANDLINE}，身份证{ID_NUMBER}，车牌{PLATE}"


def planted_file(folder: Path) -> Path:
    """Orders with personal data in texts, callers, places, units, labels and broken cells, in a file named after a person."""
    rows = [
        {
            **row,
            "诉求人": NAME,
            "联系电话": MOBILE,
            "反映内容": f"{row['反映内容']}。{SENTENCE}",
            "工单标题": f"{NAME}女士{MOBILE}反映",
        }
        for row in orders(215)
    ]
    rows[0]["处理情况"] = SENTENCE
    rows[1]["详细地址"] = f"东明里，{MOBILE}"
    rows[2]["责任单位"] = f"乙水镇{MOBILE}"
    rows[3]["一级分类"] = f"公共服务{MOBILE}"
    broken = orders(3, start=8001, 诉求人=NAME)
    broken[0]["工单创建时间"] = f"{MOBILE} {ID_NUMBER}"
    broken[1]["有效回访"] = SENTENCE
    broken[2] = {**broken[2], "工单号": "", "反映内容": SENTENCE}
    extra = [{**row, f"备注{MOBILE}": SENTENCE} for row in [*rows, *broken]]
    return write_csv(folder / f"{NAME}先生{MOBILE}.csv", extra, above=[SENTENCE])


def everything_in(folder: Path) -> str:
    """All that lies in a folder, compressed or not, as one text to search."""
    parts = []
    for path in sorted(folder.rglob("*")):
        parts.append(str(path.relative_to(folder)))
        if not path.is_file():
            continue
        content = path.read_bytes()
        parts += [content.decode("utf-8", "ignore"), content.decode("gb18030", "ignore")]
        if path.suffix == ".parquet":
            parts.append(pl.read_parquet(path).write_csv())
        elif path.suffix in (".joblib", ".pkl", ".pickle", ".gz", ".z"):
            parts.append(unpacked(content))
    return "\n".join(parts)


def unpacked(content: bytes) -> str:
    """A stored model's bytes, decompressed when they are compressed."""
    for unpack in (gzip.decompress, zlib.decompress):
        try:
            content = unpack(content)
        except (OSError, zlib.error):
            continue
    return content.decode("utf-8", "ignore")


def cells_of(path: Path) -> str:
    """Every cell of every table of a database: compression in the file must not hide anything."""
    connection = duckdb.connect(str(path), read_only=True)
    names = connection.execute("select table_schema || '.' || table_name from information_schema.tables").fetchall()
    cells = "\n".join(str(connection.execute(f"select * from {name}").fetchall()) for (name,) in names)
    connection.close()
    return cells


def test_nothing_planted_is_found_again(hotline: Hotline, tmp_path: Path) -> None:
    storage = storage_at(tmp_path / "data")
    path = planted_file(tmp_path)
    at = ("--data-dir", storage.data)
    outcomes = [
        hotline("run", path, *at),
        hotline("run", path, *at),
        hotline("batches", *at),
        hotline("check", "--batch", 1, *at),
        hotline("check", "--batch", 1, *at, "--format", "json"),
        hotline("rates", *at),
        hotline("explain", "D2025000001", *at),
        hotline("explain", "D2025000002", *at),
        hotline("issues", "list", *at),
        hotline("topics", "train", *at),
    ]
    assert [outcome.code for outcome in outcomes] == [0] * len(outcomes), outcomes
    columns = (
        "--id",
        "工单号",
        "--text",
        "工单标题,反映内容",
        "--time",
        "工单创建时间",
        "--caller",
        "联系电话",
        "--format",
        "json",
    )
    (tmp_path / "clean").mkdir()
    mined = hotline(
        "issues", "mine", write_csv(tmp_path / "clean" / f"{MOBILE}.csv", orders(60, 反映内容=SENTENCE)), *columns
    )
    refused = [
        hotline("run", tmp_path / f"{NAME}女士{MOBILE}.csv", *at),
        hotline("run", write_csv(tmp_path / f"名单{MOBILE}.csv", [{f"号码{MOBILE}": SENTENCE, "备注": "无"}]), *at),
        hotline("issues", "mine", path, "--id", "无", "--text", "反映内容", "--time", "工单创建时间"),
    ]
    assert [outcome.code for outcome in refused] == [2, 2, 2]
    assert mined.code == 0
    printed = "\n".join(outcome.printed for outcome in (*outcomes, mined, *refused))
    stored = everything_in(storage.data) + cells_of(storage.warehouse) + cells_of(current_snapshot(storage).path)
    assert (found_in(printed), found_in(stored)) == ([], [])


def found_in(text: str) -> list[str]:
    """Which planted values a text holds."""
    return [value for value in PLANTED if value in text]


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    pl.DataFrame({"a": [MOBILE]}).write_parquet(tmp_path / "a.parquet", compression="zstd")
    (tmp_path / "b.csv").write_bytes(NAME.encode("gb18030"))
    (tmp_path / "c.gz").write_bytes(gzip.compress(pickle.dumps({"word": PLATE})))
    assert found_in(everything_in(tmp_path)) == [MOBILE, PLATE, NAME]


def test_the_key_is_private_and_in_no_database(hotline: Hotline, tmp_path: Path) -> None:
    storage = storage_at(tmp_path / "data")
    hotline("run", write_csv(tmp_path / "a.csv", orders(8)), "--data-dir", storage.data)
    assert storage.key_file.stat().st_mode & 0o777 == 0o600
    key = storage.key_file.read_text().strip()
    elsewhere = [path for path in storage.data.rglob("*") if path.is_file() and path != storage.key_file]
    assert [
        path.name for path in elsewhere if key.encode() in path.read_bytes() or bytes.fromhex(key) in path.read_bytes()
    ] == []
    assert key not in cells_of(storage.warehouse)
    assert storage.warehouse.stat().st_mode & 0o077 == 0
    assert current_snapshot(storage).path.stat().st_mode & 0o077 == 0
