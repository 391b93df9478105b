"""Renditions: the view that one policy allows of one version of the text, sealed page by page.

``ensure`` gives the newest one and makes it where it is missing; ``edition`` counts review decisions, changes of the
matter's parties and lists, lines read as English, and readings that found something else, so each of them makes a new
Rendition and the old one stale. So does New Year where the policy hides birth years that tell an age over 89.
The audio of a Rendition is made after it (``transcription.audio``).
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone

from compliance import audit, policies
from compliance.audit import SYSTEM, Actor, Target
from compliance.models import DisclosurePolicy
from compliance.policies import readable
from compliance.redaction import Detections, Dialogue, RenderedTurn, listed, merge_silences, render
from compliance.redaction import Rendition as Rendered
from compliance.redaction.detections import OURS_ONLY, PROVIDER_ONLY
from portal.errors import Conflict
from transcription import review, second_pass, text_digest
from transcription.bulk import building
from transcription.models import DetectionSet, Recording, Rendition, RenditionPage, ReviewAct, Transcript
from transcription.originals import Current
from transcription.review_acts import acts_of

# One screen opens one page or two; a page of a hundred turns is about 30 kB.
PAGE_UTTERANCES: Final = 100
# How sure the pass was (0..1), and whether the speech service sees it otherwise.
Doubt = tuple[float, bool]


class NotShown(Conflict):
    """There is no view yet, or the transcript is held."""

    code = "not_ready"
    message = "This transcript cannot be shown yet: private details are still being hidden, or it needs checking."


class CheckedAnew(NotShown):
    """The matter's parties or lists were changed, and the second pass has not read the text with them yet."""


def ensure(transcript: Transcript, policy: DisclosurePolicy, *, actor: Actor = SYSTEM) -> Rendition:
    """The Rendition of the newest version and edition under ``policy``. Not inside a transaction (it renders and seals).

    Raises NotShown for a held or unchecked transcript (CheckedAnew), PolicyUnresolved, keystore errors.
    """
    if transcript.state != Transcript.State.READY:
        raise NotShown(state=transcript.state)
    edition = edition_of(transcript)
    year = year_of(policy)
    wanted = {"transcript": transcript, "version": transcript.version, "edition": edition, "policy": policy, "year": year}
    made = Rendition.objects.filter(**wanted).exclude(state=Rendition.State.BUILDING).first()
    if made is not None:
        return made
    found = second_pass.checked(transcript)
    if found is None:
        raise CheckedAnew(state=transcript.state)
    found.transcript = transcript
    rendered, dialogue = view(transcript, policy, year)
    row = Rendition(
        **wanted,
        state=Rendition.State.READY,
        hidden_spans=rendered.hidden_spans,
        hidden_counts=dict(rendered.types),
        audio_state=Rendition.Audio.BUILDING if _has_sound(transcript) else Rendition.Audio.NONE,
    )
    with building():
        said = text_digest.Summing(transcript.sealing_vault)
        pages = list(_pages(row, rendered, _unsure(transcript, found, dialogue), said))
    row.text_digest = said.hexdigest()
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            RenditionPage.objects.bulk_create(pages)
            older = Rendition.objects.filter(
                transcript=transcript, policy=policy, version__lte=row.version, edition__lte=row.edition
            ).exclude(pk=row.pk)
            older.filter(state=Rendition.State.READY).update(state=Rendition.State.STALE)
            audit.record(
                "transcription:rendition:created",
                organization_id=transcript.proceeding.matter.organization_id,
                actor=actor,
                target=Target("transcript", transcript.id, transcript.proceeding.matter_id),
                policy=policy.name,
                version=transcript.version,
                hidden=rendered.hidden_spans,
            )
    except IntegrityError:
        # Two readers at once: the other one's is the same.
        return Rendition.objects.get(**wanted)
    return row


def first(transcript: Transcript) -> list[Rendition]:
    """What most people will ask for: the usual view, and the one that was chosen on upload. Raises as ``ensure``."""
    names = dict.fromkeys((policies.DEFAULT, transcript.proceeding.policy_name))
    rows = [policies.resolve(transcript.proceeding.matter.organization_id, name) for name in names]
    return [ensure(transcript, row) for row in rows]


