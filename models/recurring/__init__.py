"""Recurring complaints: 点位事件 (one place, one problem) and 共性问题 (one problem, many places)."""

from hotline12345.models.recurring.mine import Mined, mine
from hotline12345.models.recurring.settings import MiningSettings
from hotline12345.models.recurring.statistics import Statistics

__all__ = ["Mined", "MiningSettings", "Statistics", "mine"]
