"""Reading a rule file against its layout: what is wrong is told with file, key, allowed values and a guess."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from typing import Any, NoReturn

from hotline12345.sql.rule_layout import (
    ANSWERS,
    DEDUCTION,
    INDICATORS,
    KEYS,
    READ_AS,
    REQUIRED,
    SECTIONS,
    TABLES,
    Choice,
    Key,
    Number,
)

# The beginnings of Python's own messages; anything else is told as a line that cannot be understood.
_SYNTAX = {
    "Expected '='": "键的后面应为“=”和取值",
    "Invalid statement": "这一行不是“键 = 取值”，也不是 [节名]",
    "Expected newline": "取值后面还有多余的文字",
    "Expected ']'": "节名缺少右方括号“]”",
    "Cannot declare": "同一个节写了两次",
    "Cannot overwrite": "同一个键写了两次",
    "Duplicate": "同一个键写了两次",
    "Unclosed array": "列表缺少右方括号“]”",
    "Unterminated string": "文字缺少右引号",
    "Illegal character": "文字缺少右引号，或含有不允许的字符",
    "Unescaped": "文字里的反斜杠要写成“\\\\”",
    "Invalid initial character": "键名含有中文或标点时须加英文双引号",
    "Invalid value": "取值的写法不对：文字要加英文双引号，true/false 用小写",
    "Invalid date": "没有这一天",
}
_WIDE = "“”‘’＝［］【】，＃：＂"


class RuleError(Exception):
    """A rule file is wrong; the Chinese message names file, key, allowed values."""


def rule_values(name: str, content: bytes) -> dict[str, Any]:
    """A rule file's values by key path with defaults filled in, `answers` and `deductions` as tables.

    RuleError names the file, the key, what is allowed and what was probably meant.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RuleError(f"规则文件 {name} 不是 UTF-8 编码。请在编辑器中另存为 UTF-8 后重试。") from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"规则文件 {name} {_syntax(text, str(error))}") from None
    return _Checker(f"规则文件 {name}").values(data)


def _syntax(text: str, message: str) -> str:
    lines = text.splitlines() or [""]
    place = re.search(r"at line (\d+)", message)
    number = int(place.group(1)) if place else len(lines)
    line = lines[number - 1].strip() if number <= len(lines) else ""
    told = next((zh for start, zh in _SYNTAX.items() if message.startswith(start)), "看不懂这一行")
    wide = "；这一行有全角标点，请改为半角（英文）标点" if any(mark in line.split("#")[0] for mark in _WIDE) else ""
    return f"第 {number} 行不是有效的 TOML：{told}{wide}。这一行是：{line or '（空行或文件末尾）'}"


