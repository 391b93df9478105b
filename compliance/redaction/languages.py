"""Which utterances are in a language that the recognisers do not cover: by what the speech service says, and by the words.

Few services say it for each utterance, and an interpreter's witness answers in another language than the one that was
asked for. So every turn of some words is looked at: langid's model of many languages has to hold another one for far
likelier than English, and the turn has to hold function words of it and hardly any of English. A turn of names, letters
or digits is in no language and stays.
"""

from __future__ import annotations

import re
import runpy
from functools import cache
from pathlib import Path
from typing import Any

import spacy
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from compliance.redaction.dialogue import Turn
from compliance.redaction.labels import LANGUAGES
from compliance.redaction.names_words import FUNCTION

SPACY = Path(spacy.__file__).parent
COVERED = frozenset(["en"])
# Turns of fewer words are in no language ("No.", "Maria Jiménez."), nor is what says always the same word ("ay, ay, ay, ay").
FEWEST_WORDS = 4
FEWEST_DISTINCT = 3
# How much likelier another language must be than English, in natural logarithms a word; measured on the gold transcripts, of
# whose 22,000 turns no English one is hidden, and on sentences of twenty languages.
LIKELIER = 4.0
FAR_LIKELIER = 9.0
NEAR = 10.0  # between Spanish and French in "el doce de marzo"
ENGLISH_SHARE = 1 / 2  # of English function words, from which a turn is not looked at further
# What is read of a turn: more words do not change the answer, and long turns would take as long as finding names in them.
READ_CHARACTERS = 2_000
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
# Letters of another script than Latin from which a turn is in another language whatever its words.
FOREIGN_LETTERS = 4


def uncovered_language(turn: Turn, transcript_language: str | None) -> str | None:
    """The language code when the turn is not in a covered one ("" where it has no name), else None."""
    language = (turn.language or transcript_language or "en").replace("_", "-").split("-")[0].lower()
    return language if language not in COVERED else heard(turn.text)


def like_english(text: str) -> bool:
    """Whether ``text`` reads like English whatever it is labelled: some word of English grammar, and no other language heard."""
    words = (m.group().lower().replace("\u2019", "'") for m in _WORD.finditer(text[:READ_CHARACTERS]))
    return any(word in FUNCTION for word in words) and heard(text) is None


def heard(text: str) -> str | None:
    """The code of the language other than English that ``text`` is in, None where it is English or too little to tell."""
    text = text[:READ_CHARACTERS]
    letters = [c for c in text if c.isalpha()]
    foreign = sum(1 for c in letters if not LATIN.match(c))
    if foreign >= FOREIGN_LETTERS and 2 * foreign > len(letters):
        return _likeliest(text)[0]
    said = " ".join(part for part in text.split() if not _address(part))
    words = [m.group().lower().replace("\u2019", "'") for m in _WORD.finditer(said) if len(m.group()) > 1]
    english = sum(word in FUNCTION for word in words)
    if len(words) < FEWEST_WORDS or len(set(words)) < FEWEST_DISTINCT or english >= ENGLISH_SHARE * len(words):
        return None
    language, margin = _likeliest(" ".join(words), set(words) - FUNCTION)
    its_own = _function_words(language) & set(words) - FUNCTION
    likelier = margin / len(words)
    sure = len(its_own) >= 2 and len(its_own) >= english or len(its_own) == 1 and not english
    far = likelier >= FAR_LIKELIER and (bool(its_own) or len(words) > FEWEST_WORDS)
    return language if language not in COVERED and (likelier >= LIKELIER and sure or far) else None


def _address(part: str) -> bool:
    return "@" in part or "/" in part or "." in part.rstrip(".,;:?!)")


def _likeliest(text: str, words: set[str] | None = None) -> tuple[str, float]:
    """The likeliest language and by how much it is likelier than English; of near ones that with the most function words."""
    ranked = _identifier().rank(text)
    first = max(ranked, key=lambda entry: entry[1])
    english = next(score for language, score in ranked if language == "en")
    near = [entry for entry in ranked if first[1] - entry[1] <= NEAR] if first[0] != "en" else [first]
    best = max(near, key=lambda entry: (len(_function_words(entry[0]) & (words or set())), entry[1]))
    return best[0], float(first[1] - english)


@cache
def _identifier() -> Any:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(["en", *(code for code in LANGUAGES if code in identifier.labels)])
    return identifier


@cache
def _function_words(language: str) -> frozenset[str]:
    """spaCy's stop words of a language; none for those of which it has no list.

    The list's file alone is run: importing it would import all that spaCy knows of the language, half a second each.
    """
    path = SPACY / "lang" / language / "stop_words.py"
    return frozenset(runpy.run_path(str(path))["STOP_WORDS"]) if path.exists() else frozenset()
