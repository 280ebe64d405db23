"""What the scorecard is made of: which measures make which score, their weights and halves. All numbers are proposals."""

from collections.abc import Mapping
from dataclasses import dataclass, field

#: The four scores and the parts each is the weighted mean of.
SCORES: Mapping[str, tuple[str, ...]] = {
    "frequency": ("people", "months", "concentration"),
    "breadth": ("spread", "density"),
    "difficulty": ("unsettled", "recurrence", "returned", "held"),
    "urgency": ("growth", "urgent", "recency"),
}
SCORE_COLUMNS = tuple(f"{name}_score" for name in SCORES)


def _numbers(**values: float) -> Mapping[str, float]:
    return values


@dataclass(frozen=True)
class Scoring:
    """The settings of the scorecard; a site's issues.toml overrides them, and ships with these.

    Total: `weights` of the four scores. A score is the mean of its parts under `parts`; a part is 100 x / (x + half), so
    `halves` says which amount gives 50 points; recency falls instead, 100 half / (days + half), and concentration is a share. What cannot be known is
    left out of a mean, and a score of which less than half is known is unknown. The parts of difficulty are shares in excess of the usual ones, as if `prior_orders` more orders had
    turned out as usual, so that a few orders prove little.

    A month counts as persistent from `persistent_people` people on. Figures of `no_baseline_years` are no baseline.
    Issues of fewer people than `minimum_event_people` / `minimum_theme_people` have no rank. An event belongs to the theme
    that holds `parent_share` of its orders, and stands before all others only if it scores higher or has `standout` times
    the people of the theme's mean place. Stability: `draws` weightings from a Dirichlet distribution around the weights,
    the larger `concentration` the nearer.
    """

    weights: Mapping[str, float] = field(
        default_factory=lambda: _numbers(frequency=0.35, breadth=0.05, difficulty=0.55, urgency=0.05)
    )
    parts: Mapping[str, float] = field(
        default_factory=lambda: _numbers(
            **{"people": 0.60, "months": 0.20, "concentration": 0.20},
            **{"spread": 0.5, "density": 0.5},
            **{"unsettled": 0.94, "recurrence": 0.02, "returned": 0.02, "held": 0.02},
            **{"growth": 0.5, "urgent": 0.3, "recency": 0.2},
        )
    )
    halves: Mapping[str, float] = field(
        default_factory=lambda: _numbers(
            **{"people": 12.0, "months": 3.0},
            **{"spread": 5.0, "density": 5.0},
            **{"unsettled": 0.1, "recurrence": 0.1, "returned": 0.05, "held": 0.05},
            **{"growth": 2.0, "urgent": 3.0, "recency": 30.0},
        )
    )
    prior_orders: int = 20
    persistent_people: int = 3
    no_baseline_years: tuple[int, ...] = (2020, 2021, 2022)
    minimum_event_people: int = 3
    minimum_theme_people: int = 5
    parent_share: float = 0.5
    standout: float = 3.0
    draws: int = 400
    concentration: float = 40.0