@building()
def view(transcript: Transcript, policy: DisclosurePolicy, year: int | None = None) -> tuple[Rendered, Dialogue]:
    """The newest version under ``policy``, in memory, with what people decided; ``year`` as ``year_of`` gives it.

    Raises NotShown, PolicyUnresolved.
    """
    detections, dialogue, text = decided(transcript)
    rendered = render(dialogue, detections, readable(policy), this_year=(year_of(policy) if year is None else year) or None)
    extra = _silent_for_ever(transcript, policy, text)
    if extra:
        silences = merge_silences([*rendered.silences, *extra], padding=0)
        rendered = replace(rendered, silences=silences)
    return rendered, dialogue


def view_of(rendition: Rendition) -> tuple[Rendered, Dialogue]:
    """What ``ensure`` rendered for this row, made again. Raises NotShown when it is not the newest any more."""
    transcript = rendition.transcript
    newest = (transcript.version, edition_of(transcript), year_of(rendition.policy))
    if (rendition.version, rendition.edition, rendition.year) != newest:
        raise NotShown(state=rendition.state)
    return view(transcript, rendition.policy, rendition.year)


def decided(transcript: Transcript) -> tuple[Detections, Dialogue, Current]:
    """What is private in the newest version, after people's decisions. Raises NotShown where no pass was finished."""
    row = DetectionSet.objects.filter(transcript=transcript, version=transcript.version).first()
    if row is None:
        raise NotShown(state=transcript.state)
    row.transcript = transcript
    text = second_pass.current_text(transcript)
    dialogue = second_pass.dialogue_of(transcript, text)
    applied = review.applied(dialogue, Detections.from_dict(row.detections), acts_of(transcript))
    return applied.detections, dialogue, text


def year_of(policy: DisclosurePolicy) -> int:
    """The year of the calendar on which a view under ``policy`` depends; 0 where it depends on none."""
    return timezone.now().year if readable(policy).knows_ages else 0


def edition_of(transcript: Transcript) -> int:
    """1, and more for every decision that changes what is shown, every change of the matter's parties and lists, every
    reading of lines as English, and every time that the text was read again and something else was found in it.

    Finding something right, suggesting, or leaving a line hidden changes nothing.
    """
    unchanging = (ReviewAct.Decision.ACCEPT, ReviewAct.Decision.SUGGEST, ReviewAct.Decision.LEAVE)
    decisions = Count("review_acts", filter=~Q(review_acts__decision__in=unchanging))
    told = DetectionSet.objects.filter(transcript=OuterRef("pk")).order_by("-told").values("told")[:1]
    # Of one moment: each only ever grows, so that no two states of a text have the same sum.
    words, rereads, acts, read = (
        Transcript.objects.filter(pk=transcript.pk)
        .annotate(decisions=decisions, told=Subquery(told))
        .values_list("proceeding__matter__words_version", "rereads", "decisions", "told")
        .get()
    )
    return int(words + rereads + acts + (read or 0))


def _silent_for_ever(transcript: Transcript, policy: DisclosurePolicy, text: Current) -> list[tuple[int, int]]:
    """Silences of earlier versions over words that corrections took out: the text lost them, the sound did not."""
    if not text.deleted:
        return []
    spans: list[tuple[int, int]] = []
    read = readable(policy)
    matter = second_pass.told(transcript)
    for row in DetectionSet.objects.filter(transcript=transcript, version__lt=transcript.version):
        row.transcript = transcript
        earlier = second_pass.current_text(transcript, row.version)
        found = Detections.from_dict(row.detections)
        dialogue = second_pass.dialogue_of(transcript, earlier, matter)
        # Only the newest version is checked again when the lists change; what they name was said all the same.
        items = {item.id: item for item in [*found.items, *listed(dialogue).items]}.values()
        gone = tuple(d for d in items if _touches(earlier, d.turn, d.first_word, d.last_word, text.deleted))
        quiet = tuple(words for words in found.quiet if not text.deleted.isdisjoint(words.words))
        if gone or quiet:
            spans.extend(render(dialogue, Detections(items=gone, quiet=quiet), read).silences)
    return spans


