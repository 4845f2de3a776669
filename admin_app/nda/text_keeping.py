"""Starting, keeping, publishing and discarding a draft of an agreement's text; what will happen is said first."""

from dataclasses import dataclass

import streamlit as st

from admin_app import shell
from admin_app.nda import text_desk, text_form, text_reading, wording
from admin_app.nda.text_desk import Desk
from admin_app.widgets.plain import plain
from core import format as say
from core.db import Reads
from core.nda import progress, queries, text_service
from core.nda.models import Instrument
from core.nda.queries import TextVersion
from core.nda.steps import State
from core.nda.texts import Agreement, compare

ASKING, REFUSED = "nda_text.asking", "nda_text.refused"
PUBLISH, DISCARD = "publish", "discard"
VIEW, WRITE = "view", "Write"
"""The key of what the page shows, and the view in which the text is written."""


def start(instrument: Instrument) -> None:
    """Begin the next version with the words of the one in force; from a callback."""
    text_desk.clear(instrument)
    done = "A draft with the words in force is begun"
    if shell.act(text_service.start_draft, instrument=instrument, done=done) is not None:
        st.session_state[VIEW] = WRITE


def save(desk: Desk, *, done: str = "Draft saved") -> bool:
    """Keep what is typed; False when it cannot be, and then it stays in the form."""
    desk.read_form()
    if desk.complaints():
        return False
    words = desk.composed()
    return words == desk.agreement or _kept(desk, words, done=done)


def _kept(desk: Desk, words: Agreement, *, done: str) -> bool:
    of = desk.instrument
    kept = shell.act(text_service.save_draft, agreement=words, version=desk.version, instrument=of, done=done)
    if kept is None:
        st.session_state[REFUSED] = shell.refusal()
        return False
    desk.version, desk.agreement = kept.version, words
    return True


def save_pressed(desk: Desk) -> None:
    """The button was pressed."""
    save(desk)


def keep_mine(desk: Desk, draft: TextVersion) -> None:
    """Save what is typed here over what a colleague saved."""
    desk.number, desk.version, desk.agreement = draft.row.number, draft.row.version, draft.agreement
    save(desk)


def keep_as_new_draft(desk: Desk) -> None:
    """Put what is typed here into a new draft, where the one it was typed over is gone."""
    desk.read_form()
    started = shell.act(text_service.start_draft, instrument=desk.instrument, done="")
    if started is None:
        st.session_state[REFUSED] = shell.refusal()
        return
    desk.number, desk.version = started.number, started.version
    desk.agreement = Agreement.model_validate(started.content)
    save(desk)


def begin(desk: Desk, what: str) -> None:
    """Open a dialog; from a callback. What is to be published is kept first."""
    if what == DISCARD or save(desk, done=""):
        st.session_state[ASKING] = what


@dataclass(frozen=True)
class Affected:
    """Whom a new version concerns: people who read now, and agreements that are valid."""

    instrument: Instrument
    reading: int
    valid: int
    published: TextVersion


def affected(session: Reads, number: int, *, instrument: Instrument) -> Affected:
    """Whom it concerns that version ``number`` is in force no more."""
    counts = queries.standing(session, instrument=instrument)
    valid = counts[State.VALID] + counts[State.EXPIRING]
    reading = progress.reading_now(session, instrument=instrument)
    return Affected(instrument, reading, valid, queries.text_version(session, number, instrument=instrument))


def ask_what_is_open(desk: Desk, published: int) -> None:
    """Show the dialog that is open; at the end of the page."""
    asked = st.session_state.get(ASKING)
    if asked == PUBLISH:
        st.dialog(f"Publish version {desk.number}?", on_dismiss=_close)(_ask_to_publish)(desk, published)
    elif asked == DISCARD:
        st.dialog("Discard this draft?", on_dismiss=_close)(_ask_to_discard)(desk, published)


def _ask_to_publish(desk: Desk, published: int) -> None:
    if ASKING not in st.session_state:
        st.rerun()
    refused = st.session_state.pop(REFUSED, None) or ""
    shell.say_refusal(plain(refused))
    with st.container():
        if desk.lacking() and not refused:
            text_form.lacking(desk)
    found = shell.read(affected, published, instrument=desk.instrument)
    st.markdown(who_is_affected(found, desk.number))
    changes = compare(found.published.agreement, desk.agreement)
    names = "; ".join(plain(text_reading.name_of(one)) for one in changes)
    st.markdown(f"**What changes against version {published}:** {names or 'nothing'}.")
    st.caption("This cannot be taken back; only a newer version replaces it.")
    with st.container(horizontal=True):
        st.button(
            f"Publish version {desk.number}", type="primary", icon=":material/publish:", on_click=_publish, args=(desk,)
        )
        st.button("Not yet", on_click=_close)


def who_is_affected(found: Affected, number: int) -> str:
    """In words, whom a new version concerns and whom not."""
    before, many, name = found.published.row.number, found.reading, wording.inside(found.instrument)
    if many:
        people = "1 person reads" if many == 1 else f"{say.number(many)} people read"
        now = f"{people} version {before} right now, must review what changed, and signs version {number}"
        now = now if many == 1 else now.replace("and signs", "and sign")
    else:
        now = f"Nobody is reading version {before} right now; whoever opens the {name} next reads version {number}"
    return f"{now}. {_what_stays(found.valid, name)}"


def _what_stays(valid: int, name: str) -> str:
    if not valid:
        return "Nothing that was signed before changes."
    if valid == 1:
        return f"The 1 valid {name} that is signed already stays as signed."
    return f"The {say.number(valid)} valid {name}s that are signed already stay as signed."


def _publish(desk: Desk) -> None:
    if ASKING not in st.session_state:
        return
    done = f"Version {desk.number} is signed from now on"
    if shell.act(text_service.publish, version=desk.version, instrument=desk.instrument, done=done) is None:
        st.session_state[REFUSED] = shell.refusal()
        return
    text_desk.clear(desk.instrument)
    _close()


def _ask_to_discard(desk: Desk, published: int) -> None:
    if ASKING not in st.session_state:
        st.rerun()
    shell.say_refusal(plain(st.session_state.pop(REFUSED, None) or ""))
    st.markdown(
        f"Everything written in the draft of version {desk.number} is lost, in every clause and both languages. "
        f"Version {published} stays in force."
    )
    with st.container(horizontal=True):
        st.button("Discard draft", type="primary", icon=":material/delete:", on_click=_discard, args=(desk,))
        st.button("Keep it", on_click=_close)


def _discard(desk: Desk) -> None:
    if ASKING not in st.session_state:
        return
    shell.act(text_service.discard_draft, version=desk.version, instrument=desk.instrument, done="Draft discarded")
    if text := shell.refusal():
        st.session_state[REFUSED] = text
        return
    text_desk.clear(desk.instrument)
    _close()


def _close() -> None:
    st.session_state.pop(ASKING, None)
