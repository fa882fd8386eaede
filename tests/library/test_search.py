"""Search answers the same here and in the app: both read search_vectors.json."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.library.search import Document, build, near, search, stem, tokens

VECTORS: dict[str, Any] = json.loads(Path(__file__).with_name("search_vectors.json").read_text(encoding="utf-8"))


def test_the_index_of_the_vectors_is_the_one_that_is_built() -> None:
    documents = [Document(**document) for document in VECTORS["documents"]]
    assert build(documents, VECTORS["stop"]) == VECTORS["index"]


@pytest.mark.parametrize("case", VECTORS["tokens"], ids=lambda case: case["text"])
def test_a_text_is_cut_into_the_stems_of_the_vectors(case: dict[str, Any]) -> None:
    assert tokens(case["text"], VECTORS["stop"]) == case["tokens"]


@pytest.mark.parametrize("case", VECTORS["near"], ids=lambda case: f"{case['term']}-{case['word']}")
def test_one_slip_of_the_thumb_is_near_and_two_are_not(case: dict[str, Any]) -> None:
    assert near(case["term"], case["word"]) is case["near"]


@pytest.mark.parametrize("case", VECTORS["searches"], ids=lambda case: case["query"] or "nothing")
def test_a_query_finds_what_the_vectors_say_in_that_order(case: dict[str, Any]) -> None:
    hits = search(VECTORS["index"], case["query"], case["limit"])
    assert [asdict(hit) for hit in hits] == case["hits"]


def test_a_title_weighs_more_than_the_text() -> None:
    index = build(
        [
            Document("readings/a", "Evenings", "", "sleep and tea and more tea"),
            Document("readings/b", "Sleep", "", "tea and evenings and more tea"),
        ],
        [],
    )
    assert [hit.ref for hit in search(index, "sleep", 5)] == ["readings/b", "readings/a"]


def test_an_item_with_all_words_comes_before_one_with_a_single_word() -> None:
    index = build([Document("readings/a", "Panic", "", "tea"), Document("readings/b", "Tea", "", "panic at night")], [])
    assert search(index, "panic night", 5)[0].ref == "readings/b"


def test_no_more_hits_than_asked_for() -> None:
    index = build([Document(f"readings/{n}", "Tea", "", str(n)) for n in range(9)], [])
    assert [hit.ref for hit in search(index, "tea", 2)] == ["readings/0", "readings/1"]


def test_an_empty_library_finds_nothing() -> None:
    assert search(build([], []), "tea", 5) == []


@given(st.text(max_size=40))
def test_any_text_can_be_searched_for(text: str) -> None:
    for hit in search(VECTORS["index"], text, 5):
        assert hit.score > 0


@given(st.from_regex(r"[a-z]{1,14}", fullmatch=True))
def test_a_stem_is_never_empty_and_begins_as_its_word(word: str) -> None:
    assert stem(word)
    assert stem(word)[0] == word[0]
