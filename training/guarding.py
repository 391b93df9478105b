"""What nobody has labelled in real text and may be private: web addresses, dates, long numbers.

A word labelled ``UNSURE`` is left out of the loss: the network learns neither that it is private nor that it is not.
"""

from __future__ import annotations

import re

from training.segments import NUMBER, UNSURE, WEB, Segment

_MONTH = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    "|dec(?:ember)?)"
)
_DAY = (
    r"(?:\d{1,2}(?:st|nd|rd|th)?|(?:twenty|thirty)?[- ]?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth"
    r"|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_YEAR = r"(?:,? (?:of )?(?:\d{4}|'\d\d|(?:nineteen|twenty|two thousand)[ a-z-]{0,20}))"
SEEN = re.compile(
    rf"(?:https?://\S+|www\.\S+|\S+@\S+\.\w+|@\w+|\b[\w-]+\.(?:com|org|net|edu|gov|io|co\.uk)\b\S*)"
    rf"|(?:\b{_MONTH}\.? (?:the )?{_DAY}\b{_YEAR}?|\b{_DAY} (?:of )?{_MONTH}\b{_YEAR}?|\b{_MONTH}{_YEAR}"
    r"|\d{1,4}[/-]\d{1,2}[/-]\d{1,4})"
    r"|(?:\b\d[\d-]{5,}\b)",
    re.IGNORECASE,
)


def guarded(segments: list[Segment]) -> list[Segment]:
    """The same segments; what is unlabelled and looks like an identifier stands apart as ``UNSURE``."""
    out: list[Segment] = []
    for text, label in segments:
        if label:
            out.append((text, label))
            continue
        at = 0
        for match in SEEN.finditer(text):
            out.append((text[at : match.start()], ""))
            out.append((match.group(), UNSURE))
            at = match.end()
        out.append((text[at:], ""))
    return [segment for segment in out if segment[0]]


# The labels of Presidio's generated sentences.
PRESIDIO = {
    "CREDIT_CARD": NUMBER, "PHONE_NUMBER": NUMBER, "IBAN_CODE": NUMBER, "US_SSN": NUMBER, "US_DRIVER_LICENSE": NUMBER,
    "EMAIL_ADDRESS": WEB, "DOMAIN_NAME": WEB, "IP_ADDRESS": WEB, "DATE_TIME": UNSURE, "AGE": "",
}  # fmt: skip
