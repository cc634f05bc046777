"""WebSocket sessions as KIS keeps them: registrations, answers, keys, PINGPONG, limits.

No sockets here: a session takes texts in with `receive` and gives them out with `take`; the shell
around it owns the wire. `on_output` is called when something can be taken where nothing could
before, and when the session ends.
"""

from collections.abc import Callable, Mapping
from random import Random

import msgspec

from aipx.model.ids import Symbol
from aipx.model.time import Nanos, kst_date, kst_hhmmss, kst_yyyymmdd
from aipx.simulator.faults import FaultName, FaultPlan
from aipx.simulator.market_faults import FRAME_FAULTS, FrameTroubles
from aipx.simulator.settings import SimulatorSettings
from aipx.wire.kis.codes import (
    ALREADY_SUBSCRIBED,
    APPKEY_IN_USE,
    APPROVAL_NOT_FOUND,
    BOOK_TR_ID,
    NOT_SUBSCRIBED,
    PINGPONG_TR_ID,
    SUBSCRIBED,
    SUBSCRIPTIONS_EXHAUSTED,
    TRADE_TR_ID,
    UNSUBSCRIBED,
    notice_tr_id,
)
from aipx.wire.kis.control import RELEASE, Ack, format_ack, format_pingpong
from aipx.wire.kis.crypto import IV_BYTES, KEY_BYTES, AesKey, encrypt
from aipx.wire.kis.frames import join_frame

TEXTS: Mapping[str, str] = {
    SUBSCRIBED: "SUBSCRIBE SUCCESS",
    UNSUBSCRIBED: "UNSUBSCRIBE SUCCESS",
    ALREADY_SUBSCRIBED: "ALREADY IN SUBSCRIBE",
    NOT_SUBSCRIBED: "UNSUBSCRIBE ERROR(not found!)",
    SUBSCRIPTIONS_EXHAUSTED: "MAX SUBSCRIBE OVER",
    APPROVAL_NOT_FOUND: "invalid approval : NOT FOUND",
    APPKEY_IN_USE: "ALREADY IN USE appkey",
    "OPSP8991": "SUBSCRIBE ERROR : invalid tr_id",
    "OPSP8992": "SUBSCRIBE ERROR : invalid tr_key",
    "OPSP8997": "JSON PARSING ERROR : invalid tr_type",
    "OPSP9990": "JSON PARSING ERROR : tr_key not found",
    "OPSP9991": "JSON PARSING ERROR : input not found",
    "OPSP9992": "JSON PARSING ERROR : body not found",
    "OPSP9997": "JSON PARSING ERROR : custtype not found",
    "OPSP9998": "JSON PARSING ERROR : header not found",
    "OPSP9999": "JSON PARSING ERROR : invalid json format",
}
_KEY_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_NULL_TR_ID = "(null)"

Channel = tuple[str, str]
"""A TR id and its key: a symbol, or an HTS id."""


class FrameCounters(msgspec.Struct, kw_only=True):
    """What went into outboxes, over all sessions; trades, books and notices are records."""

    trades: int = 0
    books: int = 0
    notices: int = 0
    frames: int = 0
    sessions_dropped: int = 0


class SocketSession:
    """One client's session; made by `SessionHub.connect`."""

    def __init__(self, hub: "SessionHub", number: int, wall: Nanos) -> None:
        self._hub = hub
        self.number = number
        self.appkey: str | None = None
        self.keys: dict[Channel, AesKey] = {}
        self.heard_at = wall
        self.asked_at = wall
        self.is_closed = False
        self.is_silent = False
        """True once a fault lets it send nothing more while it stays open."""
        self.on_output: Callable[[], None] | None = None
        self._outbox: list[str] = []

    @property
    def queued(self) -> int:
        """Texts that wait to be taken."""
        return len(self._outbox)

    def receive(self, text: str, *, wall: Nanos) -> None:
        """Take in what the client sent."""
        if not self.is_closed:
            self.heard_at = wall
            self._hub.handle(self, text)

    def pong(self, *, wall: Nanos) -> None:
        """Take in a Pong control frame: the other answer to PINGPONG that clients give."""
        self.heard_at = wall

    def take(self, texts_max: int | None = None) -> list[str]:
        """Return what is to be sent, in order; also after the end, for what came before it."""
        if texts_max is None or len(self._outbox) <= texts_max:
            taken, self._outbox = self._outbox, []
            return taken
        taken, self._outbox = self._outbox[:texts_max], self._outbox[texts_max:]
        return taken

    def push(self, text: str, *, outbox_max: int) -> bool:
        """Queue a text; False when the client has read too little and the session is over."""
        outbox = self._outbox
        if self.is_closed or len(outbox) >= outbox_max:
            return False
        outbox.append(text)
        if len(outbox) == 1 and self.on_output is not None:
            self.on_output()
        return True

    def close(self) -> None:
        """End the session from either side; KIS sends no close frame."""
        if self.is_closed:
            return
        self.is_closed = True
        self._hub.forget(self)
        if self.on_output is not None:
            self.on_output()


