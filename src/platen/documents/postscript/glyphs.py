"""Names and widths of the glyphs that every PostScript device has (PostScript Language Reference, appendix E).

Widths are in thousandths of the font's size, of the 95 printable characters of StandardEncoding in their order.
"""

from __future__ import annotations

_PRINTABLE_TEXT = (
    "space exclam quotedbl numbersign dollar percent ampersand quoteright parenleft parenright asterisk "
    "plus comma hyphen period slash zero one two three four five six seven eight nine colon semicolon "
    "less equal greater question at A B C D E F G H I J K L M N O P Q R S T U V W X Y Z bracketleft "
    "backslash bracketright asciicircum underscore quoteleft a b c d e f g h i j k l m n o p q r s t u v "
    "w x y z braceleft bar braceright asciitilde"
)
_PRINTABLE = _PRINTABLE_TEXT.split()

# A number is the code of the name behind it; the names after that follow on.
_STANDARD_ABOVE = (
    "161 exclamdown cent sterling fraction yen florin section currency quotesingle quotedblleft "
    "guillemotleft guilsinglleft guilsinglright fi fl 177 endash dagger daggerdbl periodcentered 182 "
    "paragraph bullet quotesinglbase quotedblbase quotedblright guillemotright ellipsis perthousand 191 "
    "questiondown 193 grave acute circumflex tilde macron breve dotaccent dieresis 202 ring cedilla 205 "
    "hungarumlaut ogonek caron emdash 225 AE 227 ordfeminine 232 Lslash Oslash OE ordmasculine 241 ae 245 "
    "dotlessi 248 lslash oslash oe germandbls"
)
_LATIN1_ABOVE = (
    "39 quoteright 45 minus 96 quoteleft 144 dotlessi grave acute circumflex tilde macron breve dotaccent "
    "dieresis 154 ring cedilla 157 hungarumlaut ogonek caron space exclamdown cent sterling currency yen "
    "brokenbar section dieresis copyright ordfeminine guillemotleft logicalnot hyphen registered macron "
    "degree plusminus twosuperior threesuperior acute mu paragraph periodcentered cedilla onesuperior "
    "ordmasculine guillemotright onequarter onehalf threequarters questiondown Agrave Aacute Acircumflex "
    "Atilde Adieresis Aring AE Ccedilla Egrave Eacute Ecircumflex Edieresis Igrave Iacute Icircumflex "
    "Idieresis Eth Ntilde Ograve Oacute Ocircumflex Otilde Odieresis multiply Oslash Ugrave Uacute "
    "Ucircumflex Udieresis Yacute Thorn germandbls agrave aacute acircumflex atilde adieresis aring ae "
    "ccedilla egrave eacute ecircumflex edieresis igrave iacute icircumflex idieresis eth ntilde ograve "
    "oacute ocircumflex otilde odieresis divide oslash ugrave uacute ucircumflex udieresis yacute thorn "
    "ydieresis"
)

NOTDEF = ".notdef"


def _encoding(above: str) -> list[str]:
    names = [NOTDEF] * 32 + _PRINTABLE + [NOTDEF] * 129
    code = 0
    for token in above.split():
        if token.isdigit():
            code = int(token)
        else:
            names[code] = token
            code += 1
    return names


STANDARD_ENCODING = _encoding(_STANDARD_ABOVE)
ISO_LATIN1_ENCODING = _encoding(_LATIN1_ABOVE)
GLYPHS = sorted({*STANDARD_ENCODING, *ISO_LATIN1_ENCODING, "Scaron", "scaron", "Zcaron", "zcaron", "Ydieresis"})

