"""One entry of the audit log: what was, beside what is."""

import json
import re
from typing import Any

import pandas as pd
import streamlit as st

from admin_app.record import acts
from admin_app.widgets.picker import close
from admin_app.widgets.plain import plain
from core import format as shown
from core.audit.queries import Entry
from core.engagement.devices import device_text
from core.i18n import words

TABLE, PARAM = "audit.entries", "entry"
CHOICES = {"start": "status", "to": "status", "state": "mail_state", "kind": "mail_kind", "reason": "hold"}
"""Whose words the value under a key has, where that is not the key's own name."""
_ID = re.compile(r"[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}")


def draw(entry: Entry, *, zone: str) -> None:
    """The dialog of an entry."""
    st.dialog(acts.word(entry.tag), width="medium", on_dismiss=_close)(_entry)(entry, zone)


def _entry(entry: Entry, zone: str) -> None:
    if st.query_params.get(PARAM) != str(entry.seq):
        st.rerun()
    to = f" · {plain(entry.subject)}" if entry.subject else ""
    st.markdown(f"**{plain(entry.who) or 'Partnerdesk'}**{to}")
    facts = [f"entry {shown.number(entry.seq)}", shown.instant(entry.at, zone=zone)]
    facts += [f"from {plain(entry.ip)}"] if entry.ip else []
    facts += [device_text(entry.user_agent)] if entry.user_agent else []
    st.caption(" · ".join(facts))
    rows = differences(entry.before, entry.after)
    if rows:
        st.dataframe(
            pd.DataFrame(rows, columns=["What", "Before", "After"]),
            hide_index=True,
            height="content",
            alt="What changed: what it is, its value before and after",
        )
    else:
        st.caption("Nothing more is recorded about this act.")
    st.caption(f"In the log as `{entry.tag}`.")


def differences(before: str, after: str) -> list[tuple[str, str, str]]:
    """What two canonical JSON texts say, key by key: what it is, before, after."""
    old, new = _facts(before), _facts(after)
    keys = [*old, *(key for key in new if key not in old)]
    return [(_name(key), _text(old.get(key), key), _text(new.get(key), key)) for key in keys]


def summary(entry: Entry) -> str:
    """What changed, in one line for a list."""
    rows = [row for row in differences(entry.before, entry.after) if not any(map(_ID.fullmatch, row))]
    told = [f"{what}: {old} → {new}" if old and new else f"{what}: {old or new}" for what, old, new in rows]
    return " · ".join(told)[:200]


def _facts(text: str) -> dict[str, Any]:
    found = json.loads(text or "{}")
    return found if isinstance(found, dict) else {"value": found}


def _name(key: str) -> str:
    words = key.replace("_", " ")
    return words[:1].upper() + words[1:]


def _text(value: object, key: str = "") -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{_name(inside).lower()} {_text(inner, inside)}" for inside, inner in value.items())
    if isinstance(value, list):
        return ", ".join(_text(inner, key) for inner in value)
    if isinstance(value, int):
        return shown.number(value)
    return words("en").get(f"{CHOICES.get(key, key)}.{value}", str(value))


def _close() -> None:
    close(PARAM, key=TABLE)
