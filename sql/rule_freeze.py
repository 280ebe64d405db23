"""A rule that was used in a publication never changes: what its file says now is held against what was published."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from hotline12345.sql.reference import reference_files
from hotline12345.sql.rule_checks import RuleError, rule_values
from hotline12345.sql.rules import Rule, rule_of
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection


@dataclass(frozen=True)
class UsedRule:
    """What a rule file said when it was first published with, and when that was (Asia/Shanghai)."""

    values: Mapping[str, Any]
    first_used_at: datetime

    @property
    def rule(self) -> Rule:
        """The rule that the file said."""
        return rule_of(self.values)


def used_rules(connection: Connection) -> dict[str, UsedRule]:
    """The rules that published figures stand on, by id, from the config texts kept at each publication.

    A text that the layout of today refuses is left out: nothing can be held against it.
    """
    rows = connection.execute(
        """
        select versions.content, min(publications.published_at)
        from landed.reference_versions as versions
        inner join landed.publications as publications using (reference_hash)
        group by versions.content order by min(publications.published_at)
        """
    ).fetchall()
    used: dict[str, UsedRule] = {}
    texts: set[str] = set()
    for content, published_at in rows:
        for name, text in json.loads(content).items():
            if name.startswith("rules/") and text not in texts:
                texts.add(text)
                try:
                    values = rule_values(name, text.encode("latin-1"))
                except RuleError:
                    continue
                used.setdefault(values["id"], UsedRule(values, published_at))
    return used


def refuse_changed_rules(connection: Connection, storage: Storage) -> None:
    """RuleError when a rule in force says something else than when it was used. Comments and order are free.

    So is `valid_to`: that a rule ends is known later, and is a fact about its periods and not about its figures.
    """
    used = used_rules(connection)
    for path in (path for name, path in reference_files(storage).items() if name.startswith("rules/")):
        rule_id = rule_values(path.name, path.read_bytes())["id"]
        before = used.get(rule_id)
        if before and (changes := changes_since(before, path)):
            raise RuleError(
                f"规则文件 {path.name}：规则“{rule_id}”已在 {before.first_used_at:%Y-%m-%d %H:%M} 发布的数据中使用，"
                f"不能再改（注释和 valid_to 除外）。改动的键：{'、'.join(changes)}。"
                "请恢复原来的内容；要用新的办法，请另存为新文件，写新的 id，并用 valid_from、valid_to 划清新旧规则的适用期。"
            )


def changes_since(used: UsedRule, path: Path) -> list[str]:
    """The keys of a used rule that its file now states otherwise, as `key（before → now）`; empty where none does."""
    now = rule_values(path.name, path.read_bytes())
    return [] if _meaning(used.values) == _meaning(now) else _changed(used.values, now)


def _meaning(values: Mapping[str, Any]) -> Any:
    return replace(rule_of(values), valid_to=None)


def _changed(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    old, new = dict(_flat("", before)), dict(_flat("", now))
    return [
        f"{path}（{_written(old.get(path))} → {_written(new.get(path))}）"
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path) and path != "valid_to"
    ]


def _flat(prefix: str, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict):
            yield from _flat(f"{path}.", value)
        else:
            yield path, sorted(value) if isinstance(value, list) else value


def _written(value: Any) -> str:
    if value is None or value == []:
        return "未写"
    return "、".join(value) if isinstance(value, list) else str(value)
