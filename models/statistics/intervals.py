"""Intervals of single rates."""

from hotline12345.models.statistics.bridge import wilson_half

Z = 1.96


def wilson_interval(successes: int, count: int) -> tuple[float, float]:
    """Both ends of Wilson's 95 % interval of successes ÷ count (E. B. Wilson, JASA 22, 1927), within 0–1; 0 < count."""
    share = successes / count
    middle = (share + Z * Z / (2 * count)) / (1 + Z * Z / count)
    half = wilson_half(share, count)
    return max(0.0, middle - half), min(1.0, middle + half)
