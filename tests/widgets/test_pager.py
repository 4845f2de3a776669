"""How a list says which part of it is shown."""

from __future__ import annotations

import pytest

from admin_app.widgets.pager import extent


@pytest.mark.parametrize(
    ("page", "total", "told"), ((1, 1, "1 mail"), (1, 7, "7 mails"), (2, 1204, "51–100 of 1,204 mails"))
)
def test_a_list_says_which_part_it_is(page: int, total: int, told: str) -> None:
    assert extent(page=page, size=50, total=total, noun="mails") == told
