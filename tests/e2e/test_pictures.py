"""The comparison of pictures itself: a moved or missing thing is seen, a softer edge is not."""

import pytest
from PIL import ImageFilter
from playwright.sync_api import Page

from tests.e2e.gallery import THEMES, open_case, picture_of, wear
from tests.support.pictures import STRAY, count_of, differences, packed

MOVE = "([what, shift]) => document.querySelector(what).style.setProperty('translate', shift)"
HIDE = "(what) => document.querySelector(what).style.setProperty('visibility', 'hidden')"


@pytest.mark.parametrize("what", ["main section a", "main h1", ".moods svg", ".moods .word"])
@pytest.mark.parametrize("shift", ["4px 0", "0 4px"])
def test_an_element_moved_by_four_pixels_is_seen(window: Page, gallery: str, what: str, shift: str) -> None:
    open_case(window, gallery, "today-a-year")
    before = packed(picture_of(window))
    window.evaluate(MOVE, [what, shift])
    assert count_of(differences(before, packed(picture_of(window)))) > STRAY


@pytest.mark.parametrize("what", [".bar a[aria-current] svg", "main h1", ".moods .word"])
def test_a_missing_icon_heading_or_word_is_seen(window: Page, gallery: str, what: str) -> None:
    open_case(window, gallery, "today-a-year")
    before = packed(picture_of(window))
    window.evaluate(HIDE, what)
    assert count_of(differences(before, packed(picture_of(window)))) > STRAY


@pytest.mark.parametrize("name", ["today-a-year", "read-reading", "rings-a-year"])
def test_softer_letters_are_no_difference(window: Page, gallery: str, name: str) -> None:
    open_case(window, gallery, name)
    for theme in THEMES:
        wear(window, theme)
        sharp = picture_of(window)
        soft = sharp.filter(ImageFilter.GaussianBlur(0.7))
        assert count_of(differences(packed(sharp), packed(soft))) <= STRAY
