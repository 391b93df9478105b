"""One byte range, as RFC 9110 has it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.ranges import Unsatisfiable, requested

ETAG = '"abc"'


@given(size=st.integers(0, 50), first=st.integers(0, 60), last=st.integers(0, 60))
def test_first_and_last_are_both_included(size: int, first: int, last: int) -> None:
    data = bytes(range(size))
    header = f"bytes={first}-{last}"
    if last < first:
        assert requested(header, "", ETAG, size) is None
    elif first >= size:
        with pytest.raises(Unsatisfiable):
            requested(header, "", ETAG, size)
    else:
        found = requested(header, "", ETAG, size)
        assert found is not None
        assert data[found.start : found.stop] == data[first : last + 1]
        assert found.content_range == f"bytes {first}-{min(last, size - 1)}/{size}"


@given(size=st.integers(0, 50), suffix=st.integers(0, 60))
def test_a_suffix_is_the_end(size: int, suffix: int) -> None:
    if not size or not suffix:
        with pytest.raises(Unsatisfiable):
            requested(f"bytes=-{suffix}", "", ETAG, size)
    else:
        found = requested(f"Bytes=-{suffix}", "", ETAG, size)
        assert found is not None
        assert (found.start, found.stop) == (max(0, size - suffix), size)


@given(header=st.text(max_size=30), size=st.integers(0, 1000))
def test_nothing_that_anybody_sends_leaves_the_object(header: str, size: int) -> None:
    for text in (header, f"bytes={header}"):
        try:
            found = requested(text, "", ETAG, size)
        except Unsatisfiable:
            continue
        assert found is None or 0 <= found.start < found.stop <= size
