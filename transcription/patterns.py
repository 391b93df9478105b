"""An organization's own patterns: checked before they are kept, sealed, and read with by every pass from then on."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from string import ascii_letters, digits
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from compliance import audit
from compliance.audit import Actor, Target
from compliance.redaction import TYPES, DetectionFailed, OwnPattern
from compliance.redaction.context_words import phrases_of
from compliance.redaction.own_patterns import PRIVATE, folded, found_in
from compliance.redaction.pattern_safety import MAX_CHARACTERS, PatternRefused, check, compiled
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Action, Kind
from portal.errors import BadInput, Conflict, NotFound
from transcription.models import PatternSetting
from vault import matters, secrets
from vault.organizations import own_vault

MAX_PATTERNS: Final = 50
MAX_NAME: Final = 60
MAX_CONTEXT: Final = 20
MAX_EXAMPLES: Final = 10
MAX_EXAMPLE: Final = 300
# What somebody types to try a pattern, and how long that may take.
MAX_TRIED: Final = 5_000
TRY_SECONDS: Final = 2.0
PATTERN_TYPES: Final = (PRIVATE, *TYPES)
# Letters and digits as they are mostly written, white space, and whatever Latin, Greek and Cyrillic have, one by one.
_SINGLE: Final = (
    *ascii_letters, *digits, " ", "  ", "\t", "\n", *(chr(code) for code in range(0x21, 0x530) if chr(code).isprintable()),
)  # fmt: skip


class PatternChanged(Conflict):
    code = "pattern_changed"
    message = "Somebody changed this pattern meanwhile, so nothing of yours was saved. Open it anew to see what they changed."


@dataclass(frozen=True, slots=True)
class Typed:
    """A pattern as somebody typed it. ``look_for`` is an expression or words, one a line, as ``kind`` says."""

    name: str
    kind: str
    look_for: str = field(repr=False)
    context: tuple[str, ...] = field(default=(), repr=False)
    examples: tuple[str, ...] = field(default=(), repr=False)
    type: str = PRIVATE

    @property
    def pattern(self) -> OwnPattern:
        if self.kind == PatternSetting.Kind.WORDS:
            return OwnPattern(self.name, words=lines(self.look_for), context=self.context, type=self.type)
        return OwnPattern(self.name, self.look_for, context=self.context, type=self.type)


@dataclass(frozen=True, slots=True)
class Listed:
    """A row with what it says."""

    row: PatternSetting
    typed: Typed


def lines(text: str) -> tuple[str, ...]:
    """The lines that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def listed(organization_id: UUID) -> list[Listed]:
    """All of an organization's, also the retired ones, by name. Raises keystore errors."""
    rows = PatternSetting.objects.filter(organization_id=organization_id).select_related("vault")
    return sorted((_read(row) for row in rows), key=lambda one: one.typed.name.casefold())


def in_force(organization_id: UUID) -> tuple[OwnPattern, ...]:
    """What the second pass looks for in this organization's texts now. Raises keystore errors: then it does not begin."""
    rows = PatternSetting.objects.filter(organization_id=organization_id, retired_at=None).select_related("vault")
    return tuple(_read(row).typed.pattern for row in rows.order_by("created_at", "id"))


def open_pattern(member: Member, pattern_id: UUID) -> Listed:
    """Raises NotFound, for another organization's too."""
    row = PatternSetting.objects.select_related("vault").filter(organization_id=member.organization_id, pk=pattern_id).first()
    if row is None:
        raise NotFound
    return _read(row)


def checked(typed: Typed) -> Typed:
    """The pattern in the form in which it is kept. Raises BadInput with what is wrong and what is allowed."""
    found = replace(readable(typed), name=" ".join(typed.name.split()), examples=_clipped(typed.examples))
    if not 1 <= len(found.name) <= MAX_NAME or not found.name.isprintable():
        raise BadInput(f"A pattern has a name of 1 to {MAX_NAME} characters.", limit=MAX_NAME)
    if found.type not in PATTERN_TYPES:
        raise BadInput("There is no such kind of private detail.", allowed=list(PATTERN_TYPES))
    _check_examples(found)
    return found


