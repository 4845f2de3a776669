"""Addresses that name no page: Streamlit itself would answer with the first page and a dialog for developers."""

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from front_door import pages
from front_door.answers import PageNotFound, status_of
from front_door.door import Door


class Stray(Route):
    """The last of an app's own routes: one word that is none of its pages, which are the files in ``views``."""

    def __init__(self, views: Path, door: Door) -> None:
        super().__init__("/{word}", _nothing_here)
        self._known = {path.stem for path in views.glob("*.py")} | {path[1:] for path in door.open_paths}

    def matches(self, scope: MutableMapping[str, Any]) -> tuple[Match, MutableMapping[str, Any]]:
        """Never for a page, nor for a file."""
        match, found = super().matches(scope)
        word = found.get("path_params", {}).get("word", "")
        return (Match.NONE, {}) if "." in word or word in self._known else (match, found)


def _nothing_here(request: Request) -> Response:
    error = PageNotFound()
    return pages.refused(request.scope, error, status=status_of(error), way=("entry.start", "/"))
