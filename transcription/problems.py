"""What can go wrong on a recording's way, in the words that people get: one entry a code, used by pages and API.

Codes are stored in rows and in the log and never change. Figures come from the row's facts by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Explanation:
    """What happened, what to do next, and whether trying the same again may help."""

    code: str
    sentence: str
    next_step: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class _Entry:
    sentence: str
    next_step: str
    again: bool = False


_KEPT: Final = "The recording is kept in the vault."
_LATER: Final = f"{_KEPT} Choose “Transcribe again” in a while; if it happens again, tell your administrator."
_OTHER_PATTERN: Final = (
    "Have a privacy officer change or retire the pattern (settings, “Your own patterns”), then choose “Check again”; or hide "
    "private details by hand and release it."
)
_ONCE_MENDED: Final = (
    "Choose “Check again” once whatever kept it from finishing is mended. If it is held once more, hide private details by "
    "hand and release it, have it transcribed again, or destroy it."
)
_OTHER_FILE: Final = "Check the file on your computer and upload it again."

_ENTRIES: Final[Mapping[str, _Entry]] = {
    # --- the file ---
    "empty_file": _Entry("The file is empty (0 bytes).", _OTHER_FILE),
    "not_media": _Entry(
        "This file is not a recording: no sound could be found in it.",
        "Upload an audio or video file (M4A, MP3, MP4, WAV, FLAC, Ogg, WebM, AMR, MOV, AVI, MKV), "
        "or a transcript as TXT, DOCX or JSON.",
    ),
    "no_audio": _Entry("This video has no sound track.", "Upload the recording that has the sound."),
    "damaged": _Entry(
        "The file begins like a recording, but its sound cannot be read. It may have been cut off when it was copied.",
        "Play it on your computer. If it plays there, save it again (as WAV or M4A) and upload that.",
    ),
    "cut_off": _Entry(
        "The file says that it lasts {limit}, but it ends after {found}: it was cut off when it was copied.",
        "Copy it again from the recorder and upload that. If there is no more of it, save what there is as a new file.",
    ),
    "no_duration": _Entry("The recording has no length: there is no sound in it.", _OTHER_FILE),
    "too_long": _Entry(
        "The recording lasts {found}, but this speech service takes at most {limit}.",
        "Divide it, and upload the parts together: they become one transcript.",
    ),
    "too_large": _Entry(
        "The recording has {found}, but this speech service takes at most {limit}.",
        "Save it as M4A or MP3, which is smaller and loses no words, and upload that.",
    ),
    "format_not_taken": _Entry(
        "The recording is in the format {found}, which this speech service does not take.",
        "Choose another speech service, or save it as M4A, MP3 or WAV.",
    ),
    "too_many_channels": _Entry("The recording has {found} channels; at most {limit} can be told apart.", _OTHER_FILE),
    "document_unreadable": _Entry(
        "The document cannot be read as text.", "Save it again as DOCX, or as plain text (UTF-8), and upload that."
    ),
    "document_empty": _Entry("There is no text in this document.", _OTHER_FILE),
    "document_too_large": _Entry("The document has {found}; at most {limit} can be read.", "Divide it, and upload the parts."),
    # --- permission to send it out ---
    "egress_disabled": _Entry(
        "No recording may leave the vaults at the moment: sending is switched off for your organization.",
        f"{_KEPT} Your administrator can switch it on in the settings.",
    ),
    "egress_not_enabled": _Entry(
        "Your organization does not use this speech service.",
        f"{_KEPT} Choose another speech service, or ask your administrator to allow this one.",
    ),
    "egress_region": _Entry(
        "This matter's data stays in its region, and this speech service works in another one.",
        f"{_KEPT} Choose a speech service in the matter's region.",
    ),
    "egress_agreement": _Entry(
        "There is no agreement in force with this speech service for this kind of data.",
        f"{_KEPT} Choose another speech service, or ask your administrator about the agreement.",
    ),
    "egress_host": _Entry(
        "This speech service's address is not on the list of places that data may be sent to.",
        f"{_KEPT} Tell your administrator.",
    ),
    "egress_right": _Entry("Your role does not allow sending recordings to be transcribed.", "Ask a colleague who may."),
    # --- the check of bleeped audio ---
    "audio_heard": _Entry(
        "The check of the bleeped audio heard something that must be silent, so others cannot hear it.",
        "Listen to the places: hide what was missed, or release the audio.",
    ),
    "audio_beside": _Entry(
        "In the bleeped audio, words are said at other times than the transcript has them: its silences may be in the wrong "
        "place, so others cannot hear it.",
        "Listen to the places: if the silences are right, release the audio; else have it transcribed again.",
    ),
    "audio_unchecked": _Entry(
        "The bleeped audio could not be listened to again, in several tries, so others cannot hear it.",
        "Have it checked once more, or listen to it and release it. Tell your administrator if it happens again.",
    ),
    # --- the speech service ---
    "provider_down": _Entry("The speech service does not answer.", _LATER, again=True),
    "provider_busy": _Entry("The speech service has too much to do.", _LATER, again=True),
    "provider_error": _Entry("The speech service could not transcribe this recording.", _LATER, again=True),
    "provider_refused": _Entry(
        "The speech service did not accept the recording.", f"{_KEPT} Tell your administrator, or choose another service."
    ),
    "provider_auth": _Entry("The speech service does not accept our key.", f"{_KEPT} Tell your administrator."),
    "provider_unknown": _Entry("This speech service is not set up here.", f"{_KEPT} Choose another speech service."),
    "provider_garbage": _Entry("The speech service's answer is not a transcript.", _LATER, again=True),
    "provider_slow": _Entry("The speech service did not finish in time.", _LATER, again=True),
    "basic_engine_not_accepted": _Entry(
        "No speech model is there yet, only the basic engine, which gets many words wrong.",
        f"{_KEPT} Transcribe it again with “Basic engine: many words will be wrong”, or later when the model is there.",
        again=True,
    ),
    "language_not_supported": _Entry(
        "The basic engine understands English only.", f"{_KEPT} Choose another speech service for this language."
    ),
    # --- our own house ---
    "storage": _Entry("The storage does not answer.", _LATER, again=True),
    "keys": _Entry("The key store does not answer.", _LATER, again=True),
    "keys_destroyed": _Entry(
        "This matter's key was destroyed; nobody can open the recording any more.", "Nothing can be done."
    ),
    "internal": _Entry("Something in the portal failed.", _LATER, again=True),
    "cancelled": _Entry("The transcription was cancelled.", f"{_KEPT} You can have it transcribed again.", again=True),
    # --- held: needs checking ---
    "pass_failed": _Entry(
        "The check for private details did not finish, so nothing is shown.",
        _ONCE_MENDED,
        again=True,
    ),
    "pass_time_limit": _Entry(
        "The check for private details took too long, so nothing is shown.",
        _ONCE_MENDED,
        again=True,
    ),
    "pattern_time_limit": _Entry(
        "One of your organization's own patterns took too long, so nothing is shown.",
        _OTHER_PATTERN,
        again=True,
    ),
    "pattern_unreadable": _Entry(
        "One of your organization's own patterns cannot be read, so nothing is shown.",
        _OTHER_PATTERN,
        again=True,
    ),
    "pass_not_set_up": _Entry(
        "The check for private details is not set up, so nothing is shown.",
        "Tell your administrator. When it is mended, choose “Check again”: everything that is held for this reason at once.",
        again=True,
    ),
    "policy_unresolved": _Entry(
        "What may be shown of this matter cannot be decided, so nothing is shown.",
        "Ask your privacy officer to look at the policies of this matter, then choose “Check again”.",
        again=True,
    ),
    "audio_failed": _Entry(
        "The sound could not be made silent over the private details, so nothing can be heard. The text is there.",
        "Tell your administrator; the recording is kept.",
        again=True,
    ),
}  # fmt: skip


def codes() -> frozenset[str]:
    return frozenset(_ENTRIES)


def explain(code: str, facts: Mapping[str, Any] | None = None) -> Explanation:
    """The explanation of a code; a code from elsewhere is explained as ``internal`` under its own name."""
    entry = _ENTRIES.get(code, _ENTRIES["internal"])
    shown = {name: str(value) for name, value in (facts or {}).items()}
    found, limit = shown.get("found", "more than allowed"), shown.get("limit", "less")
    sentence = entry.sentence.replace("{found}", found).replace("{limit}", limit)
    return Explanation(code, sentence, entry.next_step, entry.again)


def duration(milliseconds: int) -> str:
    """``7 h 2 min``, ``3 min 5 s``, ``4.2 s``."""
    seconds = milliseconds / 1000
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"


def size(count: int) -> str:
    """``512 bytes``, ``3.4 MB``, ``5.1 GB`` (decimal, as files are sold)."""
    for unit, scale in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= scale:
            return f"{count / scale:.1f} {unit}"
    return f"{count} bytes"