class SessionHub:
    """All sessions, and who gets what."""

    def __init__(
        self,
        settings: SimulatorSettings,
        *,
        symbols: frozenset[Symbol],
        appkey_of_approval: Callable[[str], str | None],
        faults: FaultPlan,
    ) -> None:
        self._settings = settings
        self._symbols = symbols
        self._appkey_of_approval = appkey_of_approval
        self._faults = faults
        self._ends_sockets = faults.plans_any((FaultName.SOCKET_CLOSED, FaultName.SOCKET_SILENT))
        self._frame_troubles = FrameTroubles(faults) if faults.plans_any(FRAME_FAULTS) else None
        self._notice_tr_id = notice_tr_id(settings.environment)
        self._hts_ids = frozenset(account.hts_id for account in settings.accounts)
        self._random = Random(f"{settings.seed}/sessions")  # noqa: S311 - repeatable on purpose
        self._sessions: list[SocketSession] = []
        self._by_appkey: dict[str, SocketSession] = {}
        self._by_channel: dict[Channel, list[SocketSession]] = {}
        self._connected = 0
        self.counters = FrameCounters()

    @property
    def sessions(self) -> tuple[SocketSession, ...]:
        """The sessions that are up, in the order in which they came."""
        return tuple(self._sessions)

    def connect(self, *, wall: Nanos) -> SocketSession:
        """Open a session; over the bound it is closed at once."""
        self._connected += 1
        session = SocketSession(self, self._connected, wall)
        if len(self._sessions) >= self._settings.sessions_max:
            session.is_closed = True
            return session
        self._sessions.append(session)
        return session

    def forget(self, session: SocketSession) -> None:
        """Drop all that a session had registered; nothing is remembered after a reconnect."""
        self._sessions.remove(session)
        if session.appkey is not None:
            del self._by_appkey[session.appkey]
        for channel in session.keys:
            self._by_channel[channel].remove(session)

    def tick(self, *, wall: Nanos) -> None:
        """Ask PINGPONG where it is due, and drop who has not answered for too long."""
        for session in self.sessions:
            if wall - session.heard_at > self._settings.silence_ns_max:
                self.counters.sessions_dropped += 1
                session.close()
            elif wall - session.asked_at >= self._settings.ping_interval_ns:
                session.asked_at = wall
                moment = f"{kst_yyyymmdd(kst_date(wall))}{kst_hhmmss(wall)}"
                self._push(session, format_pingpong(moment))

    def has_listeners(self, tr_id: str, key: str) -> bool:
        """Tell whether a channel's frames go anywhere."""
        return bool(self._by_channel.get((tr_id, key)))

    def publish(self, tr_id: str, key: str, frame: str, *, now: str) -> int:
        """Queue a data frame for all who registered; return how many sessions took it."""
        taken = 0
        if self._frame_troubles is not None:
            frame = self._frame_troubles.altered(tr_id, frame, now)
        for session in tuple(self._by_channel.get((tr_id, key), ())):
            taken += self._publish_to(session, frame, now)
        self.counters.frames += taken
        return taken

    def publish_notice(self, hts_id: str, plain: str, *, now: str) -> None:
        """Encrypt a notice for each session that registered for an HTS id, and queue it."""
        channel = (self._notice_tr_id, hts_id)
        for session in tuple(self._by_channel.get(channel, ())):
            payload = encrypt(plain, session.keys[channel])
            frame = join_frame(self._notice_tr_id, [payload], encrypted=True)
            taken = self._publish_to(session, frame, now)
            self.counters.frames += taken
            self.counters.notices += taken

    def handle(self, session: SocketSession, text: str) -> None:
        """Act on a client's text: an answer to PINGPONG, a registration, or nonsense."""
        request = _Request.read(text)
        if request is None:
            return
        if request.defect:
            self._refuse(session, request, request.defect)
            return
        appkey = self._appkey_of_approval(request.approval_key)
        if session.appkey is None:
            if appkey is None:
                self._refuse(session, request, APPROVAL_NOT_FOUND)
                return
            if appkey in self._by_appkey or self._strikes(FaultName.SESSION_IN_USE, session):
                # The captured answer names no TR at all; then KIS drops the newcomer.
                null = msgspec.structs.replace(request, tr_id=_NULL_TR_ID, tr_key="")
                self._refuse(session, null, APPKEY_IN_USE)
                session.close()
                return
            session.appkey = appkey
            self._by_appkey[appkey] = session
        self._register(session, request)

    def _register(self, session: SocketSession, request: "_Request") -> None:
        channel = (request.tr_id, request.tr_key)
        defect = self._channel_defect(channel)
        if defect:
            self._refuse(session, request, defect)
        elif request.is_release:
            if session.keys.pop(channel, None) is None:
                self._refuse(session, request, NOT_SUBSCRIBED)
                return
            self._by_channel[channel].remove(session)
            self._accept(session, request, UNSUBSCRIBED, None)
        elif channel in session.keys:
            self._refuse(session, request, ALREADY_SUBSCRIBED)
        elif len(session.keys) >= self._settings.registrations_max or self._strikes(
            FaultName.SUBSCRIBE_OVER, session
        ):
            self._refuse(session, request, SUBSCRIPTIONS_EXHAUSTED)
        else:
            session.keys[channel] = key = self._new_key()
            self._by_channel.setdefault(channel, []).append(session)
            self._accept(session, request, SUBSCRIBED, key)

    def _channel_defect(self, channel: Channel) -> str:
        tr_id, key = channel
        if tr_id in (TRADE_TR_ID, BOOK_TR_ID):
            return "" if key in self._symbols else "OPSP8992"
        if tr_id == self._notice_tr_id:
            return "" if key in self._hts_ids else "OPSP8992"
        return "OPSP8991"

    def _strikes(self, name: FaultName, session: SocketSession) -> bool:
        """Ask for a fault of a registration, which the host's clock dates."""
        return self._faults.strikes(name, kst_hhmmss(session.heard_at))

    def _new_key(self) -> AesKey:
        letters = "".join(self._random.choices(_KEY_ALPHABET, k=KEY_BYTES + IV_BYTES))
        return AesKey(key=letters[:KEY_BYTES], iv=letters[KEY_BYTES:])

    def _accept(
        self, session: SocketSession, request: "_Request", code: str, key: AesKey | None
    ) -> None:
        ack = Ack(
            tr_id=request.tr_id,
            tr_key=request.tr_key,
            is_success=True,
            code=code,
            message=TEXTS[code],
            key=key,
        )
        self._push(session, format_ack(ack))

    def _refuse(self, session: SocketSession, request: "_Request", code: str) -> None:
        ack = Ack(
            tr_id=request.tr_id,
            tr_key=request.tr_key,
            is_success=False,
            code=code,
            message=TEXTS[code],
        )
        self._push(session, format_ack(ack))

    def _publish_to(self, session: SocketSession, frame: str, now: str) -> bool:
        if self._ends_sockets:
            if self._faults.strikes(FaultName.SOCKET_CLOSED, now):
                session.close()
                return False
            if self._faults.strikes(FaultName.SOCKET_SILENT, now):
                session.is_silent = True
        return self._push(session, frame)

    def _push(self, session: SocketSession, text: str) -> bool:
        if session.is_silent:
            return False
        is_taken = session.push(text, outbox_max=self._settings.outbox_frames_max)
        if not is_taken and not session.is_closed:
            self.counters.sessions_dropped += 1
            session.close()
        return is_taken


