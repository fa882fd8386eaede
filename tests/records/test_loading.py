"""The quick way to load a good document gives what marshmallow gives, and no document passes that it would refuse"""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from server.records.collections import BY_NAME
from server.records.schemas import Document
from tests.records.samples import SAMPLES, document

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.one_of(st.none(), st.text(max_size=3), st.integers(0, 30)), max_size=3),
    st.dictionaries(st.sampled_from(["v", "iv", "ct", "k", "x"]), st.one_of(st.text(max_size=3), st.integers())),
)


def load(schema: Document, data: dict[str, Any]) -> Any:
    try:
        return schema.load(copy.deepcopy(data))
    except ValidationError as error:
        return error.messages


def without_the_quick_way(schema: type[Document]) -> Document:
    """The same schema, loaded by marshmallow alone."""
    slow: type[Document] = type(schema.__name__, (schema,), {"_quick": lambda self, said: None})
    return slow()


@pytest.mark.parametrize("collection", SAMPLES)
@given(data=st.data())
def test_both_ways_agree(collection: str, data: st.DataObject) -> None:
    schema = BY_NAME[collection].schema
    good = document(collection)
    field = data.draw(st.sampled_from([*good, "rev", "unknown"]))
    changed = {**good, field: data.draw(ODD)}
    removed = data.draw(st.sets(st.sampled_from(list(good)), max_size=2))
    tried = {name: value for name, value in changed.items() if name not in removed}
    assert load(schema(), tried) == load(without_the_quick_way(schema), tried)


@pytest.mark.parametrize("collection", SAMPLES)
def test_a_good_document_does_take_the_quick_way(collection: str, monkeypatch: pytest.MonkeyPatch) -> None:
    schema = BY_NAME[collection].schema

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("the long way was taken")

    monkeypatch.setattr(Document, "_do_load", refuse)
    assert schema().load(document(collection))["deleted"] is False
