"""Pictures of screens, compared the way an eye does it."""

from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

from server.config import ROOT

#: The accepted pictures; `make gallery-accept` writes them.
PICTURES = ROOT / "tests" / "e2e" / "pictures"
#: Levels of each colour that are kept apart: every eighth.
STEP = 8
#: Levels of 255 by which a pixel may leave what lies around it in the other picture. Between two versions of a browser
#: the edges of letters differ by more, but only between the colours that are there already.
TOLERANCE = 18
#: Levels by which the picture's coarse shades may differ: text that is gone or has come, a surface of another colour.
COARSE_TOLERANCE = 26
#: Pixels of a screen that may lie outside: a few corners of letters do between two versions of a browser.
STRAY = 12


def packed(picture: Image.Image) -> Image.Image:
    """At half the size and with few colours, as pictures are kept and compared: 7 kB each."""
    return picture.convert("RGB").reduce(2).point(lambda level: min(255, level + STEP // 2) // STEP * STEP)


def keep(picture: Image.Image, file: Path) -> None:
    """Write a packed picture with a palette of the colours that are in it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=256).save(file, optimize=True)


def differences(accepted: Image.Image, seen: Image.Image) -> Image.Image:
    """Where two packed pictures differ to the eye, white on black.

    A pixel counts when its shade is none of those within one pixel (two of the screen) of its place in the other
    picture, so that softer, harder or slightly moved edges do not, or when the coarse shade around it changed.
    """
    one, other = accepted.convert("RGB").convert("L"), seen.convert("RGB").convert("L")
    outside = ImageChops.lighter(_outside(one, other), _coarse(one, other))
    return outside.point(lambda level: 255 if level else 0)


def count_of(marked: Image.Image) -> int:
    """How many pixels are marked."""
    return marked.histogram()[255]


def _outside(frame: Image.Image, picture: Image.Image) -> Image.Image:
    """By how much the picture is darker or lighter than all that lies within one pixel in the frame."""
    darkest, lightest = frame.filter(ImageFilter.MinFilter(3)), frame.filter(ImageFilter.MaxFilter(3))
    beyond = ImageChops.lighter(ImageChops.subtract(picture, lightest), ImageChops.subtract(darkest, picture))
    return beyond.point(lambda level: level if level > TOLERANCE else 0)


def _coarse(one: Image.Image, other: Image.Image) -> Image.Image:
    """By how much the shade of the surroundings differs, two pixels each way."""
    blurred = [picture.filter(ImageFilter.GaussianBlur(2)) for picture in (one, other)]
    return ImageChops.difference(*blurred).point(lambda level: level if level > COARSE_TOLERANCE else 0)
