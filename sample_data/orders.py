"""Orders as an export shows them: Chinese headers, text columns, and nothing that was not yet known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from hotline12345.sample_data import people
from hotline12345.sample_data.grammar import Ints
from hotline12345.sample_data.handling import (
    CHANNELS,
    EXCLUDED,
    INQUIRY,
    KEPT,
    LIMITS,
    NEVER,
    PRAISE,
    REPORT,
    RESOLUTIONS,
    SATISFACTIONS,
    TYPES,
    Bools,
    Handling,
    limit_seconds,
)
from hotline12345.sample_data.plan import Plan
from hotline12345.sample_data.texts import Texts
from hotline12345.sample_data.world import FIRST_DAY, World

COLUMNS = (
    "工单编号", "案件编号", "数据来源", "来源渠道", "工单类型", "一级分类", "二级分类", "三级分类", "标签", "标题",
    "主要内容", "创建时间", "市派单时间", "派单时间", "截止时间", "处理时限", "办结时间", "月次", "年次",
    "被反映街乡镇", "所在村社区", "小区点位", "二级承办单位简称", "归属行业部门", "来电人", "来电人电话/账号",
    "处理结果", "是否有效回访", "是否联系", "是否解决", "是否满意", "是否保留", "剔挂标签", "剔除挂账类型",
    "不计入诉求总量类别", "考核类型", "七有五性", "是否吹哨", "吹哨部门", "吹哨结果", "提级办", "退回次数",
    "首次满意度", "最终满意度", "是否纳入考核", "考核申诉", "是否保密", "数据性质",
)  # fmt: skip
SIMULATED = "模拟数据"

_LABEL_NOISE, _NO_LABEL = 0.03, 0.08
_ROUTES = ("本地录入", "区分转", "直派")
_EXCLUSION_KINDS = ("重复诉求", "不属于职责范围", "超出法规政策范围", "已进入司法程序", "诉求人主动撤诉")
_SUSPENSION_KINDS = ("历史遗留问题", "需长期推进", "需上级统筹")
_OFF_VOLUME_KINDS = ("重复来电", "无效来电", "非本区诉求")
_WHISTLE_RESULTS = ("部门已到场", "协同解决", "未到场")
_TAGS = ("每月一题", "营商环境", "控烟", "接诉即办专项")
_TRADE_OF_ENTERPRISE = {"E01": "B02", "E02": "B09", "E03": "B02", "E04": "B02", "E05": "B11"}


@dataclass(frozen=True)
class Orders:
    """Everything about the orders of a chunk; `as_of` shows what an export of that moment contains."""

    world: World
    plan: Plan
    handling: Handling
    fixed: pl.DataFrame  # columns that never change after dispatch, with 工单编号 first

    def as_of(self, moment: int) -> pl.DataFrame:
        """All columns as known `moment` seconds after FIRST_DAY; orders created later are left out."""
        known = np.flatnonzero(self.handling.created_at <= moment)
        frame = self.fixed.with_columns(self._changing(moment))
        return frame.select(COLUMNS)[known] if len(known) < len(self.plan) else frame.select(COLUMNS)

    def _changing(self, moment: int) -> list[pl.Series]:
        h = self.handling
        closed = h.closed_at <= moment
        answered = closed & (h.callback_at <= moment)
        valid = answered & h.valid
        moved = h.redispatched_at <= moment
        names = [unit["unit_name"] for unit in self.world.units]
        due = np.where(moved, h.due_at, h.dispatched_at + limit_seconds(h.limit))
        satisfaction, first = _pick(SATISFACTIONS, h.satisfaction), _pick(SATISFACTIONS, h.first_satisfaction)
        return [
            _pick(names, np.where(moved, h.unit, h.first_unit)).alias("二级承办单位简称"),
            _pick(("0", "1", "2"), np.where(moved, h.returns, 0)).alias("退回次数"),
            _times(due).alias("截止时间"),
            _shown(_times(np.where(closed, h.closed_at, 0)), closed).alias("办结时间"),
            _shown(self.fixed["_result"], closed).alias("处理结果"),
            _shown(_yes(h.valid), answered).alias("是否有效回访"),
            _shown(_yes(h.contacted), valid).alias("是否联系"),
            _shown(_pick(RESOLUTIONS, h.resolution), valid).alias("是否解决"),
            _shown(satisfaction, valid).alias("是否满意"),
            _shown(first, valid).alias("首次满意度"),
            _shown(satisfaction, valid).alias("最终满意度"),
            *self._decisions(moment, valid),
        ]

    def _decisions(self, moment: int, valid: Bools) -> list[pl.Series]:
        """剔除, 挂账 and appeals decided by then."""
        h = self.handling
        row = np.arange(len(self.plan))
        retention = np.where(h.decided_at <= moment, h.retention, KEPT)
        excluded, touched = retention == EXCLUDED, retention != KEPT
        kinds = _pick(_SUSPENSION_KINDS, row % 3)
        kinds = _pick(_EXCLUSION_KINDS, row % 5).zip_with(pl.Series(excluded), kinds)
        refused = valid & (h.resolution >= RESOLUTIONS.index("部分解决")) & (row % 17 == 0)
        return [
            _pick(("保留", "剔除", "保留"), retention).alias("是否保留"),
            _shown(_pick(("", "剔除", "挂账"), retention), touched).alias("剔挂标签"),
            _shown(kinds, touched).alias("剔除挂账类型"),
            _yes(~(excluded | np.isin(h.kind, (INQUIRY, PRAISE)))).alias("是否纳入考核"),
            _shown(_pick(("申诉未通过", "申诉通过"), excluded.astype(np.int64)), excluded | refused).alias("考核申诉"),
        ]


def clerk_topics(plan: Plan, world: World, rng: np.random.Generator) -> tuple[Ints, Bools]:
    """The topic the clerk chose (about 3 % in a wrong level 1) and whether any was chosen at all."""
    top = np.array([int(topic.code[1:3]) for topic in world.topics])
    other = rng.integers(0, len(top), len(plan))
    wrong = (rng.random(len(plan)) < _LABEL_NOISE) & (top[other] != top[plan.topic])
    return np.where(wrong, other, plan.topic), rng.random(len(plan)) >= _NO_LABEL


def assemble(world: World, plan: Plan, handling: Handling, texts: Texts, rng: np.random.Generator) -> Orders:
    """Join the parts into the columns that do not change after dispatch."""
    numbers = _order_numbers(plan)
    fixed = pl.DataFrame(
        [
            ("SL" + numbers).alias("工单编号"),
            ("AJ" + numbers.gather(plan.root)).alias("案件编号"),
            *_labels(plan, world, rng),
            _tags(plan, world, rng).alias("标签"),
            texts.title.alias("标题"),
            texts.body.alias("主要内容"),
            texts.result.alias("_result"),
            *_dispatch(plan, handling, rng),
            *_places(plan, world),
            *_caller(plan, handling, world, rng),
            *_decisions(plan, handling, world),
            *_periods(plan),
            pl.Series("数据性质", [SIMULATED]).new_from_index(0, len(plan)),
        ]
    )
    return Orders(world, plan, handling, fixed)


def _labels(plan: Plan, world: World, rng: np.random.Generator) -> list[pl.Series]:
    label, labelled = clerk_topics(plan, world, rng)
    paths = [_pick([topic.path[level] for topic in world.topics], label) for level in range(3)]
    seven_five = _pick([topic.seven_five for topic in world.topics], label)
    names = ("一级分类", "二级分类", "三级分类", "七有五性")
    return [_shown(text, labelled).alias(name) for text, name in zip([*paths, seven_five], names, strict=True)]


def _dispatch(plan: Plan, h: Handling, rng: np.random.Generator) -> list[pl.Series]:
    route = rng.choice(3, len(plan), p=(0.08, 0.35, 0.57))
    return [
        _pick(_ROUTES, route).alias("数据来源"),
        _pick(CHANNELS, h.channel).alias("来源渠道"),
        _pick(TYPES, h.kind).alias("工单类型"),
        _times(h.created_at).alias("创建时间"),
        _shown(_times(h.city_at), route != _ROUTES.index("本地录入")).alias("市派单时间"),
        _times(h.dispatched_at).alias("派单时间"),
        _pick(LIMITS, h.limit).alias("处理时限"),
    ]


def _places(plan: Plan, world: World) -> list[pl.Series]:
    town = [world.units[int(t)]["unit_name"] for t in world.place_town]
    return [
        _pick(town, plan.place).alias("被反映街乡镇"),
        _pick([place["community"] for place in world.places], plan.place).alias("所在村社区"),
        _pick([place["place_point"] for place in world.places], plan.place).alias("小区点位"),
        _pick(_trade_names(world), plan.topic).alias("归属行业部门"),
    ]


def _caller(plan: Plan, h: Handling, world: World, rng: np.random.Generator) -> list[pl.Series]:
    """Name and number; half of those who report wrongdoing stay anonymous, some web users leave only an account."""
    anonymous = (h.kind == REPORT) & (rng.random(len(plan)) < 0.5)
    by_account = (h.channel != CHANNELS.index("电话")) & (plan.caller % 5 < 2)
    name = people.names(plan.caller, world.phrases["person"])
    number = people.accounts(plan.caller).zip_with(pl.Series(by_account), people.mobiles(plan.caller))
    hidden = pl.Series(["匿名"]).new_from_index(0, len(plan)).zip_with(pl.Series(anonymous), name)
    return [hidden.alias("来电人"), number.alias("来电人电话/账号")]


def _decisions(plan: Plan, h: Handling, world: World) -> list[pl.Series]:
    return [
        _shown(_pick(_OFF_VOLUME_KINDS, plan.caller % 3), h.off_volume).alias("不计入诉求总量类别"),
        _pick(("正常考核", "只评价响应率"), h.response_only.astype(np.int64)).alias("考核类型"),
        _yes(h.whistled).alias("是否吹哨"),
        _shown(_pick(_trade_names(world), plan.topic), h.whistled).alias("吹哨部门"),
        _shown(_pick(_WHISTLE_RESULTS, plan.caller % 7 // 3), h.whistled).alias("吹哨结果"),
        _yes(h.escalated).alias("提级办"),
        _yes(h.confidential).alias("是否保密"),
    ]


def _trade_names(world: World) -> list[str]:
    """The bureau in charge of each topic's trade; enterprises answer to one."""
    name = {unit["unit_id"]: unit["unit_name"] for unit in world.units}
    units = [world.units[topic.unit]["unit_id"] for topic in world.topics]
    return [name[_TRADE_OF_ENTERPRISE.get(unit, unit)] for unit in units]


