"""Arithmetic, relational and bitwise operators (PostScript Language Reference, section 8.1)."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

from platen.documents.postscript.machine import Machine
from platen.documents.postscript.objects import (
    Body,
    PostScriptError,
    String,
    Table,
    Value,
    Word,
    integer,
    key_of,
    number,
    string,
)

operators = Table()

_HIGHEST = (1 << 31) - 1
_LOWEST = -(1 << 31)
_SIMPLE = (int, float)
_RANDOM_MODULUS = (1 << 31) - 1


def _arithmetic(combine: Callable[[Value, Value], Value]) -> Body:
    """An operator on two numbers whose result is an integer where both are and it fits, else a real."""

    def body(machine: Machine) -> None:
        stack = machine.stack
        right, left = stack[-1], stack[-2]
        if type(right) not in _SIMPLE or type(left) not in _SIMPLE:
            raise PostScriptError("typecheck")
        result = combine(left, right)
        if type(result) is int and not _LOWEST <= result <= _HIGHEST:
            result = float(result)
        stack.pop()
        stack[-1] = result

    return body


operators["add"] = _arithmetic(operator.add)
operators["sub"] = _arithmetic(operator.sub)
operators["mul"] = _arithmetic(operator.mul)


def _of_reals(combine: Callable[[float, float], float]) -> Body:
    """An operator on two numbers whose result is a real."""

    def body(machine: Machine) -> None:
        stack = machine.stack
        result = combine(number(stack[-2]), number(stack[-1]))
        stack.pop()
        stack[-1] = result

    return body


def _of_integers(combine: Callable[[int, int], int]) -> Body:
    def body(machine: Machine) -> None:
        stack = machine.stack
        result = combine(integer(stack[-2]), integer(stack[-1]))
        stack.pop()
        stack[-1] = result

    return body


def _quotient(left: int, right: int) -> int:
    """Rounded towards zero."""
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _rest(left: int, right: int) -> int:
    """With the sign of the dividend."""
    rest = abs(left) % abs(right)
    return -rest if left < 0 else rest


def _angle(numerator: float, denominator: float) -> float:
    if denominator == 0 and numerator == 0:
        raise PostScriptError("undefinedresult")
    return math.degrees(math.atan2(numerator, denominator)) % 360


def _power(base: float, exponent: float) -> float:
    result: float | complex = float(base) ** exponent
    if isinstance(result, complex):
        raise PostScriptError("undefinedresult")
    return result


operators["div"] = _of_reals(operator.truediv)
operators["atan"] = _of_reals(_angle)
operators["exp"] = _of_reals(_power)
operators["idiv"] = _of_integers(_quotient)
operators["mod"] = _of_integers(_rest)


def _unary(change: Callable[[Value], Value]) -> Body:
    def body(machine: Machine) -> None:
        stack = machine.stack
        value = stack[-1]
        if type(value) not in _SIMPLE:
            raise PostScriptError("typecheck")
        stack[-1] = change(value)

    return body


def _keeping(change: Callable[[float], int]) -> Callable[[Value], Value]:
    """A rounding that leaves integers as they are and gives reals for reals."""
    return lambda value: value if type(value) is int else float(change(value))


operators["abs"] = _unary(abs)
operators["neg"] = _unary(operator.neg)
operators["ceiling"] = _unary(_keeping(math.ceil))
operators["floor"] = _unary(_keeping(math.floor))
operators["round"] = _unary(_keeping(lambda value: math.floor(value + 0.5)))
operators["truncate"] = _unary(_keeping(math.trunc))
operators["sqrt"] = _unary(math.sqrt)
operators["cos"] = _unary(lambda value: math.cos(math.radians(value)))
operators["sin"] = _unary(lambda value: math.sin(math.radians(value)))
operators["ln"] = _unary(math.log)
operators["log"] = _unary(math.log10)


@operators("rand")
def rand(machine: Machine) -> None:
    machine.random_seed = machine.random_seed * 16807 % _RANDOM_MODULUS or 1
    machine.stack.append(machine.random_seed)


@operators("srand")
def srand(machine: Machine) -> None:
    machine.random_seed = integer(machine.stack[-1]) % _RANDOM_MODULUS or 1
    machine.stack.pop()


@operators("rrand")
def rrand(machine: Machine) -> None:
    machine.stack.append(machine.random_seed)


def equal(left: Value, right: Value) -> bool:
    """`eq`: numbers by value, names and strings by their text, composite values by identity."""
    kinds = type(left), type(right)
    if kinds[0] in _SIMPLE and kinds[1] in _SIMPLE:
        return bool(left == right)
    textual = (str, String, Word)
    if left is right:
        return True
    if kinds[0] in textual and kinds[1] in textual:
        return bool(key_of(left) == key_of(right))
    if kinds[0] is not kinds[1]:
        return False
    if kinds[0] is bool:
        return bool(left == right)
    return left is right or _same_view(left, right)


def _same_view(left: Value, right: Value) -> bool:
    items = getattr(left, "items", None)
    if not isinstance(items, list):
        return False
    return items is right.items and (left.start, left.count) == (right.start, right.count)


@operators("eq")
def eq(machine: Machine) -> None:
    stack = machine.stack
    result = equal(stack[-2], stack[-1])
    stack.pop()
    stack[-1] = result


@operators("ne")
def ne(machine: Machine) -> None:
    stack = machine.stack
    result = not equal(stack[-2], stack[-1])
    stack.pop()
    stack[-1] = result


def _comparison(compare: Callable[[Value, Value], bool]) -> Body:
    def body(machine: Machine) -> None:
        stack = machine.stack
        right, left = stack[-1], stack[-2]
        if type(left) not in _SIMPLE or type(right) not in _SIMPLE:
            left, right = string(left).value(), string(right).value()
        result = compare(left, right)
        stack.pop()
        stack[-1] = result

    return body


operators["gt"] = _comparison(operator.gt)
operators["ge"] = _comparison(operator.ge)
operators["lt"] = _comparison(operator.lt)
operators["le"] = _comparison(operator.le)


def _logical(combine: Callable[[Value, Value], Value]) -> Body:
    """On two booleans, or bit by bit on two integers."""

    def body(machine: Machine) -> None:
        stack = machine.stack
        right, left = stack[-1], stack[-2]
        if type(right) is not type(left) or type(right) not in (bool, int):
            raise PostScriptError("typecheck")
        result = combine(left, right)
        stack.pop()
        stack[-1] = result

    return body


operators["and"] = _logical(operator.and_)
operators["or"] = _logical(operator.or_)
operators["xor"] = _logical(operator.xor)


@operators("not")
def not_(machine: Machine) -> None:
    stack = machine.stack
    value = stack[-1]
    stack[-1] = not value if type(value) is bool else ~integer(value)


@operators("bitshift")
def bitshift(machine: Machine) -> None:
    stack = machine.stack
    shift, value = integer(stack[-1]), integer(stack[-2])
    if abs(shift) > 31:
        result = 0
    elif shift >= 0:
        result = (value << shift) & 0xFFFFFFFF
        result -= (result >> 31) << 32
    else:
        result = value >> -shift
    stack.pop()
    stack[-1] = result


@operators("max")
def max_(machine: Machine) -> None:
    stack = machine.stack
    result = max(number(stack[-2]), number(stack[-1]))
    stack.pop()
    stack[-1] = result


@operators("min")
def min_(machine: Machine) -> None:
    stack = machine.stack
    result = min(number(stack[-2]), number(stack[-1]))
    stack.pop()
    stack[-1] = result
