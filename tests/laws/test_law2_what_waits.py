"""Law 2 where something waits for somebody (silent words, doubts about what is readable, held sound, a held text that one
person has open), and under each preset.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from compliance import policies
from compliance.audit import Actor
from compliance.redaction import PRESETS, TYPES, Detection, Detections
from portal.accounts.models import Member
from tests.laws import asking, canary, planting
from tests.laws.everybody import ALL, INSIDE, Audience, Looked, audiences, everything, routes
from tests.laws.planting import HIDDEN, SEALED, Planted
from tests.transcription.reading.doubtful import with_findings
from transcription import (
    bleep_check,
    disclosure,
    doubts,
    holding,
    ingest,
    reading,
    renditions,
    reveals,
    second_pass,
    withholding,
)
from transcription.models import DetectionSet, Proceeding, Rendition, Transcript

# Asked for a telephone number, and heard with doubt.
_ANSWER = {"for": 0.4, "won": 0.2}
_API = {"api-transcription", "api-transcriptions", "api-object", "api-objects"}
_READ = {name for name in routes() if name.startswith(("transcript", "review", "search")) or name in {"held", "recordings"}}


def _as(planted: Planted, name: str) -> Audience:
    return next(audience for audience in audiences(planted) if audience.name == name)


def _some(planted: Planted) -> list[Audience]:
    """One of each kind: who may reveal and who may not, outside the wall, in another organization, nobody."""
    wanted = ("attorney inside", "paralegal inside", "attorney outside", "attorney of the neighbour", "anonymous")
    return [audience for audience in audiences(planted) if audience.name in wanted]


def _answered(looked: Looked) -> set[tuple[str, str]]:
    assert looked.leaks == []
    assert looked.broken == []
    return looked.answered


@pytest.fixture
def doubted(planted: Planted, actor_for: Callable[[Member], Actor]) -> Transcript:
    """The planted conversation; an answer is silent for doubt, and it is doubtful what ``identifiers`` leaves readable."""
    paralegal = planted.inside["paralegal"]
    proceeding = Proceeding(matter=planted.matter, kind="document", provider="document", created_by=paralegal)
    proceeding.title = f"Second notes of Ms. {planting.PROCEEDING}"
    proceeding.save(force_insert=True)
    utterances = [planting._said(n, who, text) for n, (who, text) in enumerate(planting._TURNS[:9])]
    for n, (who, text) in enumerate([("A", "What is your phone number?"), ("B", "Sure, it is for won too.")], start=9):
        utterances.append(planting._said(n, who, text))
        for word in utterances[-1]["words"]:
            word["confidence"] = _ANSWER.get(word["text"], 0.93)
    utterances.append(planting._said(11, "A", "The fracture healed."))
    made = ingest.store_result(proceeding, planting.RESULT | {"utterances": utterances}, actor=actor_for(paralegal))
    assert second_pass.run(made) is not None
    found = DetectionSet.objects.get(transcript=made, version=made.version)
    found.transcript = made
    items = Detections.from_dict(found.detections)
    unsure = Detection("planted", 11, 4, 12, "medical", 0.6, "planted", "a word of medicine", unsure=True)
    return with_findings(made, replace(items, items=(*items.items, unsure)))


def test_silent_words_and_doubts_about_what_is_readable(planted, doubted, actor_for):
    view = reading.open_view(actor_for(planted.inside["attorney"]), planted.inside["attorney"], doubted.id)
    queue = doubts.queue(view)
    [quiet] = [doubt for doubt in queue if doubt.quiet]
    [readable] = [doubt for doubt in queue if doubt.readable]
    ids = planted.ids | {"transcript_id": str(doubted.id)}
    looked = Looked()
    actor = actor_for(planted.inside["attorney"])
    for audience in _some(planted):
        everything(planted, audience, actor, looked, names=_READ, ids=ids)
        for name, doubt in (("transcript_quiet", quiet), ("transcript_readable", readable)):
            at = ids | {"n": str(doubt.line), "place": str(doubt.ordinal)}
            everything(planted, audience, actor, looked, names={name}, ids=at)
    assert _answered(looked) >= asking.SILENT


@pytest.mark.parametrize("why", [pytest.param("audio_heard", marks=pytest.mark.long), withholding.NOT_DONE])
def test_sound_that_a_check_holds_back(planted, actor_for, why):
    """Who judges it hears the copy and nothing else; nobody reads in any page what was heard."""
    copy = Rendition.objects.exclude(audio_objects=[]).get(transcript=planted.ready, policy=policies.preset_row("identifiers"))
    bleep_check.run(copy, hear=lambda _: [("braithwaite", 0, 500), ("oyinkansola", 500, 900)])
    assert copy.audio_state == Rendition.Audio.HELD
    Rendition.objects.filter(pk=copy.pk).update(audio_held_reason=why)
    looked = Looked()
    names = {name for name in _READ if name.startswith(("transcript", "held"))}
    for audience in _some(planted):
        ids = planted.ids | {"copy_id": str(copy.pk)}
        everything(planted, audience, actor_for(planted.inside["attorney"]), looked, names=names, ids=ids)
    wanted = asking.HELD_SOUND | (asking.UNCHECKED_SOUND if why == withholding.NOT_DONE else frozenset())
    assert wanted <= _answered(looked)
    assert looked.links >= 1


def test_a_held_text_is_read_by_who_opened_it_and_by_nobody_else(planted, actor_for):
    attorney = planted.inside["attorney"]
    view = reading.open_view(actor_for(attorney), attorney, planted.held.id)
    holding.open_for_checking(view, purpose="quality", note="It was turmeric.")
    hidden = holding.hide(view, 11, [1], type_="name", reason="missed")
    holding.find(view, "warehouse")
    ids = planted.ids | {"transcript_id": str(planted.held.id), "number": str(hidden.number)}
    seen = Looked()
    opener = replace(_as(planted, "attorney inside"), needles=SEALED, may_destroy=True)
    everything(planted, opener, actor_for(attorney), seen, names={"transcript_held"}, ids=ids)
    assert ("transcript_held", "GET") in _answered(seen)
    page = opener.as_signed_in().get(asking.path_of("transcript_held", routes()["transcript_held"], ids, planted))
    assert "Oyinkansola" in canary.found(HIDDEN, page.content), "the text was not open: this test shows nothing"

    looked = Looked()
    for audience in _some(planted):
        names = _READ - ({"transcript_held"} if audience.member == attorney else set())
        everything(planted, audience, actor_for(attorney), looked, names=names, ids=ids)
    assert _answered(looked) >= asking.HELD_TEXT


def test_what_one_person_revealed_is_seen_by_nobody_else(planted, actor_for):
    attorney = planted.inside["attorney"]
    view = reading.open_view(actor_for(attorney), attorney, planted.ready.id)
    reveals.begin(view, purpose="litigation", scope="transcript", note="The marzipan matter.")
    opener = _as(planted, "attorney inside")
    page = opener.as_signed_in().get(asking.path_of("transcript", routes()["transcript"], planted.ids, planted))
    assert "Oyinkansola" in canary.found(HIDDEN, page.content), "nothing was revealed: this test shows nothing"
    looked = Looked()
    for audience in _some(planted):
        if audience.member != attorney:
            everything(planted, audience, actor_for(attorney), looked, names=_READ | _API)
    # What leaves the house is made under the policy, whatever its maker has open.
    everything(planted, replace(opener, needles=ALL), actor_for(attorney), looked, names={"transcript_export"})
    assert ("transcript_export", "POST") in _answered(looked)


# What a policy is there to leave readable of what is planted; "names_shown" is one of the organization's own.
_COURT = (
    "Oyinkansola", "Braithwaite", "five five five, oh one nine eight", "braithwaite at fernmail", "Zebulon", "Vandersloot",
)  # fmt: skip
_LEAVES: dict[str, tuple[str, ...]] = {
    "everything": (),
    "gdpr": (),
    "hipaa_safe_harbor": (),
    "frcp_5_2": _COURT,
    "names_shown": ("Oyinkansola", "Braithwaite", "Zebulon", "Vandersloot", "Persephone"),
    "verbatim": HIDDEN,
}


def test_every_preset_is_read_here():
    assert set(PRESETS) - {"identifiers"} <= set(_LEAVES)


def _give(planted: Planted, actor_for: Callable[[Member], Actor], audience: str, policy: str) -> None:
    officer = planted.inside["privacy_officer"]
    if policy not in PRESETS:
        rules = dict.fromkeys(TYPES, "label") | {"name": "show"}
        disclosure.save_policy(actor=actor_for(officer), by=officer, name=policy, rules=rules, other="label", expected=0)
    disclosure.set_audience(
        actor=actor_for(officer), by=officer, matter_id=planted.matter.id, audience=audience,
        policy_name=policy, purpose="litigation" if policy == "verbatim" else "",
    )  # fmt: skip


# The short tests ask for one that leaves some of it readable.
_SHORT = "frcp_5_2"


@pytest.mark.parametrize("policy", [pytest.param(n, marks=() if n == _SHORT else pytest.mark.long) for n in _LEAVES])
def test_each_policy_shows_what_it_is_for_and_nothing_else(planted, actor_for, policy):
    """An attorney is given it by name; what it hides is nowhere, and colleagues see no more than before."""
    attorney = planted.inside["attorney"]
    _give(planted, actor_for, f"member:{attorney.id}", policy)
    leaves = _LEAVES[policy]
    shown = reading.open_view(actor_for(attorney), attorney, planted.ready.id).shown()
    lines = " ".join(line["text"] for line in renditions.utterances(shown))
    assert set(canary.found(HIDDEN, lines.encode())) == set(leaves)

    looked = Looked()
    given = replace(_as(planted, "attorney inside"), needles=tuple(each for each in INSIDE if each not in leaves))
    everything(planted, given, actor_for(attorney), looked, names=_READ - {"transcript_export"})
    assert len(_answered(looked)) > 20
    for colleague in ("paralegal inside", "attorney's program"):
        everything(planted, _as(planted, colleague), actor_for(attorney), looked, names=_READ | _API)
    # A file leaves the house: it is made under the stricter of this policy and that of exports.
    everything(planted, replace(given, needles=ALL), actor_for(attorney), looked, names={"transcript_export"})
    assert ("transcript_export", "POST") in _answered(looked)


@pytest.mark.parametrize("policy", [_SHORT, pytest.param("names_shown", marks=pytest.mark.long)])
def test_a_program_gets_its_own_policy_and_its_member_no_more(planted, actor_for, policy):
    attorney = planted.inside["attorney"]
    key = planted.job.api_key
    assert key is not None
    _give(planted, actor_for, f"key:{key.id}", policy)
    looked = Looked()
    given = _as(planted, "attorney's program")
    needles = tuple(each for each in INSIDE if each not in _LEAVES[policy])
    everything(planted, replace(given, needles=needles), actor_for(attorney), looked, names=_API)
    for other in ("attorney inside", "paralegal's program"):
        everything(planted, _as(planted, other), actor_for(attorney), looked, names=_READ | _API)
    assert ("api-transcription", "GET") in _answered(looked)
    answer = given.as_signed_in().get(asking.path_of("api-transcription", routes()["api-transcription"], planted.ids, planted))
    assert answer.json()["redaction"]["policy"] == policy
    assert set(canary.found(HIDDEN, answer.content)) == set(_LEAVES[policy])
