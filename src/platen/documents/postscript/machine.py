"""The interpreter: stacks, the loop that executes, errors, and what bounds all of it.

Whatever waits to be executed is an iterator on `frames`: a procedure's items, a file's or string's tokens, or a loop,
which is a Python generator that yields `Call`s. An operator returns the frame to execute next, or None. Operators
read their operands in place and remove them when nothing can fail any more, so that after an error they are still
there, as the language demands; Python's own errors while they do so stand for the standard ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from types import GeneratorType
from typing import TYPE_CHECKING

from platen.documents.postscript.files import InputFile
from platen.documents.postscript.objects import (
    NULL,
    Array,
    Call,
    Dictionary,
    Frame,
    Operator,
    PostScriptError,
    String,
    Value,
    Word,
)
from platen.documents.postscript.scanner import END, Scanner

if TYPE_CHECKING:
    from platen.documents.postscript.fonts import GlyphInTheMaking
    from platen.documents.postscript.graphics import GraphicsState
    from platen.documents.postscript.page import Page, PageLedger

_STACK_MAX = 400_000
_FRAMES_MAX = 20_000
_NESTED_MAX = 24  # operators that execute procedures within procedures that they execute
NOTHING: tuple[Value, ...] = ()

_STANDARD_ERRORS: tuple[tuple[type[Exception], str], ...] = (
    (IndexError, "stackunderflow"),
    (ZeroDivisionError, "undefinedresult"),
    (OverflowError, "limitcheck"),
    (UnicodeError, "rangecheck"),
    (ValueError, "rangecheck"),
    (KeyError, "undefined"),
    (TypeError, "typecheck"),
    (AttributeError, "typecheck"),
    (RecursionError, "execstackoverflow"),
)
PYTHON_ERRORS: tuple[type[Exception], ...] = tuple(kind for kind, _ in _STANDARD_ERRORS)


class Stop(Exception):
    """`stop`, on its way to the nearest `stopped`."""


class Quit(Exception):
    """`quit`, or the end of the job's input by other means."""


class EndOfJob(Exception):
    """The octet that separates jobs (control-D) was met."""


