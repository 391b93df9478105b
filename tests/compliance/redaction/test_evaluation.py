"""What the evaluation's reports say: shares beside what is allowed, how sure they are, and what made them."""

import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from compliance.redaction import DetectSettings, provenance
from compliance.redaction.evaluation import evaluate
from compliance.redaction.evaluation_page import as_html
from compliance.redaction.floors import ALL, MEDICAL, NAMES, OVERALL, judged, leak_floor, share, wilson
from compliance.redaction.gold import GoldInvalid
from compliance.redaction.real_dialogues import DialoguesInvalid, is_held_out, read_dialogues

# Two real styles, marked, with a leak of every kind for a recogniser that finds nothing.
MARKED = """# title: made up
# kind: call
# style: {style}
# medical: yes
# speakers: A=clerk; B=caller
A: Your name?
B: [[NAME|Philippa Ravensworth]], and my [[MEDICAL|asthma]] <b>is</b> worse.
A: A number?
B: [[PHONE|970-555-0119]].
"""


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "marked"
    made.mkdir()
    (made / "one.txt").write_text(MARKED.format(style="formatted"), encoding="utf-8")
    (made / "two.txt").write_text(MARKED.format(style="spoken"), encoding="utf-8")
    return made


@pytest.fixture
def blind(monkeypatch):
    """The second pass finds nothing."""
    monkeypatch.setattr("compliance.redaction.evaluation._hidden", lambda gold, _: ([[] for _ in gold.turns],) * 2)


def said_by(*arguments, **options):
    out = StringIO()
    call_command("evaluate_redaction", *map(str, arguments), stdout=out, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("label", "style", "floor"),
    [
        (ALL, ALL, 0.05),
        (ALL, "formatted", 0.03),
        (ALL, "spoken", 0.05),
        (ALL, "lower", 0.08),
        ("NAME", "lower", 0.05),
        ("SSN", "formatted", 0.01),
        ("EMAIL", "spoken", 0.04),
        ("BANK_ACCOUNT", "lower", 0.04),
        ("MEDICAL", "spoken", 0.20),
        ("DATE", "formatted", None),
        ("PHONE", ALL, None),
    ],
)
def test_what_is_allowed(label, style, floor):
    assert leak_floor(label, style) == floor


def test_the_interval_of_a_share_is_wilsons():
    # Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for (hits, total), (low, high) in {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0000, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }.items():
        assert wilson(hits, total) == pytest.approx((low, high), abs=5e-5)
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_verdict_says_whether_it_is_sure():
    assert (judged(0, 5, 0.01)["met"], judged(0, 5, 0.01)["sure"]) == (True, False)
    assert (judged(0, 1000, 0.01)["met"], judged(0, 1000, 0.01)["sure"]) == (True, True)
    assert (judged(1, 5, 0.01)["met"], judged(1, 5, 0.01)["sure"]) == (False, True)
    assert (judged(6, 140, 0.04)["met"], judged(6, 140, 0.04)["sure"]) == (False, False)
    assert judged(5, 100, NAMES)["met"] is True
    assert judged(6, 100, NAMES)["met"] is False
    assert judged(3, 10, None)["met"] is None


def test_a_share_is_rounded_once_as_it_is_printed():
    assert f"{share(4, 27):.2%}" == "14.81%"  # 14.8148
    assert f"{judged(4, 27, None)['leak_rate']:.2%}" == "14.81%"
    assert f"{share(1, 3):.1%}" == "33.3%"
    assert (share(0, 0), share(0, 5), share(5, 5)) == (0.0, 0.0, 1.0)


def test_the_report_judges_each_label_in_each_style(folder, blind):
    report = evaluate(folder, stock=False)
    names = report["label_styles"]["NAME"]
    assert {style: (cell["spans"], cell["leaked"], cell["floor"], cell["met"]) for style, cell in names.items()} == {
        "all": (2, 2, NAMES, False),
        "formatted": (1, 1, NAMES, False),
        "spoken": (1, 1, NAMES, False),
    }
    phones = report["label_styles"]["PHONE"]
    assert [(style, cell["floor"]) for style, cell in phones.items()] == [("all", None), ("formatted", 0.01), ("spoken", 0.04)]
    assert report["label_styles"]["MEDICAL"]["spoken"]["floor"] == MEDICAL
    assert report["styles"]["all"]["floor"] == OVERALL
    assert any(line.startswith("NAME, spoken: 1 of 1 spans leak (100.0%), 5% allowed") for line in report["missed"])
    assert not any("PHONE, all" in line for line in report["missed"])


