"""Structured logs on stderr: for people on a terminal, JSON lines elsewhere."""

import logging
import sys
from typing import TextIO

import structlog


def configure_logging(*, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send events of `level` and above to `stream` (default stderr); call once, at the door."""
    target = sys.stderr if stream is None else stream
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer()
        if target.isatty()
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(target),
        cache_logger_on_first_use=False,
    )
