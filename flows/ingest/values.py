"""Typed values from cleaned strings: ids, answers, counts, topic paths. What is not understood is null here."""

import polars as pl

SATISFACTIONS = {
    **{word: "满意" for word in ("满意", "非常满意", "很满意", "是", "√")},
    **{word: "基本满意" for word in ("基本满意", "较满意", "比较满意", "较为满意")},
    **{word: "一般" for word in ("一般", "一般满意")},
    **{word: "不满意" for word in ("不满意", "较不满意", "比较不满意", "非常不满意", "很不满意", "否", "×")},
    **{word: "未评价" for word in ("未评价", "未作评价", "拒绝评价", "未参评", "未回访")},
    **{word: "无法回访" for word in ("无法回访", "无法接通", "联系不上")},
    **{word: "无人接听" for word in ("无人接听", "未接听")},
    **{
        word: f"{count}星"
        for count, numeral in enumerate("零一二三四五")
        for word in (
            f"{count}星",
            f"{count}分",
            f"{count}颗星",
            f"{numeral}星",
            f"{numeral}颗星",
            f"{numeral}分",
            f"{numeral}星级",
            f"{count}星级",
        )
    },
    **{"★" * count + "☆" * (5 - count): f"{count}星" for count in range(6)},
    **{"★" * count: f"{count}星" for count in range(1, 5)},
}
RESOLUTIONS = {
    **{word: "解决" for word in ("解决", "已解决", "办成", "已办成", "是", "1", "1.0", "Y", "YES", "TRUE", "√")},
    **{word: "基本解决" for word in ("基本解决",)},
    **{word: "部分解决" for word in ("部分解决",)},
    **{
        word: "未解决" for word in ("未解决", "没有解决", "没解决", "未办成", "否", "0", "0.0", "N", "NO", "FALSE", "×")
    },
}
RETENTIONS = {
    **{word: "保留" for word in ("保留", "是")},
    **{word: "剔除" for word in ("剔除", "已剔除", "不保留", "否")},
}
EXCLUSIONS = {
    **{word: "剔除" for word in ("剔除", "已剔除")},
    **{word: "挂账" for word in ("挂账", "已挂账")},
}
NO_EXCLUSION = ("无", "否", "保留", "未剔除", "未挂账", "销账", "已销账")
NO_ANSWER = ("无法回访", "无人接听", "未评价", "未回访")  # as an answer to 是否解决: nobody answered
ANSWERS = {
    **{
        word: True
        for word in (
            "是",
            "1",
            "1.0",
            "Y",
            "YES",
            "T",
            "TRUE",
            "有",
            "√",
            "✓",
            "✔",
            "有效",
            "已联系",
            "已吹哨",
            "保密",
            "纳入",
        )
    },
    **{
        word: False
        for word in (
            "否",
            "0",
            "0.0",
            "N",
            "NO",
            "F",
            "FALSE",
            "无",
            "×",
            "✗",
            "无效",
            "未联系",
            "未吹哨",
            "不保密",
            "不纳入",
        )
    },
}
_REMARK = (r"\s*[(（][^销]*[)）]$", "")  # 剔除（重复诉求); a remark on 销账 changes the meaning and is left to be asked
WORDINGS = {  # column → pattern and what takes its place, before the words are read
    "retention": _REMARK,
    "exclusion_tag": _REMARK,
    "assessment_kind": (r"^(?:.*[只仅].*[评价核]响应.*|[^解满不]*[评价核]响应[^解满]*)$", "只评价响应率"),
    "handling_role": (r"^.*([主协会])办.*$", "${1}办"),
    "order_type": (r"^(咨询|求助|投诉|举报|建议|表扬|感谢|撤单|骚扰|无效)(?:类|类?工单)$", "${1}"),
}
SIMULATED = "模拟数据"
ARROW = "->"
PATH_SHARE = 0.9  # of the paths must hold - or /, so that it counts as this file's separator

_WRAPPED_ID = r"""^(?:="?|['‘’`])\s*(.*?)"?$"""  # ="123" and '123, tricks to keep Excel from calculating
_DIGITS_LOST = r"^[0-9](?:\.[0-9]+)?[eE]\+?[0-9]+$|^#+$"


