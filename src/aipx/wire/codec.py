"""Structs to protobuf messages and back, by the names of their fields.

A struct and its message have the same field names, so one pair of functions, compiled once per
pair of types, serves all of them. Enums travel as `ENUM_NAME_MEMBER`, dates as ISO text, a union
of structs as a `oneof` whose cases are the struct names in snake case.
"""

import datetime as dt
import re
import types
import typing
from collections.abc import Callable
from enum import Enum
from typing import Any, Generic, TypeVar

import msgspec
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

from aipx.errors import BadPeerData

S = TypeVar("S", bound=msgspec.Struct)
M = TypeVar("M", bound=Message)

_Convert = Callable[[Any], Any]


class Codec(Generic[S, M]):
    """One struct type and its message type.

    Raises:
        BadPeerData: from `decode` and `from_message`, when bytes or values are not of the model.
    """

    def __init__(self, struct: type[S], message: type[M], *, schema_version: int = 0) -> None:
        self._message = message
        self._name = struct.__name__
        self._to, self._from = _converters(struct, message)
        self._schema_version = schema_version

    def to_message(self, value: S) -> M:
        """Return the message of a struct."""
        message: M = self._to(value)
        if self._schema_version:
            message.schema_version = self._schema_version  # type: ignore[attr-defined]
        return message

    def from_message(self, message: M) -> S:
        """Return the struct of a message."""
        try:
            value: S = self._from(message)
        except (ValueError, KeyError, msgspec.ValidationError) as error:
            raise BadPeerData(f"{self._name}: {error}") from error
        return value

    def encode(self, value: S) -> bytes:
        """Return the bytes of a struct."""
        return self.to_message(value).SerializeToString(deterministic=True)

    def decode(self, data: bytes) -> S:
        """Return the struct of some bytes."""
        try:
            message = self._message.FromString(data)
        except DecodeError as error:
            raise BadPeerData(f"{self._name}: {len(data)} bytes are no such message") from error
        return self.from_message(message)


def _converters(struct: type[Any], message: type[Any]) -> tuple[_Convert, _Convert]:
    fields = message.DESCRIPTOR.fields_by_name
    hints = typing.get_type_hints(struct)
    writers: list[tuple[str, str, _Convert]] = []
    readers: list[tuple[str, _Convert]] = []
    for field in msgspec.structs.fields(struct):
        hint = _bare(hints[field.name])
        if typing.get_origin(hint) in (typing.Union, types.UnionType):
            write_case, read_case = _union(field.name, typing.get_args(hint), fields)
            writers.append((field.name, "", write_case))
            readers.append((field.name, read_case))
        else:
            write, read = _field(hint, fields[field.name])
            writers.append((field.name, field.name, write))
            readers.append((field.name, _reading(field.name, read)))

    def to_message(value: Any) -> Any:
        arguments: dict[str, Any] = {}
        for name, target, write in writers:
            if target:
                arguments[target] = write(getattr(value, name))
            else:
                case, inner = write(getattr(value, name))
                arguments[case] = inner
        return message(**arguments)

    def from_message(source: Any) -> Any:
        return struct(**{name: read(source) for name, read in readers})

    return to_message, from_message


def _reading(name: str, read: _Convert) -> _Convert:
    return lambda source: read(getattr(source, name))


def _bare(hint: Any) -> Any:
    while hasattr(hint, "__supertype__"):
        hint = hint.__supertype__
    return hint


def _field(hint: Any, descriptor: FieldDescriptor) -> tuple[_Convert, _Convert]:
    if typing.get_origin(hint) is tuple:
        write, read = _scalar(_bare(typing.get_args(hint)[0]), descriptor)
        if write is _same:
            return _same, tuple
        return (lambda items: [write(item) for item in items]), (
            lambda items: tuple(read(item) for item in items)
        )
    return _scalar(hint, descriptor)


def _scalar(hint: Any, descriptor: FieldDescriptor) -> tuple[_Convert, _Convert]:
    if hint in (int, str, bool):
        return _same, _same
    if hint is dt.date:
        return dt.date.isoformat, dt.date.fromisoformat
    if issubclass(hint, Enum):
        return _enum(hint, descriptor)
    return _converters(hint, _message_class(descriptor))


def _same(value: Any) -> Any:
    return value


def _enum(enum: type[Enum], descriptor: FieldDescriptor) -> tuple[_Convert, _Convert]:
    prefix = _snake(enum.__name__).upper()
    enum_type = descriptor.enum_type
    assert enum_type is not None, f"{descriptor.name} is no enum field"
    values = enum_type.values_by_name
    number_by_member = {member: values[f"{prefix}_{member.name}"].number for member in enum}
    member_by_number = {number: member for member, number in number_by_member.items()}

    def read(number: int) -> Enum:
        member = member_by_number.get(number)
        if member is None:
            # A member we do not know may matter to money: refuse the message, do not guess.
            raise ValueError(f"{enum.__name__} has no number {number}")
        return member

    return number_by_member.__getitem__, read


def _union(name: str, cases: tuple[Any, ...], fields: Any) -> tuple[_Convert, _Convert]:
    writer_by_type: dict[type, tuple[str, _Convert]] = {}
    reader_by_case: dict[str, _Convert] = {}
    for case in cases:
        case_name = _snake(case.__name__)
        write, read = _converters(case, _message_class(fields[case_name]))
        writer_by_type[case] = (case_name, write)
        reader_by_case[case_name] = read

    def to_case(value: Any) -> tuple[str, Any]:
        case_name, write = writer_by_type[type(value)]
        return case_name, write(value)

    def from_case(source: Any) -> Any:
        case_name = source.WhichOneof(name)
        if case_name is None:
            raise ValueError(f"{name} is not set, or of a kind that came after this version")
        return reader_by_case[case_name](getattr(source, case_name))

    return to_case, from_case


def _message_class(descriptor: FieldDescriptor) -> type[Any]:
    assert descriptor.message_type is not None, f"{descriptor.name} is no message field"
    return GetMessageClass(descriptor.message_type)


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
