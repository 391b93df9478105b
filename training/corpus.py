"""Put the training corpus together: public data, filled templates, real dialogues; each in several styles."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

from training import corpora, dialogues
from training.guarding import guarded
from training.pools import Pools
from training.recasting import Cast, recast
from training.segments import HEALTHY, Segment
from training.styling import Marked, disfluent, join, styled
from training.templates import Filler, Style, blocks
from training.transcripts import Share, talk_docs, transcript_docs

STYLES = ("formatted", "spoken", "lower")
# Lower-cased text has the least to go by and leaks most, so it gets the largest share.
STYLE_WEIGHTS = (28, 30, 42)
RECAST_COPIES = 2  # of the real dialogues, with names for pronouns, each time others
# Of the real dialogues, how many get a template with identifiers in their midst, so that these are also met in real talk.
AMID = 0.25
IDENTIFIERS = ("numbers_law", "numbers_clinic", "dates_web")
# name of the template file -> how many filled blocks per thousand
SHARES = {
    "legal": 135, "clinical": 135, "speech": 135, "talk": 170, "places": 80, "towns": 105, "negatives": 105, "words": 55,
    "homographs": 80, "figures": 45, "desk": 130, "numbers_law": 190, "numbers_clinic": 150, "dates_web": 160, "counts": 190,
    "medical_clinic": 120, "medical_talk": 120, "names_bare": 160, "names_amid": 130, "scenes_law": 230, "scenes_clinic": 230,
}  # fmt: skip
# What only the third pass reads: people called by words, misheard names, pieces far from the whole, longer scenes.
FURTHER = SHARES | {
    "called_law": 130, "called_clinic": 130, "both_ways": 140, "misheard": 140, "pieces": 130, "number_pieces": 150,
    "long_law": 110, "long_clinic": 110,
}  # fmt: skip
# What only the fourth reads: longer talk by eighteen authors from the rooms in which lawyers, clinicians and desks speak.
ROOMS = (
    "depositions", "police", "family", "immigration", "housing", "gatherings", "emergency", "visits", "home_care",
    "medical_rooms", "phone_desks", "dictated", "engine_errors", "everyday", "whereabouts", "digits_and_signs",
    "plain_words_as_names", "calendar_talk",
)  # fmt: skip
FROM_ROOMS = FURTHER | dict.fromkeys(ROOMS, 150)
# What only the fifth reads: twelve more authors, on what the fourth had left.
ODDITIES = (
    "courtrooms", "phone_lines", "tongues", "put_right", "rounds", "doorsteps", "days", "nobodys", "short_words",
    "heard_wrong", "bare_places", "plain_scenes",
)  # fmt: skip
FROM_ODDITIES = FROM_ROOMS | dict.fromkeys(ODDITIES, 300)
# Files that speak of health without marks of what is medical.
UNMARKED = frozenset(
    """clinical numbers_clinic counts figures desk negatives talk speech names_bare names_amid scenes_law
    called_law called_clinic both_ways misheard pieces number_pieces long_law""".split()
).union(ODDITIES, set(ROOMS) - {"medical_rooms"})


def template_docs(pools: Pools, rng: random.Random, count: int, shares: Mapping[str, int] = SHARES) -> Iterator[Marked]:
    """Documents of a few turns, as the recogniser meets them: a window of a dialogue, turns parted by line ends."""
    names, weights = list(shares), list(shares.values())
    made = 0
    while made < count:
        style = rng.choices(STYLES, STYLE_WEIGHTS)[0]
        filler_rate = rng.choice((0.0, 0.0, 0.03, 0.08))
        turns: list[Marked] = []
        for _ in range(rng.choice((1, 1, 2, 3, 4))):
            name = rng.choices(names, weights)[0]
            block = rng.choice(blocks(name))
            filler = Filler(pools, rng, Style(digits=style == "formatted" or rng.random() < 0.15), block)
            for line in block:
                segments = filler.turn(line)
                if name in UNMARKED:
                    segments = unmarked(segments)
                if filler_rate:
                    segments = disfluent(segments, rng, filler_rate)
                turns.append(styled(join(segments), style, rng))
            made += 1
        if rng.random() < 0.25:
            yield from turns
        else:
            yield together(turns)


def unmarked(segments: list[Segment]) -> list[Segment]:
    """The same, where nobody has marked what is medical."""
    return [(text, label or HEALTHY) for text, label in segments]


def together(turns: list[Marked]) -> Marked:
    text, spans = "", []
    for turn in turns:
        if not turn.text:
            continue
        start = len(text) + (1 if text else 0)
        text += ("\n" if text else "") + turn.text
        spans += [(s + start, e + start, label) for s, e, label in turn.spans]
    return Marked(text, tuple(spans))


def public_docs(pools: Pools, rng: random.Random) -> Iterator[Marked]:
    for segments in corpora.sentences(pools):
        if rng.random() < 0.5:
            yield join(segments)
        others = corpora.renamed(segments, pools, rng)
        if rng.random() < 0.5:
            others = recast(others, Cast(pools, rng, small=False), 0.4)
        yield styled(join(others), "lower", rng)


def dialogue_docs(pools: Pools, rng: random.Random) -> Iterator[Marked]:
    lines = dialogues.negatives(pools)
    for i in range(0, len(lines), 2):
        group = [join(unmarked(guarded([(t, "")]))) for t in lines[i : i + 2]]
        if rng.random() < 0.25:
            group[-1] = join(unmarked(dialogues.addressed(lines[i], pools, rng)))
        style = rng.choices(STYLES, STYLE_WEIGHTS)[0]
        if rng.random() < AMID:
            block = rng.choice(blocks(rng.choice(IDENTIFIERS)))
            filler = Filler(pools, rng, Style(digits=style == "formatted"), block)
            group[1:1] = [join(unmarked(filler.turn(line))) for line in block]
        yield together([styled(t, style, rng) for t in group])
    for _ in range(RECAST_COPIES):
        for i in range(rng.randrange(3), len(lines), 3):
            cast = Cast(pools, rng, small=all(t == t.lower() for t in lines[i : i + 3]))
            peopled = [join(unmarked(recast(guarded([(t, "")]), cast, 0.3))) for t in lines[i : i + 3]]
            style = rng.choices(STYLES, STYLE_WEIGHTS)[0]
            yield together([styled(t, style, rng) for t in peopled])


def build(
    pools: Pools,
    seed: int,
    count: int,
    shares: Mapping[str, int] = SHARES,
    real: float = 1.0,
    transcripts: Sequence[Share] = (),
    talk: int = 0,
) -> list[Marked]:
    """``count`` filled blocks of templates, the share ``real`` of the public and real text, of the transcripts written by hand
    those that ``transcripts`` names and ``talk`` copies of the real dialogues that people marked, in random order."""
    rng = random.Random(seed)
    filled = [*template_docs(pools, rng, count, shares)]
    others = [*public_docs(pools, rng), *dialogue_docs(pools, rng)]
    docs = filled + (others if real == 1 else rng.sample(others, round(real * len(others))))
    docs += transcript_docs(pools, rng, transcripts)
    docs += talk_docs(pools, rng, talk)
    docs = [d for d in docs if d.text.strip()]
    rng.shuffle(docs)
    return docs