def parse_ids(texts: pl.Series) -> pl.Series:
    """Ids as written: `123.0` → `123`, Excel's text tricks undone; null where digits are lost (2.02401E+13, ####)."""
    plain = texts.str.replace(_WRAPPED_ID, "${1}").str.replace(r"^([0-9]+)\.0+$", "${1}")
    frame = plain.to_frame("id")
    return frame.select(pl.when(~pl.col("id").str.contains(_DIGITS_LOST) & (pl.col("id") != "")).then("id")).to_series()


def parse_answers(texts: pl.Series) -> pl.Series:
    """是/否 answers as booleans; blank stays null, because blank is not 否."""
    return texts.str.to_uppercase().replace_strict(ANSWERS, default=None, return_dtype=pl.Boolean)


def parse_satisfactions(texts: pl.Series) -> pl.Series:
    """Satisfaction answers in the normal words."""
    return texts.replace_strict(SATISFACTIONS, default=None, return_dtype=pl.String)


def parse_resolutions(texts: pl.Series) -> pl.Series:
    """Resolution answers in the normal words."""
    return texts.str.to_uppercase().replace_strict(RESOLUTIONS, default=None, return_dtype=pl.String)


def parse_retentions(texts: pl.Series) -> pl.Series:
    """保留 or 剔除."""
    return texts.replace_strict(RETENTIONS, default=None, return_dtype=pl.String)


def parse_exclusions(texts: pl.Series) -> pl.Series:
    """剔除 or 挂账."""
    return texts.replace_strict(EXCLUSIONS, default=None, return_dtype=pl.String)


def parse_counts(texts: pl.Series) -> pl.Series:
    """Whole numbers, also `2.0` and `2次`."""
    return texts.str.extract(r"^(-?[0-9]{1,9})(?:\.0+)?次?$").cast(pl.Int64)


def parse_simulated(texts: pl.Series, whole_file: bool) -> pl.Series:
    """True where the row says 模拟数据, or where its title, sheet or file name does; never null."""
    return texts.str.contains(SIMULATED[:2], literal=True).fill_null(False) | whole_file


def path_separator(sample: pl.Series) -> str | None:
    """The separator of paths written without arrows: - or /, None when they are no paths.

    Decided once for a file, from its first rows, because leaf names hold both characters: the one that comes first in
    most paths, if nearly all hold it. Paths with an arrow need no decision and have no say.
    """
    plain = _unified(sample).drop_nulls()
    plain = plain.filter(~plain.str.contains(ARROW, literal=True))
    first = plain.str.extract("([-/])").drop_nulls()
    if first.is_empty():
        return None
    separator = "-" if (first == "-").sum() * 2 >= first.len() else "/"
    share = plain.str.contains(separator, literal=True).mean()
    return separator if isinstance(share, float) and share >= PATH_SHARE else None


def split_paths(paths: pl.Series, separator: str | None) -> pl.DataFrame:
    """Category paths → topic_level1 … 3. An arrow always splits, `separator` (- or /) only paths without an arrow.

    What follows the second separator stays in the third level: leaf names contain - and / too.
    """
    path = pl.col("path")
    levels = path.str.splitn(ARROW, 3)
    if separator:
        levels = pl.when(path.str.contains(ARROW, literal=True)).then(levels).otherwise(path.str.splitn(separator, 3))
    names = ["topic_level1", "topic_level2", "topic_level3"]
    unified = _unified(paths).to_frame("path")
    split = unified.select(levels.struct.rename_fields(names).alias("path")).unnest("path")
    return split.select(pl.col(name).str.strip_chars().replace("", None) for name in names)


def _unified(paths: pl.Series) -> pl.Series:
    """Every arrow as `->`, full-width slashes and long dashes as / and -."""
    arrows = paths.str.replace_all(r"\s*(?:[-—–]*[>＞]+|[→⇒])\s*", ARROW)
    return arrows.str.replace_all("／", "/", literal=True).str.replace_all("[—–]+", "-")