def test_the_page_shows_verdict_interval_and_the_right_word(folder, blind):
    page = as_html(evaluate(folder, stock=False, command="uv run manage.py evaluate_redaction 'a <b>'"))
    row = page[page.index('<th scope="row">PHONE</th><td>formatted</td>') :]
    assert row[: row.index("</tr>")] == (
        '<th scope="row">PHONE</th><td>formatted</td><td>1</td><td>1 (100.0%)</td><td>20.7% to 100.0%</td><td>1%</td>'
        '<td class="missed">missed</td>'
    )
    assert "<script" not in page
    assert "<b>" not in page
    assert "and my <mark>asthma</mark> &lt;b&gt;is" in page


def test_stock_presidio_stands_beside_each_label_and_style(folder):
    report = evaluate(folder)
    assert report["stock"]["label_styles"]["PHONE"]["formatted"]["spans"] == 1
    assert set(report["stock"]["styles"]) == {"all", "formatted", "spoken"}


def test_a_folder_without_gold_files_is_refused(tmp_path):
    with pytest.raises(GoldInvalid):
        evaluate(tmp_path)


def test_both_reports_say_what_made_them(folder, tmp_path):
    out = tmp_path / "report.json", tmp_path / "report.html"
    said = said_by(folder, "--no-stock", "--json", out[0], "--html", out[1])
    made = json.loads(out[0].read_text())["made_by"]
    assert made["command"] == f"uv run manage.py evaluate_redaction {folder} --json {out[0]} --html {out[1]} --no-stock"
    assert made["model"].split()[0] == "sealscript_names"
    assert made["rules_digest"] == provenance.rules_digest()
    assert "NameRecogniser" in made["recognisers"]
    page = out[1].read_text()
    for key in ("command", "date", "model", "model_digest", "rules_digest"):
        assert made[key] in page
    assert made["rules_digest"][:12] in said


@pytest.fixture
def unmeasured(monkeypatch):
    """Whatever is refused is refused before the work starts."""

    def refuse(*_, **__):
        raise AssertionError("it was measured")

    monkeypatch.setattr("compliance.management.commands.evaluate_redaction.evaluate", refuse)


def test_a_report_that_could_not_be_written_is_refused_before_anything_is_measured(folder, tmp_path, unmeasured):
    with pytest.raises(CommandError, match=r"There is no folder .*nowhere to write report\.json to"):
        said_by(folder, "--json", tmp_path / "nowhere" / "report.json")
    with pytest.raises(CommandError, match="is a folder. Name the file"):
        said_by(folder, "--html", tmp_path)
    with pytest.raises(CommandError, match="--json and --html both name .*the second would replace the first"):
        said_by(folder, "--json", tmp_path / "report", "--html", tmp_path / "marked" / ".." / "report")
    with pytest.raises(CommandError, match=r"one\.txt is among what is read"):
        said_by(folder, "--json", folder / "one.txt")


def test_a_report_that_cannot_be_written_after_all_has_been_said_before(folder, blind, tmp_path, capsys):
    (tmp_path / "full").symlink_to("/dev/full")
    with pytest.raises(CommandError, match="The report cannot be written to .*full: No space left on device"):
        call_command("evaluate_redaction", str(folder), "--no-stock", "--html", str(tmp_path / "full"))
    assert "all: 4 of 4 spans leak" in capsys.readouterr().out


RECOGNISERS = """
supported_languages: [en]
recognizers:
  - name: Badge
    type: custom
    supported_entity: badge
    supported_language: en
    patterns:
      - {name: digits, regex: "pancakes", score: 0.9}
"""


def test_the_model_and_recognisers_of_the_portals_settings_are_measured_and_named(folder, blind, tmp_path, settings):
    theirs = tmp_path / "theirs.yaml"
    theirs.write_text(RECOGNISERS)
    settings.REDACTION_MODEL, settings.REDACTION_RECOGNISERS = "blank:en", str(theirs)
    out = tmp_path / "report.json", tmp_path / "report.html"
    said = said_by(folder, "--no-stock", "--json", out[0], "--html", out[1])
    made = json.loads(out[0].read_text())["made_by"]
    assert f" --model blank:en --recognisers {theirs} " in made["command"]
    assert made["model"] == "no model (blank:en)"
    assert made["foreign"] == [["file", "Badge"]]
    assert made["recogniser_file_digest"] == provenance.digest([theirs], tmp_path)
    assert "with the recogniser Badge (file)" in said
    assert "Badge (file)" in out[1].read_text()
    said_by(folder, "--no-stock", "--json", out[0], "--html", out[1], "--model", "", "--recognisers", "")
    made = json.loads(out[0].read_text())["made_by"]
    assert "--model" not in made["command"]
    assert made["model"].split()[0] == "sealscript_names"
    assert (made["foreign"], made["recogniser_file_digest"]) == ([], None)
    assert "Not the portal" not in out[1].read_text()


