"""What a typed order must satisfy, and what a clerk is told when a row does not."""

import dataframely as dy
import polars as pl

from hotline12345.flows.ingest.times import FORMS
from hotline12345.sql.dictionary import label


class Order(dy.Schema):
    """Typed work order; grain row_number. Free texts and every other text are masked when the frame leaves ingest."""

    row_number = dy.Int64(nullable=False)
    order_id = dy.String(nullable=False)
    case_id = dy.String(nullable=True)
    source_route = dy.String(nullable=True)
    channel = dy.String(nullable=True)
    sub_center = dy.String(nullable=True)
    order_type = dy.String(nullable=True)
    topic_level1 = dy.String(nullable=True)
    topic_level2 = dy.String(nullable=True)
    topic_level3 = dy.String(nullable=True)
    tags = dy.String(nullable=True)
    title = dy.String(nullable=True)
    body = dy.String(nullable=True)
    result_text = dy.String(nullable=True)
    created_at = dy.Datetime(nullable=False, time_unit="us")
    dispatched_city_at = dy.Datetime(nullable=True, time_unit="us")
    dispatched_at = dy.Datetime(nullable=True, time_unit="us")
    due_at = dy.Datetime(nullable=True, time_unit="us")
    limit_text = dy.String(nullable=True)
    closed_at = dy.Datetime(nullable=True, time_unit="us")
    place_town = dy.String(nullable=True)
    community = dy.String(nullable=True)
    place_point = dy.String(nullable=True)
    unit_name = dy.String(nullable=True)
    handling_role = dy.String(nullable=True)
    co_units = dy.String(nullable=True)
    trade_bureau = dy.String(nullable=True)
    caller_key = dy.String(nullable=True)
    is_valid_callback = dy.Bool(nullable=True)
    is_contacted = dy.Bool(nullable=True)
    resolution = dy.String(nullable=True)
    satisfaction = dy.String(nullable=True)
    is_valid_callback_district = dy.Bool(nullable=True)
    is_contacted_district = dy.Bool(nullable=True)
    resolution_district = dy.String(nullable=True)
    satisfaction_district = dy.String(nullable=True)
    is_valid_callback_city = dy.Bool(nullable=True)
    is_contacted_city = dy.Bool(nullable=True)
    resolution_city = dy.String(nullable=True)
    satisfaction_city = dy.String(nullable=True)
    is_contacted_unit = dy.Bool(nullable=True)
    resolution_unit = dy.String(nullable=True)
    satisfaction_unit = dy.String(nullable=True)
    retention = dy.String(nullable=True)
    exclusion_tag = dy.String(nullable=True)
    exclusion_kind = dy.String(nullable=True)
    volume_exclusion = dy.String(nullable=True)
    assessment_kind = dy.String(nullable=True)
    seven_five = dy.String(nullable=True)
    is_whistled = dy.Bool(nullable=True)
    whistle_units = dy.String(nullable=True)
    whistle_result = dy.String(nullable=True)
    escalation = dy.String(nullable=True)
    return_count = dy.Int64(nullable=True, min=0)
    resolution_first = dy.String(nullable=True)
    resolution_final = dy.String(nullable=True)
    satisfaction_first = dy.String(nullable=True)
    satisfaction_final = dy.String(nullable=True)
    is_assessed = dy.Bool(nullable=True)
    appeal = dy.String(nullable=True)
    is_confidential = dy.Bool(nullable=True)
    is_simulated = dy.Bool(nullable=False)
    is_derived_id = dy.Bool(nullable=False)

    @dy.rule()
    def closed_at_not_before_created_at(cls) -> pl.Expr:  # noqa: N805
        """A closing date without a time is midnight, so on the day of creation it is not earlier."""
        day_only = pl.col("closed_at").dt.time() == pl.time(0)
        same_day = pl.col("closed_at").dt.date() == pl.col("created_at").dt.date()
        return (pl.col("closed_at") >= pl.col("created_at")) | (day_only & same_day)

    @dy.rule()
    def created_at_plausible(cls) -> pl.Expr:  # noqa: N805
        """12345 lines exist since 1983; a year far off is a mistyped or misread date."""
        return pl.col("created_at").dt.year().is_between(1983, 2100)


