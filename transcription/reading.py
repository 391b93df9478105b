"""One view a person: what this member sees of this transcript, and nothing else.

Everything that shows a transcript starts at ``open_view``. It finds the transcript behind the member's walls, takes the
policy of the audience table, and hands out pages of that Rendition. Reads are recorded before the first line is given.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from compliance import audit, policies
from compliance.audiences import Audience, Given, given_for
from compliance.audit import Actor, Target
from compliance.redaction import Policy, Rule
from portal.accounts.models import Member
from portal.accounts.rights import Action, Kind, allowed
from portal.errors import Conflict, NotFound
from transcription import proceedings, renditions
from transcription.models import Rendition, RenditionPage, Reveal, Speaker, Transcript
from vault import matters
from vault.models import Matter

# Under verbatim every read is a reveal; its record names the longest a reveal may last.
REVEAL_MINUTES: Final = 30


class StillHiding(Conflict):
    code = "hiding"
    message = "Private details are being hidden in this transcript. It opens as soon as that is done."


class NeedsChecking(Conflict):
    code = "held_for_review"
    message = "This transcript needs checking before it can be shown."


def target(transcript: Transcript) -> Target:
    return Target("transcript", transcript.id, transcript.proceeding.matter_id)


def find(member: Member, transcript_id: UUID | str) -> Transcript:
    """The transcript, if the member is behind its matter's wall. Raises NotFound."""
    found = (
        Transcript.objects.filter(pk=transcript_id, proceeding__matter__in=matters.visible_to(member))
        .select_related("proceeding__matter__vault", "proceeding__matter__organization", "held_owner", "job")
        .first()
    )
    if found is None or not allowed(member.roles, Action.READ, Kind.TRANSCRIPT):
        raise NotFound
    return found


def require(actor: Actor, member: Member, transcript: Transcript, action: Action, kind: Kind = Kind.TRANSCRIPT) -> None:
    """Raises Refused, recorded, when the rights table does not allow it."""
    matters.require(actor, member, action, kind, target(transcript))


@dataclass
class View:
    """A member's view of a transcript. ``rendition`` is the newest one that may be shown: of the current version, or of
    the one before while a correction is being checked; None while there is none (hiding, checked anew, held)."""

    actor: Actor
    member: Member
    transcript: Transcript
    given: Given
    rendition: Rendition | None
    reveals: list[Reveal] = field(default_factory=list)

    @property
    def matter(self) -> Matter:
        return self.transcript.proceeding.matter

    @property
    def policy(self) -> Policy:
        return policies.readable(self.given.policy)

    @property
    def names_hidden(self) -> bool:
        """Whether the policy keeps any name back: then voices are not called by the names that came with the text."""
        return self.policy.rule("name") is not Rule.SHOW

    @property
    def verbatim(self) -> bool:
        return self.given.verbatim

    @property
    def held(self) -> bool:
        return self.transcript.state == Transcript.State.HELD

    @property
    def behind(self) -> bool:
        """A correction is not shown yet: the second pass has still to read it."""
        return self.rendition is not None and self.rendition.version != self.transcript.version

    @cached_property
    def speakers(self) -> dict[str, Speaker]:
        """By letter, in order of appearance."""
        return {speaker.label: speaker for speaker in self.transcript.speakers.all()}

    def may(self, action: Action, kind: Kind = Kind.TRANSCRIPT) -> bool:
        return allowed(self.member.roles, action, kind)

    @property
    def may_reveal(self) -> bool:
        return self.may(Action.REVEAL, Kind.ORIGINAL)

    def shown(self) -> Rendition:
        """The rendition to show. Raises NeedsChecking, StillHiding."""
        if self.held:
            raise NeedsChecking
        if self.rendition is None:
            raise StillHiding
        return self.rendition


