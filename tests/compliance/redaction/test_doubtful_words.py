"""Where an identifier was asked for, words heard with doubt are silent in the audio and stay readable in the text."""

from dataclasses import replace

import pytest

from compliance.redaction import Detections, Dialogue, Rule, detect, only, preset, render
from compliance.redaction.policies import Policy


def _turn(speaker, text, start, confidence=0.95, doubtful=(), timed=True):
    words = []
    for n, word in enumerate(text.split()):
        item = {"text": word, "confidence": 0.2 if n in doubtful else confidence}
        if timed:
            item |= {"start": start + n * 400, "end": start + n * 400 + 300}
        words.append(item)
    return {"speaker": speaker, "text": text, "start": start, "end": start + len(words) * 400, "words": words}


def _dialogue(*turns):
    return Dialogue.from_provider_result({"utterances": list(turns), "language_code": "en"})


ASKED = _turn("A", "What is your phone number?", 0)
# What the person said was "four one two"; the recogniser heard it wrong and was not sure of it.
ANSWER = _turn("B", "Sure, it is for won too and then some.", 4000, doubtful=(3, 4, 5))


def _silent(rendition, start, end):
    return any(s <= start and end <= e for s, e in rendition.silences)


def test_a_doubtful_answer_is_silent_and_readable():
    dialogue = _dialogue(ASKED, ANSWER)
    found = detect(dialogue)
    assert found.items == ()
    rendition = render(dialogue, found, preset("identifiers"))
    assert rendition.turns[1].text == ANSWER["text"]
    assert _silent(rendition, 4000 + 3 * 400 - 250, 4000 + 5 * 400 + 300 + 250)
    assert [w.text for w in rendition.turns[1].words if w.quiet] == ["for", "won", "too"]
    assert (rendition.hidden_spans, rendition.quiet_words) == (0, 3)
    # The rest of the answer is heard, and so is the question.
    assert sum(e - s for s, e in rendition.silences) < 2200


def test_it_says_why():
    [quiet] = detect(_dialogue(ASKED, ANSWER)).quiet
    assert quiet.reason == "heard with doubt where a phone number was asked for"
    assert quiet.types == ("phone_number",)
    assert "won" not in str(quiet.to_dict())


@pytest.mark.parametrize(
    "before",
    [
        _turn("A", "What color was the truck?", 0),
        _turn("A", "Please describe the weather that day.", 0),
    ],
)
def test_doubt_where_nothing_private_was_asked_for_is_heard(before):
    assert detect(_dialogue(before, ANSWER)).quiet == ()


def test_sure_words_are_heard():
    assert detect(_dialogue(ASKED, _turn("B", "I would rather not say it here.", 4000))).quiet == ()


def test_an_answer_after_another_question_about_it_is_still_an_answer():
    again = _turn("A", "Sorry, say that again?", 3000)
    assert detect(_dialogue(ASKED, _turn("B", "Hm.", 2500), again, ANSWER)).quiet


def test_much_later_it_is_another_subject():
    between = [_turn("A" if n % 2 else "B", "It rained all day long back then.", 3000 + n * 10) for n in range(8)]
    assert detect(_dialogue(ASKED, *between, ANSWER)).quiet == ()


def test_hidden_words_need_no_second_silence():
    answer = _turn("B", "It is 412 555 0142 I think.", 4000, doubtful=(2, 3, 4))
    found = detect(_dialogue(ASKED, answer))
    assert found.items
    assert found.quiet == ()


def test_a_policy_that_shows_the_type_lets_it_be_heard():
    dialogue = _dialogue(ASKED, ANSWER)
    found = detect(dialogue)
    assert render(dialogue, found, preset("verbatim")).silences == ()
    assert render(dialogue, found, preset("frcp_5_2")).silences == ()
    assert render(dialogue, found, only(["name"])).silences == ()
    assert render(dialogue, found, only(["phone_number"])).silences
    # A rule that shows a part of it cannot know which part the sound says: silent.
    assert render(dialogue, found, Policy("own", 1, {"phone_number": Rule.LAST_FOUR}, Rule.SHOW)).silences


def test_a_doubtful_word_without_times_silences_its_whole_utterance():
    answer = _turn("B", "Sure, it is for won too.", 4000, doubtful=(3,))
    del answer["words"][3]["start"], answer["words"][3]["end"]
    dialogue = _dialogue(ASKED, answer)
    assert _silent(render(dialogue, detect(dialogue), preset("identifiers")), 4000, answer["end"])


def test_a_service_that_never_says_how_sure_it_is_counts_as_unsure():
    def without(turn):
        return turn | {"words": [{k: v for k, v in w.items() if k != "confidence"} for w in turn["words"]]}

    assert detect(_dialogue(without(ASKED), without(ANSWER))).quiet
    # Among words with a confidence, the one without was typed by a person.
    answer = _turn("B", "Sure, it is nothing.", 4000)
    del answer["words"][3]["confidence"]
    assert detect(_dialogue(ASKED, answer)).quiet == ()


def test_they_are_kept_with_the_findings():
    found = detect(_dialogue(ASKED, ANSWER))
    assert Detections.from_dict(found.to_dict()) == found
    stored = found.to_dict()
    del stored["quiet"]
    assert Detections.from_dict(stored) == replace(found, quiet=())


def test_a_found_span_without_times_silences_its_whole_utterance():
    """Whatever a service left out: one word's times, all words, or the words of one line only."""
    text = "My name is Marta Whitfield and I live here."
    line = _turn("A", text, 2000)
    for broken in (
        line | {"words": [{k: v for k, v in w.items() if k not in ("start", "end")} for w in line["words"]]},
        line | {"words": [w | ({"start": None} if "Whitfield" in w["text"] else {}) for w in line["words"]]},
        {k: v for k, v in line.items() if k != "words"},
    ):
        dialogue = _dialogue(_turn("B", "Good morning.", 0), broken, _turn("B", "Thank you.", 9000))
        rendition = render(dialogue, detect(dialogue), preset("identifiers"))
        assert "Whitfield" not in rendition.text
        assert _silent(rendition, 2000, line["end"])
        assert not _silent(rendition, 9000, 9500)
