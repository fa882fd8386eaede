"""YAML and front matter keep their lines, and nothing in them surprises."""

from datetime import date
from pathlib import Path

import pytest

from server.library.source import ContentError, parse_markdown, parse_yaml, read_text


def complaint(text: str) -> str:
    with pytest.raises(ContentError) as caught:
        parse_yaml(text, "f.yaml")
    return str(caught.value)


def test_every_value_knows_its_line() -> None:
    parsed = parse_yaml("a: 1\nlist:\n  - x: one\n    y: two\n", "f.yaml")
    assert parsed.line("a") == 1
    assert parsed.line("list", 0, "y") == 4
    assert parsed.line("list", 0, "missing") == 3


def test_front_matter_lines_count_from_the_top_of_the_file() -> None:
    parsed = parse_markdown("---\ntitle: Tea\nsummary: Hot.\n---\nThe text.\n", "f.md")
    assert parsed.line("summary") == 3
    assert (parsed.body, parsed.body_line) == ("The text.\n", 5)


def test_words_that_old_yaml_takes_for_something_else_stay_words() -> None:
    parsed = parse_yaml("languages: [no, en]\non: yes\nat: 09:00\ntext: off\nphone: 116 123", "f.yaml")
    assert parsed.data == {"languages": ["no", "en"], "on": "yes", "at": "09:00", "text": "off", "phone": "116 123"}


def test_numbers_dates_truth_and_nothing_are_understood() -> None:
    parsed = parse_yaml("a: 4\nb: 2026-11-24\nc: true\nd: null\ne:\nf: '4'\ng: 1.5\nh: 2026-13-45", "f.yaml")
    assert list(parsed.data.values()) == [4, date(2026, 11, 24), True, None, None, "4", 1.5, "2026-13-45"]


def test_a_name_given_twice_is_refused_where_it_comes_again() -> None:
    assert complaint("a: 1\nb: 2\na: 3") == "f.yaml:3: a: this name is given twice"


def test_broken_yaml_is_refused_with_its_line() -> None:
    assert complaint("a: 1\nb: [1, 2").startswith("f.yaml:2: broken YAML")


def test_an_empty_file_is_refused() -> None:
    assert complaint("# only a comment\n") == "f.yaml:1: this is empty"


def test_a_name_that_is_no_word_is_refused() -> None:
    assert complaint("? [a]\n: b") == "f.yaml:1: a name on the left of a colon must be a word"


def test_a_yaml_tag_makes_no_object() -> None:
    assert parse_yaml("a: !!python/object/apply:os.system [ls]", "f.yaml").data == {"a": ["ls"]}


def test_a_text_without_front_matter_is_refused() -> None:
    with pytest.raises(ContentError, match=r"f\.md:1: begin with a line ---"):
        parse_markdown("Just text.", "f.md")


def test_a_file_that_is_not_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(b"a: 1\nb: \xff")
    with pytest.raises(ContentError, match=r"f\.yaml:2: this is not UTF-8"):
        read_text(path, "f.yaml")


def test_a_file_that_is_not_there_is_a_complaint(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"f\.yaml:1: cannot be read"):
        read_text(tmp_path / "f.yaml", "f.yaml")


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "f.md"
    path.write_bytes("\ufeff---\r\ntitle: Tea\r\n---\r\nText.\r\n".encode())
    assert parse_markdown(read_text(path, "f.md"), "f.md").data == {"title": "Tea"}
