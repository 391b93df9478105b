"""The search of the law-1 test, tried on its own."""

from hypothesis import given
from hypothesis import strategies as st

from tests.laws import finding


@given(
    st.text(alphabet=st.characters(codec="ascii", min_codepoint=32, max_codepoint=126), min_size=12, max_size=40),
    st.binary(max_size=5),
)
def test_base64_at_any_alignment_is_found(tmp_path_factory, text, before):
    import base64

    path = tmp_path_factory.mktemp("find") / "file"
    path.write_bytes(base64.b64encode(before + text.encode() + b"tail"))
    assert finding.find([text], [path])
