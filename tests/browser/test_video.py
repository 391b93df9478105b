"""A video in a real browser: its sound with the private parts silent and no picture; under verbatim picture and sound, in
step with the text, until the right ends."""

import io
import re
from collections.abc import Callable
from typing import Any

import av
import numpy as np
import pytest
from playwright.sync_api import Page, Response, expect

from compliance.audit import Actor
from compliance.models import AuditEvent
from portal.accounts.models import Member, Organization
from portal.accounts.rights import Role
from tests import film
from transcription import disclosure, playback, reading
from transcription.models import Transcript
from vault import matters
from vault.models import Matter

pytestmark = pytest.mark.browser

COLOUR = """v => {
    const canvas = document.createElement("canvas");
    canvas.width = 8; canvas.height = 8;
    const pen = canvas.getContext("2d");
    pen.drawImage(v, 0, 0, 8, 8);
    return [...pen.getImageData(4, 4, 1, 1).data].slice(0, 3);
}"""
SEEK = """(v, seconds) => new Promise(done => {
    const drawn = () => requestAnimationFrame(() => requestAnimationFrame(() => done(v.currentTime)));
    v.addEventListener("seeked", drawn, { once: true });
    v.currentTime = seconds;
})"""


@pytest.fixture
def chart_of(
    portal_url: str, clinic: Organization, clinician: Member, actor_for: Callable[[Member], Actor]
) -> Matter:
    return matters.create(actor=actor_for(clinician), member=clinician, kind="clinical", title="Chart 7", parties=[])


@pytest.fixture
def make_film(chart_of: Matter, clinician: Member, actor_for: Callable[[Member], Actor]) -> Callable[..., Transcript]:
    return lambda *recorded: film.make(chart_of, clinician, actor_for, *recorded)


@pytest.fixture
def give(
    chart_of: Matter, clinic: Organization, clinician: Member, make_member: Any, actor_for: Callable[[Member], Actor]
) -> Callable[[bool], None]:
    officer = make_member(clinic, Role.PRIVACY_OFFICER)

    def act(verbatim: bool) -> None:
        disclosure.set_audience(
            actor=actor_for(officer), by=officer, matter_id=chart_of.id, audience=f"member:{clinician.id}",
            policy_name="verbatim" if verbatim else None, purpose="care" if verbatim else "",
        )  # fmt: skip

    return act


def address(transcript: Transcript) -> str:
    return f"/transcripts/{transcript.id}/"


def until(page: Page, what: str, seconds: float = 15) -> None:
    """Waits for something to be true of the player's element."""
    for _ in range(int(seconds * 10)):
        if page.locator("#sound").evaluate(f"s => Boolean({what})"):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never: {what}")


def place(page: Page, what: str) -> Any:
    found = page.locator(what).bounding_box()
    assert found is not None, what
    return found


def colour(page: Page) -> str:
    seen = np.array(page.locator("#sound").evaluate(COLOUR), dtype=float)
    return min(film.COLOURS, key=lambda name: float(np.abs(seen - film.COLOURS[name]).sum()))


def listen(data: bytes) -> np.ndarray:
    with av.open(io.BytesIO(data)) as media:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=16_000)
        return np.concatenate([p.to_ndarray()[0] for f in media.decode(audio=0) for p in resampler.resample(f)])


def test_a_clinician_hears_the_bleeped_sound_and_no_link_of_the_page_leads_to_the_picture(
    page: Page, make_film: Any, clinician: Member, actor_for: Callable[[Member], Actor], sign_in: Any, axe: Any, shot: Any
) -> None:
    data = film.film(film.MP4)
    made = make_film((data, "video/mp4"))
    asked: list[str] = []
    page.on("response", lambda response: asked.append(response.url))
    sign_in(page, clinician, address(made))
    expect(page.locator("#picture-note")).to_contain_text("The picture of this video is not shown to you: a face identifies")
    expect(page.locator("#picture-note")).to_contain_text("for a stated purpose")
    assert page.locator("video").count() == 0
    axe(page)
    shot(page, "video-note")
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, "s.currentTime > 0.5")
    page.get_by_role("button", name="Pause").click()

    # Every address that the page holds, and every one that it asked for.
    held = page.evaluate(
        """() => [...document.querySelectorAll("*")].flatMap(e => [...e.attributes].map(a => a.value))
            .filter(v => v.startsWith("/")).concat([document.getElementById("sound").src])"""
    )
    places = sorted({place for place in (*held, *asked) if "/accounts/" not in place and "blob:" not in place})
    original = str(made.proceeding.recordings.get().object_id)
    assert any("/vault/objects/" in place for place in places)
    sounds = 0
    for place in places:
        for headers in ({}, {"Range": "bytes=0-"}, {"Range": "bytes=100000-300000"}):
            body = page.request.get(place, headers=headers).body()
            assert data[5000:5200] not in body, place
            assert original.encode() not in body, place
            # A drawing of ours is a picture to FFmpeg, too.
            assert "/static/" in place or not film.has_picture(body), place
            sounds += b"ftyp" in body[:16]
    assert sounds >= 2, "no address gave any sound: nothing was proved"
    # The sound is silent where something is hidden, and audible elsewhere.
    view = reading.open_view(actor_for(clinician), clinician, made.id)
    [(start, end)] = playback.silences(view)
    sound = listen(page.request.get(page.locator("#sound").evaluate("s => s.src")).body())
    assert np.abs(sound[(start + 120) * 16 : (end - 120) * 16]).max() < 0.003
    assert np.abs(sound).max() > 0.05
    assert np.abs(listen(data)[(start + 120) * 16 : (end - 120) * 16]).max() > 0.01