ORDER_COLUMNS: dict[str, pl.DataType] = {name: column.dtype for name, column in Order.columns().items()}

# dataframely's rule names → the rules of the quarantine
SCHEMA_RULES = {
    "order_id|nullability": ("order_id", "missing"),
    "created_at|nullability": ("created_at", "missing"),
    "return_count|min": ("return_count", "negative"),
    "closed_at_not_before_created_at": ("closed_at", "before_creation"),
    "created_at_plausible": ("created_at", "implausible_year"),
}

_ANSWERS = "“是”“否”，或 1/0、Y/N、有/无"
_SATISFACTION = (
    "满意、基本满意、一般、不满意、未评价、无法回访、无人接听"
    "（是/否、非常满意、较满意、较不满意、非常不满意会自动换算），或 5星 至 0星（五星、5分、★★★★★ 会自动换算）"
)
_RESOLUTION = "解决、基本解决、部分解决、未解决（是/否、办成/未办成会自动换算）"

# rule → (reason, fix), both with {column} for the Chinese label
_TEXTS = {
    "missing": ("{column}为空", "请补填{column}后重新导入"),
    "digits_lost": (
        "{column}的尾数已丢失（被 Excel 存成了数字或科学计数）",
        "请从原系统重新导出，并把{column}一列设为“文本”格式；在 Excel 里改格式找不回丢失的数字",
    ),
    "masked_id": (
        "{column}像个人号码，隔离时已脱敏，这一格没有填回",
        "请按原系统把完整的{column}填入这一格；照脱敏的样子导入，不同的工单会混成一件",
    ),
    "unknown_time": ("无法识别该时间", f"请改成以下写法之一：{FORMS}"),
    "not_a_count": ("不是整数", "请填写整数，例如 0、1、2"),
    "negative": ("次数小于 0", "请填写 0 或正整数"),
    "unknown_answer": ("不是允许的取值", f"请改为{_ANSWERS}；没有结果请留空"),
    "unknown_satisfaction": ("不是允许的取值", f"请改为：{_SATISFACTION}；没有结果请留空"),
    "unknown_resolution": ("不是允许的取值", f"请改为：{_RESOLUTION}；没有结果请留空"),
    "unknown_retention": ("不是允许的取值", "请改为：保留、剔除（是/否会自动换算）；没有结果请留空"),
    "unknown_exclusion": ("不是允许的取值", "请改为：剔除、挂账；已销账或没有剔挂请留空"),
    "in_future": ("创建时间在未来", "请核对创建时间的年份和月份，改正后重新导入"),
    "before_creation": ("办结时间早于创建时间", "请核对这两个时间，改正后重新导入"),
    "implausible_year": ("年份不合理", "请核对创建时间的年份，改正后重新导入"),
    "extra_cells": (
        "这一行的格数多于表头，后面的内容可能错位",
        "请检查正文中是否有未加引号的分隔符或多余的引号，改正后重新导入；或导出为 .xlsx",
    ),
    "unclosed_quote": (
        "这一行有一个没有配对的引号",
        "请删去多余的引号或补上缺少的引号后重新导入；或导出为 .xlsx",
    ),
    "undecodable": ("这一行含有无法解码的文字", "请从原系统重新导出，或在原文件中改正该行的乱码"),
    "missing_token": (
        "改正文件中的这一行没有行令牌",
        "改正文件只放隔离过的行；新的工单请放进普通的导出表再导入",
    ),
    "unknown_token": (
        "没有这个行令牌对应的隔离行",
        "请不要改动行令牌；请重新导出隔离的行，在新的表里改正",
    ),
}


def explain(rule: str, column: str) -> tuple[str, str]:
    """Reason and fix of a quarantine rule in Chinese, for one column ("" when the row as a whole is meant)."""
    reason, fix = _TEXTS[rule]
    name = f"“{label(column)}”" if column else ""
    return reason.format(column=name), fix.format(column=name)
