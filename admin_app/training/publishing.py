"""Publishing a quiz, or throwing its draft away: what will happen is said first."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from admin_app import shell
from admin_app.training import desk as desks
from admin_app.training import wording
from admin_app.training.desk import Desk
from admin_app.widgets.plain import plain
from core import format as say
from core.db import Reads
from core.training import authoring, queries
from core.training.changes import Change, changed, changed_keys
from core.training.queries import ModuleDetail
from core.training.quiz import Fault

ASKING, REFUSED, ASKS = "quiz.asking", "quiz.publish_refused", "quiz.asks_holders"
PUBLISH, DISCARD = "publish", "discard"
MOST_NAMED = 8
VERBS = {"added": "new", "changed": "changed", "removed": "removed"}


@dataclass(frozen=True)
class Affected:
    """Whom a new version concerns: how many hold a certificate now."""

    certified: int


def affected(session: Reads, module: ModuleDetail) -> Affected:
    """How many hold the module now."""
    found = next((row for row in queries.modules(session) if row.id == module.id), None)
    return Affected(found.certified if found else 0)


def begin(what: str) -> None:
    """Open a dialog; from a callback."""
    st.session_state[ASKING] = what
    st.session_state.pop(REFUSED, None)


def ask_what_is_open(desk: Desk, module: ModuleDetail, faults: Sequence[Fault]) -> None:
    """Show the dialog that is open; at the end of the page."""
    asked = st.session_state.get(ASKING)
    if asked == PUBLISH:
        st.dialog("Publish this quiz?", width="medium", on_dismiss=_close)(_ask_to_publish)(desk, module, faults)
    elif asked == DISCARD:
        st.dialog("Discard this draft?", on_dismiss=_close)(_ask_to_discard)(desk, module)


def _ask_to_publish(desk: Desk, module: ModuleDetail, faults: Sequence[Fault]) -> None:
    if ASKING not in st.session_state:
        st.rerun()
    shell.say_refusal(plain(st.session_state.pop(REFUSED, None) or ""))
    if faults:
        return _correct_first(desk, faults)
    changes = changed(module.published, desk.questions)
    st.markdown(f"**What changes:** {_counted(changes)}")
    _named(changes)
    found = shell.read(affected, module)
    _ask_about_holders(desk, module, found)
    st.caption(
        "From now on learners take this version; whoever is in the middle of an attempt finishes what it was asked. "
        "This cannot be taken back; only a newer version replaces it."
    )
    with st.container(horizontal=True):
        st.button(
            f"Publish version {(module.published_number or 0) + 1}", type="primary", icon=":material/publish:",
            on_click=_publish, args=(desk,),
        )  # fmt: skip
        st.button("Not yet", on_click=_close)
    return None


def _correct_first(desk: Desk, faults: Sequence[Fault]) -> None:
    """What keeps it from being published, each with its question, and the way to the first one."""
    st.error(f"{wording.many(len(faults), 'fault')} to correct first:", icon=":material/error:")
    st.markdown("\n".join(f"- {plain(fault.message)}" for fault in faults[:MOST_NAMED]))
    if len(faults) > MOST_NAMED:
        st.caption(f"And {len(faults) - MOST_NAMED} more; the list of questions marks them all.")
    first = next((fault.question for fault in faults if fault.question), None)
    with st.container(horizontal=True):
        if first:
            key = desk.questions[first - 1].key
            st.button(f"Go to question {first}", type="primary", on_click=_go_to, args=(key,))
        st.button("Close", on_click=_close)


def _go_to(key: str) -> None:
    _close()
    desks.open_one(key)
    desks.to_questions()


def _counted(changes: Sequence[Change]) -> str:
    """ "2 new, 1 changed" questions."""
    times: Counter[str] = Counter(change.kind for change in changes)
    parts = [f"{times[kind]} {verb}" for kind, verb in VERBS.items() if times[kind]]
    return f"{', '.join(parts)}." if parts else "the order of the questions."


def _named(changes: Sequence[Change]) -> None:
    lines = []
    for change in changes[:MOST_NAMED]:
        one = change.after or change.before
        if one:
            lines.append(f"- {VERBS[change.kind].capitalize()}: {plain(wording.short(one.text))}")
    if len(changes) > MOST_NAMED:
        lines.append(f"- and {len(changes) - MOST_NAMED} more, under Versions")
    st.markdown("\n".join(lines))


def _ask_about_holders(desk: Desk, module: ModuleDetail, found: Affected) -> None:
    """Whether those who hold a certificate are asked what changed in meaning, if anything did."""
    meant = len(changed_keys(module.published, desk.questions))
    if not module.published or not found.certified:
        return
    who = "1 person holds" if found.certified == 1 else f"{say.number(found.certified)} people hold"
    if not meant:
        st.markdown(f"{who} a certificate. Nothing changed in meaning, so nobody is asked again.")
        return
    st.checkbox(
        f"Ask those who hold a certificate the {wording.many(meant, 'question')} that changed in meaning",
        key=ASKS,
        help="Passing keeps the last day of their certificate. Without it they are asked when they renew.",
    )
    st.caption(f"{who} one now.")


def _publish(desk: Desk) -> None:
    if ASKING not in st.session_state or desk.version is None:
        return
    asks = bool(st.session_state.get(ASKS))
    done = shell.act(
        authoring.publish, desk.module_id, asks_holders=asks, version=desk.version, done="Published: learners take it"
    )
    if done is None:
        st.session_state[REFUSED] = shell.refusal()
        return
    desks.clear(desk.module_id)
    _close()


def _ask_to_discard(desk: Desk, module: ModuleDetail) -> None:
    if ASKING not in st.session_state:
        st.rerun()
    shell.say_refusal(plain(st.session_state.pop(REFUSED, None) or ""))
    number = module.published_number
    stays = f"Version {number} stays published." if number else "Nothing is published yet: every question is lost."
    st.markdown(f"Everything written since the last publication is lost, in both languages. {stays}")
    with st.container(horizontal=True):
        st.button(
            "Discard draft",
            type="primary",
            icon=":material/delete:",
            on_click=_discard,
            args=(desk,),
            key="quiz.discard",
        )
        st.button("Keep it", on_click=_close)


def _discard(desk: Desk) -> None:
    if ASKING not in st.session_state or desk.version is None:
        return
    shell.act(authoring.discard_draft, desk.module_id, version=desk.version, done="Draft discarded")
    if text := shell.refusal():
        st.session_state[REFUSED] = text
        return
    desks.clear(desk.module_id)
    _close()


def _close() -> None:
    for key in (ASKING, ASKS):
        st.session_state.pop(key, None)