def _tags(plan: Plan, world: World, rng: np.random.Generator) -> pl.Series:
    u = rng.random(len(plan))
    common = np.array([problem.grain == "共性问题" for problem in world.problems] + [False])[plan.problem]
    smoking = np.array([topic.code == "T040302" for topic in world.topics])[plan.topic]
    tag = np.select([common & (u < 0.2), smoking & (u < 0.5), u > 0.985, u > 0.97], [0, 2, 3, 1], 0)
    return _shown(_pick(_TAGS, tag), (tag > 0) | (common & (u < 0.2)) | (u < 0.01))


def _order_numbers(plan: Plan) -> pl.Series:
    date = (np.datetime64(FIRST_DAY) + plan.day).astype("datetime64[D]")
    text = pl.Series(date).dt.to_string("%Y%m%d")
    return text + pl.Series(plan.sequence).cast(pl.String).str.zfill(6)


def _periods(plan: Plan) -> list[pl.Series]:
    """月次 and 年次 of the assessment period, which starts on the 19th and is named after the month it ends in."""
    date = pl.Series((np.datetime64(FIRST_DAY) + plan.day).astype("datetime64[D]"))
    month = date.dt.month_start().dt.offset_by("1mo").zip_with(date.dt.day() >= 19, date.dt.month_start())
    return [month.dt.to_string("%Y年%m月").alias("月次"), month.dt.to_string("%Y年").alias("年次")]


def _times(seconds: Ints) -> pl.Series:
    start = np.datetime64(FIRST_DAY, "s").astype(np.int64)
    wall = pl.Series((np.minimum(seconds, NEVER) + start) * 1_000).cast(pl.Datetime("ms"))
    return wall.dt.to_string("%Y-%m-%d %H:%M:%S")


def _pick(names: Sequence[str], index: Ints) -> pl.Series:
    return pl.Series(names, dtype=pl.String).gather(index)


def _yes(flag: Bools) -> pl.Series:
    return _pick(("否", "是"), flag.astype(np.int64))


def _shown(text: pl.Series, shown: Bools) -> pl.Series:
    return text.zip_with(pl.Series(shown), pl.Series([None], dtype=pl.String))
