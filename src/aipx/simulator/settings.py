"""What a simulated KIS is told at its start: environment, accounts, limits, seed."""

from datetime import date
from random import Random

import msgspec

from aipx.errors import SettingsError
from aipx.model.ids import AccountId, Symbol
from aipx.model.instrument import Shares, Won
from aipx.model.time import NANOS_PER_SECOND
from aipx.wire.kis.codes import Environment
from aipx.wire.kis.layout import Layout

APPKEY_CHARACTERS = 36
APPSECRET_CHARACTERS = 180
CASH_DEFAULT = Won(100_000_000)
_KEY_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class OpeningHolding(msgspec.Struct, frozen=True, kw_only=True):
    """Shares that an account holds when the day begins; `cost` is what was paid for all."""

    symbol: Symbol
    quantity: Shares
    cost: Won


class SimulatedAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account and the app key that opens it."""

    cano: str
    product: str
    hts_id: str
    appkey: str
    appsecret: str
    cash: Won
    name: str = "SIMULATED"
    holdings: tuple[OpeningHolding, ...] = ()

    def __post_init__(self) -> None:
        _check_length("appkey", self.appkey, APPKEY_CHARACTERS)
        _check_length("appsecret", self.appsecret, APPSECRET_CHARACTERS)
        _check_length("CANO", self.cano, 8)
        _check_length("ACNT_PRDT_CD", self.product, 2)
        if self.cash < 0:
            raise SettingsError(f"cash of account {self.cano} is {self.cash}; allowed: 0 or more")

    @property
    def account_id(self) -> AccountId:
        return AccountId(f"{self.cano}-{self.product}")


class SimulatorSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that shapes a run but the market itself.

    `multi_record_ratio` is the chance that a trade shares the frame of the trade before it, where
    both come in one step of the market; 295 of 1,027 recorded frames held several.
    """

    day: date
    accounts: tuple[SimulatedAccount, ...]
    environment: Environment = Environment.REAL
    layout: Layout = Layout.CURRENT
    seed: int = 1
    requests_per_second_max: int = 18
    order_number_base: int = 1
    multi_record_ratio: float = 0.3
    frame_records_max: int = 10
    registrations_max: int = 41
    sessions_max: int = 64
    outbox_frames_max: int = 200_000
    ping_interval_ns: int = 10 * NANOS_PER_SECOND
    silence_ns_max: int = 100 * NANOS_PER_SECOND

    def __post_init__(self) -> None:
        if not self.accounts:
            raise SettingsError("accounts is empty; allowed: one or more")
        if not 0 <= self.multi_record_ratio <= 1:
            raise SettingsError(f"multi_record_ratio is {self.multi_record_ratio}; allowed: 0 to 1")
        _check_range("requests_per_second_max", self.requests_per_second_max, 1, 1_000_000)
        _check_range("frame_records_max", self.frame_records_max, 1, 10)
        _check_range("order_number_base", self.order_number_base, 1, 9_000_000_000)
        _check_range("outbox_frames_max", self.outbox_frames_max, 1, 10_000_000)

    @property
    def is_paper(self) -> bool:
        return self.environment is Environment.PAPER

    @property
    def organisation(self) -> str:
        """The branch that carries orders, KRX_FWDG_ORD_ORGNO."""
        return "00950" if self.is_paper else "06010"


def simulated_account(
    seed: int,
    *,
    index: int = 0,
    cash: Won = CASH_DEFAULT,
    holdings: tuple[OpeningHolding, ...] = (),
) -> SimulatedAccount:
    """Return the account number `index` of a seed, with keys of KIS's lengths."""
    random = Random(f"{seed}/account/{index}")  # noqa: S311 - keys of a simulator guard nothing
    letters = random.choices(_KEY_ALPHABET, k=APPKEY_CHARACTERS + APPSECRET_CHARACTERS - 2)
    return SimulatedAccount(
        cano=f"{50_000_001 + index + random.randrange(9_000_000):08d}",
        product="01",
        hts_id=f"sim{index:05d}",
        appkey="PS" + "".join(letters[: APPKEY_CHARACTERS - 2]),
        appsecret="".join(letters[APPKEY_CHARACTERS - 2 :]),
        cash=cash,
        holdings=holdings,
    )


def _check_length(name: str, value: str, length: int) -> None:
    if len(value) != length:
        raise SettingsError(f"{name} has {len(value)} characters; allowed: {length}")


def _check_range(name: str, value: int, lowest: int, highest: int) -> None:
    if not lowest <= value <= highest:
        raise SettingsError(f"{name} is {value}; allowed: {lowest} to {highest}")
