"""Who looks: a Viewer and what it may see. In this version one role that sees all; every read takes it already."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Viewer:
    """Somebody at a page. `units` are the unit ids whose orders it may see; None means every unit."""

    role: str
    units: tuple[str, ...] | None = None


ANALYST = Viewer("分析员")
