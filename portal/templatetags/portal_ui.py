"""Small parts of pages: icons, times, sizes, the chip of a state."""

from datetime import UTC, datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from compliance import policies

register = template.Library()

# Our own drawings on a 24 × 24 grid, one stroke.
_ICONS: dict[str, str] = {
    "alert": '<path d="M12 4 2.8 20h18.4z"/><path d="M12 10v4.5M12 17.4v.1"/>',
    "audit": '<path d="M6 3h9l4 4v14H6z"/><path d="M15 3v4h4M9 12h7M9 16h7"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "chevron": '<path d="m6 9 6 6 6-6"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "copy": '<path d="M9 9h11v11H9z"/><path d="M15 9V4H4v11h5"/>',
    "down": '<path d="M12 5v14M6 13l6 6 6-6"/>',
    "file": '<path d="M6 3h8l5 5v13H6z"/><path d="M14 3v5h5"/>',
    "key": '<circle cx="8" cy="15" r="4.5"/><path d="m11.2 11.8 8.3-8.3M16 7l3 3"/>',
    "lock": '<path d="M5 11h14v10H5z"/><path d="M8 11V7.5a4 4 0 0 1 8 0V11"/>',
    "matter": '<path d="M3 7h7l2 2.5h9V20H3z"/><path d="M3 7V4h6l2 3"/>',
    "members": (
        '<circle cx="9" cy="8" r="3.6"/><path d="M2.5 20c.4-4 3-6.2 6.5-6.2s6.1 2.2 6.5 6.2"/>'
        '<path d="M15.5 4.8a3.6 3.6 0 0 1 0 6.4M17.5 14c2.3.7 3.7 2.7 4 6"/>'
    ),
    "menu": '<path d="M4 7h16M4 12h16M4 17h16"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 21c.5-4.5 3.5-7 7.5-7s7 2.5 7.5 7"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "print": '<path d="M7 8V3h10v5M7 17H3V8h18v9h-4"/><path d="M7 14h10v7H7z"/>',
    "recording": '<path d="M3 12h2M7 8v8M11 4v16M15 8v8M19 10.5v3M21.5 12h.1"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5.5 5.5"/>',
    "seal": '<circle cx="12" cy="10" r="7"/><path d="m8.7 10.2 2.3 2.3 4.3-4.5M8 15.8 6.5 22l5.5-2.8 5.5 2.8L16 15.8"/>',
    "settings": '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2.2"/><circle cx="9" cy="17" r="2.2"/>',
    "shield": '<path d="M12 3 4.5 6v6c0 4.5 3 7.7 7.5 9 4.5-1.3 7.5-4.5 7.5-9V6z"/>',
    "sign_out": '<path d="M10 4H4v16h6M10 12h10M16 8l4 4-4 4"/>',
    "up": '<path d="M12 19V5M6 11l6-6 6 6"/>',
    "upload": '<path d="M12 16V4M7 9l5-5 5 5M4 16v4h16v-4"/>',
    "video": '<path d="M3 6h12v12H3z"/><path d="m15 11 6-3.5v9L15 13"/>',
    "wait": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
}

# State of a recording or job -> kind of chip.
_CHIPS = {
    "ready": "good",
    "completed": "good",
    "stored": "good",
    "held": "warn",
    "failed": "bad",
    "refused": "bad",
    "transcribing": "info",
    "hiding": "info",
    "checking": "info",
    "receiving": "info",
}


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """One of our icons; it is decoration, the text beside it says what it means."""
    drawing = mark_safe(_ICONS[name])  # noqa: S308  # our own constant
    return format_html('<svg class="icon {}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>', extra, drawing)


@register.simple_tag
def when(moment: datetime | None, style: str = "") -> SafeString | str:
    """A moment, in UTC until the page's script shows it in the reader's time zone. ``style``: ``time`` for hours only."""
    if moment is None:
        return ""
    moment = moment.astimezone(UTC)
    shown = f"{moment:%H:%M} UTC" if style == "time" else f"{moment.day} {moment:%b %Y, %H:%M} UTC"
    return format_html('<time datetime="{}" data-when="{}">{}</time>', moment.isoformat(timespec="seconds"), style, shown)


@register.filter
def filesize(count: int | None) -> str:
    """1.4 GB; powers of ten, as file managers show them."""
    if count is None:
        return ""
    value = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"
        value /= 1000
    return ""


@register.filter
def duration(milliseconds: int | None) -> str:
    """2:05:09 or 5:09 of milliseconds."""
    if milliseconds is None:
        return ""
    seconds = round(milliseconds / 1000)
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


@register.filter
def chip(state: str) -> str:
    """The class of a state's chip."""
    return _CHIPS.get(str(state), "")


# What people write in capitals.
_WRITTEN = {"ssn": "SSN", "url": "URL", "ip_address": "IP address", "vehicle_id": "vehicle ID", "device_id": "device ID"}


@register.filter
def words(code: str) -> str:
    """``privacy_officer`` as people write it."""
    return _WRITTEN.get(str(code), str(code).replace("_", " "))


@register.filter
def policy(name: str) -> str:
    """What a policy is called on a page: a preset's label, else the name that the organization gave it."""
    return policies.LABELS.get(name) or words(name).capitalize()


@register.filter
def percent(part: float | None) -> int:
    """0..1 as whole percent."""
    return round((part or 0) * 100)


@register.filter
def item(mapping: dict[Any, Any], key: Any) -> Any:
    """A mapping's value; None where there is none."""
    return mapping.get(key)


@register.filter
def listed(value: Any) -> str:
    """A list as "a, b"; anything else as it is."""
    return ", ".join(str(part) for part in value) if isinstance(value, list | tuple | set | frozenset) else str(value)


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, help_text: str = "") -> dict[str, Any]:
    """A labelled form field with its help and errors tied to it for screen readers."""
    described = [f"{bound.id_for_label}-help"] if (help_text or bound.help_text) else []
    if bound.errors:
        described.append(f"{bound.id_for_label}-errors")
        bound.field.widget.attrs["aria-invalid"] = "true"
    if described:
        bound.field.widget.attrs["aria-describedby"] = " ".join(described)
    many = getattr(bound.field.widget, "input_type", "") in {"checkbox", "radio"} and hasattr(bound.field, "choices")
    return {"field": bound, "help": help_text or bound.help_text, "many": many, "single": bound.widget_type == "checkbox"}
