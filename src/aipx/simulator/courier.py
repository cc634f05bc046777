"""Carries the desk's notices to the owners' sessions: once, twice, late or never."""

import heapq
from collections.abc import Mapping

from aipx.model.ids import AccountId, Symbol
from aipx.model.instrument import Shares
from aipx.model.time import Nanos, kst_hhmmss
from aipx.simulator.desk import DeskNotice
from aipx.simulator.exchange import Listing
from aipx.simulator.faults import FaultName, FaultPlan
from aipx.simulator.sessions import SessionHub
from aipx.simulator.settings import SimulatedAccount, SimulatorSettings
from aipx.wire.kis.layout import Layout
from aipx.wire.kis.notices import KisNotice, format_notice, notice_account


class Courier:
    """Late notices wait by market time, and are delivered after the session's end too."""

    def __init__(
        self,
        settings: SimulatorSettings,
        *,
        listings: Mapping[Symbol, Listing],
        hub: SessionHub,
        faults: FaultPlan,
    ) -> None:
        self._settings = settings
        self._owners: Mapping[AccountId, SimulatedAccount] = {
            account.account_id: account for account in settings.accounts
        }
        self._listings = listings
        self._hub = hub
        self._faults = faults
        self._late: list[tuple[Nanos, int, str, str]] = []
        self._late_count = 0

    def next_time(self) -> Nanos | None:
        """Return when the next late notice is due."""
        return self._late[0][0] if self._late else None

    def send(self, notice: DeskNotice) -> None:
        """Send a notice, as the plan of faults lets it."""
        now = kst_hhmmss(notice.at)
        if self._faults.strikes(FaultName.NOTICE_MISSING, now):
            return
        owner = self._owners[notice.row.account]
        plain = self._plain(notice, owner, self._layout(now))
        copies = 2 if self._faults.strikes(FaultName.NOTICE_REPEATED, now) else 1
        for _ in range(copies):
            if self._faults.strikes(FaultName.NOTICE_LATE, now):
                self._hold(notice.at, owner.hts_id, plain)
            else:
                self._hub.publish_notice(owner.hts_id, plain, now=now)

    def release(self, until: Nanos) -> None:
        """Send the late notices that are due."""
        while self._late and self._late[0][0] <= until:
            at, _, hts_id, plain = heapq.heappop(self._late)
            self._hub.publish_notice(hts_id, plain, now=kst_hhmmss(at))

    def _hold(self, at: Nanos, hts_id: str, plain: str) -> None:
        due = Nanos(at + self._faults.delay_ns(FaultName.NOTICE_LATE))
        self._late_count += 1
        heapq.heappush(self._late, (due, self._late_count, hts_id, plain))

    def _layout(self, now: str) -> Layout:
        layout = self._settings.layout
        if not self._faults.strikes(FaultName.NOTICE_WIDTH, now):
            return layout
        return Layout.CURRENT if layout is Layout.LEGACY else Layout.LEGACY

    def _plain(self, notice: DeskNotice, owner: SimulatedAccount, layout: Layout) -> str:
        row = notice.row
        record = KisNotice(
            hts_id=owner.hts_id,
            account=notice_account(owner.account_id),
            number=row.number,
            side=row.side,
            request=row.request,
            stage=notice.stage,
            kind=row.kind,
            symbol=row.symbol,
            quantity=notice.quantity,
            price=notice.price,
            time=kst_hhmmss(notice.at),
            organisation=self._settings.organisation,
            order_quantity=Shares(row.quantity),
            order_price=row.price,
            original_number=row.original_number,
            rejected=notice.is_rejected,
            account_name=owner.name,
            symbol_name=self._listings[row.symbol].instrument.name,
        )
        return format_notice(record, layout)
