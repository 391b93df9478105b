"""Transcripts written by hand as training text: every mark comes along, names change alike, and what measures is not read."""

import random
import re
from pathlib import Path

import pytest

pytest.importorskip("spacy_lookups_data", reason="the training packages are missing: uv sync --group train")

from compliance.redaction.dialogue_marks import Mark
from compliance.redaction.lexicon import lexicon
from compliance.redaction.real_dialogues import RealDialogue
from training import dialogues, pools, transcripts
from training.segments import AGE, DATE, LOCATION, NUMBER, PERSON, PLAIN, PLAIN_HEALTHY
from training.transcripts import Share

FOLDER_OF_DATA = Path(__file__).parents[1] / "data"
FILE = """# title: Intake
# kind: call
# style: formatted
# medical: no
# speakers: A=clerk; B=caller
# ordinary: Hope
A: Is that [[NAME|Wilhelmina Okonjo]]?
B: [[NAME|Wilhelmina]], yes. [[NAME|Hope]] gave me this, I hope that's fine.
A: Your number?
B: [[PHONE|555-0182]], and I'm at [[ADDRESS|14 Larch Street]], since [[DATE|the third of May]]. My mother's [[AGE_OVER_89|94]].
"""


@pytest.fixture(scope="module")
def loaded():
    return pools.load()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "clinical-1-intake.txt").write_text(FILE, encoding="utf-8")
    return tmp_path


def made(loaded, folder, copies=60):
    return [*transcripts.transcript_docs(loaded, random.Random(3), [Share(range(10), copies)], (folder,))]


def marked(docs, label):
    return [doc.text[start:end] for doc in docs for start, end, kind in doc.spans if kind == label]


def test_every_mark_is_in_every_copy_under_its_label(loaded, folder):
    docs = made(loaded, folder)
    assert len(marked(docs, AGE)) == 60
    assert all(text == "94" for text in marked(docs, AGE))
    assert all(re.fullmatch(r"\d{3}.\d{4}", text) for text in marked(docs, NUMBER))
    assert {text.lower() for text in marked(docs, LOCATION)} == {"14 larch street"}
    assert {text.lower() for text in marked(docs, DATE)} == {"third of may"}
    assert {kind for doc in docs for _, _, kind in doc.spans} == {PERSON, LOCATION, NUMBER, DATE, AGE, PLAIN_HEALTHY}


def test_what_is_nobodys_is_marked_as_open_about_firms_and_of_medicine_only_where_that_is_not_marked(loaded, folder):
    (folder / "clinical-1-intake.txt").write_text(FILE.replace("medical: no", "medical: yes"), encoding="utf-8")
    assert PLAIN in {kind for doc in made(loaded, folder, 2) for _, _, kind in doc.spans}


def test_names_change_alike_within_a_copy_but_words_of_every_day_do_not(loaded, folder):
    firsts = set()
    for copy in range(40):
        docs = [*transcripts.transcript_docs(loaded, random.Random(copy), [Share(range(10), 1)], (folder,))]
        people = [text.lower() for text in marked(docs, PERSON)]
        assert people[0].split()[0] == people[1]
        assert people[2] == "hope"
        firsts.add(people[1])
    assert len(firsts) > 10
    assert "wilhelmina" in firsts  # some copies are as they were written


def test_numbers_of_people_change(loaded, folder):
    assert len(set(marked(made(loaded, folder), NUMBER))) > 20


def test_what_measures_is_not_read():
    read = {folder.name for folder in transcripts.FOLDERS}
    assert read == {"gold-own", "written"}
    unread = {folder.name for folder in FOLDER_OF_DATA.iterdir() if folder.name.startswith("gold")} - {"gold-own"}
    assert read.isdisjoint(unread)
    assert len(unread) > 5


def test_what_was_written_after_a_pass_is_not_read_by_it(loaded, folder):
    before = made(loaded, folder, 2)
    (folder / "clinical-12-intake.txt").write_text(FILE, encoding="utf-8")
    assert made(loaded, folder, 2) == before


