"""Pages of an account's inquiries: CTX_AREA keys, `tr_cont`, and the messages that go with them."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from aipx.simulator.rest.envelope import JsonValue, Rejection, Reply, bad_field, page_key
from aipx.simulator.rest.office import Call

COMPLETE = ("KIOK0510", "조회가 완료되었습니다")
LAST_PAGE = ("KIOK0460", "조회 되었습니다. (마지막 자료)")
MORE_PAGES = ("KIOK0500", "조회가 계속됩니다..다음버튼을 Click 하십시오.")

_FILTERS = ("CANO", "ACNT_PRDT_CD", "INQR_STRT_DT", "INQR_END_DT", "SLL_BUY_DVSN_CD", "PDNO")

Row = TypeVar("Row")


def page(
    rows: Sequence[Row], call: Call, *, size: int, key: Callable[[Row], str]
) -> tuple[Sequence[Row], str] | Rejection:
    """Cut a page out; its key is that of its last row, and empty on the last page."""
    start = 0
    if call.is_continued:
        after = call.text("CTX_AREA_NK100")
        places = [index for index, row in enumerate(rows) if key(row) == after]
        if not places:
            return bad_field("CTX_AREA_NK100")
        start = places[0] + 1
    shown = rows[start : start + size]
    has_more = start + size < len(rows)
    return shown, key(shown[-1]) if has_more else ""


def paged(call: Call, body: Mapping[str, JsonValue], *, next_key: str) -> Reply:
    """Wrap a page, with the keys that ask for the next one."""
    if next_key:
        code, message = MORE_PAGES
        continuation = "M" if call.is_continued else "F"
    else:
        code, message = LAST_PAGE if call.is_continued else COMPLETE
        continuation = "E" if call.is_continued else "D"
    keys: dict[str, JsonValue] = {
        "ctx_area_fk100": page_key("^".join(call.text(name) for name in _FILTERS)),
        "ctx_area_nk100": page_key(next_key),
    }
    return Reply(code=code, message=message, body={**keys, **body}, continuation=continuation)


def complete(body: Mapping[str, JsonValue]) -> Reply:
    """Wrap an account's answer that has no pages."""
    return Reply(code=COMPLETE[0], message=COMPLETE[1], body=body)
