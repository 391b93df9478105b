"""Pieces of text with what they are: the labels of the training data."""

from __future__ import annotations

PERSON, LOCATION, ORG, NUMBER, WEB, DATE, AGE = "PERSON", "LOCATION", "ORG", "NUMBER", "WEB", "DATE", "AGE"
MEDICAL = "MEDICAL"
UNSURE = "?"  # may be private or not: nothing is learned from it
PLAIN = "="  # is nothing private; nobody has marked firms in it
PLAIN_HEALTHY = "=~"  # neither firms nor what is medical
HEALTHY = "~"  # is nothing private, but nobody has marked what is medical in it

Segment = tuple[str, str]  # text, label ("" for none)
