"""What the second pass is held to: shares of private spans that may leak at most, and of innocent words that it may hide.

The report and the tests judge by these. A share of few spans says little: each comes with its 95 % Wilson interval.
"""

from __future__ import annotations

from math import sqrt
from typing import Any

OVERALL = 0.05
STYLES = {"formatted": 0.03, "spoken": 0.05, "lower": 0.08}
NAMES = 0.05
# Numbers and addresses that reach somebody's money or door by themselves.
EXACT = frozenset(["SSN", "CREDIT_CARD", "BANK_ACCOUNT", "PHONE", "EMAIL"])
EXACT_FORMATTED = 0.01
EXACT_OTHERWISE = 0.04
MEDICAL = 0.20
INNOCENT = 0.02
# With fewer spans the report shows the interval beside the share, and tests do not judge.
FEW_SPANS = 100
ALL = "all"
Z_95 = 1.959964


def leak_floor(label: str, style: str) -> float | None:
    """How much of ``label`` may leak in ``style`` at most (each may be ALL); None where nothing is named for it."""
    if label == ALL:
        return OVERALL if style == ALL else STYLES.get(style)
    if label == "NAME":
        return NAMES
    if label == "MEDICAL":
        return MEDICAL
    if label in EXACT and style != ALL:
        return EXACT_FORMATTED if style == "formatted" else EXACT_OTHERWISE
    return None


def share(part: int, whole: int) -> float:
    """For reports, which round it once more to print it: with five places 4 of 27 would become 14.815 and then 14.82 %."""
    return round(part / whole, 9) if whole else 0.0


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share: where the true one lies, if the spans were drawn at random."""
    if not total:
        return 0.0, 1.0
    share = hits / total
    spread = Z_95 * sqrt(share * (1 - share) / total + (Z_95 / (2 * total)) ** 2)
    middle = share + Z_95**2 / (2 * total)
    scale = 1 + Z_95**2 / total
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def judged(leaked: int, spans: int, floor: float | None) -> dict[str, Any]:
    """A share beside its floor. ``met`` goes by the share itself; ``sure`` says that the whole interval is on that side."""
    low, high = wilson(leaked, spans)
    met = None if floor is None or not spans else leaked <= floor * spans
    return {
        "spans": spans,
        "leaked": leaked,
        "leak_rate": share(leaked, spans),
        "interval": [round(low, 5), round(high, 5)],
        "floor": floor,
        "met": met,
        "sure": None if met is None or floor is None else (high <= floor if met else low > floor),
    }
