"""`hotline topics predict`: any table, the answers of the model in use, chunk by chunk, and what is refused."""

import io
from pathlib import Path

import made_tree
import polars as pl
import pytest
from called import Hotline

from hotline12345.flows.ingest import read
from hotline12345.flows.topic_predicting import ANSWERS, answers
from hotline12345.sql.storage import Storage

NAMES = {"T1": "公共服务", "T11": "供暖"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    """A data folder with a model and nothing published: codes stand for themselves."""
    storage = Storage.at(tmp_path_factory.mktemp("predict"))
    storage.make()
    made_tree.store(storage)
    return storage


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A hundred rows of four topics, one without a text, and one of no known word."""
    texts, _ = made_tree.documents()
    rows = [{"编号": f"={n}", "标题": title, "内容": body} for n, (title, body) in enumerate(texts[:100])]
    rows += [{"编号": "无文", "标题": None, "内容": None}, {"编号": "怪", "标题": None, "内容": "囍 㐂 lorem"}]
    path = tmp_path / "信件.parquet"
    pl.DataFrame(rows).write_parquet(path)
    return path


def _predict(hotline: Hotline, site: Storage, table: Path, *options: object) -> str:
    done = hotline("topics", "predict", table, "--text", "标题,内容", "--data-dir", site.data, *options)
    assert done.code == 0, done.printed
    assert "已用模型 m1 分类 10" in done.err
    return done.out


def test_every_row_gets_the_answer_of_the_model(hotline: Hotline, site: Storage, table: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果.parquet"
    assert _predict(hotline, site, table, "--id", "编号", "--out", out) == ""
    found = pl.read_parquet(out)
    assert found.columns == ["record_id", *ANSWERS]
    assert found["record_id"].to_list() == pl.read_parquet(table)["编号"].to_list()
    truth = [path[-1] for path in made_tree.documents()[1][:100]]
    assert found["topic_code"].head(100).to_list() == truth
    assert found["level1_probability"].head(100).min() > 0.5
    empty, strange = found.tail(2).iter_rows(named=True)
    assert (empty["topic_code"], empty["level1_code"], empty["is_unsure"]) == ("未归类", None, None)
    assert strange["unseen_share"] == 1.0
    assert not list(tmp_path.glob("*.partial"))


def test_csv_has_chinese_headings_and_no_formulas(hotline: Hotline, site: Storage, table: Path, tmp_path: Path) -> None:
    out = tmp_path / "结果.csv"
    _predict(hotline, site, table, "--id", "编号", "--out", out)
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    found = pl.read_csv(out)
    assert found.columns[:3] == ["编号", "分类编码", "问题分类"]
    assert found["编号"].head(2).to_list() == ["'=0", "'=1"]
    printed = _predict(hotline, site, table)
    rows = pl.read_csv(io.StringIO(printed.removeprefix("\ufeff")))
    assert rows["行号"].to_list() == [*range(1, 101), 102], "a row without anything is left out"
    assert rows.drop("行号").equals(found.filter(found["编号"] != "无文").drop("编号"))


def test_chunks_change_nothing(
    hotline: Hotline, site: Storage, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, parts = tmp_path / "a.parquet", tmp_path / "b.parquet"
    _predict(hotline, site, table, "--out", whole)
    monkeypatch.setattr(read, "CHUNK_ROWS", 7)
    _predict(hotline, site, table, "--out", parts)
    assert pl.read_parquet(parts).equals(pl.read_parquet(whole))
    csv = tmp_path / "同.csv"
    pl.read_parquet(table).write_csv(csv)
    _predict(hotline, site, csv, "--out", parts)
    assert pl.read_parquet(parts).drop("row_number").equals(pl.read_parquet(whole).drop("row_number"))


def test_texts_are_masked_as_at_an_import_and_one_column_is_a_body() -> None:
    rows = pl.DataFrame(
        {"t": ["暖气不热，请联系王小明13912345678"], "b": [None]}, schema={"t": pl.String, "b": pl.String}
    )
    seen: list[tuple[str, str]] = []

    class Listening:
        def answer(self, titles: pl.Series, bodies: pl.Series) -> pl.DataFrame:
            seen.extend(zip(titles, bodies, strict=True))
            return made_tree.tree().answer(titles, bodies)

    said = answers(rows, ["t", "b"], Listening(), made_tree.THRESHOLDS, NAMES)  # type: ignore[arg-type]
    assert said["topic_name"].to_list() == ["供暖"]
    answers(rows, ["t"], Listening(), made_tree.THRESHOLDS, NAMES)  # type: ignore[arg-type]
    assert [bool(title) for title, _ in seen] == [True, False]
    assert not [text for pair in seen for text in pair if "12345678" in text]


def test_thresholds_decide_how_deep_an_answer_goes() -> None:
    rows = pl.DataFrame({"t": ["暖气不热问题"]})
    sure = made_tree.tree().answer(pl.Series([""]), rows["t"]).row(0, named=True)
    between = (sure["level1_probability"] + sure["level2_probability"]) / 2
    for thresholds, code in (
        ({"level1": 0.0, "lower": 0.0}, "T11"),
        ({"level1": 0.0, "lower": between}, "T1"),
        ({"level1": 1.1, "lower": 0.0}, "未归类"),
    ):
        said = answers(rows, ["t"], made_tree.tree(), thresholds, {}).row(0, named=True)
        assert said["topic_code"] == said["topic_name"] == code
        assert said["level2_code"] == "T11", "the whole path stays to be seen"
    nothing = {"level1": 0.0, "lower": 0.0}
    strange = answers(pl.DataFrame({"t": ["龘龘靐靐"]}), ["t"], made_tree.tree(), nothing, {}).row(0, named=True)
    assert (strange["topic_code"], strange["is_unsure"]) == ("未归类", True)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("columns", [["来信"], ["序号", "来信", "备注"]])
def test_one_column_that_no_import_knows_is_enough(
    hotline: Hotline, site: Storage, tmp_path: Path, ending: str, columns: list[str]
) -> None:
    path = tmp_path / f"来信.{ending}"
    frame = pl.DataFrame({name: ["暖气不热，室内温度低", "路口拥堵，红绿灯"] for name in columns})
    if ending == "csv":
        frame.write_csv(path)
    else:
        frame.write_excel(path)
    done = hotline("topics", "predict", path, "--text", "来信", "--data-dir", site.data)
    assert (done.code, "分类 2 条" in done.err) == (0, True)
    wrong = hotline("topics", "predict", path, "--text", "来信，备注", "--data-dir", site.data)
    assert wrong.code == 2
    assert f"没有列“来信，备注”。文件中的列：{'、'.join(columns)}。几个列名之间用英文逗号分隔" in wrong.err


def test_two_columns_of_one_name_are_refused(hotline: Hotline, site: Storage, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("标题,标题,内容\n暖气,路口,冷\n", encoding="utf-8")
    done = hotline("topics", "predict", tmp_path / "x.csv", "--text", "标题,内容", "--data-dir", site.data)
    assert (done.code, "有 2 列都叫“标题”" in done.err) == (2, True)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("--text 题目", "没有列“题目”。文件中的列：编号、标题、内容"),
        ("--text 标题 --id 号码", "没有列“号码”"),
        ("--text 标题 --out {folder}/x.xlsx", "应以 .csv 或 .parquet 结尾，现为“.xlsx”"),
        ("--text 标题 --out {folder}/信件.parquet", "不能是正在读取的文件本身"),
        ("--text 标题 --out {folder}/none/x.csv", "所在目录不存在"),
        ("--text 标题 --data-dir {folder}/empty", "还没有分类模型"),
        ("", "缺少 --text"),
    ],
)
def test_what_is_refused(hotline: Hotline, site: Storage, table: Path, options: str, says: str) -> None:
    given = options.format(folder=table.parent).split()
    done = hotline("topics", "predict", table, *(given if "--data-dir" in given else [*given, "--data-dir", site.data]))
    assert done.code == 2
    assert says in done.err
    assert "Traceback" not in done.printed
