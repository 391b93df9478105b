"""What is said of a home or a place while the talk is about it, and nothing else shows."""

from __future__ import annotations

from compliance.redaction.encoder import Chance
from compliance.redaction.recognisers.address_topic import AddressTopic
from compliance.redaction.recognisers.beside_labels import beside_labels
from compliance.redaction.recognisers.names_there import calles, crossings, likely_words, named_again, small_parts
from compliance.redaction.recognisers.numbers_there import MAX_DIGITS, bare_numbers, numbered_roads, said_again, units
from compliance.redaction.recognisers.streets import Span
from compliance.redaction.view import DialogueView


def whereabouts(view: DialogueView, chances: dict[int, Chance], by_turn: dict[int, list[Span]]) -> list[tuple[int, Span]]:
    """(turn, span) of each that is not among ``by_turn``, the addresses that were found so far."""
    topic = AddressTopic(view, chances, by_turn)
    found: list[tuple[int, Span]] = []
    known: set[str] = set()
    for turn in view.turns():
        if turn in beside_labels(view):
            continue
        spans = list(numbered_roads(topic, turn))
        if turn in topic:
            for rule in (calles, units, bare_numbers, likely_words, crossings, small_parts):
                spans += rule(topic, turn)
        topic.found(turn, spans)
        for first, last, _, _ in spans:
            known.update(run.digits for run in topic.runs_in(first, last) if 2 <= len(run.digits) <= MAX_DIGITS)
        found += [(turn, span) for span in spans]
    return [*found, *said_again(topic, known), *named_again(topic)]