def test_redact_reads_with_what_the_settings_name_or_its_arguments(tmp_path, settings, capsys):
    theirs, result = tmp_path / "theirs.yaml", tmp_path / "result.json"
    theirs.write_text(RECOGNISERS)
    result.write_text(json.dumps({"utterances": [{"speaker": "A", "text": "Svetlana likes pancakes."}]}))

    def redacted(*arguments):
        call_command("redact", str(result), *arguments)
        return json.loads(capsys.readouterr().out)["utterances"][0]["text"]

    assert redacted() == "[NAME 1] likes pancakes."
    assert redacted("--recognisers", str(theirs)) == "[NAME 1] likes [PRIVATE 1]."
    settings.REDACTION_RECOGNISERS = str(theirs)
    assert redacted() == "[NAME 1] likes [PRIVATE 1]."
    assert redacted("--recognisers", "") == "[NAME 1] likes pancakes."
    settings.REDACTION_MODEL = "no_such_model"
    with pytest.raises(CommandError, match="cannot be loaded"):
        redacted()
    assert redacted("--model", "", "--recognisers", "") == "[NAME 1] likes pancakes."


def test_a_byte_order_mark_is_no_part_of_a_result_of_dialogues_or_of_marks(dialogues, tmp_path, capsys):
    result = tmp_path / "result.json"
    result.write_text(json.dumps({"utterances": [{"speaker": "A", "text": "My name is Svetlana."}]}), encoding="utf-8-sig")
    call_command("redact", str(result))
    assert json.loads(capsys.readouterr().out)["utterances"][0]["text"] == "My name is [NAME 1]."
    clinic = dialogues / "clinic.json"
    marked(dialogues, MARKS)
    for path in (clinic, clinic.with_suffix(".marks.jsonl")):
        path.write_text(path.read_text(), encoding="utf-8-sig")
    assert read_dialogues(clinic)[2].marks is not None
    clinic.write_text(json.dumps([{"id": "é", "utterances": []}], ensure_ascii=False), encoding="latin-1")
    with pytest.raises(DialoguesInvalid, match=r"clinic\.json is no text in UTF-8"):
        read_dialogues(clinic)


def test_another_model_is_told_from_the_packaged_one():
    ours = provenance.made_by(None, "")
    other = provenance.made_by(DetectSettings(model="blank:en"), "")
    assert ours["model_digest"]
    assert other["model_digest"] != ours["model_digest"]
    assert other["model"] != ours["model"]


def test_the_digest_changes_with_code_word_lists_and_names(tmp_path, monkeypatch):
    shutil.copytree(provenance.HOME, tmp_path / "rules", ignore=shutil.ignore_patterns("model", "__pycache__"))
    monkeypatch.setattr(provenance, "HOME", tmp_path / "rules")
    seen = [provenance.rules_digest()]
    (tmp_path / "rules" / "__pycache__").mkdir()
    (tmp_path / "rules" / "__pycache__" / "written.pyc").write_bytes(b"1")
    assert provenance.rules_digest() == seen[0]
    for change in ("recognisers/ages.py", "lexicon/drugs.txt.gz"):
        with (tmp_path / "rules" / change).open("ab") as file:
            file.write(b"\n")
        seen.append(provenance.rules_digest())
    (tmp_path / "rules" / "places.py").rename(tmp_path / "rules" / "places_of.py")
    seen.append(provenance.rules_digest())
    assert len(set(seen)) == len(seen)


# Real dialogues, with marks and without.
UTTERANCES = [
    {
        "id": f"visit {n}",
        "utterances": [
            {"speaker": "A", "text": f"Hello. I'm Doctor {name}, what can I do for you?"},
            {"speaker": "B", "text": "I have a cough since 3 days, <i>really</i>."},
        ],
    }
    for n, name in enumerate(("Abernathy", "Okonjo", "Ravensworth"))
]
TOKENS = [{"file": f"call {n}", "dialogue": "[doctor] hi , martha . do n't worry .\n[patient_guest] it 's fine ."} for n in range(3)]


@pytest.fixture
def dialogues(tmp_path):
    made = tmp_path / "dialogues"
    made.mkdir()
    (made / "clinic.json").write_text(json.dumps(UTTERANCES), encoding="utf-8")
    (made / "tokens.json").write_text(json.dumps(TOKENS), encoding="utf-8")
    return made


