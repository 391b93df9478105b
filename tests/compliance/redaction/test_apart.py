"""Code that is not the portal's cannot freeze, end or outlive it, and what it did not answer is never "nothing found"."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from compliance.redaction import DetectionFailed, DetectSettings, Dialogue, OwnPattern, apart, detect, own_patterns
from tests.foreign_package import MODULE, installing

# Python's ``re`` needs hours for these, the interpreter held all the while.
ENDLESS = "a" * 40
BADGES = 'return [m.span() for m in re.finditer("pancake", text)]'
HANGS = f'if "aaaa" in text:\n    re.search("(a+)+b", text)\n{BADGES}'


@pytest.fixture
def installed(tmp_path, monkeypatch):
    with installing(tmp_path, monkeypatch) as install:
        yield install


def said(text, **settings):
    dialogue = Dialogue.from_turns([("A", text)])
    settings.setdefault("time_limit", 120.0)  # for a machine that has much else to do
    return [(d.type, text[d.start : d.end]) for d in detect(dialogue, settings=DetectSettings(**settings)).items]


class Beats:
    """How long, at most, this process's other threads stood still."""

    def __enter__(self):
        self.longest, self._on = 0.0, True
        self._thread = threading.Thread(target=self._beat)
        self._thread.start()
        return self

    def _beat(self):
        last = time.monotonic()
        while self._on:
            time.sleep(0.01)
            now = time.monotonic()
            self.longest, last = max(self.longest, now - last), now

    def __exit__(self, *_):
        self._on = False
        self._thread.join()


def test_a_match_that_never_ends_is_ended_while_everything_else_goes_on_and_the_next_text_is_read(installed):
    installed(HANGS)
    with Beats() as beats, pytest.raises(DetectionFailed) as caught:
        said(ENDLESS, time_limit=1.0)
    assert caught.value.code == "time_limit"
    assert beats.longest < 3
    assert ("badge", "pancake") in said("here is a pancake", time_limit=60.0)


def test_an_expression_of_a_file_that_takes_for_ever_is_ended_too(tmp_path):
    file = tmp_path / "slow.yaml"
    file.write_text(
        "supported_languages: [en]\nrecognizers:\n  - name: Slow\n    type: custom\n    supported_entity: badge\n    supported_language: en\n"
        '    patterns:\n      - {name: slow, regex: "(a|a)+c| bq?x|pancake", score: 0.9}\n'
    )
    with Beats() as beats, pytest.raises(DetectionFailed) as caught:
        said(f"{ENDLESS} b", time_limit=1.0, recogniser_file=str(file))
    assert caught.value.code == "time_limit"
    assert beats.longest < 3
    assert ("badge", "pancake") in said("here is a pancake", recogniser_file=str(file))


PIDS = 'Path(os.environ["THEIR_PIDS"]).open("a").write(f"{os.getpid()}\\n")\n'


@pytest.fixture
def pids(tmp_path, monkeypatch):
    """The numbers of the processes that read, which learn the file's name from the environment."""
    file = tmp_path / "pids"
    file.touch()
    monkeypatch.setenv("THEIR_PIDS", str(file))
    return lambda: [int(line) for line in file.read_text().split()]


def test_one_process_is_kept_for_pass_after_pass_and_replaced_when_it_died_meanwhile(installed, pids):
    installed(PIDS + BADGES)
    for _ in range(3):
        assert said("here is a pancake") == [("badge", "pancake")]
    assert len(pids()) == 3
    assert len(set(pids())) == 1
    assert os.getpid() not in pids()
    os.kill(pids()[0], signal.SIGKILL)
    assert said("here is a pancake") == [("badge", "pancake")]
    assert len(set(pids())) == 2


def test_a_process_killed_in_the_midst_is_followed_by_another_that_finds_everything(installed, pids):
    installed(PIDS + 'if Path(os.environ["THEIR_PIDS"]).read_text().count("\\n") == 1:\n    os.kill(os.getpid(), signal.SIGKILL)\n' + BADGES)
    assert said("here is a pancake") == [("badge", "pancake")]
    assert len(set(pids())) == 2


@pytest.mark.parametrize("death", ["os.kill(os.getpid(), signal.SIGKILL)", "sys.exit()"])
def test_one_that_is_killed_each_time_fails_the_pass_and_finds_nothing_to_be_nothing(installed, pids, death):
    installed(PIDS + death)
    with pytest.raises(DetectionFailed) as caught:
        said("here is a pancake")
    assert caught.value.code == "recogniser_failed"
    assert len(set(pids())) == apart.ATTEMPTS


