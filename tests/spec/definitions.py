"""Every definition, in the order in which docs/metric_definitions.md prints them."""

from comparison_definitions import COMPARISONS
from rate_definitions import RATES
from rule_definitions import RULES
from specification import Specification

SECTIONS: tuple[tuple[str, tuple[Specification, ...]], ...] = (
    ("三率怎么算", RATES),
    ("规则可以规定什么", RULES),
    ("状态与比较", COMPARISONS),
)
SPECIFICATIONS = tuple(specification for _, section in SECTIONS for specification in section)
