"""POST order-cash and order-rvsecncl."""

from aipx.model.ids import Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.order import OrderKind, Side
from aipx.model.time import kst_hhmmss
from aipx.simulator.checks import UNKNOWN_SYMBOL, OrderTerms
from aipx.simulator.desk import Change, ChangeTerms
from aipx.simulator.faults import FaultName
from aipx.simulator.orders import OrderRow
from aipx.simulator.rest.envelope import Answer, Rejection, Reply, bad_field, bad_length
from aipx.simulator.rest.office import Call, Office, account_of, whole
from aipx.wire.kis.codes import KIND_BY_CODE

SYMBOL_CHARACTERS_MAX = 12
QUANTITY_DIGITS_MAX = 10
PRICE_DIGITS_MAX = 19

_SELL_IDS = frozenset({"TTTC0011U", "TTTC0801U", "VTTC0011U", "VTTC0801U"})
_SENT = ("APBK0013", "주문 전송 완료 되었습니다.")
_PAPER_BUY = ("40600000", "모의투자 매수주문이 완료 되었습니다.")
_PAPER_SELL = ("40590000", "모의투자 매도주문이 완료 되었습니다.")
_PAPER_CANCEL = ("40630000", "모의투자 취소주문이 완료 되었습니다.")
_PAPER_MODIFY = ("40620000", "모의투자 정정주문이 완료 되었습니다.")  # the code is assumed


def place_order(office: Office, call: Call) -> Answer:
    """Answer order-cash; the side is in the TR id alone."""
    account = account_of(office, call)
    if isinstance(account, Rejection):
        return account
    side = Side.SELL if call.tr_id in _SELL_IDS else Side.BUY
    terms = _order_terms(office, call, side)
    if isinstance(terms, Rejection):
        return terms
    row = office.desk.place(account, terms, call.at)
    if isinstance(row, Rejection):
        return row
    paper = _PAPER_SELL if side is Side.SELL else _PAPER_BUY
    return _taken(office, row, paper)


def change_order(office: Office, call: Call) -> Answer:
    """Answer order-rvsecncl: modify or cancel, all or part of what is open."""
    account = account_of(office, call)
    if isinstance(account, Rejection):
        return account
    terms = _change_terms(office, call)
    if isinstance(terms, Rejection):
        return terms
    row = office.desk.change(account, terms, call.at)
    if isinstance(row, Rejection):
        return row
    return _taken(office, row, _PAPER_CANCEL if row.is_cancel else _PAPER_MODIFY)


def _order_terms(office: Office, call: Call, side: Side) -> OrderTerms | Rejection:  # noqa: PLR0911 - each return is one refusal
    symbol = call.text("PDNO")
    if not 1 <= len(symbol) <= SYMBOL_CHARACTERS_MAX:
        return bad_length("PDNO")
    if Symbol(symbol) not in office.listings:
        return UNKNOWN_SYMBOL.of(is_paper=office.settings.is_paper)
    kind = KIND_BY_CODE.get(call.text("ORD_DVSN"))
    if kind is None:
        return bad_field("ORD_DVSN")
    if _venue_defect(call):
        return bad_field("EXCG_ID_DVSN_CD")
    quantity = whole(call, "ORD_QTY", digits_max=QUANTITY_DIGITS_MAX)
    if isinstance(quantity, Rejection):
        return quantity
    price = whole(call, "ORD_UNPR", digits_max=PRICE_DIGITS_MAX)
    if isinstance(price, Rejection):
        return price
    trigger = whole(call, "CNDT_PRIC", digits_max=PRICE_DIGITS_MAX, default="0")
    if isinstance(trigger, Rejection):
        return trigger
    return OrderTerms(
        symbol=Symbol(symbol),
        side=side,
        kind=kind,
        quantity=Shares(quantity),
        # KIS ignores a price on kinds that carry none.
        price=Won(price if kind.is_priced else 0),
        trigger_price=Won(trigger if kind is OrderKind.STOP_LIMIT else 0),
    )


def _change_terms(office: Office, call: Call) -> ChangeTerms | Rejection:  # noqa: PLR0911 - each return is one refusal
    kind = KIND_BY_CODE.get(call.text("ORD_DVSN"))
    if kind is None:
        return bad_field("ORD_DVSN")
    if call.text("RVSE_CNCL_DVSN_CD") not in {change.value for change in Change}:
        return bad_field("RVSE_CNCL_DVSN_CD")
    if _venue_defect(call):
        return bad_field("EXCG_ID_DVSN_CD")
    if _organisation_defect(office, call):
        return bad_field("KRX_FWDG_ORD_ORGNO")
    is_whole = call.text("QTY_ALL_ORD_YN").upper() == "Y"
    quantity = whole(
        call, "ORD_QTY", digits_max=QUANTITY_DIGITS_MAX, default="0" if is_whole else ""
    )
    if isinstance(quantity, Rejection):
        return quantity
    price = whole(call, "ORD_UNPR", digits_max=PRICE_DIGITS_MAX, default="0")
    if isinstance(price, Rejection):
        return price
    trigger = whole(call, "CNDT_PRIC", digits_max=PRICE_DIGITS_MAX, default="0")
    if isinstance(trigger, Rejection):
        return trigger
    return ChangeTerms(
        change=Change(call.text("RVSE_CNCL_DVSN_CD")),
        number=call.text("ORGN_ODNO"),
        quantity=None if is_whole else Shares(quantity),
        kind=kind,
        price=Won(price if kind.is_priced else 0),
        trigger_price=Won(trigger if kind is OrderKind.STOP_LIMIT else 0),
    )


def _venue_defect(call: Call) -> bool:
    """Tell whether a venue other than KRX is asked for; this simulator has no other yet."""
    return call.text("EXCG_ID_DVSN_CD") not in ("", "KRX")


def _organisation_defect(office: Office, call: Call) -> bool:
    """Tell whether the branch is wrong; paper takes a blank one."""
    given = call.text("KRX_FWDG_ORD_ORGNO")
    if not given:
        is_demanded = office.faults.strikes(FaultName.ORGNO_REQUIRED, kst_hhmmss(call.at))
        return is_demanded or not office.settings.is_paper
    return given != office.settings.organisation


def _taken(office: Office, row: OrderRow, paper: tuple[str, str]) -> Reply:
    code, message = paper if office.settings.is_paper else _SENT
    output = {
        "KRX_FWDG_ORD_ORGNO": office.settings.organisation,
        "ODNO": row.number,
        "ORD_TMD": kst_hhmmss(row.at),
        "SOR_ODNO": "",
    }
    return Reply(code=code, message=message, body={"output": output})
