"""Clean the text of cells: entities, tags, invisible and full-width characters, line breaks, words for "missing"."""

import html

import polars as pl

MISSING = (
    "",
    *("-", "--", "---", "—", "——", "———", "–", "/", "／", "\\", "."),
    *(
        "null",
        "NULL",
        "Null",
        "None",
        "none",
        "nan",
        "NaN",
        "NaT",
        "N/A",
        "n/a",
        "#N/A",
        "#NULL!",
        "#REF!",
        "#VALUE!",
        "#NAME?",
    ),
    *("不详", "不明", "未知", "未填", "未填写", "未提供", "空", "空值", "空白", "暂无", "无数据"),
    *("(空)", "（空）", "(空白)", "（空白）", "(null)", "（null）", "(不详)", "（不详）"),
)

WIDE = {
    chr(code): chr(code - 0xFEE0) for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
WIDE |= {"＋": "+", "－": "-", "＠": "@", "．": ".", "＿": "_"}
_TAGS = r"(?i)</?(?:br|p|div|span|font|b|strong|em|i|u|a|img|table|tbody|tr|td|th|ul|ol|li|h[1-6])(?:\s[^<>]*)?/?>"
_INVISIBLE = r"[\x{00ad}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{206f}\x{feff}]"
_SPACE = r"[\s\x00-\x1f\x7f\x{00a0}\x{3000}]+"  # also tabs, line breaks and control characters
_UNCLEAN = rf"&[#A-Za-z]|<|{_INVISIBLE}|[０-９Ａ-Ｚａ-ｚ＋－＠．＿]|^\s|\s$|\s\s|[\x00-\x1f\x7f\x{{00a0}}\x{{3000}}]"


def clean_text(texts: pl.Series) -> pl.Series:
    """A string column without dirt; missing tokens become null. Chinese punctuation stays as it is."""
    places = texts.str.contains(_UNCLEAN).fill_null(False).arg_true()
    if not places.is_empty():
        texts = texts.clone().scatter(places, _cleaned(texts.gather(places)))
    return texts.to_frame("text").select(pl.when(~pl.col("text").is_in(MISSING)).then(pl.col("text"))).to_series()


def _cleaned(texts: pl.Series) -> pl.Series:
    return (
        _unescaped(texts)
        .str.replace_all(_TAGS, " ")
        .str.replace_all(_INVISIBLE, "")
        .str.replace_many(WIDE)
        .str.replace_all(_SPACE, " ")
        .str.strip_chars()
    )


def _unescaped(texts: pl.Series) -> pl.Series:
    places = texts.str.contains("&[#A-Za-z]").arg_true()
    if places.is_empty():
        return texts
    plain = [html.unescape(html.unescape(text)) for text in texts.gather(places)]  # exports of exports escape twice
    return texts.scatter(places, pl.Series(plain, dtype=pl.String))
