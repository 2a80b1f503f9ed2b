"""What rendering parts of a page costs, so that no page that is made to keep a renderer busy reaches it.

The unit is an octet of content, or a sample of a picture: a hundred millions are about a second. The figures for other
things were measured on a page of ordinary size; they are what the worst of their kind take.
"""

from __future__ import annotations

from platen.documents.pdf.reading import Objects, array
from platen.documents.pdf.syntax import Dictionary, Value

NEVER = 1 << 62  # what nobody makes
GROUP = 250_000  # a transparency group over the whole page
SMALL_GLYPH = 4096  # the picture of such a glyph is kept

_GRADIENT = 200_000
_BY_FUNCTION = 4_000_000  # a colour calculated for every pixel
_TRIANGLE, _PATCH = 100_000, 500_000
_MESH = {4: (_TRIANGLE, 2), 5: (_TRIANGLE, 2), 6: (_PATCH, 16), 7: (_PATCH, 24)}  # each with its coordinates at least
_TILE = 20
_COPIED = 0.1  # for each square point of a cell
_PAGE_PT2 = 1_000_000.0
_BILEVEL_SHARE = 4
_SLOW_FILTERS = {"/JPXDecode": 8, "/JBIG2Decode": 2}


def of_shading(objects: Objects, attributes: Dictionary, mesh_bytes: int) -> int:
    """Filling the page with a shading (ISO 32000-1 section 8.7.4.5). Raises: Irregular."""
    kind = _whole(objects, attributes.get("/ShadingType"))
    if kind not in _MESH:
        return _BY_FUNCTION if kind == 1 else _GRADIENT
    each, coordinates = _MESH[kind]
    bits = max(1, _whole(objects, attributes.get("/BitsPerCoordinate")))
    return _GRADIENT + each * (mesh_bytes * 8 // (bits * coordinates) + 1)


def of_tiling(objects: Objects, attributes: Dictionary, cell: int) -> int:
    """Filling the page with a pattern whose cell takes so much effort (section 8.7.3). Raises: Irregular."""
    steps = [abs(_number(objects, attributes.get(key))) for key in ("/XStep", "/YStep")]
    matrix = [_number(objects, value) for value in array(objects, attributes.get("/Matrix"))]
    scale = abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]) if len(matrix) == 6 else 1.0
    step_pt2 = steps[0] * steps[1] * scale
    tiles = _PAGE_PT2 / step_pt2 if step_pt2 > 0 else float(NEVER)
    box = [_number(objects, value) for value in array(objects, attributes.get("/BBox"))]
    box_pt2 = abs((box[2] - box[0]) * (box[3] - box[1])) * scale if len(box) == 4 else 0.0
    work = cell + tiles * (_TILE + min(box_pt2, _PAGE_PT2) * _COPIED)
    return int(work) if work < NEVER else NEVER


def of_image(objects: Objects, attributes: Dictionary) -> int:
    """Decoding a picture. Raises: Irregular."""
    resolve = objects.resolve
    samples = _whole(objects, attributes.get("/Width")) * _whole(objects, attributes.get("/Height"))
    if resolve(attributes.get("/BitsPerComponent")) == 1 or resolve(attributes.get("/ImageMask")) is True:
        samples //= _BILEVEL_SHARE
    filters = array(objects, attributes.get("/Filter")) or [attributes.get("/Filter")]
    return samples * max(_SLOW_FILTERS.get(str(resolve(name)), 1) for name in filters)


def _number(objects: Objects, value: Value) -> float:
    number = objects.resolve(value)
    return float(number) if isinstance(number, int | float) else 0.0


def _whole(objects: Objects, value: Value) -> int:
    number = objects.resolve(value)
    return max(0, number) if isinstance(number, int) else 0
