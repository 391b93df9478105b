"""Which regular expressions may read transcripts: those that take time in proportion to the text, whatever stands in it.

An expression is taken apart by Python's own parser, which also refuses what only the ``regex`` package knows (recursion,
named lists), and then tried on texts made to hurt it.
"""

from __future__ import annotations

import importlib
import time
import warnings
from collections.abc import Iterable, Iterator
from typing import Any, Final

import regex

# Python's parser of expressions, which has no public name.
_parser: Any = importlib.import_module("re._parser")
_const: Any = importlib.import_module("re._constants")

MAX_CHARACTERS: Final = 500
MAX_REPEAT: Final = 500
# Ways in which repeats inside repeats may divide one text among them.
MAX_WAYS: Final = 1_000
# A hostile text has so many characters. Linear work on it takes some milliseconds, its square a second.
HOSTILE_CHARACTERS: Final = 20_000
HOSTILE_SECONDS: Final = 0.25
ALL_HOSTILE_SECONDS: Final = 3.0
_MAX_SAMPLE: Final = 2_000
_CANDIDATES: Final = "a1A -_.,/@#:x0Z'"
_ORDINARY: Final = ("a", "1", " ", "1-", "A1 ", "a. ", "ab", "-")


class PatternRefused(ValueError):
    """An expression that is not used. ``code`` is stable; the message is for whoever typed it and holds nothing of it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def compiled(expression: str) -> Any:
    """The expression as it is matched: large and small letters are one. Raises PatternRefused for what is no expression."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return regex.compile(expression, regex.IGNORECASE | regex.VERSION0)
    except (regex.error, OverflowError, RecursionError, ValueError):
        raise PatternRefused("not_an_expression", "This is not a regular expression: it cannot be read.") from None


def check(expression: str) -> None:
    """Raises PatternRefused for an expression that may not read transcripts."""
    if not expression or len(expression) > MAX_CHARACTERS:
        raise PatternRefused("length", f"A regular expression has 1 to {MAX_CHARACTERS} characters.")
    if not expression.isprintable():
        raise PatternRefused("not_an_expression", "A regular expression is one line without invisible characters.")
    tree = _parsed(expression)
    _refuse_braces(expression)
    _refuse_structure(tree)
    shortest = tree.getwidth()[0]
    if shortest > MAX_CHARACTERS:
        raise PatternRefused("repeat", f"What is found may have at least {MAX_CHARACTERS} characters, not more. Use smaller counts.")
    if shortest == 0:
        raise PatternRefused("empty", "This would be found everywhere, since it can be nothing at all. Make one part of it required.")
    _refuse_slow(compiled(expression), tree)


def _parsed(expression: str) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = _parser.parse(expression)
    except (_const.error, OverflowError, RecursionError):
        raise PatternRefused(
            "not_an_expression", "This is not a regular expression: look for brackets and signs that have no partner."
        ) from None
    if tree.state.flags & ~_const.SRE_FLAG_UNICODE:
        raise PatternRefused("flags", "Flags such as (?i) are not used here: large and small letters are one anyway.")
    return tree


def _refuse_braces(expression: str) -> None:
    """ "{e<=2}" means two errors to the regex package and five letters to the parser."""
    place = 0
    while place < len(expression):
        if expression[place] == "\\":
            place += 2
            continue
        if expression[place] == "{" and not regex.compile(r"\{\d*,?\d*\}").match(expression, place):
            raise PatternRefused("brace", "Write \\{ for a curly bracket; alone it stands for a count, such as {3} or {1,12}.")
        place += 1


def _refuse_structure(tree: Any) -> None:
    for node, argument in _nodes(tree):
        if node in (_const.GROUPREF, _const.GROUPREF_EXISTS):
            raise PatternRefused("reference", "References to a group, such as \\1, are not used: they can take for ever.")
        if node in _REPEATS:
            low, high, body = argument
            if low > MAX_REPEAT or (high is not _const.MAXREPEAT and high > MAX_REPEAT):
                raise PatternRefused("repeat", f"A part is repeated {MAX_REPEAT} times at most.")
            if high > 1 and _unbounded(body) or high is _const.MAXREPEAT and _ways(body) > 1:
                raise PatternRefused(
                    "nested",
                    "A repeat without end stands inside a repeat: that can take for ever. Say how often at most, "
                    "for example \\d{1,12} instead of \\d+.",
                )
    if _ways(tree) > MAX_WAYS and any(_nested(argument[2]) for node, argument in _nodes(tree) if node in _REPEATS):
        raise PatternRefused("nested", "Repeats inside repeats can divide a text in too many ways. Use smaller counts.")


_REPEATS: Final = (_const.MAX_REPEAT, _const.MIN_REPEAT, _const.POSSESSIVE_REPEAT)


def _children(node: Any, argument: Any) -> list[Any]:
    if node in _REPEATS:
        return [argument[2]]
    if node is _const.SUBPATTERN:
        return [argument[3]]
    if node is _const.BRANCH:
        return list(argument[1])
    if node in (_const.ASSERT, _const.ASSERT_NOT):
        return [argument[1]]
    if node is _const.ATOMIC_GROUP:
        return [argument]
    if node is _const.GROUPREF_EXISTS:
        return [part for part in argument[1:] if part is not None]
    return []


