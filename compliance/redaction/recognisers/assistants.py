"""Programs that take notes in the room and are talked of as people are: "the nurse told you about DAX"."""

from __future__ import annotations

from compliance.redaction.view import DialogueView

# Nuance's DAX; also a given name, so that what is said around it decides.
_CALLED = frozenset(["dax"])
_BEFORE = frozenset("about tell telling told using use hey with through called".split())
# "tell dax a little bit about you"
_LISTENS = frozenset("about you your visit listen listening record recording note notes hear".split())
_REACH = 8  # tokens


def assistants_named(view: DialogueView) -> frozenset[int]:
    """Tokens that name such a program, where the dialogue tells or asks it to listen; none where somebody has its name."""
    places = [token.index for token in view.tokens if token.low in _CALLED]
    if not places or not any(_listens(view, place) for place in places):
        return frozenset()
    return frozenset(places)


def _listens(view: DialogueView, place: int) -> bool:
    begin, end = view.bounds[view.tokens[place].turn]
    if place == begin or view.tokens[place - 1].low not in _BEFORE:
        return False
    told = view.tokens[place - 1].low == "about" and {"nurse", "you"} & {t.low for t in view.tokens[max(begin, place - _REACH) : place]}
    return bool(told) or len(_LISTENS & {t.low for t in view.tokens[place + 1 : min(end, place + 1 + _REACH)]}) >= 2
