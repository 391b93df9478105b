"""Reading a provider's result: whatever shape it comes in, every letter of the text belongs to a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.redaction import Dialogue, DialogueInvalid, detect
from compliance.redaction.cleaning import clean


def _result(text, words=None, **more):
    utterance = {"speaker": "A", "text": text, "start": 1000, "end": 5000, **more}
    if words is not None:
        utterance["words"] = words
    return {"utterances": [utterance]}


def test_words_are_found_in_the_text_whatever_their_case_and_punctuation():
    words = [{"text": t, "start": i * 100, "end": i * 100 + 90, "confidence": 0.9} for i, t in enumerate(["hi", "Dr", "O'Neil"])]
    turn = Dialogue.from_provider_result(_result("Hi, Dr. O’Neil!", words)).turns[0]
    assert [turn.text[w.char_start : w.char_end] for w in turn.words] == ["Hi,", "Dr.", "O’Neil!"]
    assert [w.id for w in turn.words] == [0, 1, 2]


def test_words_that_do_not_add_up_stand_for_the_whole_turn():
    turn = Dialogue.from_provider_result(_result("My name is Ann", [{"text": "something", "start": 1, "end": 2}])).turns[0]
    assert [(w.char_start, w.char_end) for w in turn.words] == [(0, len(turn.text))]


def test_a_missing_word_in_the_list_is_noticed():
    turn = Dialogue.from_provider_result(_result("call Ann now", [{"text": "call"}, {"text": "now"}])).turns[0]
    assert all((w.char_start, w.char_end) == (0, len(turn.text)) for w in turn.words)


@pytest.mark.parametrize(
    ("given_value", "expected"), [(None, None), (-5, None), (float("nan"), None), ("7", None), (12.7, 12), (True, None)]
)
def test_times_that_are_no_times_are_missing(given_value, expected):
    turn = Dialogue.from_provider_result(_result("hi", [{"text": "hi", "start": given_value, "end": 500}])).turns[0]
    assert turn.words[0].start == expected


def test_confidence_in_percent_is_read_as_a_share():
    turn = Dialogue.from_provider_result(_result("hi", [{"text": "hi", "confidence": 87}])).turns[0]
    assert turn.words[0].confidence == pytest.approx(0.87)


def test_without_utterances_words_make_them_by_speaker():
    dialogue = Dialogue.from_provider_result(
        {"words": [{"text": "Hello", "speaker": "A"}, {"text": "there", "speaker": "A"}, {"text": "Hi", "speaker": "B"}]}
    )
    assert [(t.speaker, t.text) for t in dialogue.turns] == [("A", "Hello there"), ("B", "Hi")]


def test_text_alone_is_enough():
    assert [t.text for t in Dialogue.from_provider_result({"text": "One.\nTwo."}).turns] == ["One.", "Two."]


@pytest.mark.parametrize("bad", [[], {"utterances": [3]}, {"utterances": [{"text": 5}]}, {}, {"utterances": [{"text": "x", "words": 1}]}])
def test_another_shape_is_refused(bad):
    with pytest.raises(DialogueInvalid):
        Dialogue.from_provider_result(bad)


@given(st.text(max_size=200))
def test_any_text_keeps_every_letter_in_some_word(text):
    turn = Dialogue.from_provider_result(_result(text)).turns[0]
    covered = set()
    for word in turn.words:
        assert 0 <= word.char_start <= word.char_end <= len(text)
        covered.update(range(word.char_start, word.char_end))
    assert all(p in covered for p, c in enumerate(text) if not c.isspace())


@given(st.lists(st.text(min_size=1, max_size=8), max_size=12))
def test_words_with_their_text_joined_by_spaces_align(words):
    text = " ".join(words)
    turn = Dialogue.from_provider_result(_result(text, [{"text": w} for w in words])).turns[0]
    letters = {p for p, c in enumerate(text) if c.isalnum()}
    covered = {p for w in turn.words for p in range(w.char_start, w.char_end)}
    assert letters <= covered


MARKED = st.lists(
    st.one_of(st.text(max_size=8), st.sampled_from("< > & ; b /b br &#49; &nbsp; &amp; &lt; &fjlig; <b> </b> <br/> <c> <00:01.000> <i".split())),
    max_size=12,
).map("".join)


@given(st.one_of(st.text(max_size=60), MARKED), st.data())
def test_the_map_back_is_exact(text, data):
    cleaned = clean(text)
    assert cleaned.origins is None or len(cleaned.origins) == len(cleaned.text)
    if not cleaned.text:
        return
    start = data.draw(st.integers(0, len(cleaned.text) - 1))
    end = data.draw(st.integers(start + 1, len(cleaned.text)))
    low, high = cleaned.original_span(start, end)
    assert 0 <= low < high <= len(text)
    # Everything the clean span was made of lies inside, and nothing of the characters beside it.
    assert clean(text[low:high]).text == cleaned.text[start:end]


def test_invisible_characters_inside_a_number_do_not_hide_it():
    assert clean("5\u200b2\u200d1-\u200e47").text == "521-47"
    assert clean("٥٢١ ５２１").text == "521 521"
    assert clean("José Jose\u0301").text == "Jose Jose"


def test_marks_of_html_inside_a_detail_do_not_hide_it():
    assert clean("555-<b>01</b>34").text == "555-0134"
    assert clean("412&#8209;68&nbsp;1153, j&#x40;x.org").text == "412-68 1153, j@x.org"
    assert clean("42 Maple<br/>Street</p><p>Salem").text == "42 Maple Street  Salem"
    assert clean("<c>My</c><00:00:01.000> name").text == "My name"
    # What is no mark of HTML is what was said; an attribute is text, for something may stand in it.
    for said in ("under <120 & over 80>", "<Bob>", "&bogus; & so on;", '<a href="mailto:j@x.org">', "&#xD800;&#0;x", "a&amp"):
        assert clean(said).text.replace("\ufffd", "") == said.replace("&#xD800;&#0;", ""), said


def test_halves_of_pairs_are_repaired_in_turns_as_in_a_providers_result():
    """They could be neither encoded for the language model nor stored: the whole transcript was held for one of them."""
    said = "My name is Svetlana \ud83d Petrakis, \ud83d\ude00."
    pasted = Dialogue.from_turns([("A\udc00", said)])
    assert pasted.turns[0].text == Dialogue.from_provider_result(_result(said)).turns[0].text == "My name is Svetlana � Petrakis, 😀."
    assert pasted.turns[0].speaker == "A�"
    found = detect(pasted).items
    assert {pasted.turns[0].text[d.start : d.end] for d in found} >= {"Svetlana"}
    assert Dialogue.from_turns([("A", "naïve 😀")]).turns[0].text == "naïve 😀"