def _nodes(tree: Any) -> Iterator[tuple[Any, Any]]:
    for node, argument in tree:
        yield node, argument
        for child in _children(node, argument):
            yield from _nodes(child)


def _unbounded(tree: Any) -> bool:
    return any(node in _REPEATS and argument[1] is _const.MAXREPEAT for node, argument in _nodes(tree))


def _nested(tree: Any) -> bool:
    return any(node in _REPEATS for node, _ in _nodes(tree))


def _ways(tree: Any) -> int:
    """In how many ways the repeats in it can share a text, not more than a little above MAX_WAYS."""
    total = 1
    for node, argument in tree:
        inner = [_ways(child) for child in _children(node, argument)]
        if node in _REPEATS and argument[1] is not _const.MAXREPEAT:
            low, high, _ = argument
            if inner[0] == 1:
                total *= high - low + 1
            else:
                total *= min(MAX_WAYS + 1, sum(inner[0] ** times for times in range(low, min(high, low + 40) + 1)))
        elif node is _const.BRANCH:
            total *= max(inner)
        else:
            for ways in inner:
                total *= ways
        total = min(total, MAX_WAYS + 1)
    return total


def _refuse_slow(pattern: Any, tree: Any) -> None:
    began = time.monotonic()
    for text in _hostile(tree):
        try:
            for _ in pattern.finditer(text, timeout=HOSTILE_SECONDS):
                pass
        except TimeoutError:
            _slow()
        if time.monotonic() - began > ALL_HOSTILE_SECONDS:
            _slow()


def _slow() -> None:
    raise PatternRefused(
        "slow",
        "This takes too long on a long text. Say how often at most instead of + and *, for example \\w{1,30}, or begin it "
        "with \\b, the beginning of a word.",
    )


def _hostile(tree: Any) -> Iterator[str]:
    """Texts that begin like what is looked for, again and again, and end otherwise."""
    whole = "".join(_sample(tree, None, 1))[:_MAX_SAMPLE]
    repeats = [argument for node, argument in _nodes(tree) if node in _REPEATS]
    for target in [*repeats, "all"]:
        text = "".join(_sample(tree, target, HOSTILE_CHARACTERS))[:HOSTILE_CHARACTERS]
        # What must stand somewhere in the text does, at its end, or the regex package would not even begin.
        yield text[:-1] + "\x00 " + whole
        yield text
    for bit in (whole, whole[:-1], *_ORDINARY):
        if bit:
            yield (bit * (HOSTILE_CHARACTERS // len(bit) + 1))[:HOSTILE_CHARACTERS] + "\x00 " + whole


def _sample(tree: Any, target: Any, size: int) -> Iterator[str]:
    """A text that the tree finds, with the repeat ``target`` (or ``"all"`` of them) going on for ``size`` characters."""
    for node, argument in tree:
        if node in _REPEATS:
            low, high, body = argument
            once = "".join(_sample(body, target, size))[: max(size, _MAX_SAMPLE)]
            times = max(1, low) if high else 0
            if once and (target is argument or target == "all"):
                # However few are allowed: where it is found once, it is looked for again.
                times = size // len(once) + 1
            most = max(size, _MAX_SAMPLE)
            yield (once * min(times, most // max(1, len(once)) + 1))[:most]
        elif node is _const.BRANCH:
            yield from _sample(argument[1][0], target, size)
        elif node is _const.LITERAL:
            yield chr(argument)
        elif node is _const.NOT_LITERAL:
            yield next(c for c in _CANDIDATES if ord(c) != argument)
        elif node is _const.ANY:
            yield "a"
        elif node is _const.IN:
            yield _member(argument)
        elif node not in (_const.ASSERT, _const.ASSERT_NOT):
            for child in _children(node, argument):
                yield from _sample(child, target, size)


def _member(items: Iterable[tuple[Any, Any]]) -> str:
    listed = list(items)
    negated = bool(listed) and listed[0][0] is _const.NEGATE
    named: list[str] = [chr(a) for op, a in listed if op is _const.LITERAL] + [chr(a[0]) for op, a in listed if op is _const.RANGE]
    candidates: list[str] = [*_CANDIDATES, *named]
    for candidate in candidates:
        if any(_holds(item, candidate) for item in listed) != negated:
            return candidate
    return named[0] if named and not negated else "~"


def _holds(item: tuple[Any, Any], character: str) -> bool:
    kind, value = item
    if kind is _const.LITERAL:
        return ord(character) == int(value)
    if kind is _const.RANGE:
        low, high = value
        return int(low) <= ord(character) <= int(high)
    if kind is _const.CATEGORY:
        name = str(value)
        held = (
            character.isdigit() if "DIGIT" in name else character.isspace() if "SPACE" in name else character.isalnum() or character == "_"
        )
        return held != ("NOT" in name)
    return False
