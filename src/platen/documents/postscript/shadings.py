"""How a shading looks (PostScript Language Reference, section 4.9.3), from its colours at a few places."""

from __future__ import annotations

from platen.documents.postscript.colors import GRAY, CieSpace, Space, ink_in, space_of
from platen.documents.postscript.machine import Machine
from platen.documents.postscript.objects import Array, Dictionary, PostScriptError, Value, integer, number, numbers
from platen.documents.postscript.page import COLOR, GREY, UNCLEAR

_SAMPLES = 17
_FUNCTIONS_MAX = 64


def shading_ink(machine: Machine, shading: Dictionary) -> int:
    """What the colours of a shading look like together; UNCLEAR where they cannot be told."""
    try:
        space = space_of(machine, shading.get("ColorSpace"))
        if space is GRAY or (isinstance(space, CieSpace) and space.count == 1):
            return GREY
        function = shading.get("Function")
        if function is None:
            return _of_mesh(machine, shading, space)
        functions = function.values() if type(function) is Array else [function]
        return _of_functions(machine, shading, space, functions)
    except (PostScriptError, IndexError, KeyError, TypeError, ValueError, AttributeError):
        return UNCLEAR


def _of_functions(machine: Machine, shading: Dictionary, space: Space, functions: list[Value]) -> int:
    low, high = _domain(shading)
    if shading.get("ShadingType") == 1:
        places = [[low, low], [low, high], [high, low], [high, high], [(low + high) / 2] * 2]
    else:
        places = [[low + (high - low) * index / (_SAMPLES - 1)] for index in range(_SAMPLES)]
    inks = 0
    for place in places:
        color = [part for function in functions[:_FUNCTIONS_MAX] for part in evaluated(machine, function, place)]
        inks |= ink_in(machine, space, color)
    return inks


def _domain(shading: Dictionary) -> tuple[float, float]:
    given = shading.get("Domain", shading.get("Decode") if shading.get("ShadingType", 0) > 3 else None)
    values = numbers(given) if type(given) is Array else [0.0, 1.0]
    return values[-2], values[-1]


def _of_mesh(machine: Machine, shading: Dictionary, space: Space) -> int:
    """Vertices of a mesh given as an array: flag, x, y and colour each. Encoded ones stay unclear."""
    source = shading.get("DataSource")
    if type(source) is not Array or shading.get("ShadingType") not in (4, 5):
        return UNCLEAR
    values, head = numbers(source), 3 if shading.get("ShadingType") == 4 else 2
    machine.take_steps(len(values))
    inks = 0
    for start in range(0, len(values) - head - space.count + 1, head + space.count):
        inks |= ink_in(machine, space, values[start + head : start + head + space.count])
        if inks & COLOR:
            break
    return inks


def evaluated(machine: Machine, function: Value, inputs: list[float], depth: int = 0) -> list[float]:
    """The value of a function dictionary (section 3.10). Raises: PostScriptError."""
    if depth > 4 or type(function) is not Dictionary:
        raise PostScriptError("typecheck")
    machine.take_steps(10)
    kind = integer(function.get("FunctionType"))
    domain = numbers(function.get("Domain"))
    first = min(max(inputs[0], domain[0]), domain[1])
    if kind == 2:
        return _exponential(function, first)
    if kind == 3:
        return _stitched(machine, function, first, domain, depth)
    if kind == 0:
        return _sampled(function, inputs, domain)
    raise PostScriptError("rangecheck")


def _exponential(function: Dictionary, value: float) -> list[float]:
    start = numbers(function["C0"]) if "C0" in function else [0.0]
    end = numbers(function["C1"]) if "C1" in function else [1.0]
    power = value ** number(function.get("N", 1))
    return [one + power * (other - one) for one, other in zip(start, end, strict=True)]


def _stitched(machine: Machine, function: Dictionary, value: float, domain: list[float], depth: int) -> list[float]:
    parts, bounds = function["Functions"].values(), numbers(function["Bounds"])
    encode = numbers(function["Encode"])
    index = sum(value >= bound for bound in bounds)
    edges = [domain[0], *bounds, domain[1]]
    low, high = edges[index], edges[index + 1]
    share = (value - low) / (high - low) if high > low else 0.0
    start, end = encode[2 * index : 2 * index + 2]
    return evaluated(machine, parts[index], [start + share * (end - start)], depth + 1)


def _sampled(function: Dictionary, inputs: list[float], domain: list[float]) -> list[float]:
    """The nearest sample, which is near enough to tell colour from grey."""
    sizes = [integer(size) for size in function["Size"].values()]
    bits, ranges = integer(function["BitsPerSample"]), numbers(function["Range"])
    outputs, index, stride = len(ranges) // 2, 0, 1
    for axis, size in enumerate(sizes):
        low, high = domain[2 * axis : 2 * axis + 2]
        share = (min(max(inputs[axis], low), high) - low) / ((high - low) or 1.0)
        index += round(share * (size - 1)) * stride
        stride *= size
    source = function["DataSource"]
    octets = source.value() if hasattr(source, "value") else bytes(source.buffer[: source.end])
    decode = numbers(function["Decode"]) if "Decode" in function else ranges
    highest = (1 << bits) - 1
    found = []
    for output in range(outputs):
        bit = (index * outputs + output) * bits
        field = int.from_bytes(octets[bit // 8 : bit // 8 + 5].ljust(5, b"\0"), "big")
        sample = field >> (40 - bit % 8 - bits) & highest
        low, high = decode[2 * output : 2 * output + 2]
        found.append(low + sample / highest * (high - low))
    return found
