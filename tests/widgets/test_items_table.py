"""The rows of a table of items after what was done in it."""

import pytest

from admin_app.widgets.items_table import with_edits
from core.proposals.content import Layout

FEE = {"title": "Fee", "value": "5%", "text": "A year"}
TERM = {"title": "Term", "value": "3 years", "text": ""}


@pytest.mark.parametrize(
    ("edits", "rows"),
    (
        ({}, [FEE, TERM]),
        ({"edited_rows": {0: {"value": "6%"}}}, [FEE | {"value": "6%"}, TERM]),
        ({"edited_rows": {"1": {"text": "Fixed"}}}, [FEE, TERM | {"text": "Fixed"}]),
        ({"edited_rows": {0: {"text": None}}}, [FEE | {"text": ""}, TERM]),
        ({"deleted_rows": [0]}, [TERM]),
        ({"deleted_rows": [0], "edited_rows": {1: {"title": "Years"}}}, [TERM | {"title": "Years"}]),
        ({"added_rows": [{"title": "Exit"}]}, [FEE, TERM, {"title": "Exit", "value": "", "text": ""}]),
        ({"added_rows": [{}, {"title": None}]}, [FEE, TERM]),
        ({"added_rows": [{"title": "Exit", "_index": 2}]}, [FEE, TERM, {"title": "Exit", "value": "", "text": ""}]),
        ({"edited_rows": {1: {"title": "", "value": ""}}}, [FEE]),
    ),
)
def test_rows_after_edits(edits, rows):
    assert list(with_edits((FEE, TERM), edits, Layout.FIGURES)) == rows


@pytest.mark.parametrize(("words", "value"), (("At once", ""), ("After the NDA", "nda"), ("", ""), (None, "")))
def test_when_a_document_opens_is_kept_as_its_value(words, value):
    edits = {"edited_rows": {0: {"value": words}}, "added_rows": [{"title": "Deed", "value": words}]}
    found = with_edits(({"title": "Price list", "value": "nda", "text": ""},), edits, Layout.DOCUMENTS)
    assert [row["value"] for row in found] == [value, value]


def test_such_words_are_only_words_elsewhere():
    (row,) = with_edits(({"title": "Sign", "value": "At once", "text": ""},), {}, Layout.STEPS)
    assert row["value"] == "At once"
