"""E-mail addresses, web addresses, IP and hardware addresses: written ("j@x.org") and spoken ("j at x dot org")."""

from __future__ import annotations

import re
from collections.abc import Iterable

from compliance.redaction.detections import PrivateType
from compliance.redaction.recognisers.address_parts import PROVIDERS, said_again
from compliance.redaction.recognisers.base import DialogueRecogniser
from compliance.redaction.recognisers.handles import handles
from compliance.redaction.recognisers.spoken_web import TLDS, spoken
from compliance.redaction.view import DialogueView, Finding

_TLD = "|".join(sorted(TLDS, key=len, reverse=True))
# Recognisers put spaces into addresses: "j.kowalski@gmail .com", "r delgado@x. org".
EMAIL = re.compile(
    r"(?:(?<![\w'’])[B-HJ-Zb-hj-z][ .]{1,2})?(?:[A-Za-z0-9]{1,30} [._] ?)?[A-Za-z0-9][A-Za-z0-9._%+'-]{0,63} ?@ ?"
    rf"(?:[A-Za-z0-9-]{{1,63}}(?:\.[A-Za-z0-9-]{{1,63}}| ?\. ?(?:com|org|net|edu|gov|mil|io|co|uk|info|biz)\b){{1,6}}|(?:{'|'.join(sorted(PROVIDERS))})\b)",
)
WEB = re.compile(
    rf"(?:https?|ftp)://[^\s<>\"]{{1,500}}|www\.[^\s<>\"]{{1,500}}"
    rf"|(?<![\w@.-])(?:[A-Za-z0-9](?:[A-Za-z0-9-]{{0,62}})\.){{1,5}}(?:{_TLD})(?![\w-])(?:[:/][^\s<>\"]{{0,300}})?",
    re.IGNORECASE,
)
IPV4 = re.compile(
    r"(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]\d|\d)(?:/\d{1,2}|:\d{2,5})?"
)
IPV6 = re.compile(
    r"(?<![\w:])(?:(?:[0-9A-Fa-f]{1,4}:){2,7}(?::?[0-9A-Fa-f]{1,4}){1,6}|[0-9A-Fa-f]{1,4}::(?:[0-9A-Fa-f]{1,4}:){0,5}[0-9A-Fa-f]{1,4})(?![\w:])"
)
MAC = re.compile(r"(?<![\w:-])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![\w:-])")
TRAILING = ".,;:!?)]}'\""


class InternetRecogniser(DialogueRecogniser):
    ENTITIES = (PrivateType.EMAIL, PrivateType.URL, PrivateType.IP_ADDRESS, PrivateType.DEVICE_ID)

    def find(self, view: DialogueView) -> Iterable[Finding]:
        found = [f for turn in view.turns() for f in (*_written(view, turn), *spoken(view, turn))]
        yield from found
        yield from said_again(view, found)
        for turn in view.turns():
            for start, end in handles(view, turn):
                yield Finding(turn, start, end, PrivateType.URL, 0.8, "a name on the net", view.text(turn)[start:end].lower())


def _written(view: DialogueView, turn: int) -> Iterable[Finding]:
    text = view.text(turn)
    if "@" in text:
        for match in EMAIL.finditer(text):
            yield Finding(turn, *match.span(), PrivateType.EMAIL, 1.0, "an e-mail address", match.group().lower())
    if "." in text or ":" in text or "-" in text:
        for match in IPV4.finditer(text):
            yield Finding(turn, *match.span(), PrivateType.IP_ADDRESS, 0.95, "an IP address", match.group())
        for match in IPV6.finditer(text):
            short = "::" in match.group() and re.search(r"\d", match.group())
            if short or match.group().count(":") >= 3 and re.search(r"[A-Fa-f]|:\d{3}", match.group()):
                yield Finding(turn, *match.span(), PrivateType.IP_ADDRESS, 0.9, "an IPv6 address", match.group())
        for match in MAC.finditer(text):
            yield Finding(turn, *match.span(), PrivateType.DEVICE_ID, 0.9, "a hardware address", match.group())
        for match in WEB.finditer(text):
            end = match.end()
            while end > match.start() and text[end - 1] in TRAILING:
                end -= 1
            yield Finding(turn, match.start(), end, PrivateType.URL, 0.95, "a web address", text[match.start() : end])
