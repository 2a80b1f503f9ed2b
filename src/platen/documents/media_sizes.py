"""The sizes of PWG 5101.1 that drivers and devices use, with the names people use for them.

Where two standard names have one size, the one that is better known stands here: a size finds one name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class MediaSize:
    """One standard size."""

    name: str  # PWG 5101.1
    width_mm: float
    height_mm: float
    everyday: str  # what a person and a price list call it


_DIMENSIONS = re.compile(r"_([\d.]+)x([\d.]+)(mm|in)$")

# Everyday name, then the PWG name, which says the size; portrait. The commonest first.
_TABLE = """
A4 = iso_a4_210x297mm
Letter = na_letter_8.5x11in
A3 = iso_a3_297x420mm
Legal = na_legal_8.5x14in
Ledger = na_ledger_11x17in
Executive = na_executive_7.25x10.5in
A5 = iso_a5_148x210mm
A6 = iso_a6_105x148mm
A2 = iso_a2_420x594mm
A1 = iso_a1_594x841mm
A0 = iso_a0_841x1189mm
B5 (ISO) = iso_b5_176x250mm
B4 (ISO) = iso_b4_250x353mm
B5 = jis_b5_182x257mm
B4 = jis_b4_257x364mm
B6 = jis_b6_128x182mm
Executive (JIS) = jis_exec_216x330mm
Statement = na_invoice_5.5x8.5in
Folio = na_foolscap_8.5x13in
Super B = na_super-b_13x19in
ANSI C = na_c_17x22in
ANSI D = na_d_22x34in
4 x 6 in = na_index-4x6_4x6in
5 x 7 in = na_5x7_5x7in
Envelope #10 = na_number-10_4.125x9.5in
Envelope Monarch = na_monarch_3.875x7.5in
Envelope DL = iso_dl_110x220mm
Envelope C5 = iso_c5_162x229mm
Envelope C6 = iso_c6_114x162mm
Postcard = jpn_hagaki_100x148mm
Double postcard = jpn_oufuku_148x200mm
16K = om_16k_195x270mm
8K = om_8k_270x390mm
Arch C = na_arch-c_18x24in
Arch D = na_arch-d_24x36in
Arch E = na_arch-e_36x48in
A7 = iso_a7_74x105mm
A8 = iso_a8_52x74mm
A9 = iso_a9_37x52mm
A10 = iso_a10_26x37mm
2A0 = iso_2a0_1189x1682mm
4A0 = iso_4a0_1682x2378mm
A0 x 3 = iso_a0x3_1189x2523mm
A1 x 3 = iso_a1x3_841x1783mm
A1 x 4 = iso_a1x4_841x2378mm
A2 x 3 = iso_a2x3_594x1261mm
A2 x 4 = iso_a2x4_594x1682mm
A2 x 5 = iso_a2x5_594x2102mm
A3 x 3 = iso_a3x3_420x891mm
A3 x 4 = iso_a3x4_420x1189mm
A3 x 5 = iso_a3x5_420x1486mm
A3 x 6 = iso_a3x6_420x1783mm
A3 x 7 = iso_a3x7_420x2080mm
A4 x 3 = iso_a4x3_297x630mm
A4 x 4 = iso_a4x4_297x841mm
A4 x 5 = iso_a4x5_297x1051mm
A4 x 6 = iso_a4x6_297x1261mm
A4 x 7 = iso_a4x7_297x1471mm
A4 x 8 = iso_a4x8_297x1682mm
A4 x 9 = iso_a4x9_297x1892mm
A3 extra = iso_a3-extra_322x445mm
A4 extra = iso_a4-extra_235.5x322.3mm
A4 tab = iso_a4-tab_225x297mm
A5 extra = iso_a5-extra_174x235mm
B5 extra = iso_b5-extra_201x276mm
B0 (ISO) = iso_b0_1000x1414mm
B1 (ISO) = iso_b1_707x1000mm
B2 (ISO) = iso_b2_500x707mm
B3 (ISO) = iso_b3_353x500mm
B6 (ISO) = iso_b6_125x176mm
B7 (ISO) = iso_b7_88x125mm
B8 (ISO) = iso_b8_62x88mm
B9 (ISO) = iso_b9_44x62mm
B10 (ISO) = iso_b10_31x44mm
Envelope B6/C4 = iso_b6c4_125x324mm
Envelope C0 = iso_c0_917x1297mm
Envelope C1 = iso_c1_648x917mm
Envelope C2 = iso_c2_458x648mm
Envelope C3 = iso_c3_324x458mm
Envelope C4 = iso_c4_229x324mm
Envelope C6/C5 = iso_c6c5_114x229mm
Envelope C7 = iso_c7_81x114mm
Envelope C7/C6 = iso_c7c6_81x162mm
Envelope C8 = iso_c8_57x81mm
Envelope C9 = iso_c9_40x57mm
Envelope C10 = iso_c10_28x40mm
RA0 = iso_ra0_860x1220mm
RA1 = iso_ra1_610x860mm
RA2 = iso_ra2_430x610mm
RA3 = iso_ra3_305x430mm
RA4 = iso_ra4_215x305mm
SRA0 = iso_sra0_900x1280mm
SRA1 = iso_sra1_640x900mm
SRA2 = iso_sra2_450x640mm
SRA3 = iso_sra3_320x450mm
SRA4 = iso_sra4_225x320mm
B0 = jis_b0_1030x1456mm
B1 = jis_b1_728x1030mm
B2 = jis_b2_515x728mm
B3 = jis_b3_364x515mm
B7 = jis_b7_91x128mm
B8 = jis_b8_64x91mm
B9 = jis_b9_45x64mm
B10 = jis_b10_32x45mm
Envelope Chou 1 = jpn_chou1_142x332mm
Envelope Chou 2 = jpn_chou2_111.1x146mm
Envelope Chou 3 = jpn_chou3_120x235mm
Envelope Chou 4 = jpn_chou4_90x205mm
Envelope Chou 40 = jpn_chou40_90x225mm
Envelope Kaku 1 = jpn_kaku1_270x382mm
Envelope Kaku 2 = jpn_kaku2_240x332mm
Envelope Kaku 3 = jpn_kaku3_216x277mm
Envelope Kaku 4 = jpn_kaku4_197x267mm
Envelope Kaku 5 = jpn_kaku5_190x240mm
Envelope Kaku 7 = jpn_kaku7_142x205mm
Envelope Kaku 8 = jpn_kaku8_119x197mm
Envelope Kahu = jpn_kahu_240x322.1mm
Envelope You 4 = jpn_you4_105x235mm
Envelope You 6 = jpn_you6_98x190mm
PRC 16K = prc_16k_146x215mm
PRC 32K = prc_32k_97x151mm
PRC envelope 1 = prc_1_102x165mm
PRC envelope 2 = prc_2_102x176mm
PRC envelope 4 = prc_4_110x208mm
PRC envelope 6 = prc_6_120x320mm
PRC envelope 7 = prc_7_160x230mm
PRC envelope 8 = prc_8_120x309mm
ROC 16K = roc_16k_7.75x10.75in
ROC 8K = roc_8k_10.75x15.5in
16K (184 x 260 mm) = om_16k_184x260mm
8K (260 x 368 mm) = om_8k_260x368mm
Dai-pa-kai = om_dai-pa-kai_275x395mm
Juuro-ku-kai = om_juuro-ku-kai_198x275mm
Pa-kai = om_pa-kai_267x389mm
Folio (210 x 330 mm) = om_folio_210x330mm
Folio SP = om_folio-sp_215x315mm
Envelope Invite = om_invite_220x220mm
Envelope Italian = om_italian_110x230mm
Photo 10 x 15 cm = om_small-photo_100x150mm
Photo 10 x 20 cm = om_wide-photo_100x200mm
Photo 13 x 18 cm = om_medium-photo_130x180mm
Photo 20 x 30 cm = om_large-photo_200x300mm
Photo 30 x 40 cm = om_30x40_300x400mm
Photo 30 x 45 cm = om_30x45_300x450mm
Photo 40 x 60 cm = om_40x60_400x600mm
Photo 50 x 76 cm = om_50x76_500x760mm
Photo 60 x 90 cm = om_60x90_600x900mm
Photo 89 x 119 mm = om_dsc-photo_89x119mm
Photo 89 x 89 mm = om_square-photo_89x89mm
Card = om_card_54x86mm
Business card = om_business-card_55x85mm
Business card (JIS) = om_business-card_55x91mm
Business card (US) = oe_business-card_2x3.5in
3.5 x 5 in = oe_photo-l_3.5x5in
4 x 4 in = oe_square-photo_4x4in
5 x 5 in = oe_square-photo_5x5in
8 x 12 in = oe_photo-s8r_8x12in
10 x 12 in = oe_photo-10r_10x12in
12 x 16 in = oe_12x16_12x16in
14 x 17 in = oe_14x17_14x17in
18 x 22 in = oe_18x22_18x22in
20 x 24 in = oe_photo-20r_20x24in
A2+ = oe_a2plus_17x24in
ASME F = asme_f_28x40in
ANSI E = na_e_34x44in
ANSI F = na_f_44x68in
Arch A = na_arch-a_9x12in
Arch B = na_arch-b_12x18in
Arch E1 = na_arch-e1_30x42in
Arch E2 = na_arch-e2_26x38in
Arch E3 = na_arch-e3_27x39in
Super A = na_super-a_8.94x14in
B plus = na_b-plus_12x19.17in
Quarto = na_quarto_8.5x10.83in
Government letter = na_govt-letter_8x10in
Government legal = na_govt-legal_8x13in
Oficio = na_oficio_8.5x13.4in
Letter plus = na_letter-plus_8.5x12.69in
Letter extra = na_letter-extra_9.5x12in
Legal extra = na_legal-extra_9.5x15in
Fanfold European = na_fanfold-eur_8.5x12in
Fanfold US = na_fanfold-us_11x14.875in
EDP = na_edp_11x14in
European EDP = na_eur-edp_12x14in
3 x 5 in = na_index-3x5_3x5in
5 x 8 in = na_index-5x8_5x8in
6 x 9 in = na_6x9_6x9in
7 x 9 in = na_7x9_7x9in
9 x 11 in = na_9x11_9x11in
10 x 11 in = na_10x11_10x11in
10 x 13 in = na_10x13_10x13in
10 x 14 in = na_10x14_10x14in
10 x 15 in = na_10x15_10x15in
11 x 12 in = na_11x12_11x12in
11 x 15 in = na_11x15_11x15in
12 x 19 in = na_12x19_12x19in
Envelope #9 = na_number-9_3.875x8.875in
Envelope #11 = na_number-11_4.5x10.375in
Envelope #12 = na_number-12_4.75x11in
Envelope #14 = na_number-14_5x11.5in
Envelope A2 = na_a2_4.375x5.75in
Envelope C5 (US) = na_c5_6.5x9.5in
Envelope Personal = na_personal_3.625x6.5in
"""


def _size(line: str) -> MediaSize:
    everyday, name = line.split(" = ")
    match = _DIMENSIONS.search(name)
    if match is None:
        raise ValueError(line)
    scale = MM_PER_INCH if match[3] == "in" else 1.0
    width_mm, height_mm = (round(float(number) * scale, 4) for number in match.groups()[:2])
    return MediaSize(name, width_mm, height_mm, everyday)


SIZES: tuple[MediaSize, ...] = tuple(_size(line) for line in _TABLE.strip().splitlines())
