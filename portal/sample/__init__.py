"""Sample data of ``./run``: a law firm and a clinic that do not exist, shown under a banner."""

from portal.sample.making import accounts, make

__all__ = ["accounts", "make"]
