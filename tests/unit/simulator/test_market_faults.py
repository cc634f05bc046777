"""What goes wrong in the market's news, and with the frames that carry it."""

from aipx.model.time import NANOS_PER_MINUTE, Nanos
from aipx.simulator.faults import Fault, FaultName, FaultPlan
from aipx.simulator.market_faults import NEW_HOUR_CLASS, FrameTroubles
from aipx.wire.kis.frames import split_frame
from tests.support.kis_user import SYMBOL, KisUser, open_kis

WIDTHS = {"H0STCNT0": 47, "H0STASP0": 63}


def frames_with(name: FaultName, tr_id: str) -> list[list[str]]:
    """Return the fields of every record of one TR in a minute in which a fault always strikes."""
    host = open_kis(faults=FaultPlan([Fault(name=name, probability=1)]))
    session = KisUser(host).log_in().session((tr_id, SYMBOL))
    session.take()
    host.advance(Nanos(host.market_now + NANOS_PER_MINUTE))
    return [text.split("|", 3)[3].split("^") for text in session.take()]


def test_wider_frames_keep_every_field_in_its_place():
    for tr_id, width in WIDTHS.items():
        for fields in frames_with(FaultName.FRAME_WIDTH, tr_id):
            assert len(fields) % (width + 1) == 0
            assert fields[0] == SYMBOL


def test_new_session_shows_an_hour_class_that_no_document_has():
    for tr_id, place in (("H0STCNT0", 43), ("H0STASP0", 2)):
        assert {fields[place] for fields in frames_with(FaultName.SESSION_CHANGE, tr_id)} == {
            NEW_HOUR_CLASS
        }


def test_thin_books_have_three_levels_and_their_totals():
    for fields in frames_with(FaultName.BOOK_THREE_LEVELS, "H0STASP0"):
        sizes = [int(size) for size in fields[23:33]]
        assert sizes[3:] == [0] * 7
        assert int(fields[43]) == sum(sizes)


def test_mid_price_prints_lie_between_the_quotes_and_their_figures_agree():
    records = frames_with(FaultName.OFF_TICK_PRINT, "H0STCNT0")

    assert any(int(fields[2]) % 100 for fields in records)
    for fields in records:
        price, change, high, low = (int(fields[place]) for place in (2, 4, 8, 9))
        assert low <= price <= high
        assert price - change == int(records[0][2]) - int(records[0][4])


def test_frame_of_several_records_is_altered_in_each():
    troubles = FrameTroubles(FaultPlan([Fault(name=FaultName.FRAME_WIDTH, probability=1)]))

    altered = troubles.altered("X", "0|X|002|a^b^c^d", "090000")

    assert altered == "0|X|002|a^b^0^c^d^0"
    assert split_frame(altered).count == 2