class _Request(msgspec.Struct, frozen=True, kw_only=True):
    """A registration as far as it could be read; `defect` is the code of what is wrong."""

    approval_key: str = ""
    tr_id: str = ""
    tr_key: str = ""
    is_release: bool = False
    defect: str = ""

    @classmethod
    def read(cls, text: str) -> "_Request | None":
        """Read a text; None is an answer to PINGPONG."""
        try:
            tree: object = msgspec.json.decode(text)
        except (msgspec.DecodeError, UnicodeError, RecursionError):
            return cls(defect="OPSP9999")
        if not isinstance(tree, dict):
            return cls(defect="OPSP9999")
        header = tree.get("header")
        if not isinstance(header, dict):
            return cls(defect="OPSP9998")
        if header.get("tr_id") == PINGPONG_TR_ID:
            return None
        return cls._read_parts(header, tree.get("body"))

    @classmethod
    def _read_parts(cls, header: dict[str, object], body: object) -> "_Request":
        if not isinstance(body, dict):
            return cls(defect="OPSP9992")
        fields = body.get("input")
        if not isinstance(fields, dict):
            return cls(defect="OPSP9991")
        tr_id, tr_key = fields.get("tr_id"), fields.get("tr_key")
        kind = header.get("tr_type")
        defect = ""
        if not isinstance(tr_key, str) or not tr_key:
            defect = "OPSP9990"
        elif not isinstance(tr_id, str):
            defect = "OPSP8991"
        elif not header.get("custtype"):
            defect = "OPSP9997"
        elif kind not in ("1", "2"):
            defect = "OPSP8997"
        return cls(
            approval_key=str(header.get("approval_key", "")),
            tr_id=str(tr_id or ""),
            tr_key=str(tr_key or ""),
            is_release=kind == RELEASE,
            defect=defect,
        )
