"""What is registered, and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipx.adapters.kis.registrations import registrations, sessions_needed, spread
from aipx.errors import SettingsError
from aipx.model.ids import Symbol
from aipx.model.instrument import Venue
from tests.support.kis_transports import CREDENTIALS

BOTH = (Venue.KRX, Venue.NXT)


def symbols(count: int) -> list[Symbol]:
    return [Symbol(f"{number:06d}") for number in range(count)]


def test_notice_is_registered_first_and_once() -> None:
    found = registrations(CREDENTIALS, symbols(1), registrations_max=41)

    assert found == [("H0STCNI0", "TESTID01"), ("H0STCNT0", "000000"), ("H0STASP0", "000000")]


def test_second_session_has_no_notice_and_both_venues_where_asked() -> None:
    found = registrations(
        CREDENTIALS, symbols(1), venues=BOTH, has_notices=False, registrations_max=41
    )

    assert [tr_id for tr_id, _ in found] == ["H0STCNT0", "H0STASP0", "H0NXCNT0", "H0NXASP0"]


@pytest.mark.parametrize(
    ("count", "venues", "sessions"),
    [
        *((0, (Venue.KRX,), 1), (20, (Venue.KRX,), 1), (21, (Venue.KRX,), 2)),
        *((40, (Venue.KRX,), 2), (41, (Venue.KRX,), 3), (10, BOTH, 1), (11, BOTH, 2)),
    ],
)
def test_session_takes_forty_one_less_the_notice(
    count: int, venues: tuple[Venue, ...], sessions: int
) -> None:
    assert sessions_needed(count, venues=venues) == sessions


@given(
    st.integers(min_value=0, max_value=200),
    st.integers(min_value=5, max_value=41),
    st.sampled_from([(Venue.KRX,), BOTH]),
)
def test_every_symbol_has_one_session_and_every_session_its_bound(
    count: int, registrations_max: int, venues: tuple[Venue, ...]
) -> None:
    needed = sessions_needed(count, venues=venues, registrations_max=registrations_max)

    shares = spread(
        symbols(count), sessions_max=needed, venues=venues, registrations_max=registrations_max
    )

    assert sorted(symbol for share in shares for symbol in share) == symbols(count)
    for place, share in enumerate(shares):
        registrations(
            CREDENTIALS,
            share,
            venues=venues,
            has_notices=place == 0,
            registrations_max=registrations_max,
        )


def test_sessions_carry_about_the_same() -> None:
    assert [len(share) for share in spread(symbols(30), sessions_max=5)] == [15, 15]


def test_too_few_keys_are_told() -> None:
    with pytest.raises(SettingsError, match="41 symbols are asked for; 2 KIS app keys take 40"):
        spread(symbols(41), sessions_max=2)


def test_symbol_that_is_there_twice_is_refused() -> None:
    with pytest.raises(SettingsError, match="each must be there once"):
        spread([*symbols(2), Symbol("000001")], sessions_max=1)


def test_session_that_takes_no_symbol_is_refused() -> None:
    with pytest.raises(SettingsError, match="registrations_max is 1"):
        sessions_needed(1, registrations_max=1)
