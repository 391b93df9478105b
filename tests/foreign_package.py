"""A package of somebody else's with a recogniser, installed as pip leaves it."""

import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from compliance.redaction import apart
from compliance.redaction.engine import loaded_engine

MODULE = "sealscript_theirs"
PACKAGE = '''
import os, re, signal, sys, time
from pathlib import Path
from presidio_analyzer import EntityRecognizer, RecognizerResult

class Theirs(EntityRecognizer):
    def __init__(self):
        super().__init__(supported_entities=["{entity}"], name="Theirs", supported_language="{language}")

    def load(self):
        pass

    def places(self, text, told):
        """(start, end) of what it finds in a block's text."""
{body}

    def analyze(self, text, entities, nlp_artifacts=None):
        found = self.places(text, nlp_artifacts)
        return [RecognizerResult("{entity}", start, end, 0.9) for start, end in found]
'''


@contextmanager
def installing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """``install(body, entity, language)``: the body of ``places``, what it calls the things it finds, what it is for."""

    def install(body: str, entity: str = "badge", language: str = "en") -> None:
        body = textwrap.indent(textwrap.dedent(body).strip(), " " * 8)
        (folder / f"{MODULE}.py").write_text(PACKAGE.format(entity=entity, body=body, language=language))
        info = folder / f"{MODULE}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sealscript-theirs\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[sealscript.recognisers]\ntheirs = {MODULE}:Theirs\n")
        monkeypatch.syspath_prepend(str(folder))
        loaded_engine.cache_clear()

    try:
        yield install
    finally:
        apart.end_all()
        loaded_engine.cache_clear()
        sys.modules.pop(MODULE, None)