def open_view(actor: Actor, member: Member, transcript_id: UUID | str) -> View:
    """The member's view; nothing is recorded before lines are asked for. Raises NotFound, PolicyUnresolved."""
    transcript = find(member, transcript_id)
    return view_of(actor, member, transcript)


def view_of(actor: Actor, member: Member, transcript: Transcript, *, export: bool = False) -> View:
    """As ``open_view``, for a transcript that ``find`` gave; ``export`` for what leaves the house."""
    matter = transcript.proceeding.matter
    audience = Audience.of_member(member, export=export)
    given = given_for(matter.organization_id, matter.id, audience)
    # Whoever uploaded may have asked for more to be hidden than the table does.
    given = Given(proceedings.policy_for(transcript.proceeding, audience), given.purpose)
    rendition = None
    if transcript.state != Transcript.State.HELD:
        rendition = showable(transcript, given)
    reveals = []
    if rendition is not None and not export and allowed(member.roles, Action.REVEAL, Kind.ORIGINAL):
        reveals = list(
            Reveal.objects.filter(transcript=transcript, member=member, ended_at=None, expires_at__gt=timezone.now()).order_by(
                "created_at"
            )
        )
    return View(actor, member, transcript, given, rendition, reveals)


def showable(transcript: Transcript, given: Given) -> Rendition | None:
    """The newest ready Rendition under this policy; made now where only this policy's is missing."""
    if transcript.state == Transcript.State.READY:
        try:
            return renditions.ensure(transcript, given.policy)
        except renditions.CheckedAnew:
            # What was shown before may hold a word that is to be hidden now.
            return None
    # A correction is being checked: what was shown before stays, unless a decision since then hid more.
    ready = transcript.renditions.filter(
        policy=given.policy,
        state=Rendition.State.READY,
        edition=renditions.edition_of(transcript),
        year=renditions.year_of(given.policy),
    )
    return ready.order_by("-version").first()


def record_read(view: View) -> None:
    """Records the read, merged per member, version and quarter of an hour; under verbatim as a reveal, too."""
    rendition = view.shown()
    with transaction.atomic():
        audit.record(
            "transcription:transcript:read",
            organization_id=view.matter.organization_id,
            actor=view.actor,
            target=target(view.transcript),
            merge=f"{rendition.version}:{rendition.policy_id}",
            policy=view.given.policy.name,
            version=rendition.version,
        )
        record_verbatim(view)


def record_verbatim(view: View) -> None:
    """With the read or play, in its transaction: under verbatim each is a reveal, merged as reads are."""
    if not view.verbatim:
        return
    audit.record(
        "transcription:transcript:revealed",
        organization_id=view.matter.organization_id,
        actor=view.actor,
        target=target(view.transcript),
        merge=f"verbatim:{view.shown().version}",
        purpose=view.given.purpose,
        scope="verbatim",
        spans=0,
        minutes=int(audit.MERGE_WINDOW / timedelta(minutes=1)),
    )


def pages(view: View) -> list[RenditionPage]:
    """The pages of the view without their content, in order: numbers, lines and times for placeholders."""
    return list(view.shown().pages.defer("content_sealed").order_by("number"))


def lines(view: View, number: int) -> list[dict[str, Any]]:
    """The lines of one page. The read is recorded first. Raises NotFound, NeedsChecking, StillHiding."""
    rendition = view.shown()
    page = rendition.pages.filter(number=number).first()
    if page is None:
        raise NotFound
    page.rendition = rendition
    record_read(view)
    return list(page.content or [])


def line(view: View, n: int) -> dict[str, Any]:
    """One line by its number in the transcript. Raises NotFound."""
    rendition = view.shown()
    page = rendition.pages.filter(first_utterance__lte=n).order_by("-first_utterance").first()
    if page is None:
        raise NotFound
    page.rendition = rendition
    found = next((item for item in page.content or [] if item["n"] == n), None)
    if found is None:
        raise NotFound
    record_read(view)
    return dict(found)
