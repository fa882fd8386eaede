"""Cut the app's three font files from the published packages.

Usage: python tools/fonts/subset.py FOLDER

FOLDER holds the unpacked npm packages @fontsource-variable/literata 5.3.0 and
@fontsource-variable/figtree 5.3.0 (as `literata/` and `figtree/`). The results go to
pwa/public/fonts and are committed, so that a build needs neither this script nor fontTools 4.
Both families are under the SIL Open Font License 1.1; their licences lie beside the files.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

TARGET = Path(__file__).resolve().parents[2] / "pwa" / "public" / "fonts"
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x180)]
PUNCTUATION = [ord(c) for c in "‘’“”–—…•′″−×→←€\u2009\u202f\u2011"]
FEATURES = ["kern", "liga", "mark", "mkmk", "ccmp", "locl", "calt", "tnum", "lnum"]
Axis = float | tuple[float, float]


def cut(source: Path, name: str, characters: list[int], axes: dict[str, Axis]) -> None:
    """Keep `characters` and the ranges (or single values) of `axes`; write WOFF2."""
    font = TTFont(source)
    options = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 25]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font = instancer.instantiateVariableFont(font, axes)
    font.flavor = "woff2"
    font.save(TARGET / name)


def main(folder: Path) -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    everything = LATIN + PUNCTUATION
    literata, figtree = folder / "literata", folder / "figtree"
    serif: dict[str, Axis] = {"wght": (400, 600), "opsz": (14, 36)}
    cut(literata / "files/literata-latin-opsz-normal.woff2", "literata.woff2", everything, serif)
    italic: dict[str, Axis] = {"wght": 400, "opsz": 18}
    cut(literata / "files/literata-latin-opsz-italic.woff2", "literata-italic.woff2", everything, italic)
    sans: dict[str, Axis] = {"wght": (400, 650)}
    cut(figtree / "files/figtree-latin-wght-normal.woff2", "figtree.woff2", everything, sans)
    shutil.copy(literata / "LICENSE", TARGET / "literata-OFL.txt")
    shutil.copy(figtree / "LICENSE", TARGET / "figtree-OFL.txt")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
