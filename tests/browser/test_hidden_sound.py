"""Whole, on the running portal: a clinician hears the bleeped audio and cannot obtain the other; who may reveals for a
purpose, the countdown ends it on the page and at the server; the auditor sees each part that was shown.

Real speech, heard by the engine; what the browser is served is decoded and listened to.
"""

import csv
import io
import re
from typing import Any

import av
import httpx
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.stack import ROOT, Stack

SAMPLE = ROOT / "portal" / "sample" / "deposition.opus"
TITLE = "Visit with sound"
CLINIC = "Riverside Family Clinic"
READY_MS = 400_000
RATE = 16_000
# Hidden sound is zero before it is encoded; a codec rings a little at its edges, so that windows keep off them.
EDGE_MS = 120
SILENT, AUDIBLE = 0.003, 0.01

# What is hidden in the clinician's view, as [from, to] in ms where it is silent, with the words under it; ids of what
# must not be had.
TRUTH = f"""
import json
from compliance import policies
from compliance.redaction import Detections
from transcription import renditions, second_pass
from transcription.models import DetectionSet, Recording, Rendition, Transcript
transcript = next((t for t in Transcript.objects.all() if t.proceeding.title == "{TITLE}"), None)
row = None if transcript is None else Rendition.objects.filter(
    transcript=transcript, state="ready", policy=policies.preset_row("identifiers"), audio_state="ready").first()
if row is None:
    print("null")
else:
    rendered, _ = renditions.view_of(row)
    items = Detections.from_dict(DetectionSet.objects.get(transcript=transcript, version=1).detections).items
    turns = second_pass.current_text(transcript).utterances
    recording = Recording.objects.get(proceeding=transcript.proceeding)
    print(json.dumps({{
        "transcript": str(transcript.id), "vault": str(recording.object.vault_id), "recording": str(recording.object_id),
        "original": str(transcript.original_id), "copy": row.audio_objects[0], "duration": transcript.duration_ms,
        "proceeding": str(transcript.proceeding_id), "matter": str(transcript.proceeding.matter_id),
        "silences": list(rendered.silences), "texts": [turns[i.turn].text[i.start:i.end] for i in items if i.type == "name"],
        "spans": [t.index for t in rendered.turns for c in t.chips if c.type == "name"],
    }}))
"""
SOON = """
import json
from datetime import timedelta
from django.utils import timezone
from transcription.models import Reveal
print(json.dumps(Reveal.objects.filter(ended_at=None).update(expires_at=timezone.now() + timedelta(seconds={seconds}))))
"""


def listen(data: bytes) -> np.ndarray:
    """The sound of a file, one channel."""
    pieces = []
    with av.open(io.BytesIO(data)) as media:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        for frame in media.decode(audio=0):
            pieces += [piece.to_ndarray()[0] for piece in resampler.resample(frame)]
    return np.concatenate(pieces)


