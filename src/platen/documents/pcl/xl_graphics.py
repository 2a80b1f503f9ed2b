"""The graphics state of PCL XL as far as colour depends on it: brush, pen, colour space, patterns, images."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from platen.documents.pcl.compression import delta_row, packbits
from platen.documents.pcl.palette import Look, look_of, most_striking
from platen.documents.pcl.rows import indexes_look, pixels_look
from platen.documents.pcl.xl_tokens import Value

GRAY_SPACE = 1
_CHANNELS = {1: 1, 2: 3, 5: 3, 6: 3}  # gray, RGB, CRGB, sRGB
_BITS = {0: 1, 1: 4, 2: 8}  # ColorDepth, PaletteDepth
_PATTERNS_MAX = 10_000
_STATES_MAX = 1000
_BLOCK_BYTES_MAX = 1 << 26
_ROW_BYTES_MAX = 1 << 20

COLOR_SPACE, PALETTE_DEPTH, NULL_BRUSH, NULL_PEN, PALETTE_DATA = 3, 2, 4, 5, 6
PATTERN_ID, GRAY_LEVEL, RGB_COLOR, PRIMARY_ARRAY = 8, 9, 11, 14
COLOR_DEPTH, COLOR_MAPPING, COMPRESS_MODE, SOURCE_WIDTH, PAD_MULTIPLE, BLOCK_HEIGHT = 98, 100, 101, 108, 110, 99
_NO_COMPRESSION, _RUN_LENGTH, _JPEG, _DELTA_ROW = range(4)

Attributes = Mapping[int, Value]


@dataclass(frozen=True, slots=True)
class _State:
    brush: Look | None = Look.GRAY
    pen: Look | None = Look.GRAY
    space: int = GRAY_SPACE
    palette: tuple[Look, ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """A picture or pattern under way."""

    width: int
    bits: int  # of a sample or index
    channels: int  # 0: not known
    palette: tuple[Look, ...]  # empty: the samples are colours
    pattern_id: int | None = None

    @property
    def can_color(self) -> bool:
        return Look.COLOR in self.palette if self.palette else self.channels != 1

    @property
    def row_bits(self) -> int:
        return self.width * self.bits * (1 if self.palette else max(1, self.channels))


@dataclass(slots=True)
class Graphics:
    """What operators paint with; a page begins with everything black."""

    bytes_left: int  # of samples that may still be looked at
    image: Image | None = None
    _state: _State = field(default_factory=_State)
    _stack: list[_State] = field(default_factory=list)
    _patterns: dict[int, Look | None] = field(default_factory=dict)

    def begin_page(self) -> None:
        self.image = None
        self._state = _State()
        self._stack.clear()

    @property
    def brush(self) -> Look | None:
        """Text and areas."""
        return self._state.brush

    @property
    def shape(self) -> Look | None:
        """Areas with their outlines. None: not known."""
        return most_striking(self._state.brush, self._state.pen)

    def push(self) -> None:
        if len(self._stack) < _STATES_MAX:
            self._stack.append(self._state)

    def pop(self) -> None:
        if self._stack:
            self._state = self._stack.pop()

    def set_space(self, attributes: Attributes) -> None:
        """SetColorSpace."""
        space, palette = attributes.get(COLOR_SPACE), attributes.get(PALETTE_DATA)
        now = self._state
        number = space if isinstance(space, int) else now.space
        looks = _palette_looks(palette, _CHANNELS.get(number, 0)) if isinstance(palette, bytes) else ()
        self._state = _State(now.brush, now.pen, number, looks)

    def set_source(self, attributes: Attributes, *, is_pen: bool) -> None:
        """SetBrushSource, SetPenSource."""
        now, look = self._state, self._look_of_source(attributes)
        brush, pen = (now.brush, look) if is_pen else (look, now.pen)
        self._state = _State(brush, pen, now.space, now.palette)

    def _look_of_source(self, attributes: Attributes) -> Look | None:
        if NULL_BRUSH in attributes or NULL_PEN in attributes:
            return Look.WHITE
        level = attributes.get(GRAY_LEVEL)
        if isinstance(level, int | float):
            return Look.WHITE if level >= (1.0 if isinstance(level, float) else 255) else Look.GRAY
        pattern = attributes.get(PATTERN_ID)
        if isinstance(pattern, int):
            return self._patterns.get(pattern, Look.GRAY)
        channels = attributes.get(RGB_COLOR, attributes.get(PRIMARY_ARRAY))
        return _look_of_primaries(channels) if isinstance(channels, bytes | tuple) and channels else Look.GRAY

    def begin_image(self, attributes: Attributes, *, pattern_id: int | None = None) -> Image:
        """BeginImage, BeginRastPattern."""
        width, depth = attributes.get(SOURCE_WIDTH), attributes.get(COLOR_DEPTH)
        state = self._state
        self.image = Image(
            width=width if isinstance(width, int) else 0,
            bits=_BITS.get(depth, 8) if isinstance(depth, int) else 8,
            channels=_CHANNELS.get(state.space, 0),
            palette=state.palette if attributes.get(COLOR_MAPPING) == 1 else (),
            pattern_id=pattern_id,
        )
        return self.image

    def define_pattern(self, pattern_id: int, look: Look | None) -> None:
        """What a pattern holds: the most striking of what was said of it."""
        if len(self._patterns) < _PATTERNS_MAX:
            self._patterns[pattern_id] = most_striking(self._patterns.get(pattern_id, Look.WHITE), look)

    def look_at(self, octets: bytes, attributes: Attributes) -> Look | None:
        """What a block of the image under way holds (ReadImage, ReadRastPattern). None: it cannot be told."""
        image, mode = self.image, attributes.get(COMPRESS_MODE, _NO_COMPRESSION)
        if image is None or self.bytes_left <= 0:
            return None
        if mode == _JPEG:
            return _look_of_jpeg(octets)
        pad, height = attributes.get(PAD_MULTIPLE, 4), attributes.get(BLOCK_HEIGHT, 0)
        row_bytes = -(-image.row_bits // 8)
        padded = -(-row_bytes // pad) * pad if isinstance(pad, int) and 0 < pad <= 256 else row_bytes
        if row_bytes == 0 or padded > _ROW_BYTES_MAX:
            return None
        found = Look.WHITE
        for row in _rows(octets, mode, padded, height if isinstance(height, int) else 0):
            self.bytes_left -= len(row)
            look = _look_of_row(row[:row_bytes], image)
            if look is None or self.bytes_left <= 0:
                return None
            found = max(found, look)
            if found is Look.COLOR or (found is Look.GRAY and not image.can_color):
                break
        return found


def _rows(octets: bytes, mode: Value, row_bytes: int, height: int) -> Iterator[bytes]:
    if mode == _DELTA_ROW:
        seed, at = b"", 0
        while at + 2 <= len(octets):
            size = octets[at] | octets[at + 1] << 8
            seed = delta_row(octets[at + 2 : at + 2 + size], seed)[:row_bytes]
            yield seed.ljust(row_bytes, b"\0") if seed else bytes(row_bytes)
            at += 2 + size
        return
    plain = (
        packbits(octets, min(_BLOCK_BYTES_MAX, row_bytes * height or _BLOCK_BYTES_MAX))
        if mode == _RUN_LENGTH
        else octets
    )
    for at in range(0, len(plain), row_bytes):
        yield plain[at : at + row_bytes]


def _look_of_row(row: bytes, image: Image) -> Look | None:
    if image.palette:
        return indexes_look(row[: image.row_bits // 8] or row, list(image.palette), image.bits)
    if image.channels == 1:
        whites = (1 << image.bits) - 1
        return indexes_look(row[: image.row_bits // 8] or row, [Look.GRAY] * whites + [Look.WHITE], image.bits)
    return pixels_look(row, white=1.0) if image.channels == 3 and image.bits == 8 else None


def _look_of_jpeg(octets: bytes) -> Look | None:
    from platen.documents.pictures.color import jpeg_has_color

    has_color = jpeg_has_color(octets)
    return None if has_color is None else Look.COLOR if has_color else Look.GRAY


def _palette_looks(data: bytes, channels: int) -> tuple[Look, ...]:
    if channels == 1:
        return tuple(Look.WHITE if level == 255 else Look.GRAY for level in data[:256])
    if channels != 3:
        return ()
    entries = (data[at : at + 3] for at in range(0, min(len(data), 768) - 2, 3))
    return tuple(look_of(red / 255, green / 255, blue / 255, white=1.0) for red, green, blue in entries)


def _look_of_primaries(channels: bytes | tuple[float, ...]) -> Look:
    """Of grey, of red, green and blue, or of cyan, magenta, yellow and black; octets, or numbers up to 1."""
    most = 1.0 if isinstance(channels, tuple) and all(0 <= each <= 1 for each in channels) else 255.0
    if len(channels) < 3:
        return Look.WHITE if channels[0] >= most else Look.GRAY
    first, second, third = (each / most for each in channels[:3])
    if len(channels) == 3:
        return look_of(first, second, third, white=1.0)
    if look_of(first, second, third, white=0.0) is Look.COLOR:
        return Look.COLOR
    return Look.GRAY if any(channels) else Look.WHITE
