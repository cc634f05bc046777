"""What a feed registers, and how symbols are spread over sessions. Pure."""

from collections.abc import Sequence

from aipx.adapters.kis.settings import KisCredentials
from aipx.errors import SettingsError
from aipx.model.ids import Symbol
from aipx.model.instrument import Venue
from aipx.wire.kis.codes import (
    BOOK_TR_ID,
    NXT_BOOK_TR_ID,
    NXT_TRADE_TR_ID,
    REGISTRATIONS_MAX,
    TRADE_TR_ID,
    notice_tr_id,
)

_TR_IDS_BY_VENUE = {
    Venue.KRX: (TRADE_TR_ID, BOOK_TR_ID),
    Venue.NXT: (NXT_TRADE_TR_ID, NXT_BOOK_TR_ID),
}
KRX_ONLY = (Venue.KRX,)


def registrations(
    credentials: KisCredentials,
    symbols: Sequence[Symbol],
    *,
    venues: Sequence[Venue] = KRX_ONLY,
    has_notices: bool = True,
    registrations_max: int,
) -> list[tuple[str, str]]:
    """Return the registrations of one session, as (TR id, key).

    Raises:
        SettingsError: a symbol twice, or more registrations than a session takes.
    """
    _check_once(symbols)
    wanted: list[tuple[str, str]] = []
    if has_notices:
        # Notices first: a fill must not be missed for the sake of a quote.
        wanted.append((notice_tr_id(credentials.environment), credentials.hts_id))
    tr_ids = [tr_id for venue in venues for tr_id in _TR_IDS_BY_VENUE[venue]]
    wanted += [(tr_id, symbol) for symbol in symbols for tr_id in tr_ids]
    if len(wanted) > registrations_max:
        raise SettingsError(
            f"{len(symbols)} symbols need {len(wanted)} registrations,"
            f" a KIS session takes {registrations_max}"
        )
    return wanted


def spread(
    symbols: Sequence[Symbol],
    *,
    sessions_max: int,
    venues: Sequence[Venue] = KRX_ONLY,
    registrations_max: int = REGISTRATIONS_MAX,
) -> list[tuple[Symbol, ...]]:
    """Return the symbols of each session, as few sessions as will do; the first has the notice.

    Symbols go round the sessions, so that each carries about as much as any other.

    Raises:
        SettingsError: a symbol twice, or more symbols than all sessions take.
    """
    _check_once(symbols)
    count = sessions_needed(len(symbols), venues=venues, registrations_max=registrations_max)
    rooms = [_room(place, venues, registrations_max) for place in range(max(count, sessions_max))]
    if count > sessions_max:
        raise SettingsError(
            f"{len(symbols)} symbols are asked for;"
            f" {sessions_max} KIS app keys take {sum(rooms[:sessions_max])}"
        )
    shares: list[list[Symbol]] = [[] for _ in range(count)]
    for symbol in symbols:
        open_places = [place for place, share in enumerate(shares) if len(share) < rooms[place]]
        shares[min(open_places, key=lambda place: len(shares[place]))].append(symbol)
    return [tuple(share) for share in shares]


def sessions_needed(
    symbols_count: int,
    *,
    venues: Sequence[Venue] = KRX_ONLY,
    registrations_max: int = REGISTRATIONS_MAX,
) -> int:
    """Return how many sessions, hence app keys, so many symbols and the notice take.

    Raises:
        SettingsError: a session would not take a single symbol.
    """
    if _room(1, venues, registrations_max) < 1:
        raise SettingsError(
            f"registrations_max is {registrations_max}; allowed: enough for a symbol of"
            f" {len(venues)} venues"
        )
    count, room = 1, _room(0, venues, registrations_max)
    while room < symbols_count:
        room += _room(count, venues, registrations_max)
        count += 1
    return count


def _room(place: int, venues: Sequence[Venue], registrations_max: int) -> int:
    """Return how many symbols a session takes; the first has one registration for the notice."""
    each = sum(len(_TR_IDS_BY_VENUE[venue]) for venue in venues)
    return (registrations_max - (place == 0)) // each


def _check_once(symbols: Sequence[Symbol]) -> None:
    if len(set(symbols)) != len(symbols):
        raise SettingsError(f"symbols are {', '.join(symbols)}, each must be there once")
