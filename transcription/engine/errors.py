"""What can go wrong in the engine, as sentences that a paralegal understands."""

from __future__ import annotations


class EngineError(Exception):
    """Something that the caller is told. `message` is a sentence; it holds no content of a recording and no address.

    `status` is the HTTP status where it answers a request; `retryable` says whether the same request may succeed later.
    """

    def __init__(self, code: str, message: str, *, status: int = 400, retryable: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.retryable = retryable
