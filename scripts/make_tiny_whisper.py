"""Make a tiny Whisper model with random weights, so that the real faster-whisper path can be tested without a network.

It is a complete CTranslate2 model: faster-whisper loads it, encodes real sound with it, decodes with beam search,
timestamps and word alignment. What it "hears" is nonsense, for nobody trained it; only real weights tell how well a
real model hears.

    uv run python scripts/make_tiny_whisper.py FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs.whisper_spec import WhisperSpec
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

WIDTH, HEADS, LAYERS, MELS = 64, 2, 2, 80
AUDIO_POSITIONS, TEXT_POSITIONS = 1500, 448
SEED = 20
WORDS = """
the and that have for not with you this but his from they say her she will one all would there their what so
up out if about who get which go me when make can like time no just him know take people into year your good
some could them see other than then now look only come its over think also back after use two how our work
first well way even new want because any these give day most us question record answer witness counsel exhibit
doctor
""".split()  # noqa: SIM905 - a list of 120 strings is harder to read
SPECIAL = [
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
]


def vocabulary() -> tuple[list[str], int]:
    """All tokens in the order of their ids, and how many of them are text. Special ones follow the text, as in Whisper."""
    text = sorted(pre_tokenizers.ByteLevel.alphabet()) + [f"Ġ{word}" for word in WORDS]
    times = [f"<|{step * 0.02:.2f}|>" for step in range(1501)]
    return text + SPECIAL + times, len(text)


def tokenizer(tokens: list[str], text: int) -> Tokenizer:
    made = Tokenizer(models.BPE(vocab={token: number for number, token in enumerate(tokens[:text])}, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens([AddedToken(token, special=True) for token in tokens[text : text + len(SPECIAL)]])
    made.add_tokens([AddedToken(token) for token in tokens[text + len(SPECIAL) :]])
    return made


class Weights:
    """Random tensors with the sizes of real ones' standard deviations."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(SEED)

    def tensor(self, *shape: int, scale: float) -> np.ndarray:
        return (self._random.standard_normal(shape) * scale).astype(np.float32)

    def linear(self, spec: Any, out: int, into: int) -> None:
        spec.weight = self.tensor(out, into, scale=1.5 / np.sqrt(into))
        spec.bias = self.tensor(out, scale=0.02)

    def norm(self, spec: Any) -> None:
        spec.gamma, spec.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)

    def attention(self, spec: Any, *, itself: bool) -> None:
        self.norm(spec.layer_norm)
        sizes = [3 * WIDTH, WIDTH] if itself else [WIDTH, 2 * WIDTH, WIDTH]
        for linear, out in zip(spec.linear, sizes, strict=True):
            self.linear(linear, out, WIDTH)

    def feed_forward(self, spec: Any) -> None:
        self.norm(spec.layer_norm)
        self.linear(spec.linear_0, 4 * WIDTH, WIDTH)
        self.linear(spec.linear_1, WIDTH, 4 * WIDTH)


def build(tokens: list[str], text: int) -> WhisperSpec:
    spec, weights = WhisperSpec(LAYERS, HEADS, LAYERS, HEADS), Weights()
    for conv, into in ((spec.encoder.conv1, MELS), (spec.encoder.conv2, WIDTH)):
        conv.weight = weights.tensor(WIDTH, into, 3, scale=1.0 / np.sqrt(3 * into))
        conv.bias = weights.tensor(WIDTH, scale=0.02)
    spec.encoder.position_encodings.encodings = weights.tensor(AUDIO_POSITIONS, WIDTH, scale=0.1)
    weights.norm(spec.encoder.layer_norm)
    for layer in spec.encoder.layer:
        weights.attention(layer.self_attention, itself=True)
        weights.feed_forward(layer.ffn)
    embeddings = weights.tensor(len(tokens), WIDTH, scale=0.4)
    spec.decoder.embeddings.weight = embeddings
    spec.decoder.projection.weight = weights.tensor(len(tokens), WIDTH, scale=0.6)
    # Single bytes are made unlikely, so that whole words come.
    spec.decoder.projection.bias = np.zeros(len(tokens), np.float32)
    spec.decoder.projection.bias[: text - len(WORDS)] = -20
    spec.decoder.position_encodings.encodings = weights.tensor(TEXT_POSITIONS, WIDTH, scale=1.0)
    weights.norm(spec.decoder.layer_norm)
    for layer in spec.decoder.layer:
        weights.attention(layer.self_attention, itself=True)
        weights.attention(layer.attention, itself=False)
        weights.feed_forward(layer.ffn)
    spec.register_vocabulary(tokens)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = [text]
    spec.config.lang_ids = []
    spec.config.alignment_heads = [(layer, head) for layer in range(LAYERS) for head in range(HEADS)]
    return spec


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    tokens, text = vocabulary()
    spec = build(tokens, text)
    spec.validate()
    spec.optimize(quantization=None)
    spec.save(str(folder))
    tokenizer(tokens, text).save(str(folder / "tokenizer.json"))
    (folder / "preprocessor_config.json").write_text(json.dumps({"feature_size": MELS, "sampling_rate": 16000}))
    sys.stdout.write(f"{folder}: {(folder / 'model.bin').stat().st_size / 1e6:.1f} MB of random weights\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
