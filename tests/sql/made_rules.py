"""Rules drawn at random, and written as the files that a site would write."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

TYPES = ("投诉", "求助", "咨询")
BASES = ("valid", "assessed", "answered")
VALUES = st.sampled_from([0, 500, 900])
FULL = st.sampled_from([800, 1000])


def _weights(drawn: tuple[int, int, int], renormalise: bool) -> dict[str, Any]:
    first, second, third = sorted(drawn)
    parts = (first, second - first, third - second, 1000 - third)
    return {
        **dict(zip(("response", "resolution", "satisfaction", "on_time"), parts, strict=True)),
        "renormalise": renormalise,
    }


def _consistent(drawn: dict[str, Any]) -> dict[str, Any]:
    """The rule without the contradictions that a rule file is refused for."""
    if drawn["callback"]["source"] != "callback":
        drawn["callback"]["round"] = "latest"
    if drawn["score"]["method"] == "weighted":
        drawn["deductions"] = {}
    else:
        drawn["weights"] = {}
    if drawn["period"]["length"] == "year":
        drawn["period"] |= {"start_day": 1, "start_hour": 0}
    if drawn["flags"]["excluded"] == "in":
        drawn["flags"]["excluded_kinds"] = []
    return drawn


RULE = st.fixed_dictionaries(
    {
        "period": st.fixed_dictionaries(
            {
                "length": st.sampled_from(["month", "month", "year"]),
                "start_day": st.sampled_from([1, 19, 26]),
                "start_hour": st.sampled_from([0, 0, 12]),
                "label": st.sampled_from(["end", "start"]),
            }
        ),
        "scope": st.fixed_dictionaries(
            {
                "excluded_order_types": st.sampled_from([[], ["咨询"]]),
                "assessed_order_types": st.sampled_from([[], ["投诉"]]),
                "response_only_groups": st.sampled_from([[], [], [], ["街镇"]]),
                "unit_role": st.sampled_from(["undertaker", "place", "trade"]),
                "clock": st.sampled_from(["created", "created", "dispatched", "closed"]),
            }
        ),
        "callback": st.fixed_dictionaries(
            {
                "source": st.sampled_from(["callback", "callback", "district", "city", "unit"]),
                "round": st.sampled_from(["latest", "first", "final"]),
            }
        ),
        "denominators": st.fixed_dictionaries(
            {name: st.sampled_from(BASES) for name in ("response", "resolution", "satisfaction")}
        ),
        "flags": st.fixed_dictionaries(
            {
                "excluded": st.sampled_from(["out", "in"]),
                "excluded_kinds": st.sampled_from([[], ["历史遗留"]]),
                "suspended": st.sampled_from(["out", "in"]),
            }
        ),
        "repeats": st.fixed_dictionaries({"policy": st.sampled_from(["each", "first_per_case", "latest_per_case"])}),
        "weights": st.builds(
            _weights, st.tuples(*[st.integers(0, 10).map(lambda tenth: 100 * tenth)] * 3), st.booleans()
        ),
        "answers": st.fixed_dictionaries(
            {
                "resolution": st.fixed_dictionaries({"解决": FULL, "部分解决": VALUES}),
                "satisfaction": st.fixed_dictionaries({"满意": FULL, "基本满意": VALUES, "3星": VALUES}),
            }
        ),
        "score": st.fixed_dictionaries(
            {
                "method": st.sampled_from(["weighted", "weighted", "deduction"]),
                "decimals": st.integers(0, 2),
                "tie_break": st.sampled_from(["received", "valid", "shared"]),
                "minimum_for_rank": st.integers(1, 3),
            }
        ),
        "summary": st.fixed_dictionaries({"method": st.sampled_from(["mean_of_units", "pooled"])}),
        "deductions": st.dictionaries(
            st.sampled_from(["response", "resolution", "satisfaction", "on_time"]),
            st.fixed_dictionaries({"target": st.sampled_from([900, 1000]), "points": st.sampled_from([500, 1000])}),
            min_size=1,
        ),
    }
).map(_consistent)


def rule_file(rule_id: str, rule: Mapping[str, Any]) -> str:
    """The text of a rule file."""
    lines = [
        f'id = "{rule_id}"',
        f'name = "示例规则 {rule_id}"',
        'status = "example"\nsource = "测试"\nvalid_from = 2020-01-01\nminimum_valid = 1',
    ]
    for section in ("period", "scope", "callback", "denominators", "flags", "repeats", "weights", "score", "summary"):
        lines.append(f"[{section}]")
        lines += [f"{key} = {_toml(_share(section, key, value))}" for key, value in rule[section].items()]
    for section in ("answers", "deductions"):
        for name, table in rule[section].items():
            lines.append(f"[{section}.{name}]")
            lines += [f'"{key}" = {value / 1000}' for key, value in table.items()]
    return "\n".join([*lines, ""])


def _share(section: str, key: str, value: Any) -> Any:
    return value / 1000 if section == "weights" and key != "renormalise" else value


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)
