"""The server's own words in notifications, by language: buttons, and the test message."""

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "mood-2": "Low",
    "mood-4": "Lighter",
    "pause-day": "Not today",
    "test_title": "It works",
    "test_body": "This is what a note from here looks like.",
    "keep_title": "About your copy here",
    "keep_body": "Nothing on your phone goes. The copy stays two more months, or longer if you sign in.",
}
_BY_LANGUAGE: Mapping[str, Mapping[str, str]] = {"en": ENGLISH}


def words(locale: str) -> Mapping[str, str]:
    """The words of a locale (`en`, `en-GB`), English where there are none."""
    return _BY_LANGUAGE.get(locale.partition("-")[0], ENGLISH)