def readable(typed: Typed) -> Typed:
    """What it looks for, whatever it is called: it may read a transcript. Raises BadInput."""
    found = replace(typed, context=_clipped(typed.context), look_for="\n".join(lines(typed.look_for)))
    if len(found.context) > MAX_CONTEXT or any(len(word) > MAX_NAME for word in found.context):
        raise BadInput(f"At most {MAX_CONTEXT} context words, each of at most {MAX_NAME} characters.", limit=MAX_CONTEXT)
    if len(phrases_of(found.context)) != len(found.context):
        raise BadInput("A context word has letters or digits.")
    if found.kind == PatternSetting.Kind.WORDS:
        _check_words(found.look_for)
    elif found.kind == PatternSetting.Kind.EXPRESSION:
        try:
            check(found.look_for)
        except PatternRefused as refused:
            raise BadInput(str(refused), reason=refused.code) from None
        _check_width(found.look_for)
    else:
        raise BadInput("A pattern is a regular expression or a list of words.", allowed=list(PatternSetting.Kind.values))
    return found


def _clipped(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(item.split()) for item in items if item.strip()))


def _check_words(text: str) -> None:
    words = lines(text)
    if not words or len(text) > MAX_CHARACTERS:
        raise BadInput(f"A list has words, one a line, of {MAX_CHARACTERS} characters together at most.", limit=MAX_CHARACTERS)
    if any(sum(character.isalnum() for character in word) < 2 for word in words):
        raise BadInput("Each line of the list has two letters or digits at least: a shorter one would be found everywhere.")


def _check_width(expression: str) -> None:
    """Labels for single letters, where equal ones have one number, are a cipher that anybody solves; and nobody reads on."""
    pattern = compiled(folded(expression))
    for single in _SINGLE:
        # Inside of a word as well, for whoever writes \\B.
        around = f"x{single}x"
        if any(pattern.spans(single, math.inf)) or any(end - start < 2 for start, end in pattern.spans(around, math.inf)):
            what = f"a single “{single}”" if single.strip() else "mere white space"
            raise BadInput(
                f"This finds {what}, and so would be found nearly everywhere. Write how many stand together, two at least: "
                "\\d{2,12} instead of \\d or \\d+, \\b[A-Z]{2,10}\\b instead of [A-Z]; or add what stands beside it: LU-\\d.",
                reason="single",
            )


def _check_examples(typed: Typed) -> None:
    if not 1 <= len(typed.examples) <= MAX_EXAMPLES or any(len(example) > MAX_EXAMPLE for example in typed.examples):
        raise BadInput(
            f"Give 1 to {MAX_EXAMPLES} examples, one a line, each of at most {MAX_EXAMPLE} characters.", limit=MAX_EXAMPLES
        )
    for number, example in enumerate(typed.examples, 1):
        if not tried([typed.pattern], example):
            near = " One of the context words must stand near it." if typed.context else ""
            raise BadInput(f"In example {number} nothing is found. Change the example or the pattern.{near}", found=number)


def tried(patterns: Iterable[OwnPattern], text: str) -> list[tuple[int, int]]:
    """Where the patterns would hide something in a text that somebody typed. Nothing is kept. Raises BadInput."""
    if len(text) > MAX_TRIED:
        raise BadInput(f"A text to try has at most {MAX_TRIED} characters.", limit=MAX_TRIED, found=len(text))
    try:
        return found_in(text, list(patterns), seconds=TRY_SECONDS)
    except DetectionFailed as failure:
        said = "takes too long" if failure.code == "time_limit" else "cannot be read"
        raise BadInput(f"A pattern {said}. A transcript would be held back for it: change or retire the pattern.") from None