@pytest.mark.parametrize("kind", [film.MP4, film.WEBM], ids=["mp4", "webm"])
def test_under_verbatim_the_picture_plays_seeks_and_is_in_step_with_the_text(
    page: Page, make_film: Any, give: Any, clinician: Member, sign_in: Any, kind: tuple[str, str, str, str]
) -> None:
    made = make_film((film.film(kind), kind[3]))
    give(True)
    ranges: list[tuple[int, str]] = []

    def note(response: Response) -> None:
        if "/vault/objects/" in response.url:
            ranges.append((response.status, response.headers.get("content-range", "")))

    page.on("response", note)
    sign_in(page, clinician, address(made))
    expect(page.locator(".strip.verbatim")).to_contain_text("Nothing is hidden for you here.")
    expect(page.locator("#picture-note")).to_have_count(0)
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, "s.videoWidth === 320 && s.videoHeight === 180")
    until(page, "s.currentTime > 0.5")
    expect(page.locator("#n0")).to_have_class(re.compile("spoken"))
    expect(page.locator("#picture-said")).to_be_empty()
    page.locator("body").press("k")
    until(page, "s.paused")
    assert ranges
    assert all(status == 206 for status, _ in ranges)

    for second in (7.5, 2.5, 5.5, 0.5, 9.5):
        assert page.locator("#sound").evaluate(SEEK, second) == pytest.approx(second, abs=0.05)
        assert colour(page) == film.colour_at(second)
    # A word is heard, and seen, from where it stands.
    word = page.locator("#n0 .w[data-t]").nth(14)
    at = float(word.get_attribute("data-t") or 0) / 1000
    word.click()
    until(page, f"s.currentTime > {at}")
    page.locator("#picture video").click()
    until(page, "s.paused")
    now = page.locator("#sound").evaluate("s => s.currentTime")
    assert at <= now < at + 3
    lit = page.locator("#n0 .w.now").get_attribute("data-t")
    step = float(page.locator("#n0 .w[data-t]").nth(1).get_attribute("data-t") or 0)
    assert float(lit or 0) <= now * 1000 <= float(lit or 0) + step + 400
    assert colour(page) == film.colour_at(now)
    # Keys as for sound.
    page.locator("body").press("j")
    until(page, f"Math.abs(s.currentTime - {max(0, now - 5)}) < 0.1")
    page.locator("body").press("]")
    until(page, "s.playbackRate === 1.25")
    shown = AuditEvent.objects.get(type="transcription:transcript:picture_shown")
    assert (shown.actor_id, shown.facts["purpose"]) == (clinician.id, "care")


