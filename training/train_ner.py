"""Train the name and place recogniser and write it where `compliance.redaction` loads it.

    uv run python -m training.train_ner [--minutes 12] [--out compliance/redaction/model]

Everything is seeded; two runs differ by the order of float additions alone.
"""

from __future__ import annotations

import argparse
import logging
import random
import shutil
import time
from functools import partial
from pathlib import Path

from spacy.language import Language
from spacy.training import Example
from spacy.util import filter_spans, load_model_from_config, minibatch
from thinc.api import Config, fix_random_seed

from training import gazetteer, pools
from training.corpus import build
from training.styling import Marked

log = logging.getLogger("train_ner")
SEED = 20260
OUT = Path(__file__).parent.parent / "compliance" / "redaction" / "model"
EPOCHS = 2
FORGET = 0.25  # share of listed words whose tag is dropped in a document
BLOCKS = 75_000  # filled template blocks; each epoch has its own
CONFIG = """
[nlp]
lang = "en"
pipeline = ["tok2vec","ner"]
batch_size = 256

[components]

[components.tok2vec]
factory = "tok2vec"

[components.tok2vec.model]
@architectures = "spacy.Tok2Vec.v2"

[components.tok2vec.model.embed]
@architectures = "spacy.MultiHashEmbed.v2"
width = 96
attrs = ["NORM","PREFIX","SUFFIX","SHAPE","TAG"]
rows = [16000,2000,6000,1500,100]
include_static_vectors = false

[components.tok2vec.model.encode]
@architectures = "spacy.MaxoutWindowEncoder.v2"
width = 96
window_size = 1
maxout_pieces = 3
depth = 6

[components.ner]
factory = "ner"

[components.ner.model]
@architectures = "spacy.TransitionBasedParser.v2"
state_type = "ner"
extra_state_tokens = false
hidden_width = 64
maxout_pieces = 2
use_upper = true

[components.ner.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 96
upstream = "tok2vec"
"""


def example(nlp: Language, marked: Marked, known: dict[str, str], rng: random.Random) -> Example:
    """Doc with the tags that the ruler will set at run time; some are left out, for names that no list has."""
    doc = nlp.make_doc(marked.text)
    forgotten: dict[str, bool] = {}
    for token in doc:
        tag = known.get(token.lower_, "")
        if tag and not tag.startswith("W") and forgotten.setdefault(token.lower_, rng.random() < FORGET):
            tag = ""
        if tag:
            token.tag_ = tag
    gold = nlp.make_doc(marked.text)
    spans = [gold.char_span(s, e, label=label, alignment_mode="expand") for s, e, label in marked.spans]
    gold.ents = filter_spans([s for s in spans if s is not None])
    return Example(doc, gold)


def learn(nlp: Language, minutes: float) -> None:
    names = pools.load()
    known = gazetteer.tags(names)
    log.info("%d words in the lists", len(known))
    started = time.monotonic()
    rng = random.Random(SEED)
    optimizer = None
    for epoch in range(EPOCHS):
        examples = [example(nlp, m, known, rng) for m in build(names, SEED + epoch, BLOCKS)]
        words = sum(len(e.reference) for e in examples)
        log.info("epoch %d: %d documents, %d words, %.0f s", epoch, len(examples), words, time.monotonic() - started)
        if optimizer is None:
            optimizer = nlp.initialize(partial(list, examples[:3000]))
            total = EPOCHS * words
        rng.shuffle(examples)
        losses: dict[str, float] = {}
        done = 0
        for batch in minibatch(examples, size=64):  # type: ignore[no-untyped-call]
            # linear decay over the whole run
            at = (epoch * words + done) / total
            optimizer.learn_rate = 0.001 * max(0.05, 1 - at)
            nlp.update(batch, sgd=optimizer, drop=0.15, losses=losses)
            done += sum(len(e.reference) for e in batch)
            if time.monotonic() - started > minutes * 60:
                log.info("time is up at %.0f %% of epoch %d", 100 * done / words, epoch)
                gazetteer.add_ruler(nlp, known)
                return
        log.info("epoch %d: %s, %.0f s", epoch, {k: round(v) for k, v in losses.items()}, time.monotonic() - started)
    gazetteer.add_ruler(nlp, known)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0, help="stop after this long (a stopped run is not reproducible)")
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    fix_random_seed(SEED)
    nlp = load_model_from_config(Config().from_str(CONFIG), auto_fill=True)
    learn(nlp, args.minutes)
    readme = args.out / "README.md"
    kept = readme.read_text(encoding="utf-8") if readme.exists() else ""
    shutil.rmtree(args.out, ignore_errors=True)
    nlp.meta.update(
        name="sealscript_names",
        version="1.0.0",
        license="CC BY 4.0",
        description="Names and places in transcripts of speech",
    )
    nlp.to_disk(args.out)
    if kept:
        readme.write_text(kept, encoding="utf-8")


if __name__ == "__main__":
    main()
