"""What can go wrong in the vault, in the words that people and API clients get."""

from portal.errors import BadInput, Conflict, PortalError, Unavailable


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


class StorageDown(Unavailable):
    """The region's storage does not answer."""

    code = "storage_down"
    message = "The storage does not answer. What was sent before is kept; try again shortly."


class StorageFull(StorageDown):
    """The region's storage takes no more bytes."""

    code = "storage_full"
    status = 507
    message = "The storage is full. Nothing that was stored is lost; an administrator must make room."


class PartMissing(PortalError):
    """Stored bytes that should be there are not."""

    code = "part_missing"
    status = 500
    message = "Stored bytes of this are missing. An administrator must restore them from a backup."


class NotStored(Conflict):
    """The object has not arrived completely, was given up, or was erased."""

    code = "not_stored"
    message = "This has not arrived completely yet, or it was erased."


class AlreadyStored(Conflict):
    """An object is written once."""

    code = "already_stored"
    message = "This was already stored. Upload it again as a new file."


class PartForgotten(Conflict):
    """A later attempt, an erasure or a time limit took the place of this one."""

    code = "upload_superseded"
    message = "This upload was given up or begun again elsewhere. Start it again."


class TooLarge(BadInput):
    """More bytes than allowed or announced."""

    code = "too_large"
    status = 413
    message = "The file is larger than allowed."


class BadContentType(BadInput):
    """Not a media type."""

    code = "invalid_content_type"
    message = "The content type must be a media type such as audio/mpeg, without parameters, of at most 100 characters."


class BadFileName(BadInput):
    """A file name that cannot be kept."""

    code = "invalid_file_name"
    message = "A file name has at most 255 characters and no control characters. Rename the file and send it again."


class SizeMismatch(BadInput):
    """Another number of bytes than announced."""

    code = "size_mismatch"
    message = "The number of bytes received is not the one that was announced. Nothing was stored; send it again."


class OnHold(Conflict):
    """A legal hold is open."""

    code = "on_hold"
    message = "This is under a legal hold and cannot be erased until the hold is released."


class GrantRefused(PortalError):
    """One answer for every reason: a stranger learns nothing from it."""

    code = "link_refused"
    status = 403
    message = "This link does not work (any more). Ask for a new one where you got it."
