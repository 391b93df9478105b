"""What people are called on the net: "@daisy.d", "grimwald#4410", "my user name is throw away nine one"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compliance.redaction.view import DialogueView

# "@" and "$" begin a name only where nothing stands before them; "$40" is money, "@ 5" a price.
_WRITTEN = re.compile(
    r"(?<![\w.@$])@(?=[\w.-]*[^\W\d_])[\w](?:[\w.-]{0,30}\w)"
    r"|(?<![\w$])\$(?=[A-Za-z]\w*\d)\w{3,30}(?!\w)"
    r"|(?<![\w#])[^\W\d_][\w.]{1,31}#\d{4}(?!\w)"
)
_PLACES = (
    "twitter|instagram|insta|snapchat|tik ?tok|discord|skype|reddit|facebook|telegram|xbox|playstation|twitch|steam|venmo|zelle|cash ?app|paypal|pay pal"
)
_CALLED = r"user ?names?|screen ?names?|handles?|gamer ?tags?|user ids?|logins?|log ?in names?"
# A code of letters and digits, or of parts, right after the words for it or the place: "my Snapchat is lexi.loo22", "Zelle to daisyd1988".
_CODE = r"(?=\w*[^\W\d_])(?=\w*(?:\d|_|\.\w))\w[\w.-]{2,30}\w"
_AFTER = re.compile(rf"\b(?:{_PLACES}|{_CALLED})(?: name)?(?:'s| is| was|:| to| under)* ({_CODE})", re.IGNORECASE)
# The same as it is said, to the end of what is said in one go. A door has a handle, too: theirs "is" something.
_SAID = re.compile(
    rf"\b(?:my|his|her|their|your|our|whose)(?: {_PLACES})? (?:{_CALLED})(?: there| on there)?(?:'s| is|:) (?!not\b|the\b)((?:at )?\w+(?: [\w']+){{0,5}})",
    re.IGNORECASE,
)
_ASKED = re.compile(
    rf"\bwhat(?:'s|s| is| was)? (?:his|her|your|their)(?: \w+)? (?:{_CALLED})(?: .{{0,20}})?\??$|^(?:and |his |her |your )*(?:{_CALLED})\?*$", re.IGNORECASE
)
_ANSWER = re.compile(r"(?:(?:uh|um|it's|its|it is|my|that's|thats|oh|okay|so|well)[, ]+)*(\w+(?: [\w']+){0,6})", re.IGNORECASE)
_NO_NAME = re.compile(r"(?:no|yes|yeah|i|he|she|we|they|never|none|nothing|not|don't|what|which|why|can|do|for|let|you|the|on)\b", re.IGNORECASE)
_ENDS = re.compile(rf",| (?:on|in|at|for|and|but|one word|all one|all lower|i|he|she|that|because|since)\b| (?:{_PLACES})\b", re.IGNORECASE)
LONGEST_QUESTION = 120  # characters


def handles(view: DialogueView, turn: int) -> Iterator[tuple[int, int]]:
    """(start, end) in the turn's cleaned text."""
    text = view.text(turn)
    for match in _WRITTEN.finditer(text):
        yield match.span()
    for match in _AFTER.finditer(text):
        yield match.span(1)
    for match in _SAID.finditer(text):
        yield match.start(1), _end(text, match.start(1), match.end(1))
    if turn and len(view.text(turn - 1)) <= LONGEST_QUESTION and _ASKED.search(view.text(turn - 1).strip()):
        answer = _ANSWER.match(text)
        if answer is not None and not _NO_NAME.match(answer.group(1)):
            yield answer.start(1), _end(text, answer.start(1), answer.end(1))


def _end(text: str, start: int, end: int) -> int:
    first = text.find(" ", start)
    stop = _ENDS.search(text, first, end) if 0 <= first < end else None
    return stop.start() if stop else end
