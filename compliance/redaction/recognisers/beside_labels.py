"""Which turns stand beside the labels of an earlier pass, and how sure the model must be there."""

from __future__ import annotations

from compliance.redaction.view import DialogueView

# In a text that an earlier pass has labelled, labels stand where the words stood that told the model what is a name. What was
# left there was left on purpose, so near a label the model must be this sure.
LIKELY_BESIDE_LABELS = 0.998
UNLIKELY_BESIDE_LABELS = 0.5  # the same of what lists say, too
LABEL_REACH = 3  # turns


def beside_labels(view: DialogueView) -> frozenset[int]:
    """Turns within ``LABEL_REACH`` of a label of an earlier pass."""

    def make(v: DialogueView) -> frozenset[int]:
        labelled = [turn for turn in v.turns() if v.labels(turn)]
        return frozenset(near for turn in labelled for near in range(turn - LABEL_REACH, turn + LABEL_REACH + 1))

    return view.once("beside labels", make)
