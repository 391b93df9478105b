"""Recognisers that are not the portal's own: from Presidio's YAML and from installed packages.

They are read as Presidio reads them, by score and context words, except that nothing of theirs may open a socket, and that
a pattern which takes too long fails the pass: Presidio logs that and goes on, and what it would have found would be shown.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib import metadata
from numbers import Integral, Real
from typing import Any

import regex
import yaml
from presidio_analyzer import EntityRecognizer, PatternRecognizer, RecognizerResult, RemoteRecognizer
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts
from presidio_analyzer.predefined_recognizers import EmailRecognizer
from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider
from presidio_analyzer.recognizer_registry.recognizers_loader_utils import (
    PredefinedRecognizerNotFoundError,
    RecognizerListLoader,
)

from compliance.redaction.context_words import near, phrases_of
from compliance.redaction.detections import DetectionFailed
from compliance.redaction.recognisers.base import DialogueArtifacts

ENTRY_POINTS = "sealscript.recognisers"
# Scores of Presidio's weak patterns (0.01 to 0.3) mean "only beside a context word", which raises them to 0.4 at least. What
# stays below this was not meant to count: a four-digit number is no badge because somebody has badges of four digits.
FLOOR = 0.35
# What a context word adds, and what it gives at least: Presidio's own defaults.
CONTEXT_GAIN = 0.35
CONTEXT_SCORE = 0.4
# The one language that transcripts are read in: a recogniser of another would be listed and never asked.
LANGUAGE = "en"
# What an entry of one's own may say. Presidio drops every other key without a word: context words that are called "contxt" would
# be none.
ENTRY_KEYS = (
    "name", "type", "enabled", "supported_entity", "supported_language", "supported_languages",
    "context", "patterns", "deny_list", "deny_list_score",
)  # fmt: skip
PATTERN_KEYS = ("name", "regex", "score")
LANGUAGE_KEYS = ("language", "context")
# For one pattern and one block of turns; the slowest that are sane take some milliseconds.
SECONDS_A_BLOCK = 10.0


@dataclass(frozen=True, slots=True)
class Foreign:
    """A recogniser and where it comes from: the file, or an entry point's name."""

    recogniser: EntityRecognizer
    origin: str

    @property
    def name(self) -> str:
        return _name(self.recogniser)


def from_entry_points() -> list[Foreign]:
    """What installed packages offer: each entry point is a callable that makes a recogniser."""
    return [Foreign(_safe(point.load()()), f"entry point {point.name}") for point in metadata.entry_points(group=ENTRY_POINTS)]


def from_file(path: str | None) -> list[Foreign]:
    """What an operator wrote in Presidio's YAML. Raises DetectionFailed where not all of it can be used.

    Presidio leaves out what it does not know and goes on, and what that was to find would be shown. So the file is read here, and
    Presidio is given entries that it makes one recogniser of each.
    """
    if path is None:
        return []
    configuration = _read(path)
    asked = [entry for entry in map(_entry, configuration["recognizers"]) if entry.get("enabled", True)]
    # Flags as Presidio takes them for a file that names none.
    settled = {"global_regex_flags": 26} | configuration | {"supported_languages": [LANGUAGE], "recognizers": asked}
    if not asked:
        return []
    try:
        made: Any = RecognizerRegistryProvider(registry_configuration=settled).create_recognizer_registry()
    except ValueError as error:
        # What Presidio says itself names no reason; what it says it from does.
        raise DetectionFailed(
            "configuration", f"Presidio refuses an entry of the recogniser file {path}. `manage.py recognisers` prints its reason."
        ) from (error.__cause__ or error)
    recognisers: list[EntityRecognizer] = made.recognizers
    if len(recognisers) != len(asked):
        lost = [str(entry.get("name")) for entry in asked if entry.get("name") not in {_name(one) for one in recognisers}]
        raise DetectionFailed(
            "configuration",
            f"The recogniser file has {len(asked)} recognisers, of which Presidio made {len(recognisers)}; "
            f"it left out {', '.join(lost)}. Take these out of the file or write them as docs/redaction.md shows.",
        )
    return [Foreign(_safe(recogniser), "file") for recogniser in recognisers]


