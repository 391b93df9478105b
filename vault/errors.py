"""What can go wrong in the vault, in the words that people and API clients get."""

from portal.errors import PortalError, Unavailable


class KeyStoreDown(Unavailable):
    """The key store does not answer; the same act may succeed later."""

    code = "key_store_down"
    message = "The key store does not answer. Nothing was changed and nothing is lost; try again shortly."


class KeyDestroyed(PortalError):
    """The key was destroyed on purpose: what was sealed under it cannot be read by anybody, for ever."""

    code = "key_destroyed"
    status = 410
    message = "The key of this was destroyed. What it protected cannot be read any more, by anybody."


class KeyUnknown(PortalError):
    """The key store answers, but does not have this key and has no record of its destruction."""

    code = "key_unknown"
    status = 503
    message = "The key store does not have the key for this. An administrator must restore its backup."


class KeyRefused(PortalError):
    """The key store has the key, but the wrapped secret is not one it wrapped for this context."""

    code = "key_refused"
    status = 500
    message = "A wrapped key does not open. It was altered or belongs elsewhere; an administrator must look into it."
