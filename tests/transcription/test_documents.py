"""Documents enter at the second pass; what cannot be read of one says so."""

import io
import json

import docx
import pytest

from compliance.models import AuditEvent
from portal.accounts.models import Member
from tests.peers import casedev as peers
from tests.transcription.pipeline import SPEECH, begin, drive
from transcription import ingest, renditions
from transcription.models import Transcript
from vault.models import Matter

JFK = (SPEECH / "jfk.wav").read_bytes()


def word_file(*lines: str) -> bytes:
    made = docx.Document()
    for line in lines:
        made.add_paragraph(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "speakers", "text"),
    [
        (b"The patient is Marta Whitfield.\nNo fever.", ("A",), "No fever."),
        (b"MS. HALE: State your name.\nTHE WITNESS: Marta\nWhitfield.", ("A", "B"), "State your name."),
        ("﻿Q: Ready?\r\nA: Yes.".encode(), ("A", "B"), "Yes."),
        ("Naïve café.".encode("utf-16"), ("A",), "Naïve café."),
        ("Caf\xe9.".encode("latin-1"), ("A",), "Café."),
        (word_file("Q: Ready?", "A: My name is Marta Whitfield."), ("A", "B"), "Ready?"),
        (json.dumps(peers.RESULT).encode(), ("A", "B"), "Thank you."),
    ],
)
def test_documents_enter_at_the_second_pass(
    matter: Matter, paralegal: Member, data: bytes, speakers: tuple[str, ...], text: str
) -> None:
    _, job = begin(matter, paralegal, data, object_kind="document", kind="document", provider="document")
    assert drive(job).state == "completed"
    transcript = Transcript.objects.get()
    shown = list(renditions.utterances(transcript.renditions.get()))
    assert ingest.load_original(transcript).speakers == speakers
    assert text in [u["text"] for u in shown]
    assert "Marta" not in json.dumps(shown)
    assert transcript.renditions.get().audio_state == "none"
    assert not AuditEvent.objects.filter(type__startswith="compliance:egress").exists()


@pytest.mark.parametrize(
    ("data", "failure"),
    [
        (b"", "empty_file"),
        (b"  \n ", "document_empty"),
        (b"PK\x03\x04 not a zip", "document_unreadable"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "document_unreadable"),
        (b'{"utterances": [{"text": 4}]}', "document_unreadable"),
        (b'{"text": ""}', "document_empty"),
        (b"{" * 100_000, "document_unreadable"),
    ],
)
def test_documents_that_cannot_be_read_say_so(matter: Matter, paralegal: Member, data: bytes, failure: str) -> None:
    _, job = begin(matter, paralegal, data, object_kind="document", kind="document", provider="document")
    assert drive(job).failure == failure
    assert not Transcript.objects.exists()
