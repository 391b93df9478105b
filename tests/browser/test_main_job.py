"""The main job, by hand, on the running portal: web, worker and engine as processes, a real browser, real speech."""

import csv
import hashlib
import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.stack import ROOT, Stack

SPEECH = ROOT / "tests" / "data" / "speech" / "ami-two-speakers.wav"
SPEECH_MS = 29_000  # it is hardly longer; the sample follows it
SAMPLE = ROOT / "portal" / "sample" / "deposition.opus"
TITLE = "Meeting and deposition, day one"
FIRM = "Hale & Ortiz LLP"
READY_MS = 300_000
# What the second pass must have found in the sample, which the engine hears well enough even without a model.
HIDDEN_TYPES = {"name", "date_of_birth", "phone_number"}

LEVELS = """async (spans) => {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const base = document.getElementById('transcript').dataset.base;
  const answer = await fetch(base + 'sound', {method: 'POST', headers: {'X-CSRFToken': token}});
  const parts = (await answer.json()).parts;
  const levels = [];
  for (const [n, from, to] of spans) {
    const part = parts[n];
    const data = await (await fetch(part.url)).arrayBuffer();
    const sound = await new OfflineAudioContext(1, 1, 16000).decodeAudioData(data);
    const at = (ms) => Math.round((ms - part.start) / 1000 * sound.sampleRate);
    const samples = sound.getChannelData(0).subarray(at(from), at(to));
    levels.push(samples.reduce((most, s) => Math.max(most, Math.abs(s)), 0));
  }
  return levels;
}"""

# The times of what the policy hides and of a stretch that it does not, as [recording, from, to] in ms of the proceeding.
SPANS = """
import json
from transcription.models import DetectionSet, Transcript
from transcription.originals import Original
from vault import objects
transcript = next(t for t in Transcript.objects.all() if t.proceeding.title == "{title}")
original = Original.from_json(objects.get_bytes(transcript.original))
words = {{w.id: w for u in original.utterances for w in u.words}}
items = DetectionSet.objects.get(transcript=transcript, version=1).detections["items"]
found = []
for item in items:
    inside = [w for i, w in words.items() if item["first_word"] is not None and item["first_word"] <= i <= item["last_word"]]
    if inside and item["type"] != "medical":  # which this policy leaves readable
        found.append([item["type"], inside[0].start, inside[-1].end])
print(json.dumps({{"hidden": found, "first": [words[min(words)].start, words[min(words)].end]}}))
"""


def upload(page: Page, files: list[Path]) -> None:
    page.goto("/upload/")
    page.locator("#files").set_input_files([str(path) for path in files])
    page.get_by_label("Matter").select_option(label="Parker v. Northline Freight (L-0001)")
    page.get_by_label("Title").fill(TITLE)
    expect(page.get_by_text("This machine").first).to_be_visible()  # the region, before the first byte
    page.locator("#basic").check()  # without a model the engine is the basic one, and that is a choice
    page.locator("#start").click()
    page.wait_for_url(re.compile("/receipt"), timeout=60_000)


def test_from_the_upload_to_the_silent_audio_and_the_auditors_log(stack: Stack, enter: Any) -> None:
    page = enter("paralegal", FIRM)
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url) if request.method == "GET" else None)
    upload(page, [SPEECH, SAMPLE])
    for path in (SPEECH, SAMPLE):
        expect(page.get_by_text(hashlib.sha256(path.read_bytes()).hexdigest())).to_be_visible()

    page.goto("/recordings/")
    row = page.get_by_role("row").filter(has_text=TITLE)
    expect(row).to_contain_text("Ready", timeout=READY_MS)
    row.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)

    # Speakers, and hidden parts as labels.
    expect(page.locator("#side, aside").first).to_contain_text("Speaker B")
    expect(page.locator(".text").filter(has_text="[NAME").first).to_be_visible(timeout=15_000)
    spans = stack.python(SPANS.format(title=TITLE))
    assert {kind for kind, _, _ in spans["hidden"]} >= HIDDEN_TYPES
    # Only the second recording says any: it follows the first. (What a basic engine makes of a meeting may look like a name.)
    told = [start for kind, start, _ in spans["hidden"] if kind in {"date_of_birth", "phone_number"}]
    assert min(told) > SPEECH_MS, spans["hidden"]

    # Finding a word of the real speech, with its hits marked.
    word = page.locator(".w").nth(3).inner_text().strip(".,?! ")
    page.get_by_role("searchbox", name="Find in this transcript").fill(word)
    expect(page.locator(".w.hit").first).to_contain_text(word, ignore_case=True)

    # What is hidden is silent; what is not can be heard.
    middle = [[int(a > SPEECH_MS), (a + b) // 2 - 50, (a + b) // 2 + 50] for _, a, b in spans["hidden"]]
    first = spans["first"]
    *hidden, said = page.evaluate(LEVELS, [*middle, [0, first[0], first[0] + 20_000]])
    assert max(hidden) < 0.003
    assert said > 0.01

    # Search across matters.
    page.goto("/search/")
    page.get_by_role("searchbox").first.fill("accident")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_contain_text("accident")

    # Another organization's clinician gets 404 on every address that was opened on the way.
    stranger = enter("clinician", "Riverside Family Clinic")
    owned = sorted(url for url in asked if re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", urlsplit(url).path))
    assert len(owned) >= 4
    answers = {url: stranger.request.get(url, max_redirects=0).status for url in owned}
    assert set(answers.values()) == {404}, answers

    # The auditor takes the log home: every act is in it, and nothing that was said or typed.
    auditor = enter("auditor", FIRM)
    log = auditor.request.get("/audit/log.csv").text()
    rows = list(csv.DictReader(io.StringIO(log)))
    acts = {row["type"] for row in rows}
    assert acts >= {
        "accounts:member:signed_in",
        "compliance:egress:allowed",
        "transcription:job:completed",
        "transcription:job:created",
        "transcription:proceeding:created",
        "transcription:provider:deleted",
        "transcription:provider:submitted",
        "transcription:rendition:created",
        "transcription:search:made",
        "transcription:transcript:played",
        "transcription:transcript:read",
        "vault:grant:created",
        "vault:grant:used",
        "vault:matter:created",
        "vault:object:created",
        "vault:object:stored",
    }
    for secret in (TITLE, "Northline", "deposition.opus", "ami-two-speakers", "accident"):
        assert secret not in log


def test_what_is_no_recording_is_refused_in_words_and_kept(stack: Stack, enter: Any, tmp_path: Path) -> None:
    broken = tmp_path / "hearing.wav"
    broken.write_bytes(b"this is no sound at all, whatever its name says. " * 2000)
    page = enter("paralegal", FIRM)
    upload(page, [broken])
    page.goto("/recordings/")
    row = page.get_by_role("row").filter(has_text=TITLE).filter(has_text="Failed")
    expect(row).to_be_visible(timeout=60_000)
    row.get_by_role("link", name=TITLE, exact=True).click()
    expect(page.locator("main")).to_contain_text(re.compile("audio|recording", re.I))
