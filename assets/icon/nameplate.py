#!/usr/bin/env python3
"""Writes nameplate-dark.svg and nameplate-light.svg: the icon and the name in Inter SemiBold, as outlines, for a dark and a
light ground. Needs fonttools (pip)."""

import pathlib
import re

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

here = pathlib.Path(__file__).parent
HEIGHT, GAP, CAP = 128, 28, 60  # the plate, icon to name, height of the S


def name_path(text):
    """The outline of the text with its baseline at 0, and its width."""
    font = TTFont(here / "../fonts/Inter-SemiBold.ttf")
    glyphs, cmap, advances = font.getGlyphSet(), font.getBestCmap(), font["hmtx"]
    scale = CAP / font["OS/2"].sCapHeight
    tracking = -0.01 * font["head"].unitsPerEm
    pen, x = SVGPathPen(glyphs, ntos=lambda v: f"{v:.1f}".rstrip("0").rstrip(".")), 0
    for char in text:
        glyph = cmap[ord(char)]
        glyphs[glyph].draw(TransformPen(pen, (scale, 0, 0, -scale, x * scale, 0)))
        x += advances[glyph][0] + tracking
    return pen.getCommands(), x * scale


icon = re.search(r"<rect.*(?=</svg>)", (here / "socketlab.svg").read_text(), re.S).group()
path, width = name_path("Socketlab")
total = round(HEIGHT + GAP + width) + 8
for ground, colour in (("dark", "#EDF0F4"), ("light", "#14181D")):
    (here / f"nameplate-{ground}.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {HEIGHT}" width="{total}" height="{HEIGHT}">\n'
        f"  <title>Socketlab</title>\n"
        f'  <g transform="scale({HEIGHT / 512})">\n  {icon.strip()}\n  </g>\n'
        f'  <path transform="translate({HEIGHT + GAP} {(HEIGHT + CAP) / 2})" fill="{colour}" d="{path}"/>\n'
        f"</svg>\n"
    )
