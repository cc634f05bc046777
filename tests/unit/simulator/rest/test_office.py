"""Fields of a call, read with care."""

import pytest

from aipx.model.time import Nanos
from aipx.simulator.rest.envelope import Rejection
from aipx.simulator.rest.office import Call, whole
from tests.support.kis_user import KisUser, open_kis


def call(**fields: str) -> Call:
    return Call(tr_id="", fields=fields, is_continued=False, at=Nanos(0))


def test_whole_number_may_have_zeros_in_front_and_blanks_around():
    assert whole(call(ORD_QTY=" 0000000010 "), "ORD_QTY", digits_max=10) == 10


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.0", "1_0", "²", "\uff11", "x", "1 0"])
def test_what_is_no_whole_number_is_refused(text):
    answer = whole(call(ORD_QTY=text), "ORD_QTY", digits_max=10)

    assert isinstance(answer, Rejection)


def test_number_that_is_too_long_is_refused_by_length():
    answer = whole(call(ORD_QTY="1" * 11), "ORD_QTY", digits_max=10)

    assert isinstance(answer, Rejection)
    assert answer.code == "OPSQ2002"


def test_missing_field_takes_its_default():
    assert whole(call(), "ORD_UNPR", digits_max=19, default="0") == 0


def test_wrong_account_is_refused_by_the_query_server():
    user = KisUser(open_kis()).log_in()

    answer = user.balance(CANO="11111111")

    assert (answer["rt_cd"], answer["msg_cd"]) == ("2", "OPSQ2000")
