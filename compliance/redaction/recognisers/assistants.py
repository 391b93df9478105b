"""Programs that take notes in the room and are talked of as people are: "the nurse told you about DAX"."""

from __future__ import annotations

from compliance.redaction.view import DialogueView

# Nuance's DAX and Dragon; a given name and a surname, too, so that what is said around them decides.
_CALLED = frozenset(["dax", "dragon"])
_BEFORE = frozenset("about tell telling told using use hey with through called".split())
# "tell dax a little bit about you"
_LISTENS = frozenset("about you your visit listen listening record recording note notes hear".split())
_REACH = 8  # tokens


def assistants_named(view: DialogueView) -> frozenset[int]:
    """Tokens that name such a program, where the dialogue tells or asks it to listen; none where somebody has its name."""
    named: set[int] = set()
    for called in _CALLED:
        places = [token.index for token in view.tokens if token.low == called]
        if any(_listens(view, place) for place in places):
            named.update(places)
    return frozenset(named)


def _listens(view: DialogueView, place: int) -> bool:
    begin, end = view.bounds[view.tokens[place].turn]
    if place == begin or view.tokens[place - 1].low not in _BEFORE:
        return False
    if view.tokens[place].low == "dragon":
        return view.tokens[place - 1].low == "hey"
    told = view.tokens[place - 1].low == "about" and {"nurse", "you"} & {t.low for t in view.tokens[max(begin, place - _REACH) : place]}
    return bool(told) or len(_LISTENS & {t.low for t in view.tokens[place + 1 : min(end, place + 1 + _REACH)]}) >= 2
