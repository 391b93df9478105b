"""The training corpus comes out the same in every process: the model can be made again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DIGEST = """
import hashlib, random
from training import pools, gazetteer
from training.corpus import template_docs
loaded = pools.load()
made = repr([(d.text, d.spans) for d in template_docs(loaded, random.Random(7), 400)])
made += repr(sorted(gazetteer.tags(loaded).items())[:5000])
print(hashlib.sha256(made.encode()).hexdigest())
"""


@pytest.mark.long
def test_corpus_does_not_depend_on_the_process():
    pytest.importorskip("spacy_lookups_data", reason="the training packages are missing: uv sync --group train")
    digests = set()
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run([sys.executable, "-c", DIGEST], env=env, capture_output=True, text=True, check=True, cwd=ROOT)
        digests.add(done.stdout)
    assert len(digests) == 1
