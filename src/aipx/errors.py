"""The tree of anticipated failures; the branch says what the caller must do.

AipxError
├── LocalError          ours: fix the code, the settings or the input; never retried
│   ├── SettingsError   a setting or command-line value is wrong
│   ├── InputError      a file or record that we were given cannot be used
│   ├── IllegalTransition   an order machine was asked for a step its table does not have
│   └── LeaseLost       another process owns the account now: stop, write nothing
└── RemoteError         theirs
    ├── Unreachable     outcome unknown; an inquiry may be repeated, an order never
    ├── RateLimited     not taken; may be sent again after `retry_after_ns`
    ├── BadPeerData     drop state, resynchronise
    └── Refused         the peer understood, and said no

A "no" of our own (risk, duplicate) is a value, not an exception: see model/verdict.py.
"""


class AipxError(Exception):
    """Any failure that AIPX foresees; its text is one line for a person."""


class LocalError(AipxError):
    """Our fault: code, settings or input."""


class SettingsError(LocalError):
    """A setting or command-line value is wrong; the text says which, what it is, what it may be."""


class InputError(LocalError):
    """A file or record given to us cannot be used; the text names the place and the reason."""


class IllegalTransition(LocalError):
    """The order machine's table has no such step: a bug, or a broker that breaks its own rules."""


class LeaseLost(LocalError):
    """Another process holds the account's lease: nothing may be written or sent any more."""


class RemoteError(AipxError):
    """The other side's fault, or the wire's."""


class Unreachable(RemoteError):
    """No answer, or one that does not tell the outcome: inquire; never send an order again."""


class RateLimited(RemoteError):
    """The peer counted too many requests and did not take this one."""

    def __init__(self, message: str, *, retry_after_ns: int) -> None:
        super().__init__(message)
        self.retry_after_ns = retry_after_ns


class BadPeerData(RemoteError):
    """The peer sent what its own specification does not allow, or what we cannot read."""


class Refused(RemoteError):
    """The peer understood the request and refused it; `code` and `reason` are the peer's words."""

    def __init__(self, message: str, *, code: str, reason: str) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
