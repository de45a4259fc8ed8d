"""How many steps a run takes and how large each is: the learning-rate schedule, fitted to a time budget."""

import math
from dataclasses import dataclass

WARM_UP = 5
CALIBRATION = 3
"""Steps after which the speed is known well enough to plan by; inside the warm-up, which no plan changes."""

_MEASUREMENTS = 10
_MEASURING_SHARE = 0.25
_RESERVE = 0.02


def learning_rate(peak: float, step: int, total: int) -> float:
    """The rate of `step` (from 0) of `total`: linear warm-up over `WARM_UP` steps, then a half cosine to zero."""
    warm = min(1.0, (step + 1) / WARM_UP)
    gone = min(1.0, max(0.0, (step - WARM_UP) / max(1, total - WARM_UP)))
    return peak * warm * 0.5 * (1 + math.cos(math.pi * gone))


@dataclass(frozen=True)
class Pace:
    """What was timed so far, in seconds: an optimiser step and a measurement on the held-out notes."""

    step: float
    measurement: float


def measure_every(total: int, pace: Pace | None = None) -> int:
    """Steps between measurements: about ten in a run, fewer where they would take over a quarter of the time."""
    every = max(1, math.ceil(total / _MEASUREMENTS))
    if pace is not None and pace.step > 0:
        every = max(every, math.ceil(pace.measurement / pace.step / _MEASURING_SHARE))
    return every


def fit(step: int, most: int, budget: float, spent: float, pace: Pace, every: int | None = None) -> int:
    """The total number of steps with which a run that stands at `step` ends within its budget.

    Args:
        step: steps done.
        most: the total that is enough whatever the time.
        budget, spent: seconds given, seconds gone.
        pace: what a step and a measurement take.
        every: steps between measurements; None while that is open too.

    Returns:
        A total between `step` and `most`.
    """
    left = budget * (1 - _RESERVE) - spent
    if every is None:
        by_count = (left - _MEASUREMENTS * pace.measurement) / pace.step
        by_share = left * (1 - _MEASURING_SHARE) / pace.step
        steps = max(by_count, by_share)
    else:
        steps = (left - pace.measurement) / (pace.step + pace.measurement / every)
    return max(step, min(most, step + math.floor(steps)))