def loudest(sound: np.ndarray, start: int, end: int) -> float:
    """The peak between two moments in ms."""
    part = sound[start * RATE // 1000 : end * RATE // 1000]
    return float(np.abs(part).max()) if len(part) else 0.0


def until_played(page: Page, seconds: float) -> None:
    for _ in range(300):
        if page.locator("#sound").evaluate("sound => sound.currentTime") > seconds:
            return
        page.wait_for_timeout(100)
    raise AssertionError("the sound does not begin")


def upload(page: Page) -> None:
    page.goto("/upload/")
    page.locator("#files").set_input_files(str(SAMPLE))
    page.get_by_label("Matter").select_option(label=page.get_by_role("option", name="Chart of Eleanor").inner_text())
    page.get_by_label("Title").fill(TITLE)
    page.locator("#basic").check()
    page.locator("#start").click()
    page.wait_for_url(re.compile("/receipt"), timeout=60_000)


def links(page: Page, truth: dict[str, Any]) -> list[str]:
    """The addresses of the sound that the page is given."""
    parts: list[dict[str, Any]] = page.evaluate(
        """async (base) => {
          const token = document.querySelector('meta[name="csrf-token"]').content;
          return (await (await fetch(base + 'sound', {method: 'POST', headers: {'X-CSRFToken': token}})).json()).parts;
        }""",
        f"/transcripts/{truth['transcript']}/",
    )
    return [part["url"] for part in parts]


def is_bleeped(sound: np.ndarray, truth: dict[str, Any], original: np.ndarray) -> None:
    """Silent over everything that is hidden, audible beside it wherever the recording is. Raises AssertionError."""
    edge = 0
    heard = 0
    assert len(sound) == pytest.approx(len(original), abs=RATE // 4)
    for start, end in [*truth["silences"], [truth["duration"], truth["duration"]]]:
        end = min(end, truth["duration"])
        assert loudest(sound, start + EDGE_MS, end - EDGE_MS) < SILENT, f"something is heard between {start} and {end} ms"
        before = (edge + EDGE_MS, start - EDGE_MS)
        if before[1] - before[0] > 300 and loudest(original, *before) > 0.05:
            assert loudest(sound, *before) > AUDIBLE, f"nothing is heard between {before[0]} and {before[1]} ms"
            heard += 1
        edge = max(edge, end)
    assert heard >= 3


def every_other_way(page: Page, url: str, secret: str, truth: dict[str, Any]) -> list[tuple[str, bytes]]:
    """What comes of trying to get at the recording, or the original text: by the link, by pages, by the API."""
    link = page.url.split("/transcripts/")[0] + url
    place, _, token = link.rpartition("/")
    grant, _, mac = token.partition(".")
    swapped = grant[:-2] + ("AA" if grant[-2:] != "AA" else "BB")
    tries: list[tuple[str, str, dict[str, str]]] = [
        ("GET", link, {"Range": "bytes=0-"}),
        ("GET", link, {"Range": "bytes=1000-5000"}),
        ("GET", link, {"Range": "bytes=0-99,200-299"}),
        ("GET", link, {"Range": "bytes=-500"}),
        ("HEAD", link, {}),
        ("GET", f"{link}?object={truth['recording']}", {}),
        ("GET", f"{link}?original=1&policy=verbatim", {}),
        ("GET", f"{link}/{truth['recording']}", {}),
        ("GET", f"{place}/{swapped}.{mac}", {}),
        ("GET", f"{place}/{token[:-1]}{'A' if token[-1] != 'A' else 'B'}", {}),
        ("PUT", link, {}),
        ("DELETE", link, {}),
    ]
    base = page.url.split("/transcripts/")[0]
    session = {"Cookie": "; ".join(f"{c['name']}={c['value']}" for c in page.context.cookies())}
    key = {"Authorization": f"Bearer {secret}"}
    for each in ("recording", "original", "copy"):
        place = f"{base}/api/vault/{truth['vault']}/objects/{truth[each]}"
        for headers in (session, key):
            tries += [("GET", place, headers), ("GET", f"{place}/download", headers)]
            tries += [("GET", f"{place}?original=true&include=original", headers)]
        tries += [("GET", f"{base}/upload/{truth[each]}/state", session), ("GET", f"{base}/recordings/{truth[each]}/", session)]
        tries += [("GET", f"{base}/media/{truth[each]}", session), ("GET", f"{base}/static/{truth[each]}", session)]
        for operation in ("GET", "HEAD"):
            answer = httpx.post(f"{place}/presigned-url", json={"operation": operation}, headers=key)
            if answer.is_success:
                tries.append((operation, answer.json()["presignedUrl"], {}))
    got = []
    with httpx.Client(follow_redirects=True, timeout=60) as client:
        for method, address, headers in tries:
            answer = client.request(method, address, headers=headers)
            got.append((f"{method} {address} {sorted(headers)}", answer.content))
            try:
                further = answer.json().get("downloadUrl") if answer.is_success else None
            except ValueError:
                further = None
            if further:
                got.append((f"downloadUrl of {address}", client.get(further).content))
    csrf = page.locator('meta[name="csrf-token"]').get_attribute("content") or ""
    for name in ("docx", "json", "txt", "vtt"):
        exported = page.request.post(
            f"/transcripts/{truth['transcript']}/export", form={"format": name},
            headers={"X-CSRFToken": csrf, "Referer": page.url},
        )  # fmt: skip
        assert exported.ok
        got.append((f"export as {name}", exported.body()))
    return got


@pytest.mark.long
def test_a_clinician_hears_bleeps_only_and_a_reveal_ends_and_is_on_record(stack: Stack, enter: Any) -> None:
    page = enter("clinician", CLINIC)
    upload(page)
    truth = stack.wait_until(TRUTH, READY_MS / 1000)
    assert len(truth["texts"]) >= 2
    assert len(truth["silences"]) >= 3
    recording = SAMPLE.read_bytes()
    original = listen(recording)

    # Heard on the page, as people do.
    page.goto(f"/transcripts/{truth['transcript']}/")
    label = page.locator('.hid[data-type="name"]').first
    expect(label).to_contain_text("[NAME")
    for text in truth["texts"]:
        assert text not in page.locator("#transcript").inner_text()
    page.get_by_role("button", name="Play", exact=True).click()
    until_played(page, 0.5)
    page.get_by_role("button", name="Pause").click()
    [url] = links(page, truth)
    bleeped = page.request.get(url).body()
    is_bleeped(listen(bleeped), truth, original)
    # The measure itself: the recording is not silent there.
    assert max(loudest(original, start, min(end, truth["duration"])) for start, end in truth["silences"]) > AUDIBLE

    # Nothing else comes, whichever way it is tried.
    email = stack.account("clinician", CLINIC)["email"]
    printed = stack.manage("create_api_key", "--member", email)
    secret = next(word for word in printed.split() if word.startswith("sk_"))
    tried = every_other_way(page, url, secret, truth)
    assert len(tried) > 40
    sounds = 0
    for how, content in tried:
        assert content != recording, how
        assert b"OggS" not in content[:64], how
        assert recording[2000:2200] not in content, how
        for text in truth["texts"]:
            assert text.encode() not in content, f"{text} by {how}"
        if content == bleeped:
            sounds += 1
        elif b"ftyp" in content[:16]:
            is_bleeped(listen(content), truth, original)
            sounds += 1
    assert sounds >= 3, "no way gave any sound: nothing was proved"

    # Who may reveals for a purpose.
    officer = enter("privacy_officer", CLINIC)
    officer.goto(f"/transcripts/{truth['transcript']}/")
    hidden = officer.locator('.hid[data-type="name"]').first
    before = hidden.inner_text()
    line = hidden.evaluate("chip => chip.closest('.line').id")
    hidden.click()
    dialog = officer.locator("#act")
    dialog.get_by_text("Reveal to me…").click()
    dialog.get_by_role("button", name="Reveal", exact=True).click()
    expect(dialog).to_be_visible()  # without a purpose the form is not sent
    dialog.get_by_label("For what purpose").select_option("care")
    dialog.get_by_role("button", name="Reveal", exact=True).click()
    shown = officer.locator(f"#{line} .hid.shown")
    expect(shown).to_have_count(1)
    revealed = shown.inner_text()
    assert revealed in truth["texts"]
    assert officer.locator(".hid.shown").count() == 1, "one part was asked for"
    # The other one sees nothing of it.
    page.reload()
    assert page.locator(".hid.shown").count() == 0

    # The time runs out: the page hides it by itself, and the server gives it to nobody any more.
    assert stack.python(SOON.format(seconds=8)) == 1
    officer.reload()
    expect(officer.locator("#reveal-left")).to_be_visible()
    expect(officer.locator(f"#{line} .hid.shown")).to_have_text(revealed)
    expect(officer.locator(f"#{line} .hid[data-type='name']").first).to_have_text(before, timeout=25_000)
    assert officer.locator(".hid.shown").count() == 0
    expect(officer.locator("#reveal")).to_have_count(0, timeout=10_000)
    officer.wait_for_timeout(2_000)  # what the page asks for then has come
    assert officer.locator(".hid.shown").count() == 0
    assert revealed not in officer.content()
    for address in ("", "leaves/0", "side", "chart"):
        assert revealed not in officer.request.get(f"/transcripts/{truth['transcript']}/{address}").text(), address

    # The auditor sees who opened which part for what, and not what it said.
    auditor = enter("auditor", CLINIC)
    log = auditor.request.get("/audit/log.csv").text()
    rows = list(csv.DictReader(io.StringIO(log)))
    spans = [row for row in rows if row["type"] == "transcription:transcript:span_shown"]
    assert len(spans) == 1
    assert f'{line.removeprefix("n")}.' in str(spans[0])
    reveals = [row for row in rows if row["type"] == "transcription:transcript:revealed"]
    assert len(reveals) == 1
    assert "care" in str(reveals[0])
    assert any(row["type"] == "transcription:transcript:played" for row in rows)
    for text in (*truth["texts"], TITLE, "Eleanor Vance"):
        assert text not in log
    auditor.goto("/audit/")
    expect(auditor.get_by_role("cell", name="Hidden detail shown").first).to_be_visible()
    assert auditor.request.get(f"/transcripts/{truth['transcript']}/").status == 404