def test_the_words_that_stay_are_those_that_mean_something_else(loaded):
    assert "hope" in lexicon().ordinary
    changes = transcripts.Changes(loaded, random.Random(1), odd=False)
    assert changes.made("Okonjo", PERSON) != "Okonjo"
    assert changes.made("Hope", PERSON) == "Hope"
    assert changes.made("14 Larch Street", LOCATION) == "14 Larch Street"


def test_odd_copies_call_people_by_words_and_what_engines_hear_and_move_them(loaded):
    names, streets = set(), set()
    for seed in range(60):
        changes = transcripts.Changes(loaded, random.Random(seed), odd=True)
        name = changes.made("Wilhelmina Okonjo", PERSON)
        assert changes.made("wilhelmina", PERSON) == changes.names["wilhelmina"].lower()
        names.add(name)
        number, *street, kind = changes.made("1420 Wyandotte Street", LOCATION).split()
        assert number.isdigit()
        assert (len(number), kind) == (4, "Street")
        streets.add(" ".join(street))
    assert len(names) > 50
    assert len(streets) > 20
    words = {word.lower() for name in names for word in name.split()}
    assert words & {w.lower() for w in loaded.lists["first_ambiguous"] + loaded.lists["last_ambiguous"]}
    assert any(len(name.split()) > 2 for name in names), "none was misheard in pieces"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("in 2018 he took one of them", True),
        ("Take 5 a day.", True),
        ("sats ninety four on two liters", False),
        ("96413 times 2", False),
        ("at Oh seven thirty", False),
    ],
)
def test_numbers_that_are_nobodys_change_but_for_years_and_single_ones(said, kept):
    changed = [transcripts.recount(said, random.Random(seed)) for seed in range(20)]
    assert all(len(text.split()) == len(said.split()) for text in changed)
    assert all(a.istitle() == b.istitle() for text in changed for a, b in zip(text.split(), said.split(), strict=True))
    assert (set(changed) == {said}) == kept


def test_counts_change_only_where_a_pass_asks_for_it(loaded, tmp_path):
    header = "# title: T\n# kind: visit\n# style: spoken\n# medical: no\n# speakers: A=nurse\n"
    text = f"{header}A: Sats are ninety-four, [[NAME|Wilhelmina]].\n"
    (tmp_path / "clinical-1-vitals.txt").write_text(text, encoding="utf-8")

    def said(counts):
        shares = [Share(range(10), 30, counts=counts)]
        return {doc.text.lower() for doc in transcripts.transcript_docs(loaded, random.Random(3), shares, (tmp_path,))}

    assert all("ninety-four" in text or "ninety four" in text for text in said(False))
    assert len({text.split(",")[0] for text in said(True)}) > 5


def test_real_dialogues_come_along_as_people_marked_them_but_for_those_that_are_held_out(loaded):
    golds = dialogues.marked()
    held_out = {name for name, _ in dialogues.turns(held_out=True)}
    assert len(golds) == 84
    assert held_out.isdisjoint(gold.name for gold in golds)
    spans = [turn.text[span.start : span.end] for gold in golds for turn in gold.turns for span in turn.spans]
    assert len(spans) > 300
    docs = [*transcripts.talk_docs(loaded, random.Random(3), 1)]
    assert {kind for doc in docs for _, _, kind in doc.spans} >= {PERSON, LOCATION, DATE, PLAIN_HEALTHY}
    assert len(marked(docs, PERSON)) > 150


def test_a_turn_of_a_real_dialogue_with_a_mark_in_doubt_teaches_nothing(monkeypatch):
    turns = (("doctor", "we hiked to charlie's bunion"), ("patient", "with john"))
    marks = (Mark(0, 12, 28, "ADDRESS", True), Mark(1, 5, 9, "NAME", False))
    read = [RealDialogue("clinic", "visit 1", turns, False, marks), RealDialogue("clinic", "visit 2", turns, True, marks)]
    monkeypatch.setattr(dialogues, "read_dialogues", lambda path: read if path.name == "primock57.json" else [])
    (gold,) = dialogues.marked()
    assert [(turn.text, [span.label for span in turn.spans]) for turn in gold.turns] == [("", []), ("with john", ["NAME"])]
