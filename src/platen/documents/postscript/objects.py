"""The values that a PostScript program works with (PostScript Language Reference, third edition, section 3.3).

Integers, reals and booleans are Python's own, and a literal name is a `str`. Null is `NULL`, because `None` stands
for "not there" in every dictionary. Composite values share their storage as the language demands: an interval of a
string or an array is another view of the same octets or items.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from platen.documents.postscript.machine import Machine

Value: TypeAlias = Any  # any of the types of this module, int, float, bool or str
Frame: TypeAlias = Iterator[Value]  # objects that wait to be executed
Body: TypeAlias = "Callable[[Machine], Frame | None]"  # what an operator does; a frame is executed next


class PostScriptError(Exception):
    """An error of the program (section 3.11), by its standard name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Singleton:
    """Null and the mark."""

    __slots__ = ("type_name",)

    def __init__(self, type_name: str) -> None:
        self.type_name = type_name


NULL = Singleton("nulltype")
MARK = Singleton("marktype")


class Word:
    """An executable name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class Operator:
    """A built-in operator."""

    __slots__ = ("body", "name")

    def __init__(self, name: str, body: Body) -> None:
        self.name = name
        self.body = body


class Array:
    """A view of `count` items from `start`; a procedure where it is executable."""

    __slots__ = ("bound", "count", "executable", "items", "packed", "start")

    def __init__(
        self, items: list[Value], *, executable: bool = False, start: int = 0, count: int | None = None
    ) -> None:
        self.items = items
        self.executable = executable
        self.start = start
        self.count = len(items) if count is None else count
        self.packed = False
        self.bound = False  # `bind` has been here, and in all within

    def values(self) -> list[Value]:
        """The items in view; the storage itself where all of it is in view."""
        if self.start == 0 and self.count == len(self.items):
            return self.items
        return self.items[self.start : self.start + self.count]


class String:
    """A view of `count` octets from `start`."""

    __slots__ = ("count", "executable", "octets", "start")

    def __init__(
        self, octets: bytearray, *, executable: bool = False, start: int = 0, count: int | None = None
    ) -> None:
        self.octets = octets
        self.executable = executable
        self.start = start
        self.count = len(octets) if count is None else count

    def value(self) -> bytes:
        return bytes(self.octets[self.start : self.start + self.count])

    def fill(self, octets: bytes) -> String:
        """Replace the beginning. Returns: a view of what was replaced. Raises: PostScriptError."""
        if len(octets) > self.count:
            raise PostScriptError("rangecheck")
        self.octets[self.start : self.start + len(octets)] = octets
        return String(self.octets, start=self.start, count=len(octets))


class Dictionary(dict[Value, Value]):
    """A dictionary; the keys are names as `str` and other simple values. It is equal to itself alone."""

    __slots__ = ("capacity", "is_global", "read_only")

    def __init__(self, capacity: int = 0) -> None:
        super().__init__()
        self.capacity = capacity
        self.read_only = False
        self.is_global = False

    def __eq__(self, other: object) -> bool:
        return self is other

    def __ne__(self, other: object) -> bool:
        return self is not other

    __hash__ = object.__hash__  # type: ignore[assignment]  # dict says None


class Call:
    """A procedure that a loop wants executed, where the procedure by itself would only be pushed."""

    __slots__ = ("items",)

    def __init__(self, procedure: Array) -> None:
        self.items = procedure.values()


def key_of(value: Value) -> Value:
    """The key that a value stands for (section 3.3.9): strings become names.

    Booleans are set apart, as `True == 1` in Python. Raises: PostScriptError.
    """
    kind = type(value)
    if kind is str or kind is int:
        return value
    if kind is String:
        return value.value().decode("latin-1")
    if kind is Word:
        return value.name
    if kind is bool:
        return ("boolean", value)
    if value is NULL:
        raise PostScriptError("typecheck")
    return value


def value_of_key(key: Value) -> Value:
    """The inverse of `key_of`, as `forall` pushes it."""
    return key[1] if type(key) is tuple else key


def text_of(value: Value) -> str:
    """The text of a name or string. Raises: PostScriptError."""
    kind = type(value)
    if kind is str:
        return str(value)
    if kind is String:
        return str(value.value().decode("latin-1"))
    if kind is Word:
        return str(value.name)
    raise PostScriptError("typecheck")


def number(value: Value) -> float:
    """A number, but no boolean. Raises: PostScriptError."""
    kind = type(value)
    if kind is float or kind is int:
        return value  # type: ignore[no-any-return]  # one of the two, as just seen
    raise PostScriptError("typecheck")


def integer(value: Value) -> int:
    """An integer. Raises: PostScriptError."""
    if type(value) is int:
        return value
    raise PostScriptError("typecheck")


def numbers(value: Value, count: int | None = None) -> list[float]:
    """The numbers of an array. Raises: PostScriptError where it holds others, or not `count` of them."""
    if type(value) is not Array:
        raise PostScriptError("typecheck")
    items = value.values()
    if count is not None and len(items) != count:
        raise PostScriptError("rangecheck")
    return [number(item) for item in items]


def boolean(value: Value) -> bool:
    """A boolean. Raises: PostScriptError."""
    if type(value) is bool:
        return value
    raise PostScriptError("typecheck")


def procedure(value: Value) -> Array:
    """A procedure. Raises: PostScriptError."""
    if type(value) is Array and value.executable:
        return value
    raise PostScriptError("typecheck")


def dictionary(value: Value) -> Dictionary:
    """A dictionary. Raises: PostScriptError."""
    if type(value) is Dictionary:
        return value
    raise PostScriptError("typecheck")


def string(value: Value) -> String:
    """A string. Raises: PostScriptError."""
    if type(value) is String:
        return value
    raise PostScriptError("typecheck")


class Table(dict[str, Body]):
    """Operators of one area, by name: `@operators("add")` enters a function."""

    def __call__(self, *names: str) -> Callable[[Body], Body]:
        def enter(body: Body) -> Body:
            for name in names:
                self[name] = body
            return body

        return enter
