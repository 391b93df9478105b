"""The pruned vocabulary of the encoder: the pieces that English transcripts are made of, fewer than half of BERT's 30,522."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from tokenizers import Tokenizer

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")
PIECES = 17_000
LATIN = 0x250  # single letters up to here are kept, so that any name can be spelled


def prune(source: str, texts: Iterable[list[str]]) -> tuple[str, list[int]]:
    """The tokenizer with its ``PIECES`` most used pieces, as JSON, and each one's number in the source's vocabulary.

    ``texts`` come in lists that are cut together.
    """
    full = Tokenizer.from_str(source)
    full.no_padding()
    full.no_truncation()
    used: Counter[int] = Counter()
    for batch in texts:
        for encoded in full.encode_batch(batch, add_special_tokens=False):
            used.update(encoded.ids)
    numbers = full.get_vocab()
    pieces = {number: piece for piece, number in numbers.items()}
    kept = {number for number, _ in sorted(used.items(), key=lambda u: (-u[1], u[0]))[:PIECES]}
    kept |= {n for piece, n in numbers.items() if len(piece.removeprefix("##")) == 1 and ord(piece[-1]) < LATIN}
    kept -= {numbers[s] for s in (*SPECIAL, "[MASK]")}
    order = [numbers[s] for s in SPECIAL] + sorted(kept)
    made = json.loads(source)
    made["model"]["vocab"] = {pieces[number]: place for place, number in enumerate(order)}
    made.update(added_tokens=[], post_processor=None, padding=None, truncation=None)
    return json.dumps(made, ensure_ascii=False, sort_keys=True), order