def save(
    *, actor: Actor, by: Member, typed: Typed, pattern_id: UUID | None = None, expected: int | None = None
) -> PatternSetting:
    """A new pattern, or a change of one that was at version ``expected``; passes from now on read with it.

    Not inside a transaction. Raises Refused (recorded), BadInput, NotFound, PatternChanged, keystore errors.
    """
    matters.require(actor, by, Action.MANAGE, Kind.POLICY)
    found = checked(typed)
    vault = own_vault(by.organization)
    # Opened here, since a key store may take its time.
    secrets.current(vault)
    with transaction.atomic():
        others = _locked(by)
        row = PatternSetting(organization_id=by.organization_id, vault=vault, created_by=by.id, version=0)
        if pattern_id is not None:
            row = _mine(others, pattern_id, expected)
            if row.retired_at is not None:
                raise Conflict("This pattern is retired. Bring it back first, then change it.")
        others = [other for other in others if other.pk != row.pk]
        if pattern_id is None:
            _require_room(others)
        for other in others:
            if _read(other).typed.name.casefold() != found.name.casefold():
                continue
            if other.retired_at is not None:
                raise BadInput("This name belongs to a retired pattern. Choose another name, or bring that one back.")
            raise BadInput("There is a pattern of this name already. Choose another name, or change that one.")
        row.kind, row.type = found.kind, found.type
        row.content = {
            "name": found.name, "look_for": found.look_for, "context": found.context, "examples": found.examples
        }  # fmt: skip
        _keep(actor, by, row, "added" if pattern_id is None else "changed")
    return row


def set_retired(*, actor: Actor, by: Member, pattern_id: UUID, expected: int, retired: bool) -> None:
    """Passes from now on do not read with it; or (``retired`` False) read with it again. Raises as ``save``."""
    matters.require(actor, by, Action.MANAGE, Kind.POLICY)
    with transaction.atomic():
        rows = _locked(by)
        row = _mine(rows, pattern_id, expected)
        if (row.retired_at is not None) == retired:
            raise Conflict("This pattern is so already. Nothing was changed.")
        if not retired:
            _require_room(rows)
        row.retired_at = timezone.now() if retired else None
        _keep(actor, by, row, "retired" if retired else "brought_back")


def _locked(by: Member) -> list[PatternSetting]:
    """The organization's rows; until the end of the transaction nobody else adds or changes one."""
    Organization.objects.select_for_update(no_key=True).get(pk=by.organization_id)
    return list(PatternSetting.objects.select_related("vault").filter(organization_id=by.organization_id))


def _mine(rows: Iterable[PatternSetting], pattern_id: UUID, expected: int | None) -> PatternSetting:
    row = next((row for row in rows if row.pk == pattern_id), None)
    if row is None:
        raise NotFound
    if row.version != expected:
        raise PatternChanged(version=row.version)
    return row


def _require_room(rows: Iterable[PatternSetting]) -> None:
    if sum(row.retired_at is None for row in rows) >= MAX_PATTERNS:
        raise BadInput(f"There are {MAX_PATTERNS} patterns already, which is the most. Retire one first.", limit=MAX_PATTERNS)


def _keep(actor: Actor, by: Member, row: PatternSetting, act: str) -> None:
    row.version += 1
    row.changed_by, row.changed_at = by.id, timezone.now()
    row.save()
    audit.record(
        "transcription:pattern:changed",
        organization_id=by.organization_id,
        actor=actor,
        target=Target("pattern", row.id),
        act=act,
        kind=row.kind,
        type=row.type,
        version=row.version,
    )


def _read(row: PatternSetting) -> Listed:
    said: dict[str, Any] = row.content
    typed = Typed(said["name"], row.kind, said["look_for"], tuple(said["context"]), tuple(said["examples"]), row.type)
    return Listed(row, typed)
