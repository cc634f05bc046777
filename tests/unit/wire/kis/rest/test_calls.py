"""TR ids."""

import pytest

from aipx.errors import InputError
from aipx.wire.kis.codes import Environment
from aipx.wire.kis.rest.calls import OLD_TR_IDS, Call, is_served, tr_id

SERVED_ON_PAPER = [call for call in Call if is_served(call, Environment.PAPER)]


@pytest.mark.parametrize("call", SERVED_ON_PAPER)
def test_paper_tr_id_is_the_real_one_with_v_in_front(call: Call) -> None:
    real, paper = tr_id(call, Environment.REAL), tr_id(call, Environment.PAPER)

    assert paper == (real if real.startswith("F") else f"V{real[1:]}")


def test_old_tr_ids_lead_to_current_ones() -> None:
    current = {tr_id(call, Environment.REAL) for call in Call}
    current |= {tr_id(call, Environment.PAPER) for call in SERVED_ON_PAPER}

    assert set(OLD_TR_IDS.values()) <= current


def test_call_that_paper_does_not_serve_is_refused_here() -> None:
    assert is_served(Call.OPEN_ORDERS, Environment.REAL)
    with pytest.raises(InputError, match="inquire-psbl-rvsecncl is asked of KIS's paper system"):
        tr_id(Call.OPEN_ORDERS, Environment.PAPER)
