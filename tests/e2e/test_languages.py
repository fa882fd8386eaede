"""Ready for other languages: no word is hard-coded, longer words are not cut off, a page can be turned round."""

import calendar
import json
import re

import pytest
from playwright.sync_api import Page

from server.config import ROOT
from tests.e2e.gallery import CASES, open_case, too_large
from tests.support.gallery import person_of_the_gallery

#: One state of each place, not an empty one, and two that are places of their own to the eye.
PLAIN = {name: path for name, path in CASES.items() if not any(word in name for word in ("parts", "empty", "first"))}
SCREENS = [*{path: name for name, path in reversed(PLAIN.items())}.values(), "today-first-run", "today-add-more"]
#: The page's text outside the brackets that the pseudo-language puts around every message.
OUTSIDE = r"""() => {
    const found = []
    const walker = document.createTreeWalker(document.querySelector('#app'), NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement
        if (!element.checkVisibility() || element.closest('select, .prose, textarea, .code')) continue
        // A message may hold another one.
        found.push(walker.currentNode.data.replace(/\[[^[\]]*\]/g, '').replace(/\[[^[\]]*\]/g, ''))
    }
    return found.join(' ')
}"""
#: What the browser itself says of days, languages and countries.
OF_THE_BROWSER = {
    *calendar.month_name, *calendar.day_name, *(name[:3] for name in calendar.month_name), "Sept", "Welsh", "English",
}  # fmt: skip


def words_in(text: str) -> set[str]:
    """The words of two letters or more."""
    return set(re.findall(r"[^\W\d_]{2,}", text))


@pytest.fixture(scope="module")
def written() -> set[str]:
    """The words that the library of the gallery and its people use."""
    people = [person_of_the_gallery(name) for name in ("a-year", "long-text")]
    return words_in((ROOT / "pwa/gallery/library.json").read_text() + json.dumps(people, ensure_ascii=False))


@pytest.mark.parametrize("name", SCREENS)
def test_a_language_with_longer_words_is_whole_and_complete(
    window: Page, gallery: str, name: str, written: set[str]
) -> None:
    open_case(window, gallery, name, "&words=long")
    assert words_in(window.evaluate(OUTSIDE)) - written - OF_THE_BROWSER == set()
    assert too_large(window, doubled=False) == []


@pytest.mark.parametrize("name", ["today-a-year", "read-reading", "rings-a-year", "write-a-year", "help-urge"])
def test_a_page_turned_round_keeps_its_order_and_fits(window: Page, gallery: str, name: str) -> None:
    open_case(window, gallery, name, "&dir=rtl")
    places = window.locator("nav.bar a")
    starts = [box["x"] for index in range(5) if (box := places.nth(index).bounding_box())]
    assert starts == sorted(starts, reverse=True)
    assert too_large(window, doubled=False) == []
