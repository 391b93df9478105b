"""Structured logs without content: an event name, ids and figures, one JSON object a line.

Third-party records are reduced to logger, level and the name of an exception: their messages may quote what they handle.
"""

import logging
import logging.config
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

# Values of these keys only; everything else that a call passes is dropped, so that no text can slip in by a new call.
_ALLOWED = frozenset(
    {
        "attempt",
        "bytes",
        "code",
        "count",
        "delivery",
        "duration_ms",
        "error",
        "event",
        "event_id",
        "grant",
        "job",
        "level",
        "logger",
        "matter",
        "member",
        "method",
        "model",
        "object",
        "organization",
        "port",
        "provider",
        "reason",
        "request",
        "retryable",
        "route",
        "seconds",
        "state",
        "status",
        "submission",
        "task",
        "timestamp",
        "transcript",
        "upload",
        "vault",
        "version",
    }
)


def _only_allowed(_: Any, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return {
        key: value if isinstance(value, int | float | bool | None) else str(value)[:200]
        for key, value in event.items()
        if key in _ALLOWED
    }


class _Foreign(logging.Formatter):
    """Formats records of libraries: where from and how grave, never what they say."""

    def format(self, record: logging.LogRecord) -> str:
        event: dict[str, Any] = {
            "timestamp": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": "library_message",
        }
        if record.exc_info and record.exc_info[0] is not None:
            event["error"] = record.exc_info[0].__name__
        return str(structlog.processors.JSONRenderer()(None, "", event))


def configure(options: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG hook."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"foreign": {"()": _Foreign}},
            "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "foreign"}},
            "root": {"handlers": ["console"], "level": options.get("level", "INFO")},
            "loggers": {
                "django.request": {"level": "ERROR"},
                "uvicorn.access": {"level": "CRITICAL"},
                "httpx": {"level": "WARNING"},
                "presidio-analyzer": {"level": "WARNING"},
            },
        }
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            _only_allowed,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(options.get("level", "INFO"))),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )
