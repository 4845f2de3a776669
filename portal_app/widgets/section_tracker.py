"""Where the reader is: a rail of sections that follows the reading, and, with consent, measures it.

Measuring happens in the browser and goes to a plain HTTP route, so the script never reruns for it. What is sent is
cumulative, `{"v": visit, "n": sequence, "ms": {section: ms}, "at": section or null, "human": bool, "late": bool}`: a
lost, repeated or late beacon changes nothing once the next one arrives. The browser sends what it has not seen answered
again and again, and keeps it: what a killed or disconnected page could not send (`late`), the next one sends.
"""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_SCRIPTS = ("section_visit.js", "section_reading.js", "section_tracker.js")
_WORDS = {
    "en": {"title": "Sections of this proposal", "of": "{n} of {all}"},
    "ar": {"title": "أقسام هذا العرض", "of": "{n} من {all}"},
}
_tracker = st.components.v2.component(
    "section_tracker",
    css=(_HERE / "section_tracker.css").read_text("utf-8"),
    js="".join((_HERE / name).read_text("utf-8") for name in _SCRIPTS),
)


def section_tracker(
    *,
    visit: str,
    sections: Sequence[tuple[str, str]],
    measured: bool,
    lang: str,
    endpoint: str = "/seen",
    idle_seconds: float = 60,
    key: str = "tracker",
) -> None:
    """The rail over the containers keyed `section-<key>`, anywhere on the page; (key, label) in reading order.

    Measures nothing and sends nothing unless `measured`. `visit` is the visit's signed id, sent back as it is.
    """
    data = {
        "visit": visit,
        "endpoint": endpoint,
        "sections": [list(section) for section in sections],
        "measured": measured,
        "idle": idle_seconds * 1000,
        "words": _WORDS[lang],
    }
    _tracker(key=key, data=data)
