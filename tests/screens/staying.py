"""Nothing moves under the hands: what stands behind a field keeps its place in the page when the field is changed.

A browser makes a container anew that another element pushed to another place. Whoever went on by keyboard loses the
place, and letters that were typed meanwhile. So what comes and goes has a container of its own, which always stands.
"""

from collections.abc import Callable, Iterator
from typing import Any

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, Button, InitialValue, Widget

TYPED = ("text_input", "text_area", "number_input", "date_input", "time_input")
MENU = "menu_button"
"""What is chosen in a menu beside a line may move the line."""
NEXT = 3
"""So many of the widgets behind a field people may have come to before the page answers."""
Place = tuple[int, ...]
EVENTS: Place = (2,)
"""Where Streamlit puts dialogs, behind the toasts; a dialog is one place, however many toasts come before it."""


def watched(run: Callable[..., AppTest]) -> Callable[..., AppTest]:
    """A run of a screen that fails where something moved."""

    def run_and_look(screen: AppTest, *args: Any, **options: Any) -> AppTest:
        page, before = screen._finished_page_script_hash, list(_widgets(screen._tree))
        screen = run(screen, *args, **options)
        if screen._finished_page_script_hash == page:
            moved = _moved(before, dict(_places(screen)), refused=bool(screen.error))
            assert not moved, f"moved when a field before it was changed: {moved}"
        return screen

    return run_and_look


def _moved(before: list[tuple[Place, Widget]], now: dict[str, Place], *, refused: bool) -> list[str]:
    return [
        f"{widget.type} {widget.key or widget.label} from {place} to {now[widget.id]}"
        for at, (_, changed) in enumerate(before)
        if _is_changed(changed)
        for place, widget in before[at : at + _reach(changed, refused)]
        if now.get(widget.id, place) != place
    ]


def _reach(changed: Widget, refused: bool) -> int:
    """How many widgets keep their place; of a button that was pressed only itself, when that was refused."""
    if changed.type in TYPED:
        return 1 + NEXT
    return int(refused if isinstance(changed, Button) else changed.type != MENU)


def _is_changed(widget: Widget) -> bool:
    value = widget._value
    return value is not None and value is not False and not isinstance(value, InitialValue)


def _places(screen: AppTest) -> Iterator[tuple[str, Place]]:
    return ((widget.id, place) for place, widget in _widgets(screen._tree))


def _widgets(node: Block, at: Place = ()) -> Iterator[tuple[Place, Widget]]:
    """Every widget in the order of the page, with the place of its container."""
    for number, child in node.children.items():
        if isinstance(child, Block):
            yield from _widgets(child, (*at, 0 if at == EVENTS else number))
        elif isinstance(child, Widget):
            yield at, child
