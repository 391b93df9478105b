"""`manage.py bench redaction` judges by the limits that it prints."""

import json

import pytest
from django.core.management import CommandError, call_command

from compliance.redaction import bench


@pytest.fixture
def small(monkeypatch):
    """Some turns instead of seven hours of them, and no second of work in it."""
    monkeypatch.setattr(bench, "WORDS", 300)
    monkeypatch.setattr(bench, "stock_analyzer", lambda: None)
    monkeypatch.setattr(bench, "stock_spans", lambda _: [])
    monkeypatch.setattr(bench, "stock_spans_in_batches", lambda _: [])


def test_the_figures_say_limit_spread_and_load(small, capsys):
    call_command("bench", "redaction", "--json")
    load, read = map(json.loads, capsys.readouterr().out.splitlines())
    assert (load["limit_seconds"], read["limit_seconds"]) == (3, 60)
    assert read["within_limit"] is True
    for name in ("ratio", "ratio_in_batches"):
        least, most = read[f"{name}_spread"]
        assert least <= read[name] <= most
    assert read["load"] >= 0


def test_a_figure_over_its_limit_is_named_and_fails(small, monkeypatch, capsys):
    monkeypatch.setattr(bench, "_seconds", lambda act: (act(), 60.01)[1])
    with pytest.raises(CommandError, match="over its limit"):
        call_command("bench", "redaction", "--json")
    said = capsys.readouterr()
    assert "Over the limit: load took 60.01 s, 3 s are allowed (load of the machine" in said.err
    assert "Over the limit: detect took 60.01 s, 60 s are allowed" in said.err
    assert [json.loads(line)["within_limit"] for line in said.out.splitlines()] == [False, False]


def test_parts_are_the_whole_text():
    whole = bench.transcript(300)
    parts = bench._parts(whole)
    assert len(parts) == bench.PARTS
    assert [turn.text for part in parts for turn in part.turns] == [turn.text for turn in whole.turns]
