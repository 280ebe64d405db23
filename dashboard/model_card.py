"""The model card 模型说明书: a manifest in Chinese sections; the same for the page, the command and a file. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.sql.dictionary import columns, label

Manifest = Mapping[str, Any]
Names = Mapping[str, str]
SCORES = ("topic_name", "train_count", "support", "precision", "recall", "f1")
CONFUSIONS = ("true_topic_name", "said_topic_name", "confused_count")
CHANGES = ("topic_name", "support", "champion_f1", "challenger_f1", "f1_difference", "is_worse")
LEFT_OUT = 10  # classes named
CONFUSED = 10  # pairs of classes listed
PER_CLASS = (
    "在留出的工单上，按一级分类。精确率：判为这一类的有多少判对；召回率：应属这一类的有多少判出来；F1：两者的调和平均。",
)
LIMITS = (
    "只从已有的人工分类学习。人工分类有误或各单位口径不一的，模型会照学；可疑的标注见“分类复核”页。",
    "指标来自留出的工单，与训练的工单同一来源、同一时期；换了地区、时期或受理渠道，效果须重新评估。",
    "评估只按文本相同与否分开，文字相近的工单可能两边都有，实际效果可能略低于所列数字。",
    "样本不足的类别不学习，归入上一级；目录新增的类别须有人工分类后重新训练才会判出。",
    "“把握”是模型自己的估计，按留出工单校准；来自新事物、新说法的工单，把握可能偏高。",
    "分类供统计和分办参考，不用于评价个人；以人工复核和导入文件自带的分类为先。",
)


@dataclass(frozen=True)
class Section:
    """One section of the card: lines, then a table of columns that the data dictionary knows."""

    title: str
    lines: tuple[str, ...]
    table: pl.DataFrame | None = None


def card(manifest: Manifest, names: Names) -> tuple[Section, ...]:
    """The sections of a model's card; `names` gives today's name of a topic code or of a taxonomy's id."""
    sections = (
        Section("训练数据", tuple(_data(manifest, names))),
        Section("总体指标", tuple(_figures(manifest))),
        Section("各类指标", PER_CLASS, _per_class(manifest, names)),
        Section("最容易混淆的分类", _confusion_lines(manifest), _confusions(manifest, names)),
        Section("把握与校准", tuple(_calibration(manifest))),
        Section("与上一模型的比较", verdict(manifest, names), changes(manifest, names)),
        Section("局限", LIMITS),
        Section("隐私", tuple(_privacy(manifest))),
        Section("怎样训练", tuple(_making(manifest))),
    )
    return tuple(section for section in sections if section.lines)


def heading(manifest: Manifest) -> str:
    """`模型 1a2b3c4d（2026-03-05 14:20 训练）`."""
    return f"模型 {manifest['model_id']}（{moment(manifest)} 训练）"


def moment(manifest: Manifest) -> str:
    """When the model was trained, to the minute."""
    return str(manifest["trained_at"])[:16].replace("T", " ")


def summary(manifest: Manifest) -> str:
    """The figures in one sentence."""
    metrics = manifest["metrics"]
    return (
        f"宏平均 F1 {labels.rate(metrics['macro_f1'])}{_interval(metrics.get('macro_f1_interval'))}，"
        f"准确率 {labels.rate(metrics['accuracy'])}；"
        f"训练 {labels.count(metrics['train_records'], '条')}，留出评估 {labels.count(metrics['test_records'], '条')}"
    )


