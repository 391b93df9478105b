"""Which towns a text without capitals cannot tell from ordinary words."""

import pytest

pytest.importorskip("spacy_lookups_data", reason="the training packages are missing: uv sync --group train")

from training.pools import ordinary_cities


def test_towns_of_ordinary_words_are_told_from_towns_that_only_are_towns():
    assert ordinary_cities(("Surprise", "Chicago", "Twin Falls", "Fort Wayne", "Downtown")) == ("Surprise", "Twin Falls")
