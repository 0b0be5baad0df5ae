"""Structured logging: one JSON line an event, with the correlation id of the action."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog
from asgi_correlation_id import correlation_id

__all__ = ["configure_logs"]

_WRITE_TWICE: Final = ("engineio.server", "socketio.server")
"""They bring a handler of their own, for plain text, unless a level was set before they start."""
_IS_NO_ERROR: Final = "ASGI callable returned without completing handshake."
"""What uvicorn says of a WebSocket that was refused with an answer; the refusal itself is told."""


def _with_correlation_id(
    _logger: Any, _method: str, entry: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    if cid := correlation_id.get():
        entry.setdefault("correlation_id", cid)
    return entry


def configure_logs(level: str = "INFO") -> None:
    """Send structlog and the libraries' own loggers to standard error as JSON lines."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        _with_correlation_id,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer()],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processor=structlog.processors.JSONRenderer()
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in _WRITE_TWICE:
        logging.getLogger(name).setLevel(logging.ERROR)
    logging.getLogger("uvicorn.error").addFilter(_is_told)


def _is_told(record: logging.LogRecord) -> bool:
    return record.msg != _IS_NO_ERROR
