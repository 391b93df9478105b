"""``detect``: the second pass over a whole dialogue."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from presidio_analyzer import RecognizerResult

from compliance.redaction import apart, own_patterns
from compliance.redaction.agreeing import judged
from compliance.redaction.detections import MASKED, Detection, DetectionFailed, Detections, HiddenTurn, PrivateType
from compliance.redaction.dialogue import Dialogue
from compliance.redaction.doubtful import quiet_words
from compliance.redaction.engine import Engine, engine
from compliance.redaction.joints import JoinedView, joined
from compliance.redaction.languages import uncovered_language
from compliance.redaction.minors import with_minors
from compliance.redaction.own_patterns import OwnPattern
from compliance.redaction.provider_marks import placeholders
from compliance.redaction.recognisers.listed import ListedRecogniser
from compliance.redaction.recognisers.names import NameRecogniser, named_elsewhere
from compliance.redaction.resolving import PROVIDER, SURE, Found, kept, resolve
from compliance.redaction.view import DialogueView

# A transcript may take this long, and ten milliseconds for each of its words: ten times what it needs on a slow machine, or more.
BASE_SECONDS = 30.0
SECONDS_A_WORD = 0.01
MAX_CHARACTERS = 20_000_000


@dataclass(frozen=True, slots=True)
class DetectSettings:
    """``time_limit`` in seconds for one transcript; None for the default, which grows with the number of words.

    ``model`` is an installed spaCy pipeline or the path of one, instead of the packaged one; ``recogniser_file`` an
    operator's own recognisers in Presidio's YAML, for everybody; ``patterns`` those of the organization whose text it is.
    """

    time_limit: float | None = None
    model: str | None = None
    recogniser_file: str | None = None
    patterns: tuple[OwnPattern, ...] = ()


def detect(dialogue: Dialogue, *, settings: DetectSettings | None = None) -> Detections:
    """Every private span of ``dialogue``.

    Raises DetectionFailed when any recogniser fails or the time limit passes; the caller then holds the transcript. Where code
    that is not the portal's takes part (``apart.needed``), the pass is made in a process of its own: in ours, a match that never
    ends could not be stopped, and would stop every other thread.
    """
    settings = settings or DetectSettings()
    size = sum(len(turn.text) for turn in dialogue.turns)
    if size > MAX_CHARACTERS:
        raise DetectionFailed("too_large", f"The transcript has {size} characters; {MAX_CHARACTERS} are allowed.")
    limit = settings.time_limit
    if limit is None:
        limit = BASE_SECONDS + SECONDS_A_WORD * size / 5
    if apart.needed(settings.model, settings.recogniser_file):
        return apart.detect(dialogue, settings, limit, model=settings.model, recogniser_file=settings.recogniser_file)
    deadline = time.monotonic() + limit
    outcome: list[Detections | DetectionFailed] = []
    worker = threading.Thread(target=_run, args=(dialogue, settings, limit, outcome), daemon=True)
    worker.start()
    worker.join(max(0.0, deadline - time.monotonic()))
    if not outcome:
        raise DetectionFailed("time_limit", f"The second pass took longer than {limit:.0f} s.")
    result = outcome[0]
    if isinstance(result, DetectionFailed):
        raise result
    return result


def listed(dialogue: Dialogue, own: Sequence[OwnPattern] | None = None, *, seconds: float = BASE_SECONDS) -> Detections:
    """What the matter's parties and lists hide, and ``own`` patterns where they are given: where the whole pass cannot
    read, or need not. Raises DetectionFailed for a pattern that cannot be read or takes longer than ``seconds``.
    """
    view = DialogueView(dialogue)
    found, names = _listed(view), [ListedRecogniser().name]
    if own is not None:
        found += kept(view, own_patterns.find(view, own, time.monotonic() + seconds))
        names.append(own_patterns.RECOGNISER)
    return Detections(items=tuple(resolve(view, found)), recognisers=tuple(names))


def known_private(dialogue: Dialogue, turns: Collection[int]) -> list[Detection]:
    """What is private in turns that nobody could check, without reading them: what the matter's parties and lists name,
    and what the speech service marked. Without numbers: nobody knows whom a name means there."""
    alone = tuple(turn if n in turns else replace(turn, text="", words=(), provider_marks=()) for n, turn in enumerate(dialogue.turns))
    view = DialogueView(replace(dialogue, turns=alone))
    return [replace(item, entity=None) for item in resolve(view, [*_listed(view), *_provider_marks(view)])]


def _listed(view: DialogueView) -> list[Found]:
    recogniser = ListedRecogniser()
    return [
        Found(one.turn, one.start, one.end, one.type, one.score, recogniser.name, one.reason, one.marks)
        for one in recogniser.find(view)
    ]


def detect_here(dialogue: Dialogue, settings: DetectSettings, limit: float) -> Detections:
    """``detect`` in this process and this thread, with all recognisers, whose calls have to come back by themselves.

    Raises DetectionFailed.
    """
    try:
        return _detect(dialogue, settings, time.monotonic() + limit, limit)
    except DetectionFailed:
        raise
    except Exception as error:
        raise DetectionFailed("recogniser_failed", f"A recogniser failed ({type(error).__name__}).") from error


def _run(
    dialogue: Dialogue,
    settings: DetectSettings,
    limit: float,
    outcome: list[Detections | DetectionFailed],
) -> None:
    """In a thread of its own, so that one of our recognisers that waits for something does not hang its caller."""
    try:
        outcome.append(detect_here(dialogue, settings, limit))
    except DetectionFailed as failure:
        outcome.append(failure)


def _detect(dialogue: Dialogue, settings: DetectSettings, deadline: float, limit: float) -> Detections:
    loaded = engine(settings.model, settings.recogniser_file)
    hidden = {
        number: language
        for number, turn in enumerate(dialogue.turns)
        if (language := uncovered_language(turn, dialogue.language)) is not None
    }
    view = DialogueView(dialogue, frozenset(hidden) - dialogue.english)
    found = _all_found(loaded, view, settings, deadline, limit)
    marked = list(_provider_marks(view))
    private = kept(view, [*found, *marked])
    together = joined(view)
    if together is not None:
        again = _all_found(loaded, together, settings, deadline, limit)
        across = list(_split(together, kept(together, again)))
        found += across
        private += across
    resolved = with_minors(dialogue, resolve(view, private))
    items = judged(view, resolved, found, marked, dialogue.provider_asked)
    return Detections(
        items=items,
        hidden_turns=tuple(_hidden(hidden, dialogue.english)),
        recognisers=loaded.recognisers,
        model=loaded.model,
        quiet=tuple(quiet_words(view, items)),
    )


def _all_found(loaded: Engine, view: DialogueView, settings: DetectSettings, deadline: float, limit: float) -> list[Found]:
    found = list(_read(loaded, view, deadline, limit))
    return [*found, *_named_elsewhere(loaded, view, found), *own_patterns.find(view, settings.patterns, deadline)]


def _named_elsewhere(loaded: Engine, view: DialogueView, found: list[Found]) -> Iterator[Found]:
    """Where else people are named whom recognisers that are not ours have found; our own have looked for theirs."""
    theirs = frozenset(one.name for one in loaded.foreign)
    names = [(f.turn, f.start, f.end, f.score) for f in found if f.type == PrivateType.NAME and f.recogniser in theirs]
    for one in named_elsewhere(view, loaded.nlp, names) if names else ():
        yield Found(one.turn, one.start, one.end, one.type, one.score, NameRecogniser.__name__, one.reason)


def _read(loaded: Engine, view: DialogueView, deadline: float, limit: float) -> Iterator[Found]:
    """What the recognisers find. Raises DetectionFailed when the time is up."""
    for text, artifacts in loaded.blocks(view):
        if time.monotonic() > deadline:
            raise DetectionFailed("time_limit", f"The second pass took longer than {limit:.0f} s.")
        results = loaded.analyzer.results(text, artifacts)
        for result in results:
            # An organization's own pattern sees the block's text and may match over the end of a turn.
            start = result.start
            while start < result.end:
                turn, place = artifacts.place(start)
                length = min(result.end - start, len(view.text(turn)) - place)
                if length > 0:
                    yield _found(result, turn, place, length)
                start += max(length, 0) + 1


def _split(together: JoinedView, found: list[Found]) -> Iterator[Found]:
    """Findings in joined turns, as findings in the turns as they are: the parts of one have its number."""
    for number, item in enumerate(found):
        places = list(together.places(item.turn, item.start, item.end))
        wholes = frozenset((number,)) if len(places) > 1 else frozenset()
        for turn, start, end in places:
            yield replace(item, turn=turn, start=start, end=end, wholes=wholes)


def _provider_marks(view: DialogueView) -> Iterator[Found]:
    """What the speech service marked itself, in the cleaned text."""
    for number in view.turns():
        turn, cleaned = view.dialogue.turns[number], view.cleans[number]
        for mark in placeholders(turn, view.recorded):
            span = cleaned.cleaned_span(mark.start, mark.end)
            if span is not None:
                yield Found(number, *span, mark.type, SURE, PROVIDER, "hidden by the speech service itself", (MASKED,))
        for mark in turn.provider_marks:
            span = cleaned.cleaned_span(mark.start, mark.end)
            if span is not None:
                yield Found(number, *span, mark.type, 0.85, PROVIDER, "marked by the speech service")


def _hidden(hidden: dict[int, str], english: frozenset[int]) -> Iterator[HiddenTurn]:
    for turn, language in hidden.items():
        yield HiddenTurn(turn, "language", language or None, read=turn in english)


def _found(result: RecognizerResult, turn: int, start: int, length: int) -> Found:
    explanation = result.analysis_explanation
    metadata = result.recognition_metadata or {}
    return Found(
        turn=turn,
        start=start,
        end=start + length,
        type=str(result.entity_type),
        score=float(result.score),
        recogniser=str(metadata.get(RecognizerResult.RECOGNIZER_NAME_KEY, "")),
        reason=(explanation.textual_explanation or explanation.pattern_name or "") if explanation else "",
        marks=tuple(metadata.get("marks", ())),
    )