def test_the_picture_stands_beside_or_above_the_text_and_can_be_hidden(
    page: Page, make_film: Any, give: Any, clinician: Member, sign_in: Any, axe: Any, shot: Any,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    made = make_film(*[(film.film(film.MP4), "video/mp4")] * 8)
    give(True)
    sign_in(page, clinician, address(made))
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, "s.currentTime > 0.2 && s.videoWidth")
    page.get_by_role("button", name="Pause").click()
    axe(page)
    shot(page, "video-verbatim")
    picture = page.locator("#picture")
    wide, column, bar = place(page, "#picture"), place(page, ".text-column"), place(page, "#player")
    assert wide["x"] >= column["x"] + column["width"]
    assert wide["y"] + wide["height"] <= bar["y"]
    page.set_viewport_size({"width": 390, "height": 844})
    above, below = place(page, "#picture"), place(page, ".text-column")
    assert above["y"] + above["height"] <= below["y"]
    assert above["width"] <= 390

    # Far down in the text it is still in sight, and does not lie over the line that is heard.
    page.locator("#n6 .time").click()
    until(page, "s.currentTime > 0.2 && !s.paused")
    page.locator("body").press("k")
    line, above, bar, banner = (place(page, each) for each in ("#n6", "#picture", "#player", ".strip.verbatim"))
    assert banner["y"] + banner["height"] <= above["y"] + 1
    assert above["y"] + above["height"] <= line["y"] + 1
    assert line["y"] + line["height"] <= bar["y"] + 1
    assert page.locator("#clock").evaluate("c => c.scrollWidth <= c.clientWidth"), "the clock is cut off"
    if request.config.getoption("--screenshots"):
        page.screenshot(path=f"{request.config.getoption('--screenshots')}/video-follow-390.png")

    # Hidden, it goes on being heard; by the key it comes back.
    page.get_by_role("button", name="Hide picture").click()
    expect(picture).to_be_hidden()
    axe(page)
    page.get_by_role("button", name="Play", exact=True).click()
    at = page.locator("#sound").evaluate("s => s.currentTime")
    until(page, f"s.currentTime > {at + 0.5}")
    page.locator("body").press("v")
    expect(picture).to_be_visible()
    expect(page.get_by_role("button", name="Hide picture")).to_be_visible()
    page.locator("body").press("k")
    assert not page.locator("#sound").evaluate("s => s.disablePictureInPicture")


def test_when_the_right_ends_the_picture_goes_from_an_open_page(
    page: Page, make_film: Any, give: Any, clinician: Member, sign_in: Any
) -> None:
    made = make_film((film.film(film.MP4), "video/mp4"))
    give(True)
    sign_in(page, clinician, address(made))
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, "s.currentTime > 0.2 && s.videoWidth")
    page.get_by_role("button", name="Pause").click()
    link = page.locator("#sound").evaluate("s => s.src")
    assert page.request.get(link, headers={"Range": "bytes=0-99"}).status == 206
    give(False)
    assert page.request.get(link, headers={"Range": "bytes=0-99"}).status == 403
    # Nobody touches the page: it finds out by itself, and shows what may be seen now.
    expect(page.locator("#picture-note")).to_be_visible(timeout=25_000)
    assert page.locator("video").count() == 0
    assert film.HIDDEN not in page.locator("#transcript").inner_text()
    page.get_by_role("button", name="Play", exact=True).click()
    until(page, "s.currentTime > 0.2")


@pytest.mark.parametrize(
    ("kind", "format_"), [(film.AVI, "AVI"), (film.OLD_MP4, "MP4 or MOV")], ids=["not at all", "only the sound"]
)
def test_a_format_that_the_browser_cannot_show_says_so_and_is_heard(
    page: Page, make_film: Any, give: Any, clinician: Member, sign_in: Any, axe: Any, shot: Any,
    kind: tuple[str, str, str, str], format_: str,
) -> None:  # fmt: skip
    made = make_film((film.film(kind), kind[3]))
    give(True)
    sign_in(page, clinician, address(made))
    page.locator("#n0 .w[data-t]").nth(10).click()
    until(page, "s.currentTime > 4 && !s.paused")
    said = page.locator("#picture-said")
    expect(said).to_contain_text("This browser cannot show the picture of this video")
    expect(said).to_contain_text(format_)
    expect(page.locator("#sound")).to_be_hidden()
    page.locator("body").press("k")
    axe(page)
    shot(page, f"video-unplayable-{kind[1]}-{kind[0]}")


def test_recordings_of_sound_around_a_video_are_one_timeline(
    page: Page, make_film: Any, give: Any, clinician: Member, sign_in: Any
) -> None:
    sound = ((film.SPEECH / "jfk.wav").read_bytes(), "audio/wav")
    made = make_film(sound, (film.film(film.WEBM), "video/webm"), sound)
    give(True)
    sign_in(page, clinician, address(made))
    page.locator("#n0 .w[data-t]").nth(2).click()
    until(page, "s.currentTime > 0.5 && !s.paused")
    expect(page.locator("#picture-said")).to_have_text("This recording has no picture. You hear its sound.")
    page.locator("#n1 .w[data-t]").nth(4).click()
    until(page, "s.videoWidth && s.currentTime > 1 && !s.paused")
    expect(page.locator("#sound")).to_be_visible()
    expect(page.locator("#n1")).to_have_class(re.compile("spoken"))
    # At its end the next one goes on by itself, and no frame of the film stays.
    page.locator("#n1 .w[data-t]").last.click()
    until(page, "!s.videoWidth && s.currentTime > 0.3 && s.currentTime < 5 && !s.paused")
    expect(page.locator("#n2")).to_have_class(re.compile("spoken"))
    expect(page.locator("#sound")).to_be_hidden()