class OutOfBounds(Exception):
    """The program takes more than it may: it is not run any further. `what` names what it took too much of."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Stopped:
    """The frame that `stopped` leaves below what it executes: reached when that ended without an error."""

    __slots__ = ("_stack",)

    def __init__(self, stack: list[Value]) -> None:
        self._stack = stack

    def __iter__(self) -> Iterator[Value]:
        return self

    def __next__(self) -> Value:
        self._stack.append(False)
        raise StopIteration


class AtEnd:
    """A frame that does something when everything above it has been executed without an error."""

    __slots__ = ("_do",)

    def __init__(self, do: Callable[[], None]) -> None:
        self._do = do

    def __iter__(self) -> Iterator[Value]:
        return self

    def __next__(self) -> Value:
        self._do()
        raise StopIteration


class Save:
    """What `save` returns and `restore` takes: what was overwritten since, and the graphics state."""

    __slots__ = ("depth", "graphics", "journal", "valid")

    def __init__(self, graphics: GraphicsState, depth: int) -> None:
        self.journal: dict[int, tuple[Value, Value]] = {}
        self.graphics = graphics
        self.depth = depth  # of the graphics state stack
        self.valid = True


class Machine:
    """One interpreter running one job."""

    def __init__(self, job: InputFile, *, steps_max: int, memory_max: int, decoded_bytes_max: int) -> None:
        self.steps = 0
        self.steps_max = steps_max
        self.memory_left = memory_max
        self.decoded_left = decoded_bytes_max
        self.stack: list[Value] = []
        self.dicts: list[Dictionary] = []  # the top first
        self.known: dict[Value, Value] = {}  # what names were last found to be on this dictionary stack
        self._known_below: list[dict[Value, Value]] = []  # the same, for the stack below each `begin`
        self.frames: list[Frame] = []
        self.saves: list[Save] = []
        self.job = job
        self.scanner = Scanner(self)
        self.systemdict = Dictionary()
        self.named: dict[str, Dictionary] = {}  # userdict, errordict, statusdict, ...
        self.is_global = False
        self.packing = False
        self.random_seed = 1
        self.graphics_stack: list[GraphicsState] = []
        self.graphics: GraphicsState
        self.page: Page
        self.glyph: GlyphInTheMaking | None = None
        self.categories: dict[str, Dictionary] = {}
        self.ledger: PageLedger
        self._base = 0
        self._nested = 0

    # What bounds the program.

    def take_memory(self, count: int) -> None:
        """Account for octets about to be allocated; freed ones are not given back. Raises: OutOfBounds."""
        self.memory_left -= count
        if self.memory_left < 0:
            raise OutOfBounds("memory")

    def take_steps(self, count: int) -> None:
        """Account for work beyond that of one operator."""
        self.steps += count
        if self.steps > self.steps_max:
            self.out_of_steps()

    def out_of_steps(self) -> None:
        raise OutOfBounds("steps")

    # Dictionaries.

    def load(self, name: Value) -> Value:
        """The value of a key on the dictionary stack. Raises: PostScriptError."""
        for place in self.dicts:
            value = place.get(name)
            if value is not None:
                self.known[name] = value
                return value
        raise PostScriptError("undefined")

    def begin(self, place: Dictionary) -> None:
        """Put a dictionary on the dictionary stack."""
        self.dicts.insert(0, place)
        self._known_below.append(self.known)
        self.known = {}

    def end(self) -> None:
        """Take the topmost dictionary off the dictionary stack."""
        self.dicts.pop(0)
        self.known = self._known_below.pop() if self._known_below else {}

    def forget_names(self) -> None:
        """After dictionaries on the stack were changed behind its back."""
        self.known.clear()
        for known in self._known_below:
            known.clear()

    def enter(self, place: Dictionary, key: Value, value: Value) -> None:
        """Put into a dictionary, in a way that `restore` can undo. Raises: PostScriptError, OutOfBounds."""
        if place.read_only:
            raise PostScriptError("invalidaccess")
        if self.saves and not place.is_global:
            self.remember(place)
        before = len(place)
        place[key] = value
        self.known.pop(key, None)
        for known in self._known_below:
            if key in known:
                del known[key]
        if len(place) != before:
            self.take_memory(96)

    def remember(self, storage: Dictionary | list[Value]) -> None:
        """Keep what `storage` holds for the latest save, before it is changed."""
        journal = self.saves[-1].journal
        if id(storage) not in journal:
            self.take_memory(16 * len(storage) + 64)
            kept = dict(storage) if isinstance(storage, dict) else list(storage)
            journal[id(storage)] = (storage, kept)

    def undo(self, save: Save) -> None:
        """Bring back what dictionaries and arrays held at the save; strings keep what they hold (section 3.7.3)."""
        while self.saves:
            latest = self.saves.pop()
            latest.valid = False
            for storage, kept in latest.journal.values():
                if isinstance(storage, dict):
                    storage.clear()
                    storage.update(kept)
                else:
                    storage[:] = kept
            if latest is save:
                break
        self.forget_names()

    def resources(self, category: str) -> Dictionary:
        """The instances of a category, by key (section 3.9)."""
        found = self.categories.get(category)
        if found is None:
            self.take_memory(200)
            found = self.categories[category] = Dictionary()
        return found

    # Executing.

    def frame_of(self, value: Value) -> Frame:
        """What executes a value (`exec`); a literal is pushed."""
        kind = type(value)
        if kind is Array and value.executable:
            items = value.values()
            self.take_steps(len(items) + 1)
            return iter(items)
        if kind is Word or kind is Operator:
            return iter((value,))
        if isinstance(value, InputFile):
            return TokenFrame(self, value)
        if kind is String and value.executable:
            self.take_steps(value.count // 8 + 8)
            return TokenFrame(self, InputFile(value.value()), is_string=True)
        self.stack.append(value)
        return iter(NOTHING)

    def call(self, value: Value) -> None:
        """Execute a value to its end, from within an operator. Raises: Stop, PostScriptError, OutOfBounds."""
        if self._nested >= _NESTED_MAX:
            raise PostScriptError("execstackoverflow")
        self._nested += 1
        try:
            self.execute(self.frame_of(value))
        finally:
            self._nested -= 1

    def execute(self, first: Frame) -> None:
        """Run until `first` and everything above it has ended."""
        frames, outer = self.frames, self._base
        self._base = base = len(frames)
        frames.append(first)
        try:
            while len(frames) > base:
                item: list[Value] = [NULL]
                try:
                    self._run(base, item)
                except PostScriptError as error:
                    frames.append(self._signal(error.name, item[0]))
                except Stop:
                    frames.append(self.stop())
                except PYTHON_ERRORS as error:
                    name = next(name for kind, name in _STANDARD_ERRORS if isinstance(error, kind))
                    frames.append(self._signal(name, item[0]))
        finally:
            del frames[base:]
            self._base = outer

    def _run(self, base: int, failing: list[Value]) -> None:  # noqa: PLR0912  # one loop, for speed
        """The hot loop. `failing` tells what was executed when it was left by an exception."""
        frames, stack = self.frames, self.stack
        push = stack.append
        item: Value = NULL
        try:
            while len(frames) > base:
                for item in frames[-1]:
                    kind = type(item)
                    if kind is Word:
                        value = self.known.get(item.name)
                        if value is None:
                            value = self.load(item.name)
                        kind = type(value)
                        if kind is Operator:
                            following = value.body(self)
                            if following is None:
                                continue
                        elif kind is Array and value.executable:
                            items = value.items if value.count == len(value.items) else value.values()
                            self.steps += len(items) + 1
                            following = iter(items)
                        elif kind is Word or (kind is String and value.executable):
                            following = self.frame_of(value)
                        else:
                            push(value)
                            continue
                    elif kind is Operator:
                        following = item.body(self)
                        if following is None:
                            continue
                    elif kind is Call:
                        self.steps += len(item.items) + 1
                        following = iter(item.items)
                    elif kind is String and item.executable:
                        following = self.frame_of(item)
                    else:
                        push(item)
                        continue
                    if self.steps > self.steps_max:
                        self.out_of_steps()
                    if len(frames) > _FRAMES_MAX or len(stack) > _STACK_MAX:
                        self._tidy()
                    frames.append(following)
                    break
                else:
                    frames.pop()
        finally:
            failing[0] = item

    def _tidy(self) -> None:
        """Drop frames that have nothing left to execute, as a call at a procedure's end leaves them."""
        if len(self.stack) > _STACK_MAX:
            del self.stack[_STACK_MAX // 2 :]
            raise PostScriptError("stackoverflow")
        base = self._base
        kept = [frame for frame in self.frames[base:] if getattr(frame, "__length_hint__", _one)() > 0]
        if len(kept) > _FRAMES_MAX // 2:
            raise PostScriptError("execstackoverflow")
        self.frames[base:] = kept

    # Errors and leaving.

    def leave_loop(self) -> Frame:
        """`exit`: drop everything up to the innermost loop. Raises: PostScriptError."""
        frames = self.frames
        for index in range(len(frames) - 1, self._base - 1, -1):
            kind = type(frames[index])
            if kind is GeneratorType:
                del frames[index:]
                return iter(NOTHING)
            if kind is Stopped:
                break
        raise PostScriptError("invalidexit")

    def stop(self) -> Frame:
        """Go to the nearest `stopped`. Raises: Stop where it is not one of this execution's frames."""
        frames = self.frames
        for index in range(len(frames) - 1, self._base - 1, -1):
            if type(frames[index]) is Stopped:
                del frames[index:]
                self.stack.append(True)
                return iter(NOTHING)
        raise Stop

    def _signal(self, name: str, item: Value) -> Frame:
        """Handle an error as `errordict` says. Returns: what to execute next. Raises: Stop."""
        self.take_steps(8)
        handler = self.named["errordict"].get(name)
        if handler is None or type(handler) is Operator:
            self.record_error(name, item)
            return self.stop()
        self.stack.append(item)
        return self.frame_of(handler)

    def record_error(self, name: str, item: Value) -> None:
        about = self.named["$error"]
        about.update(newerror=True, errorname=name, command=item, errorinfo=NULL)
        self.take_steps(len(self.stack) // 16)
        about["ostack"] = Array(list(self.stack[-500:]))
        about["dstack"] = Array(list(reversed(self.dicts)))
        about["estack"] = Array([])

    def current_file(self) -> InputFile:
        """The innermost file that is being executed."""
        for frame in reversed(self.frames):
            if isinstance(frame, TokenFrame) and not frame.is_string:
                return frame.file
        return self.job


class TokenFrame:
    """The tokens of a file or string as they are scanned."""

    __slots__ = ("_tokens", "file", "is_string")

    def __init__(self, machine: Machine, file: InputFile, *, is_string: bool = False) -> None:
        self.file = file
        self.is_string = is_string
        self._tokens = iter(partial(machine.scanner.next_object, file), END)

    def __iter__(self) -> Iterator[Value]:
        return self._tokens

    def __next__(self) -> Value:
        return next(self._tokens)


def _one() -> int:
    return 1