def verdict(manifest: Manifest, names: Names) -> tuple[str, ...]:
    """What came out of the comparison with the champion, and why a challenger was not taken; empty without one."""
    compared = manifest["compared"]
    if not compared:
        return ("没有可以比较的上一模型，训练后直接启用。",)
    low, high = compared["interval"]
    figures = (
        f"在同样的 {labels.count(compared['records'], '条')}留出工单上，宏平均 F1 由 {labels.rate(compared['champion_macro_f1'])}"
        f"（模型 {compared['champion_id']}）变为 {labels.rate(compared['challenger_macro_f1'])}，"
        f"相差 {_points(compared['difference'])}，95% 区间 {_points(low)} 至 {_points(high)}。"
    )
    if compared["is_not_worse"]:
        return (figures, "不比上一模型差，予以启用。")
    reasons = [f"总体变差：相差的 95% 区间全部低于 0（{_points(low)} 至 {_points(high)}）。"] if high < 0 else []
    worse = sorted((row for row in compared["classes"] if row["is_worse"]), key=lambda row: row["difference"])
    reasons += [
        f"“{names.get(row['code'], row['code'])}”明显变差：F1 由 {labels.rate(row['champion_f1'])} 变为 {labels.rate(row['challenger_f1'])}"
        f"（{row['support']} 条，相差 {_points(row['difference'])}）。"
        for row in worse
    ]
    return (figures, "比上一模型差，没有启用：", *reasons)


def markdown(manifest: Manifest, names: Names) -> str:
    """The whole card as Markdown."""
    parts = [f"# 诉求分类模型说明书\n\n{heading(manifest)}。{summary(manifest)}。"]
    for section in card(manifest, names):
        parts.append(f"## {section.title}\n\n" + "\n".join(f"- {line}" for line in section.lines))
        if section.table is not None and section.table.height:
            parts.append(_markdown_table(section.table))
    return "\n\n".join(parts) + "\n"


def _markdown_table(table: pl.DataFrame) -> str:
    lines = ["| " + " | ".join(map(label, table.columns)) + " |", "|" + "---|" * table.width]
    for row in table.iter_rows(named=True):
        cells = (labels.shown(name, value).replace("|", "｜") for name, value in row.items())
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _data(manifest: Manifest, names: Names) -> Iterator[str]:
    first, last = (manifest["period"] or [None, None])[:2]
    if first and last:
        yield f"工单创建时间：{_day(first)}至{_day(last)}。"
    taxonomy = str(manifest["taxonomy_id"])
    yield f"分类目录：{names.get(taxonomy, taxonomy) or labels.MISSING}；一级分类 {len(manifest['class_mix'])} 类。"
    metrics = manifest["metrics"]
    yield (
        f"训练 {labels.count(metrics['train_records'], '条')}已脱敏的不同文本，以导入文件自带的人工分类为准，"
        f"其中按人工复核 {labels.count(manifest['corrections'], '条')}。"
    )
    yield (
        f"留出 {labels.count(manifest['hold_out']['records'], '条')}只用于评估：是否留出由文本本身决定，"
        "同一文本总在同一边；留出的只认导入文件自带的分类，复核结果不进入。"
    )
    if left_out := sorted(manifest["left_out"].items(), key=lambda pair: (-pair[1], pair[0])):
        told = "、".join(f"{names.get(code, code)}（{n} 条）" for code, n in left_out[:LEFT_OUT])
        more = f"等 {len(left_out)} 类" if len(left_out) > LEFT_OUT else ""
        yield f"样本不足、没有单独学习的类别：{told}{more}。"


def _figures(manifest: Manifest) -> Iterator[str]:
    metrics = manifest["metrics"]
    yield f"宏平均 F1（各类 F1 的平均，不论大小）：{labels.rate(metrics['macro_f1'])}{_interval(metrics.get('macro_f1_interval'))}。"
    yield f"一级分类准确率：{labels.rate(metrics['accuracy'])}，共 {labels.count(metrics['test_records'], '条')}。"
    for level, word in ((2, "二级"), (3, "三级")):
        if (share := metrics.get(f"level{level}_accuracy")) is not None:
            yield f"{word}分类准确率：{labels.rate(share)}，在留出工单中人工分到{word}的那些上。"


def _per_class(manifest: Manifest, names: Names) -> pl.DataFrame:
    mix, total = manifest["class_mix"], manifest["metrics"]["train_records"]
    rows = [
        {
            "topic_name": names.get(code, code),
            "train_count": round(mix.get(code, 0) * total),
            **{name: score[name] for name in SCORES[2:]},
        }
        for code, score in manifest["metrics"]["per_class"].items()
    ]
    return pl.DataFrame(rows, schema=_schema(SCORES)).sort("support", "topic_name", descending=[True, False])