def test_a_recogniser_that_raises_fails_the_pass_without_a_word_of_what_it_read(installed, capfd):
    installed("print(text)\nprint(text, file=sys.stderr)\nos.write(1, text.encode())\nraise RuntimeError(text)")
    with pytest.raises(DetectionFailed) as caught:
        said("here is a pancake")
    assert caught.value.code == "recogniser_failed"
    assert "pancake" not in str(caught.value)
    assert "pancake" not in "".join(capfd.readouterr())


def test_an_answer_that_is_none_fails_the_pass(installed):
    # Whoever writes where the answer goes: the pipe to write is the second argument.
    installed('os.write(int(sys.argv[2]), b"\\0" * 7 + b"\\2{}")\nreturn []')
    with pytest.raises(DetectionFailed) as caught:
        said("here is a pancake")
    assert caught.value.code == "recogniser_failed"


def test_what_cannot_be_loaded_is_said_and_held(installed, monkeypatch):
    installed("this is no python")
    with pytest.raises(DetectionFailed) as caught:
        said("hello")
    assert caught.value.code == "configuration"


def test_what_does_not_come_back_from_loading_is_ended(installed, tmp_path, monkeypatch):
    installed(BADGES)
    module = tmp_path / f"{MODULE}.py"
    module.write_text(module.read_text() + '\nre.search("(a+)+b", "a" * 40)\n')
    monkeypatch.setattr(apart, "LOAD_SECONDS", 6.0)
    with Beats() as beats, pytest.raises(DetectionFailed) as caught:
        said("hello")
    assert caught.value.code == "time_limit"
    assert "not loaded within 6 s" in str(caught.value)
    assert beats.longest < 3


def test_it_writes_no_core_and_is_told_nothing_in_arguments_environment_or_files(installed):
    installed(
        """
        import ctypes, resource
        PR_GET_DUMPABLE = 3
        closed = resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
        if sys.platform == "linux":
            closed = closed and ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0
        told = Path("/proc/self/cmdline").read_bytes() + Path("/proc/self/environ").read_bytes()
        files = [Path(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd")]
        open_files = [os.readlink(f) for f in files if f.exists() and f.is_file()]
        written = [f for f in open_files if not f.endswith((".so", ".py", ".pyc"))]
        return [(0, 4)] if closed and b"pancake" not in told and not written else []
        """
    )
    assert ("badge", "here") in said("here is a pancake")


def test_the_organizations_patterns_go_with_it_and_say_whose_fault_it_is(installed, monkeypatch):
    installed(BADGES)
    own = (OwnPattern("Cards", "LU-[0-9]{3}"),)
    assert {("badge", "pancake"), ("private", "LU-418")} <= set(said("a pancake, form LU-418 too", patterns=own))
    with pytest.raises(DetectionFailed) as caught:
        said("hello", patterns=(OwnPattern("Broken", "("),))
    assert (caught.value.code, caught.value.recogniser) == ("configuration", own_patterns.RECOGNISER)


def test_passes_at_the_same_time_do_not_wait_for_each_other(installed):
    installed('time.sleep(4 if "slow" in text else 0)\n' + BADGES)
    said("warm pancake")
    slow = threading.Thread(target=said, args=("slow pancake",))
    slow.start()
    time.sleep(0.5)
    assert not apart._kept  # it is busy
    assert said("here is a pancake") == [("badge", "pancake")]
    slow.join()
    assert len(apart._kept) == 1


def test_our_own_recognisers_alone_start_no_process(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a process was started")

    monkeypatch.setattr(apart, "detect", refuse)
    assert said("My name is Svetlana.") == [("name", "Svetlana")]
    assert said("Form LU-418 was filed.", patterns=(OwnPattern("Cards", "LU-[0-9]{3}"),)) == [("private", "LU-418")]


ORPHAN = """
import os, signal, sys, threading, time
from pathlib import Path
sys.path[:0] = [{folder!r}, {root!r}]
from compliance.redaction import DetectSettings, Dialogue, detect
threading.Thread(target=detect, args=(Dialogue.from_turns([("A", "a" * 40)]),), daemon=True).start()
while not Path(os.environ["THEIR_PIDS"]).read_text():
    time.sleep(0.1)
time.sleep(0.5)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it ends when it next looks for its parent")
def test_it_dies_with_its_parent_in_the_midst_of_a_match(installed, pids, tmp_path):
    installed(PIDS + HANGS)
    script = ORPHAN.format(folder=str(tmp_path), root=str(Path(__file__).parents[3]))
    done = subprocess.run([sys.executable, "-c", script], check=False, timeout=120)
    assert done.returncode == -signal.SIGKILL
    [orphan] = pids()
    until = time.monotonic() + 5
    while _runs(orphan) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _runs(orphan)


def _runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False