def _touches(text: Current, turn: int, first: int | None, last: int | None, words: frozenset[int]) -> bool:
    ids = [word.id for word in text.utterances[turn].words]
    if first in ids and last in ids:
        ids = ids[ids.index(first) : ids.index(last) + 1]
    return not words.isdisjoint(ids)


def _unsure(transcript: Transcript, found: DetectionSet, dialogue: Dialogue) -> dict[str, Doubt]:
    """Findings that want a human eye, also by the ids of what they overlap with (one label shows both)."""
    raw = Detections.from_dict(found.detections)
    if not any(item.unsure for item in raw.items):
        return {}
    applied = review.applied(dialogue, raw, acts_of(transcript))
    doubtful = [d for d in applied.detections.items if d.unsure and d.id not in applied.accepted]
    turns = {item.turn for item in doubtful}
    near = [item for item in applied.detections.items if item.turn in turns]
    doubts: dict[str, Doubt] = {}
    for item in doubtful:
        disputed = PROVIDER_ONLY in item.marks or OURS_ONLY in item.marks
        for other in near:
            if other.turn == item.turn and other.start < item.end and item.start < other.end:
                score, before = doubts.get(other.id, (1.0, False))
                doubts[other.id] = (min(score, item.score), before or disputed)
    return doubts


def _has_sound(transcript: Transcript) -> bool:
    return Recording.objects.filter(proceeding_id=transcript.proceeding_id, media__in=("audio", "video")).exists()


def _pages(
    row: Rendition, rendered: Rendered, unsure: dict[str, Doubt], said: text_digest.Summing
) -> Iterator[RenditionPage]:  # fmt: skip
    turns = rendered.turns
    # A transcript of silence has one empty page, so that it can be shown and says so.
    for number, first in enumerate(range(0, max(1, len(turns)), PAGE_UTTERANCES)):
        part = turns[first : first + PAGE_UTTERANCES]
        page = RenditionPage(
            rendition=row,
            number=number,
            first_utterance=first,
            utterances=len(part),
            start_ms=min((t.start for t in part if t.start is not None), default=0),
            end_ms=max((t.end for t in part if t.end is not None), default=0),
        )
        content = [_stored(turn, unsure) for turn in part]
        said.lines(content)
        page.content = content
        yield page


def _stored(turn: RenderedTurn, unsure: dict[str, Doubt]) -> dict[str, Any]:
    return {
        "n": turn.index,
        "speaker": turn.speaker,
        "start": turn.start,
        "end": turn.end,
        "text": turn.text,
        "hidden_whole": turn.hidden_whole,
        "chips": [
            {
                "start": c.start,
                "end": c.end,
                "type": c.type,
                "label": c.label,
                "detection": c.detection_id,
                # How sure the pass was, where it was not sure enough; a person's "it is right" comes beside it.
                # Of a line that could not be checked nobody knows anything.
                "unsure": unsure[c.detection_id][0] if c.detection_id in unsure else 0.0 if turn.hidden_whole else None,
                # The speech service and the second pass do not agree about it.
                "disputed": c.detection_id in unsure and unsure[c.detection_id][1],
            }
            for c in turn.chips
        ],
        "words": [
            {
                "id": w.id,
                "text": w.text,
                "start": w.start,
                "end": w.end,
                "confidence": w.confidence,
                "hidden": w.hidden,
                "quiet": w.quiet,
                "from": w.char_start,
                "to": w.char_end,
            }
            for w in turn.words
        ],
    }


def digest_of(rendition: Rendition) -> str:
    """What its lines come to, to compare it with another edition's; made now where it is older than such digests."""
    if not rendition.text_digest:
        rendition.text_digest = text_digest.of(rendition.sealing_vault, utterances(rendition))
        Rendition.objects.filter(pk=rendition.pk).update(text_digest=rendition.text_digest)
    return rendition.text_digest


def utterances(rendition: Rendition) -> Iterator[dict[str, Any]]:
    """All utterances of a Rendition in order, opened page by page; their shape is that of a page's content."""
    for page in rendition.pages.order_by("number"):
        page.rendition = rendition
        yield from page.content
