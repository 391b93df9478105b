"""The clock of a recording, counted in the same way by whoever decodes one: a transcript's times and the silences that are
laid by them must be the same moments of the sound.

Knows no decoder and no framework.
"""

from typing import Any, Final

# A clock that runs ahead of the samples by more than this has a hole in it (lost packets, a pause, sound that begins after
# the picture), which is filled with silence; less is rounding. What is hidden has five times as much silence on either side.
HOLE_SECONDS: Final = 0.05


def beginning(media: Any) -> float:
    """The time (s) that an opened container's own times count from: a track may begin after it."""
    return (media.start_time or 0) / 1_000_000


def hole(time: float | None, begin: float, given: int, rate: int) -> int:
    """How many samples of silence go before a frame of ``time`` (s), when ``given`` samples came so far.

    Against all that came, not against the frame before: many small holes are one large one. None: the frame says no time.
    """
    missing = 0 if time is None else round((time - begin) * rate) - given
    return missing if missing > HOLE_SECONDS * rate else 0