def _confusion_lines(manifest: Manifest) -> tuple[str, ...]:
    is_any = bool(manifest["metrics"]["confusions"])
    most = f"左为人工分类，右为模型所判；条数最多的 {CONFUSED} 种。"
    return (most if is_any else "留出工单中没有判错的。",)


def _confusions(manifest: Manifest, names: Names) -> pl.DataFrame:
    most = manifest["metrics"]["confusions"][:CONFUSED]
    rows = [(names.get(truth, truth), names.get(said, said), n) for truth, said, n in most]
    return pl.DataFrame(rows, schema=_schema(CONFUSIONS), orient="row")


def changes(manifest: Manifest, names: Names) -> pl.DataFrame | None:
    """Each class under the champion and the challenger; None without a comparison. Grain topic."""
    if not manifest["compared"]:
        return None
    rows = [
        {
            **{name: row.get(name) for name in CHANGES},
            "topic_name": names.get(row["code"], row["code"]),
            "f1_difference": _points(row["difference"]),
        }
        for row in manifest["compared"]["classes"]
    ]
    return pl.DataFrame(rows, schema=_schema(CHANGES))


def _calibration(manifest: Manifest) -> Iterator[str]:
    metrics, thresholds = manifest["metrics"], manifest["thresholds"]
    yield (
        f"期望校准误差 {labels.rate(metrics['ece'])}{_interval(metrics.get('ece_interval'))}："
        "模型说的把握与实际判对的比例平均相差这么多。"
    )
    if metrics["sure_probability"] is None:
        yield "没有一个把握值能保证 95% 判对。"
    else:
        yield (
            f"把握不低于 {labels.rate(metrics['sure_probability'])} 的工单占留出工单的 {labels.rate(metrics['sure_share'])}，"
            "其中至少 95% 判对。"
        )
    yield (
        f"一级把握低于 {labels.rate(thresholds['level1'])} 的不采用，列为未归类并进入复核；"
        f"二、三级把握低于 {labels.rate(thresholds['lower'])} 的只用到上一级。"
    )


def _privacy(manifest: Manifest) -> Iterator[str]:
    privacy = manifest["privacy"]
    yield "训练用的文本在导入时已脱敏；模型文件只有词表和系数，没有任何一件工单的原文。"
    yield (
        f"词表共 {labels.count(privacy['terms'], '个')}：每个词至少由 {privacy['min_callers']} 个不同的诉求人用过"
        f"（不知道诉求人的，至少出现在 {privacy['min_records']} 条不同工单中）；人名和数字不进入词表。"
    )
    yield "模型文件带校验值，改动一个字节即拒绝使用；不读取可执行的序列化格式。"


def _making(manifest: Manifest) -> Iterator[str]:
    yield "方法：TF-IDF 特征（词典中的词，标题另计）和逻辑回归，把握经校准；三级逐层判断，同样的数据得到同样的模型。"
    yield f"数据指纹 {manifest['data_hash'][:16]}，模型文件指纹 {manifest['artefact_sha256'][:16]}。"
    yield "版本：" + "，".join(f"{name} {number}" for name, number in manifest["versions"].items()) + "。"


def _schema(names: Sequence[str]) -> dict[str, pl.DataType]:
    types = {"text": pl.String(), "integer": pl.Int64(), "boolean": pl.Boolean(), "rate": pl.Float64()}
    return {name: types[columns()[name].type] for name in names}


def _points(value: float) -> str:
    return labels.points(value, 0.0)


def _interval(ends: Sequence[float] | None) -> str:
    return f"（95% 区间 {labels.rate(ends[0])} 至 {labels.rate(ends[1])}）" if ends else ""


def _day(text: str) -> str:
    return labels.day(date.fromisoformat(text[:10]))
