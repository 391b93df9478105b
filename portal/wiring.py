"""Joins the rooms: gives lower rooms what they declare as Protocols."""

from compliance import persons
from vault.persons import PersonSealer


def install() -> None:
    persons.install(PersonSealer())
