"""Pages of an account's inquiries."""

from aipx.model.time import Nanos
from aipx.simulator.rest.envelope import Rejection
from aipx.simulator.rest.office import Call
from aipx.simulator.rest.paging import complete, page, paged

ROWS = ["a", "b", "c"]


def call(**fields: str) -> Call:
    is_continued = "CTX_AREA_NK100" in fields
    return Call(tr_id="TTTC8434R", fields=fields, is_continued=is_continued, at=Nanos(0))


def test_pages_go_on_after_the_last_row_shown():
    first = page(ROWS, call(), size=2, key=str)
    second = page(ROWS, call(CTX_AREA_NK100="b"), size=2, key=str)

    assert (first, second) == ((["a", "b"], "b"), (["c"], ""))


def test_key_of_no_row_is_refused():
    assert isinstance(page(ROWS, call(CTX_AREA_NK100="z"), size=2, key=str), Rejection)


def test_first_middle_and_last_page_say_what_they_are():
    assert paged(call(), {}, next_key="b").continuation == "F"
    assert paged(call(CTX_AREA_NK100="a"), {}, next_key="b").continuation == "M"
    assert paged(call(CTX_AREA_NK100="b"), {}, next_key="").continuation == "E"
    assert paged(call(), {}, next_key="").continuation == "D"


def test_keys_are_padded_to_a_hundred_characters():
    body = paged(call(CANO="50000001"), {}, next_key="b").body

    assert {len(str(body[name])) for name in ("ctx_area_fk100", "ctx_area_nk100")} == {100}


def test_answer_without_pages_has_no_continuation():
    assert complete({"output": {}}).continuation == ""