class _Checker:
    """Checks the parts of one file; every message begins with the file's name."""

    def __init__(self, where: str) -> None:
        self.where = where

    def values(self, data: Mapping[str, Any]) -> dict[str, Any]:
        top = {key.name for key in KEYS if not key.section}
        self.known(data, top | set(SECTIONS), "")
        values = {"": {name: value for name, value in data.items() if name in top}}
        values |= {section: self.table(data.get(section, {}), section) for section in SECTIONS}
        for section, given in values.items():
            keys = [key for key in KEYS if key.section == section]
            if section not in TABLES:
                self.known(given, {key.name for key in keys}, section)
        found = self.scalars(values)
        found["answers"] = self.answers(values["answers"])
        found["deductions"] = self.deductions(values["deductions"])
        for contradiction in _contradictions(found):
            self.fail(contradiction)
        return found

    def scalars(self, values: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        is_deduction = values["score"].get("method") == "deduction"
        found = {}
        for key in KEYS:
            if key.name in values[key.section]:
                found[key.path] = self.accepted(key, values[key.section][key.name])
            elif key.section == "weights" and is_deduction:
                found[key.path] = False if key.name == "renormalise" else 0
            elif key.default is REQUIRED:
                in_section = f"的 [{key.section}] " if key.section else ""
                self.fail(f"{in_section}缺少“{key.name}”（{key.meaning}）。取值应为：{key.kind.allowed}")
            else:
                found[key.path] = key.default
        return found

    def accepted(self, key: Key, value: Any) -> Any:
        if not key.kind.accepts(value):
            if isinstance(key.kind, Choice):
                guess = _guess(value, key.kind.names, {name: word for word, name in key.kind.names.items()})
                self.fail(f"的“{key.path}”：不认识的取值“{value}”。{guess}可用的取值：{key.kind.allowed}")
            self.fail(f"的“{key.path}”（{key.meaning}）：取值应为：{key.kind.allowed}；现在是 {_written(value)}")
        return value

    def answers(self, tables: Mapping[str, Any]) -> dict[str, dict[str, float]]:
        self.known(tables, set(ANSWERS), "answers")
        found = {}
        for indicator, words in ANSWERS.items():
            section = f"answers.{indicator}"
            found[indicator] = self.table(tables.get(indicator, {}), section)
            for answer, value in found[indicator].items():
                if answer not in words:
                    guess = _guess(answer, words, READ_AS)
                    self.fail(f"的 [{section}]：不认识的答案“{answer}”。{guess}可用的答案：{'、'.join(words)}")
                self.number(value, Number(1), f"{section}.{answer}")
            if not any(found[indicator].values()):
                self.fail(f'的 [{section}]：至少要有一个答案大于 0，如 "{words[0]}" = 1.0')
        return found

    def deductions(self, tables: Mapping[str, Any]) -> dict[str, dict[str, float]]:
        self.known(tables, set(INDICATORS), "deductions")
        for indicator, table in tables.items():
            section = f"deductions.{indicator}"
            self.known(self.table(table, section), set(DEDUCTION), section)
            for name, (kind, meaning) in DEDUCTION.items():
                if name not in table:
                    self.fail(f"的 [{section}] 缺少“{name}”（{meaning}）。取值应为：{kind.allowed}")
                self.number(table[name], kind, f"{section}.{name}")
        return dict(tables)

    def number(self, value: Any, kind: Number, path: str) -> None:
        if not kind.accepts(value):
            self.fail(f"的“{path}”：取值应为：{kind.allowed}；现在是 {_written(value)}")

    def table(self, value: Any, section: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            self.fail(f"的“{section}”应为一节：先写一行 [{section}]，下面每行一个“键 = 取值”")
        return value

    def known(self, given: Mapping[str, Any], allowed: Iterable[str], section: str) -> None:
        names = sorted(allowed)
        for key in sorted(given.keys() - set(names)):
            in_section = f"的 [{section}]" if section else ""
            self.fail(f"{in_section}：不认识的键“{key}”。{_guess(key, names)}可用的键：{'、'.join(names)}")

    def fail(self, message: str) -> NoReturn:
        gap = "" if message[0] in "：" else " "
        raise RuleError(f"{self.where}{gap}{message}。")


def _contradictions(found: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with keys taken together: they contradict each other, or one would have no effect."""
    weights = sum(round(found[f"weights.{indicator}"] * 1000) for indicator in INDICATORS)
    both = sorted(set(found["scope.excluded_order_types"]) & set(found["scope.assessed_order_types"]))
    is_deduction = found["score.method"] == "deduction"
    if not is_deduction and weights != 1000:
        yield f"的 [weights]：四项权重合计应为 1，现在是 {weights / 1000:g}；三分之一请写 0.334、0.333、0.333"
    if is_deduction and weights:
        yield '的 [weights]：扣分制（score.method = "deduction"）不用权重，只按 [deductions] 扣分；请删去 [weights]'
    if is_deduction and not found["deductions"]:
        yield '：扣分制（score.method = "deduction"）至少要有一节 [deductions.指标]，写明 target 和 points'
    if found["deductions"] and not is_deduction:
        yield '：[deductions] 只用于扣分制；请删去，或写 score.method = "deduction"'
    if found["valid_to"] and found["valid_to"] <= found["valid_from"]:
        yield "：“valid_to”应晚于“valid_from”；它是不再适用的第一天"
    if found["period.length"] == "year" and (found["period.start_day"], found["period.start_hour"]) != (1, 0):
        yield '的 [period]：按自然年（length = "year"）时，start_day 应为 1，start_hour 应为 0'
    if found["callback.source"] != "callback" and found["callback.round"] != "latest":
        yield '的 [callback]：首次、最终（round）只有导出表的回访结果（source = "callback"）才有；请改其中一项'
    if both:
        yield f"的 [scope]：“{'、'.join(both)}”同时写在 excluded_order_types 和 assessed_order_types；请删去一处"
    if found["flags.excluded"] == "in" and found["flags.excluded_kinds"]:
        yield '的 [flags]：excluded = "in"（剔除也计入）时，excluded_kinds 不起作用；请删去 excluded_kinds'


def _guess(value: Any, words: Iterable[str], said_as: Mapping[str, str] | None = None) -> str:
    """`您是不是要写“…”？`, or nothing when no allowed word is near."""
    text = str(value).strip()
    near = difflib.get_close_matches(text.lower(), list(words), n=1, cutoff=0.5)
    word = (said_as or {}).get(text) or (near[0] if near else None)
    return f"您是不是要写“{word}”？" if word else ""


def _written(value: Any) -> str:
    """A value as the file has it."""
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, date | time):  # a datetime is a date
        return str(value)
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else repr(value).replace("'", '"')
