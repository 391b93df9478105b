"""Expressions without the signs that people do not say: ``LU-[0-9]{3}`` as ``LU(?:-)?[0-9]{3}``."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A class of nothing but signs, one of which is left out when a code is said: "[- ]", "[-/.]".
_SIGN_CLASS = re.compile(r"\[(?:\\s|\\?[-/.\\_ ])+\]")
_SIGN = re.compile(r"\\s|\\?[-/ ]")
_TIMES = re.compile(r"(?:[*+?]|\{\d*,?\d*\})[?+]?")
# After these nothing is left out: what an assertion looks for would be nothing at all.
_ASSERTION = re.compile(r"\(\?<?[=!]")
_COMMENT = re.compile(r"\(\?#[^)]*\)")
_OPENING = re.compile(r"\(\?(?:P?<\w+>|[a-zA-Z^-]*:|P=\w+|[>|])?")
_FLAGS = re.compile(r"\(\?[a-zA-Z-]*x")


def loosened(expression: str) -> str:
    """The expression with each hyphen, slash and space that must stand in it made one that may. Free spacing is left as it is."""
    return expression if _FLAGS.search(expression) else "".join(_pieces(expression))


def _pieces(expression: str) -> Iterator[str]:
    place = 0
    # For each open bracket, whether it or one around it is an assertion.
    asserting: list[bool] = []
    while place < len(expression):
        inside = bool(asserting) and asserting[-1]
        end = _bracket(expression, place)
        character = expression[place]
        if end:
            asserting.append(inside or _ASSERTION.match(expression, place) is not None)
        elif comment := _COMMENT.match(expression, place):
            end = comment.end()
        elif character == ")":
            if asserting:
                asserting.pop()
            end = place + 1
        else:
            sign = _SIGN_CLASS.match(expression, place) or _SIGN.match(expression, place)
            end = sign.end() if sign else _one(expression, place)
            if sign and not inside and _left_out(sign.group()):
                times = _TIMES.match(expression, end)
                end = times.end() if times else end
                if not times or times.group()[0] not in "?*":
                    yield f"(?:{expression[place:end]})?"
                    place = end
                    continue
        yield expression[place:end]
        place = end


def _bracket(expression: str, place: int) -> int:
    """Where the opening of a group ends; 0 where none begins."""
    if expression[place] != "(" or _COMMENT.match(expression, place):
        return 0
    opening = _ASSERTION.match(expression, place) or _OPENING.match(expression, place)
    return opening.end() if opening else place + 1


def _one(expression: str, place: int) -> int:
    """Where the character, the escape or the class that begins here ends."""
    if expression[place] == "\\":
        return min(len(expression), place + 2)
    if expression[place] != "[":
        return place + 1
    end = place + 1
    if expression[end : end + 1] == "^":
        end += 1
    if expression[end : end + 1] == "]":
        end += 1
    while end < len(expression) and expression[end] != "]":
        end += 2 if expression[end] == "\\" else 1
    return min(len(expression), end + 1)


def _left_out(sign: str) -> bool:
    return "\\s" in sign or not set("-/ ").isdisjoint(sign)