_WIDTHS: dict[str, str] = {
    "Times-Roman": (
        "250 333 408 500 500 833 778 333 333 333 500 564 250 333 250 278 500 500 500 500 500 500 500 500 500 "
        "500 278 278 564 564 564 444 921 722 667 667 722 611 556 722 722 333 389 722 611 889 722 722 556 722 "
        "667 556 611 722 722 944 722 722 611 333 278 333 469 500 333 444 500 444 500 444 333 500 500 278 278 "
        "500 278 778 500 500 500 500 333 389 278 500 500 722 500 500 444 480 200 480 541"
    ),
    "Times-Bold": (
        "250 333 555 500 500 1000 833 333 333 333 500 570 250 333 250 278 500 500 500 500 500 500 500 500 500 "
        "500 333 333 570 570 570 500 930 722 667 722 722 667 611 778 778 389 500 778 667 944 722 778 611 778 "
        "722 556 667 722 722 1000 722 722 667 333 278 333 581 500 333 500 556 444 556 444 333 500 556 278 333 "
        "556 278 833 556 500 556 556 444 389 333 556 500 722 500 500 444 394 220 394 520"
    ),
    "Times-Italic": (
        "250 333 420 500 500 833 778 333 333 333 500 675 250 333 250 278 500 500 500 500 500 500 500 500 500 "
        "500 333 333 675 675 675 500 920 611 611 667 722 611 611 722 722 333 444 667 556 833 667 722 611 722 "
        "611 500 556 722 611 833 611 556 556 389 278 389 422 500 333 500 500 444 500 444 278 500 500 278 278 "
        "444 278 722 500 500 500 500 389 389 278 500 444 667 444 444 389 400 275 400 541"
    ),
    "Times-BoldItalic": (
        "250 389 555 500 500 833 778 333 333 333 500 570 250 333 250 278 500 500 500 500 500 500 500 500 500 "
        "500 333 333 570 570 570 500 832 667 667 667 722 667 667 722 778 389 500 667 611 889 722 722 611 722 "
        "667 556 611 722 667 889 667 611 611 333 278 333 570 500 333 500 500 444 500 444 333 500 556 278 278 "
        "500 278 778 556 500 500 500 389 389 278 556 444 667 500 444 389 348 220 348 570"
    ),
    "Helvetica": (
        "278 278 355 556 556 889 667 222 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 "
        "556 278 278 584 584 584 556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 "
        "722 667 611 722 667 944 667 667 611 278 278 278 469 556 222 556 556 500 556 556 278 556 556 222 222 "
        "500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584"
    ),
    "Helvetica-Bold": (
        "278 333 474 556 556 889 722 278 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 "
        "556 333 333 584 584 584 611 975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 "
        "722 667 611 722 667 944 667 667 611 333 278 333 584 556 278 556 611 556 611 556 333 611 611 278 278 "
        "556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584"
    ),
}
_OTHERS = {"fi": "f", "fl": "f", "bullet": "o", "endash": "n", "emdash": "M", "dotlessi": "i", "space": "space"}
_WITH_SERIFS = ("Times", "Palatino", "Roman", "Century", "Bookman", "Serif", "Garamond", "Chancery")
_COURIER_WIDTH = 600
_USUAL_WIDTH = 556


def _face_of(font: str) -> str:
    """The one of the six faces that a font is most like."""
    bold = any(word in font for word in ("Bold", "Demi", "Black", "Heavy"))
    if any(word in font for word in _WITH_SERIFS):
        slanted = "Italic" in font or "Oblique" in font
        return "Times-" + ("BoldItalic" if bold and slanted else "Bold" if bold else "Italic" if slanted else "Roman")
    return "Helvetica-Bold" if bold else "Helvetica"


class Widths:
    """The widths of one of these fonts."""

    def __init__(self, font: str) -> None:
        self._fixed = any(word in font for word in ("Courier", "Mono", "Typewriter", "Console"))
        widths = map(int, _WIDTHS[_face_of(font)].split())
        self._by_name = dict(zip(_PRINTABLE, widths, strict=True))

    def of(self, glyph: str) -> int:
        """Accents do not make a letter wider; of what is not known the usual width is given."""
        if self._fixed:
            return _COURIER_WIDTH
        known = self._by_name
        letter = _OTHERS.get(glyph, glyph[:1] if glyph[1:].islower() else glyph)
        return known.get(glyph) or known.get(letter) or _USUAL_WIDTH
