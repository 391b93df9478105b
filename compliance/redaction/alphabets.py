"""Words that stand for letters: "kilo", and what police officers and clerks say instead ("adam boy charles")."""

from __future__ import annotations

NATO = {
    "alpha": "A", "alfa": "A", "bravo": "B", "charlie": "C", "delta": "D", "echo": "E", "foxtrot": "F", "golf": "G",
    "hotel": "H", "india": "I", "juliet": "J", "juliett": "J", "kilo": "K", "lima": "L", "mike": "M", "november": "N",
    "oscar": "O", "papa": "P", "quebec": "Q", "romeo": "R", "sierra": "S", "tango": "T", "uniform": "U", "victor": "V",
    "whiskey": "W", "xray": "X", "yankee": "Y", "zulu": "Z",
}  # fmt: skip
# The alphabets of police radio, and the words people make up on the telephone.
OTHERS = frozenset(
    """adam boy charles david edward frank george henry ida john king lincoln mary nora ocean paul queen robert sam tom
    union william young zebra able baker dog easy fox item jig love nan oboe peter roger sugar tare uncle thomas
    baker nancy norman denver apple cat tiger ivory yellow whisky violet ogden sally larry karl albert bertha carl
    eddie tommy vincent walter edgar harry jack kathy lucy nelly ralph susan ursula""".split()
)
POLICE = {word: word[0].upper() for word in OTHERS}
LETTER_WORDS = NATO | POLICE
