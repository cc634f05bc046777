"""What KIS's answer to an order or a cancel means. Pure, and on the side of not knowing.

A refusal must be certain, for a refused order is forgotten; an order that may live is UNKNOWN.
"""

import msgspec

from aipx.errors import BadPeerData
from aipx.model.outcome import Acceptance, Outcome, Refusal, UnknownOutcome
from aipx.ports.transport import HttpResponse
from aipx.wire.kis.codes import TOKEN_EXPIRED, TOKEN_INVALID
from aipx.wire.kis.rest.envelope import Certainty, Envelope, certainty, parse_envelope
from aipx.wire.kis.rest.trading import parse_receipt

DEAD_TOKEN_CODES = frozenset({TOKEN_INVALID, TOKEN_EXPIRED})
_SHOWN_CHARS_MAX = 200


class TokenDead(msgspec.Struct, frozen=True, kw_only=True):
    """The gateway did not take the token, so it passed nothing on: the one case to send again."""

    refusal: Refusal


def judge(response: HttpResponse) -> Outcome | TokenDead:
    """Read the outcome off an answer; the HTTP status matters only where there is no envelope."""
    sent_at = response.sent_monotonic_ns
    try:
        envelope = parse_envelope(response.body)
    except BadPeerData as error:
        return UnknownOutcome(reason=f"HTTP {response.status}: {error}", sent_monotonic_ns=sent_at)
    if envelope.is_success:
        return _taken(envelope, sent_at)
    text = f"{envelope.code} {envelope.message}"[:_SHOWN_CHARS_MAX]
    if certainty(envelope.code) is Certainty.UNKNOWN:
        return UnknownOutcome(reason=f"HTTP {response.status}: {text}", sent_monotonic_ns=sent_at)
    refusal = Refusal(
        code=envelope.code,
        message=envelope.message[:_SHOWN_CHARS_MAX],
        sent_monotonic_ns=sent_at,
    )
    return TokenDead(refusal=refusal) if envelope.code in DEAD_TOKEN_CODES else refusal


def _taken(envelope: Envelope, sent_at: int) -> Acceptance | UnknownOutcome:
    try:
        receipt = parse_receipt(envelope.body)
    except BadPeerData as error:
        return UnknownOutcome(reason=str(error), sent_monotonic_ns=sent_at)
    return Acceptance(
        number=receipt.number,
        organisation=receipt.organisation,
        order_time=receipt.order_time,
        sent_monotonic_ns=sent_at,
    )
