import io
import json

import structlog

from aipx.runtime.logging import configure_logging


def test_logs_are_json_lines_where_nobody_looks():
    stream = io.StringIO()
    configure_logging(level="INFO", stream=stream)
    try:
        structlog.get_logger().info("order.sent", symbol="005930", name="삼성전자")
        structlog.get_logger().debug("order.detail")
    finally:
        structlog.reset_defaults()

    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["event"] == "order.sent"
    assert "삼성전자" in line
