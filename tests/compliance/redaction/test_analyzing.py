"""Many findings in one block: the same results as Presidio's own removal of duplicates, without its square."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from presidio_analyzer import EntityRecognizer, RecognizerResult

from compliance.redaction import Dialogue, detect
from compliance.redaction.analyzing import unrepeated


@given(
    st.lists(
        st.tuples(st.sampled_from("AB"), st.integers(0, 30), st.integers(1, 8), st.sampled_from([0.0, 0.5, 0.6, 0.9])), max_size=30
    )
)
def test_repeated_results_are_removed_as_presidio_removes_them(places):
    found = [RecognizerResult(kind, start, start + length, score) for kind, start, length, score in places]
    theirs = EntityRecognizer.remove_duplicates(found)
    assert sorted(map(str, unrepeated(found))) == sorted(map(str, theirs))


@pytest.mark.parametrize(
    ("said", "type_", "recogniser"),
    [
        ("i have it here GB82WEST12345698765432 okay", "bank_account", "IbanRecognizer"),
        ("so it reads 4111 1111 1111 1111 there", "credit_card", "CreditCardRecognizer"),
    ],
)
def test_what_presidios_recognisers_find_by_a_checksum_counts(said, type_, recogniser):
    found = detect(Dialogue.from_turns([("A", said)])).items
    assert [(item.type, item.recogniser, item.score) for item in found] == [(type_, recogniser, 1.0)]
