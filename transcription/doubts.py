"""The queue of what wants a human eye, by risk: what would do the most harm if it were judged wrongly comes first.

Risk is harm × doubt. Harm says what somebody could do with the thing alone; doubt is what the pass lacks of being sure,
at least even where the speech service sees it otherwise. Equal risks come in reading order, so the order is the same
each time.
"""

from dataclasses import dataclass
from typing import Any, Final

from compliance.redaction import Detections
from transcription import renditions, review
from transcription.models import DetectionSet, ReviewAct
from transcription.reading import View

# Enough for fraud or to open a file by itself: 3. Leads to one person: 2. Narrows it down, or needs more to: 1.
_HARM: Final = {
    **dict.fromkeys(
        ("ssn", "credit_card", "bank_account", "medical_record_number", "health_plan_number", "license_number"), 3
    ),
    **dict.fromkeys(("name", "date_of_birth", "email", "phone_number", "address", "medical", "private"), 2),
}
_LEAST_HARM: Final = 1
# Of two that looked, one saw nothing: as likely as not.
_DISPUTED: Final = 0.5
# As people read it: from these risks on. The highest is 3 × 1.
_LEVELS: Final = ((1.2, "high"), (0.7, "medium"), (0.0, "low"))


@dataclass(frozen=True, slots=True)
class Doubt:
    """A hidden part that wants a human eye. ``suggested``: why somebody thinks that it is not private, in words.

    ``quiet``: it can be read (``label`` is its words, ``ordinal`` the first one's place in the line) and is silent.
    """

    line: int
    ordinal: int
    type: str
    label: str
    start: int | None
    score: float
    disputed: bool = False
    suggested: str = ""
    quiet: bool = False

    @property
    def risk(self) -> float:
        doubt = max(1 - self.score, _DISPUTED if self.disputed else 0.0)
        return _HARM.get(self.type, _LEAST_HARM) * doubt

    @property
    def level(self) -> str:
        return next(name for limit, name in _LEVELS if self.risk >= limit)


def queue(view: View) -> list[Doubt]:
    """What is unsure, disputed or suggested and was not decided yet, the riskiest first. Raises NeedsChecking, StillHiding."""
    acts = review.in_force(renditions.acts_of(view.transcript))
    accepted = _findings(acts, "accept")
    suggestions = suggested(view)
    types = _asked_for(view)
    found: list[Doubt] = []
    for line in renditions.utterances(view.shown()):
        for ordinal, shown in enumerate(line.get("chips") or []):
            finding, score = shown["detection"], shown.get("unsure")
            said = suggestions.get(finding, "")
            if finding in accepted or (score is None and not said):
                continue
            found.append(
                Doubt(
                    line["n"], ordinal, shown["type"], shown["label"], line.get("start"),
                    1.0 if score is None else score, bool(shown.get("disputed")), said,
                )
            )  # fmt: skip
        for run in quiet_runs(line):
            first = line["words"][run[0]]
            score = min(_heard(line["words"][place]) for place in run)
            asked = types.get(first["id"], "")
            found.append(
                Doubt(line["n"], run[0], asked, quiet_text(line, run), first.get("start"), score, quiet=True)
            )  # fmt: skip
    return sorted(found, key=lambda doubt: (-doubt.risk, doubt.line, doubt.quiet, doubt.ordinal))


def quiet_runs(line: dict[str, Any]) -> list[tuple[int, ...]]:
    """Places of the words of a stored line that can be read and are silent, those side by side together."""
    runs: list[list[int]] = []
    for place, word in enumerate(line.get("words") or []):
        if not word.get("quiet") or word["hidden"]:
            continue
        if runs and runs[-1][-1] == place - 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    return [tuple(run) for run in runs]


def quiet_text(line: dict[str, Any], run: tuple[int, ...]) -> str:
    return " ".join(line["words"][place]["text"] for place in run)


def _heard(word: dict[str, Any]) -> float:
    """How sure the speech service was of a word; as likely as not where it does not say."""
    confidence = word.get("confidence")
    return _DISPUTED if confidence is None else float(confidence)


def _asked_for(view: View) -> dict[int, str]:
    """What was asked for where words are silent for doubt: type by word id."""
    row = DetectionSet.objects.filter(transcript=view.transcript, version=view.shown().version).first()
    if row is None:
        return {}
    row.transcript = view.transcript
    return {word: run.types[0] for run in Detections.from_dict(row.detections).quiet for word in run.words}


def accepted_since(view: View) -> frozenset[str]:
    """Ids of findings that somebody found right, as the decisions name them."""
    return _findings(review.in_force(renditions.acts_of(view.transcript)), "accept")


def suggested(view: View) -> dict[str, str]:
    """Findings that somebody thinks are not private, with the reason in words, as far as nobody decided about them."""
    acts = review.in_force(renditions.acts_of(view.transcript))
    made = ReviewAct.objects.filter(transcript=view.transcript, decision=ReviewAct.Decision.SUGGEST)
    reasons = dict(made.values_list("number", "reason"))
    open_: dict[str, str] = {}
    for act in acts:
        findings = _findings([act], act.decision)
        if act.decision == "suggest":
            reason = reasons.get(act.number, "")
            open_ |= dict.fromkeys(findings, review.REASONS["suggest"].get(reason, reason))
        elif act.decision in ("accept", "not_private"):
            open_ = {finding: said for finding, said in open_.items() if finding not in findings}
    return open_


def _findings(acts: list[review.Act], decision: str) -> frozenset[str]:
    return frozenset(i for act in acts if act.decision == decision for span in act.spans for i in span.get("findings", ()))


def detail(view: View, line: dict[str, Any], ordinal: int) -> str:
    """What was suggested about one hidden part; "" for nothing."""
    return suggested(view).get(line["chips"][ordinal]["detection"], "")