def test_both_forms_of_dialogues_are_read(dialogues):
    first = read_dialogues(dialogues / "clinic.json")
    assert [(d.name, d.style, d.held_out) for d in first] == [
        ("visit 0", "formatted", False),
        ("visit 1", "formatted", False),
        ("visit 2", "formatted", True),
    ]
    second = read_dialogues(dialogues / "tokens.json")[0]
    assert second.style == "lower"
    assert second.turns == (("doctor", "hi, martha. don't worry."), ("patient_guest", "it's fine."))


def test_only_what_training_does_not_see_is_measured_unless_asked(dialogues, tmp_path):
    out = tmp_path / "report.json", tmp_path / "report.html"
    said = said_by("--dialogues", dialogues, "--json", out[0], "--html", out[1])
    report = json.loads(out[0].read_text())
    assert {key: figures["dialogues"] for key, figures in report["styles"].items()} == {"all": 2, "formatted": 1, "lower": 1}
    assert [p["text"] for p in report["sample"] if p["source"] == "clinic"] == ["Ravensworth"]
    whole = report["styles"]["formatted"]
    assert (whole["words"], whole["hidden"], whole["types"]["name"]["hidden"]) == (21, 1, 1)
    assert whole["share"] == pytest.approx(1 / 21, abs=1e-6)
    assert "[[Ravensworth]], what can I do" in said
    page = out[1].read_text()
    assert "<mark>Ravensworth</mark>, what can I do" in page
    assert "Abernathy" not in page + said
    assert report["made_by"]["command"] in page
    said_by("--dialogues", dialogues / "clinic.json", "--trained-too", "--json", out[0])
    report = json.loads(out[0].read_text())
    assert {p["text"] for p in report["sample"]} == {"Abernathy", "Okonjo", "Ravensworth"}


def test_what_is_medical_is_counted_apart(dialogues):
    said = said_by("--dialogues", dialogues / "clinic.json")
    assert "formatted: 1 of 21 words hidden (4.76%): " in said
    assert "medical 1" in said


def test_the_sample_is_the_same_each_time_and_as_long_as_asked(dialogues):
    first, again = (said_by("--dialogues", dialogues, "--trained-too", "--sample", "2") for _ in range(2))
    assert first.splitlines()[1:] == again.splitlines()[1:]
    assert first.count("[[") == 2


MARKS = [
    {"dialogue": "visit 2", "turn": 0, "text": "Ravensworth", "label": "NAME"},
    {"dialogue": "visit 2", "turn": 1, "text": "3", "label": "DATE"},
    {"dialogue": "visit 2", "turn": 1, "text": "i", "nth": 2, "label": "NAME", "doubt": "markup"},
]


def marked(folder, marks, name="clinic"):
    (folder / f"{name}.marks.jsonl").write_text("\n".join(map(json.dumps, marks)), encoding="utf-8")


def test_what_people_marked_is_counted_as_leaked_or_not_and_the_rest_as_innocent(dialogues, tmp_path):
    marked(dialogues, MARKS)
    out = tmp_path / "report.json", tmp_path / "report.html"
    said = said_by("--dialogues", dialogues, "--json", out[0], "--html", out[1])
    report = json.loads(out[0].read_text())
    told = report["sources"]["clinic"]["marked"]
    assert (told["dialogues"], told["spans"], told["leaked"]) == (1, 2, 1)
    assert told["labels"] == {"DATE": {"spans": 1, "leaked": 1}, "NAME": {"spans": 1, "leaked": 0}}
    assert (told["innocent_words"], told["over_redacted"]) == (18, 0)  # 21 words but for three marked ones
    assert report["styles"]["all"]["marked"] == told
    assert "marked" not in report["sources"]["tokens"]
    assert [leak["passage"] for leak in report["leaks"]] == ["I have a cough since [[DATE|3]] days, <i>really</i>."]
    assert "clinic, as marked: 1 of 2 spans leak (50.0%); 0 of 18 innocent words hidden (0.00%)" in said
    page = out[1].read_text()
    assert "[[DATE|3]] days, &lt;i&gt;" in page
    assert "Against what people marked" in page


def test_a_hidden_word_that_nobody_marked_is_hidden_for_nothing(dialogues):
    marked(dialogues, MARKS[1:])
    said = said_by("--dialogues", dialogues / "clinic.json")
    assert "clinic, as marked: 1 of 1 spans leak (100.0%); 1 of 19 innocent words hidden (5.26%)" in said


