"""Markdown becomes clean HTML that links only inside the app."""

import pytest

from server.library import markup


def test_a_link_to_an_item_leads_to_its_place_in_the_app() -> None:
    assert markup.render("[x](guides/the-first-night)") == '<p><a href="/read/guides/the-first-night">x</a></p>'


def test_a_link_to_the_help_lines_leads_there() -> None:
    assert markup.render("[x](help/lines)") == '<p><a href="/help/lines">x</a></p>'


@pytest.mark.parametrize(
    "target", ["https://example.org", "//example.org", "javascript:alert(1)", "readings/..", "/etc"]
)
def test_a_link_to_anywhere_else_keeps_only_its_words(target: str) -> None:
    assert "href" not in markup.render(f"[x]({target})")


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '<img src=x onerror="alert(1)">', "<b>bold</b>"])
def test_html_is_shown_as_text_and_never_runs(text: str) -> None:
    html = markup.render(text)
    assert "&lt;" in html
    assert "<script" not in html
    assert "<img" not in html


def test_images_and_code_leave_nothing_behind_but_text() -> None:
    assert markup.render("![a](b.png) `x`") == "<p> x</p>"


def test_quotes_and_dashes_become_typographic_in_texts_and_in_lines() -> None:
    assert markup.render("It's 'so' -- \"there\"...") == "<p>It’s ‘so’ – “there”…</p>"
    assert markup.typographic("It's *so* <b>") == "It’s *so* <b>"


def test_blocks_are_plain_text_with_their_lines() -> None:
    blocks = markup.blocks("One *two*\nthree.\n\n## Four\n\n- five\n- [six](readings/x)\n")
    assert [(block.line, block.text, block.heading) for block in blocks] == [
        (1, "One two three.", False),
        (4, "Four", True),
        (6, "five", False),
        (7, "six", False),
    ]


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (90, 1), (300, 2), (600, 3)])
def test_minutes_are_whole_and_at_least_one(words: int, minutes: int) -> None:
    assert markup.minutes(words) == minutes
