"""The one family of errors that people and API clients see.

A message is a constant sentence: what was found, what is allowed, what to do next. It never holds text of a recording,
a name, a file name or a URL; ids and figures travel in ``facts``.
"""

from typing import Any, ClassVar


class PortalError(Exception):
    """Base of all expected errors.

    ``code`` is published and stable; ``status`` is the HTTP status; ``retryable`` says whether the same act may succeed
    later without a change; ``facts`` are ids, counts and limits that may be shown and logged.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    retryable: ClassVar[bool] = False
    message: ClassVar[str] = "The request could not be carried out."

    def __init__(self, message: str | None = None, **facts: Any) -> None:
        self.text = message or self.message
        self.facts = facts
        super().__init__(self.text)


class NotFound(PortalError):
    """Also what somebody outside a wall gets: existence is not told."""

    code = "not_found"
    status = 404
    message = "There is nothing here, or it is not open to you."


class Refused(PortalError):
    """The rights table or a policy does not allow it."""

    code = "refused"
    status = 403
    message = "Your role does not allow this. Ask an administrator of your organization."


class BadInput(PortalError):
    """What was sent cannot be used."""

    code = "invalid_request"
    status = 400
    message = "The request is not valid."


class Conflict(PortalError):
    """The thing is not in a state that allows it."""

    code = "conflict"
    status = 409
    message = "This cannot be done in the present state."


class Unavailable(PortalError):
    """Something that the act needs does not answer; nothing was done."""

    code = "unavailable"
    status = 503
    retryable = True
    message = "A part of the portal does not answer at the moment. Nothing was changed; try again shortly."