def test_without_texts_no_passage_of_dialogues_is_printed_or_written(dialogues, tmp_path):
    marked(dialogues, MARKS)
    out = tmp_path / "report.json", tmp_path / "report.html"
    said = said_by("--dialogues", dialogues, "--without-texts", "--json", out[0], "--html", out[1])
    report = json.loads(out[0].read_text())
    assert (report["leaks"], report["sample"], report["texts"]) == ([], [], False)
    assert " --without-texts" in report["made_by"]["command"]
    page = out[1].read_text()
    for text in (said, page, out[0].read_text()):
        assert "Ravensworth" not in text
        assert "cough" not in text
    # The figures stay.
    assert "clinic, as marked: 1 of 2 spans leak (50.0%)" in said
    assert report["passages"] > 0
    assert "Passages are left out" in page
    assert "A sample to read" not in page


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("--dialogues", "x", "--no-stock"), "--no-stock is for gold transcripts"),
        (("--dialogues", "x", "--sample", "-1"), "--sample is a number of passages, from 0 on, and not -1"),
        (("--dialogues", "x", "--sample", "5", "--without-texts"), "Leave one of them out"),
        (("x", "--sample", "60"), "--sample is for --dialogues"),
        (("x", "--trained-too"), "--trained-too is for --dialogues"),
    ],
)
def test_an_option_that_would_be_ignored_is_refused(arguments, reason):
    with pytest.raises(CommandError, match=reason):
        said_by(*arguments)


def test_dialogues_without_marks_say_so(dialogues, tmp_path):
    said_by("--dialogues", dialogues, "--html", tmp_path / "report.html")
    assert "Nobody marked these dialogues" in (tmp_path / "report.html").read_text()


@pytest.mark.parametrize(
    "change",
    [
        {"dialogue": "visit 9"},
        {"turn": 2},
        {"turn": -1},
        {"turn": "0"},
        {"text": "Ravens"},
        {"text": ""},
        {"text": 7},
        {"nth": 2},
        {"nth": 0},
        {"label": "CITY"},
    ],
)
def test_a_mark_that_does_not_fit_its_dialogue_is_refused_with_its_line(dialogues, change):
    marked(dialogues, [MARKS[1], MARKS[0] | change])
    with pytest.raises(CommandError, match=r"clinic\.marks\.jsonl, line 2"):
        said_by("--dialogues", dialogues / "clinic.json")


def test_marks_of_two_dialogues_of_one_name_and_marks_that_are_no_text_are_refused(dialogues):
    (dialogues / "clinic.json").write_text(json.dumps([*UTTERANCES, UTTERANCES[2]]), encoding="utf-8")
    marked(dialogues, MARKS)
    with pytest.raises(CommandError, match=r"clinic\.json has two dialogues of one name"):
        said_by("--dialogues", dialogues / "clinic.json")
    (dialogues / "clinic.marks.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match=r"clinic\.marks\.jsonl cannot be read"):
        said_by("--dialogues", dialogues / "clinic.json")


@pytest.mark.parametrize("content", ["no json", "{}", '[{"id": 1}]', '["text"]', '[{"id": "a", "utterances": [{"text": "hi"}]}]'])
def test_a_file_that_holds_no_dialogues_is_refused_by_its_name(tmp_path, content):
    (tmp_path / "odd.json").write_text(content, encoding="utf-8")
    with pytest.raises(DialoguesInvalid, match=r"odd\.json"):
        read_dialogues(tmp_path / "odd.json")


def test_nothing_to_read_is_said_plainly(tmp_path, dialogues):
    (tmp_path / "empty").mkdir()
    with pytest.raises(CommandError, match=r"no dialogues \(\*\.json\) in empty"):
        said_by("--dialogues", tmp_path / "empty")
    with pytest.raises(CommandError, match=r"missing\.json cannot be read"):
        said_by("--dialogues", tmp_path / "missing.json")
    (tmp_path / "two.json").write_text(json.dumps(UTTERANCES[:2]), encoding="utf-8")
    with pytest.raises(CommandError, match="--trained-too"):
        said_by("--dialogues", tmp_path / "two.json")
    with pytest.raises(CommandError):
        said_by()
    with pytest.raises(CommandError):
        said_by(tmp_path, "--dialogues", dialogues)


def test_training_leaves_out_what_is_measured():
    from training import dialogues as trained

    read = [d for name in ("primock57", "aci-bench") for d in read_dialogues(Path(trained.DATA) / f"{name}.json")]
    measured = {d.name for d in read if d.held_out}
    assert len(measured) == 41
    assert measured.isdisjoint(name for name, _ in trained.turns(held_out=False))
    assert measured == {name for name, _ in trained.turns(held_out=True)}
    assert [is_held_out(n) for n in range(4)] == [False, False, True, False]
