"""PostScript that makes a program grey by itself, whatever the device thinks of colour.

Every operator that chooses a colour is defined anew in userdict, which programs look into before systemdict: what is
given in red, green and blue or in inks becomes their lightness (PostScript Language Reference, section 7.2.1). Spaces
of more than one component become DeviceN with inks that no device has, whose alternative is DeviceGray: so pictures
of any depth, in whatever filter, patterns and shadings are grey as well, without a look at their data. A CIE-based
space of three lights is taken for red, green and blue; others, such as L*a*b*, are left, as is everything on Level 2.
Whoever rewrites looks into the result, and refuses what still shows colour.
"""

from __future__ import annotations

PROLOGUE = """\
systemdict /languagelevel known { languagelevel 3 ge } { false } ifelse {
  userdict begin
  /platengray 40 dict def
  platengray begin
  /sethsbcolor /sethsbcolor load def
  /setcolorspace /setcolorspace load def
  /colorimage /colorimage load def
  /image /image load def
  /shfill /shfill load def
  /makepattern /makepattern load def
  /lightness { .11 mul exch .59 mul add exch .3 mul add } bind def
  /darkness { 4 1 roll .11 mul exch .59 mul add exch .3 mul add add dup 1 gt { pop 1 } if 1 exch sub } bind def
  /space3 [ /DeviceN [ /PlatenRed /PlatenGreen /PlatenBlue ] /DeviceGray /lightness load ] def
  /space4 [ /DeviceN [ /PlatenCyan /PlatenMagenta /PlatenYellow /PlatenBlack ] /DeviceGray /darkness load ] def
  /family { dup type /arraytype eq { 0 get } if } bind def
  /replaced { % array index value: a copy with the value there
    3 -1 roll dup length array copy dup 4 2 roll put
  } bind def
  /tint { % array: that of inks, with a transformation to grey
    dup 2 get family dup /DeviceGray eq { pop } {
      dup /DeviceRGB eq { pop /lightness load } { /DeviceCMYK eq { /darkness load } { null } ifelse } ifelse
      dup null eq { pop } {
        1 index 3 get /exec cvx 3 -1 roll /exec cvx 4 array astore cvx 3 exch replaced
        2 /DeviceGray replaced
        dup 1 get type /arraytype eq {
          dup 1 get length array 0 1 2 index length 1 sub
          { dup (PlatenInk00) dup length string copy dup 9 4 -1 roll 10 add 2 string cvs putinterval cvn
            2 index 3 1 roll put } for
        } { /PlatenInk } ifelse
        1 exch replaced
      } ifelse
    } ifelse
  } bind def
  /islight { % dictionary of a CIE-based space: whether its components go from none to all
    dup /RangeABC known {
      /RangeABC get true exch 0 1 5 { 2 copy get exch 2 mod eq 3 -1 roll and exch } for pop
    } { pop true } ifelse
  } bind def
  /gray { % space: the one that takes its place
    dup family
    dup /DeviceRGB eq { pop pop space3 } {
    dup /DeviceCMYK eq { pop pop space4 } {
    dup /ICCBased eq {
      pop dup 1 get /N get dup 3 eq { pop pop space3 } { 4 eq { pop space4 } if } ifelse } {
    dup /CIEBasedABC eq { pop dup 1 get islight { pop space3 } if } {
    dup dup /Separation eq exch /DeviceN eq or {
      pop dup 1 get dup /All eq exch /Black eq or { } { tint } ifelse } {
    dup dup /Indexed eq exch /Pattern eq or {
      pop dup type /arraytype eq { dup length 1 gt { dup 1 get gray 1 exch replaced } if } if } {
    pop dup type /nametype eq {
      dup /DeviceGray eq { } { /ColorSpace findresource gray } ifelse } if
    } ifelse } ifelse } ifelse } ifelse } ifelse } ifelse
  } def
  /withspace { % dictionary: a copy of the shading
    dup length dict copy dup dup /ColorSpace get gray /ColorSpace exch put
  } bind def
  end
  /setrgbcolor { platengray /lightness get exec setgray } def
  /setcmykcolor { platengray /darkness get exec setgray } def
  /sethsbcolor { platengray /sethsbcolor get exec currentgray setgray } def
  /setcolortransfer { 4 1 roll pop pop pop settransfer } def
  /setcolorspace { platengray begin gray setcolorspace end } def
  /shfill { platengray begin withspace end platengray /shfill get exec } def
  /makepattern {
    exch dup /PatternType get 2 eq {
      dup length dict copy dup dup /Shading get platengray begin withspace end /Shading exch put
    } if exch platengray /makepattern get exec
  } def
  /colorimage {
    dup 1 eq { platengray /colorimage get exec } {
      platengray begin
      dup /components exch def exch dup /several exch def
      { array astore } { pop } ifelse /source exch def
      /placed exch def /bits exch def /high exch def /wide exch def
      << /ImageType 1 /Width wide /Height high /BitsPerComponent bits /ImageMatrix placed
        /DataSource /source load /MultipleDataSources several /Decode [ components { 0 1 } repeat ] >>
      components 3 eq { space3 } { space4 } ifelse
      end
      gsave platengray /setcolorspace get exec platengray /image get exec grestore
    } ifelse
  } def
  end
} if
"""
