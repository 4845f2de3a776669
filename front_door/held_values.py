"""Fields hold what they were given, also in a browser that draws them late.

A field that is filled from the session's state is told so in the run that fills it. While a slow network still brings
the part that draws it, typing elsewhere makes another run; its answer replaces the first one, and in Streamlit 1.67 no
longer says so: the field would begin empty, or at the least number, and report that as its value. Here it is told in
every run until the browser has reported a value of its own.
"""

from dataclasses import replace
from typing import Any

from streamlit.runtime.state.common import RegisterWidgetResult, WidgetMetadata
from streamlit.runtime.state.session_state import SessionState

_register = SessionState.register_widget


def tell_until_heard() -> None:
    """Let every session of this process do so."""
    SessionState.register_widget = _register_and_tell  # type: ignore[method-assign, assignment]


def _register_and_tell(
    state: SessionState, metadata: WidgetMetadata[Any], user_key: str | None
) -> RegisterWidgetResult[Any]:
    result = _register(state, metadata, user_key)
    was_heard = user_key is None or metadata.id in state._new_widget_state
    if result.value_changed or was_heard or result.value == metadata.deserializer(None):
        return result
    return replace(result, value_changed=True)