def _read(path: str) -> dict[str, Any]:
    """Raises DetectionFailed for a file that is not there, cannot be read or lists no recognisers."""
    try:
        with open(path, encoding="utf-8") as file:
            read: Any = yaml.safe_load(file)
    except FileNotFoundError:
        raise DetectionFailed(
            "configuration", f"The recogniser file {path} does not exist. Name one that does, or none for the portal's recognisers."
        ) from None
    except OSError as error:
        raise DetectionFailed(
            "configuration", f"The recogniser file {path} cannot be read ({error.strerror}). It has to be a file that the portal may read."
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark: Any = getattr(error, "problem_mark", None)
        where = f" from line {mark.line + 1} on" if mark else ""
        raise DetectionFailed("configuration", f"The recogniser file {path} is no YAML{where}. Mend it there.") from error
    if read is None:
        raise DetectionFailed("configuration", f"The recogniser file {path} is empty. Write a list of recognisers under “recognizers:”.")
    if not isinstance(read, dict) or not isinstance(read.get("recognizers"), list) or not read["recognizers"]:
        raise DetectionFailed(
            "configuration", f"The recogniser file {path} lists no recognisers. Write them as a list under “recognizers:”."
        )
    _only_english("The recogniser file", read)
    return read


def _entry(entry: Any) -> dict[str, Any]:
    """An entry of the file as Presidio makes one recogniser of it. Raises DetectionFailed where it would make none."""
    if isinstance(entry, str):
        if not _is_known(entry):
            raise _unknown(entry)
        raise DetectionFailed(
            "configuration",
            f"“{entry}” alone in the recogniser file makes Presidio load nothing. Write “- {{name: {entry}, type: predefined}}”.",
        )
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise DetectionFailed("configuration", "An entry of the recogniser file has no name. Write “- name: …” and what it looks for.")
    name = entry["name"]
    _only_english(f"The recogniser {name}", entry)
    custom = entry.get("type") == "custom" or "patterns" in entry or "deny_list" in entry
    if not custom and not _is_known(entry.get("class_name") or name):
        raise _unknown(entry.get("class_name") or name)
    if custom and entry.get("type") != "predefined":
        _readable(name, entry)
    # Presidio forgets the context words beside a list of languages, and what a list of languages says beside its context words.
    languages = entry.get("supported_languages") or []
    context = next((language.get("context") for language in languages if isinstance(language, dict)), None) or entry.get("context")
    kept = {key: value for key, value in entry.items() if key not in ("supported_language", "supported_languages")}
    if entry.get("deny_list") and entry.get("deny_list_score") is None:
        # Presidio's own default for a file is 0, at which it finds nothing; in code it is this.
        kept["deny_list_score"] = 1.0
    return kept | ({"context": context} if context else {})


def _readable(name: str, entry: dict[str, Any]) -> None:
    """Raises DetectionFailed for an entry of one's own with a key that means nothing, or with what finds nothing."""
    _only_keys(f"The recogniser {name}", entry, ENTRY_KEYS)
    for language in entry.get("supported_languages") or ():
        if isinstance(language, dict):
            _only_keys(f"A language of the recogniser {name}", language, LANGUAGE_KEYS)
    patterns = entry.get("patterns", [])
    if not isinstance(patterns, list) or not all(isinstance(pattern, dict) for pattern in patterns):
        raise DetectionFailed(
            "configuration", f"The patterns of the recogniser {name} are no list. Write “- {{name: …, regex: …, score: …}}” for each."
        )
    for number, pattern in enumerate(patterns, start=1):
        what = f"The pattern {pattern.get('name', number)} of the recogniser {name}"
        _only_keys(what, pattern, PATTERN_KEYS)
        if not isinstance(pattern.get("regex"), str) or not pattern["regex"]:
            raise DetectionFailed("configuration", f"{what} has no regular expression. Write it as text: “regex: \"…\"”.")
    listed = entry.get("deny_list")
    if isinstance(listed, list) and any(isinstance(word, str) and not word.strip() for word in listed):
        raise DetectionFailed("configuration", f"The deny_list of the recogniser {name} has an empty entry. Take it out.")


def _only_keys(what: str, entry: dict[Any, Any], allowed: tuple[str, ...]) -> None:
    other = [str(key) for key in entry if key not in allowed]
    if other:
        raise DetectionFailed(
            "configuration", f"{what} has the key {', '.join(other)}, which means nothing there. It may have {', '.join(allowed)}."
        )


def _only_english(what: str, entry: dict[str, Any]) -> None:
    """Raises DetectionFailed for what names other languages alone: Presidio drops it, or it would never be asked."""
    listed = entry.get("supported_languages") or []
    named = [entry.get("supported_language"), *(listed if isinstance(listed, list) else [listed])]
    languages = [one.get("language") if isinstance(one, dict) else one for one in named if one is not None]
    other = [str(language) for language in languages if language != LANGUAGE]
    if other and LANGUAGE not in languages:
        raise DetectionFailed(
            "configuration",
            f"{what} is for the language {', '.join(other)}, and transcripts are read as {LANGUAGE} only, so it would find nothing. "
            f"Write “supported_languages: [{LANGUAGE}]”, or take it out.",
        )


def _is_known(name: str) -> bool:
    try:
        RecognizerListLoader.get_existing_recognizer_cls(name)
    except PredefinedRecognizerNotFoundError:
        return False
    return True


def _unknown(name: str) -> DetectionFailed:
    return DetectionFailed(
        "configuration",
        f"Presidio has no recogniser called “{name}”, which the recogniser file names. Write one that it has, such as "
        "“- {name: NhsRecognizer, type: predefined}”, or one of your own with “type: custom” and patterns or a deny_list.",
    )


def _name(recogniser: EntityRecognizer) -> str:
    return str(getattr(recogniser, "name", ""))


def _safe(recogniser: EntityRecognizer) -> EntityRecognizer:
    """Raises DetectionFailed for what is no recogniser, one that would open a socket, and one that would never be asked."""
    if not isinstance(recogniser, EntityRecognizer):
        raise DetectionFailed("configuration", f"{type(recogniser).__name__} is not a Presidio EntityRecognizer.")
    if isinstance(recogniser, RemoteRecognizer | EmailRecognizer):
        raise DetectionFailed("configuration", f"{type(recogniser).__name__} would open a connection, which the pass may not.")
    _only_english(f"The recogniser {_name(recogniser)}", {"supported_language": recogniser.supported_language})
    if isinstance(recogniser, PatternRecognizer):
        listed: list[Any] = getattr(recogniser, "patterns")  # noqa: B009  # whose type is nowhere said
        weak = _never_raised(recogniser)
        for pattern in listed:
            # One with a checksum of its own gets its score from that.
            if not pattern.score and type(recogniser).validate_result is PatternRecognizer.validate_result:
                raise DetectionFailed(
                    "configuration",
                    f"The pattern {pattern.name} of the recogniser {_name(recogniser)} has the score 0, so nothing that it finds counts. "
                    f"Write a score up to 1: from {FLOOR} on it counts alone, below that beside a context word.",
                )
            if weak and pattern.score < FLOOR:
                raise DetectionFailed(
                    "configuration",
                    f"The pattern {pattern.name} of the recogniser {_name(recogniser)} has the score {pattern.score}, which counts "
                    f"beside a context word only, and the recogniser has none, so nothing that it finds counts. Write its words as "
                    f"“context: […]” beside its name, or a score from {FLOOR} on.",
                )
            # Presidio compiles what is not compiled yet for these flags, so this one stays.
            pattern.compiled_regex = _Held(regex.compile(pattern.regex, recogniser.global_regex_flags))
            pattern.compiled_with_flags = recogniser.global_regex_flags
    return recogniser


def checked(recogniser: EntityRecognizer, result: Any, characters: int) -> None:
    """Raises DetectionFailed for a result that could hide nothing though its recogniser found something.

    What has no score, or ends before it begins, is dropped where scores and places are compared, and what was found would be shown.
    Numbers of other libraries (numpy's) become Python's, which everything after this takes for granted.
    """
    start, end, score = (getattr(result, name, None) for name in ("start", "end", "score"))
    if not isinstance(score, Real) or math.isnan(score):
        wrong = "no score"
    elif not isinstance(start, Integral) or not isinstance(end, Integral) or not 0 <= int(start) <= int(end) or int(start) > characters:
        wrong = "no place in the text"
    else:
        result.start, result.end, result.score = int(start), int(end), float(score)
        return
    name = _name(recogniser)
    raise DetectionFailed("recogniser_failed", f"The recogniser {name} gave a result with {wrong}.", name)


def _never_raised(recogniser: PatternRecognizer) -> bool:
    """Whether the scores of its patterns stay what they are: it has no context words, and no code of its own that scores."""
    own = ("validate_result", "analyze", "enhance_using_context")
    if any(getattr(type(recogniser), name) is not getattr(PatternRecognizer, name) for name in own):
        return False
    return not phrases_of(recogniser.context or ())


class _Held:
    """A compiled pattern whose time limit is an error that Presidio does not swallow."""

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled

    def __getattr__(self, name: str) -> Any:
        return getattr(self._compiled, name)

    def finditer(self, text: str, **_: Any) -> Iterator[Any]:
        try:
            yield from self._compiled.finditer(text, timeout=SECONDS_A_BLOCK)
        except TimeoutError:
            raise DetectionFailed("time_limit", "A pattern of the recogniser file takes too long.") from None


class WordContext(ContextAwareEnhancer):
    """Presidio's context words for recognisers that are not ours, by the words of the turn and the question before it.

    Presidio's own looks for lemmas in a spaCy document of the text, which no block of turns has. Our recognisers read the
    dialogue themselves.
    """

    def __init__(self, foreign: Collection[str]) -> None:
        super().__init__(
            context_similarity_factor=CONTEXT_GAIN,
            min_score_with_context_similarity=CONTEXT_SCORE,
            context_prefix_count=0,
            context_suffix_count=0,
        )
        self.foreign = frozenset(foreign)

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        if not self.foreign or not isinstance(nlp_artifacts, DialogueArtifacts):
            return raw_results
        wanted = {r.id: phrases_of(r.context) for r in recognizers if r.id in self.foreign and r.context}
        for result in raw_results:
            known = result.recognition_metadata or {}
            phrases = wanted.get(known.get(RecognizerResult.RECOGNIZER_IDENTIFIER_KEY, ""))
            if not phrases or known.get(RecognizerResult.IS_SCORE_ENHANCED_BY_CONTEXT_KEY):
                continue
            turn, start = nlp_artifacts.place(result.start)
            if near(nlp_artifacts.view, turn, start, start + result.end - result.start, phrases):
                result.score = min(1.0, max(result.score + self.context_similarity_factor, self.min_score_with_context_similarity))
        return raw_results

    def counts(self, result: RecognizerResult) -> bool:
        """Whether a result is good enough: ours always are."""
        known = result.recognition_metadata or {}
        return result.score >= FLOOR or known.get(RecognizerResult.RECOGNIZER_IDENTIFIER_KEY) not in self.foreign
