"""Deciding several deals together: what it would decide is said first, then each is decided on its own.

Each deal has a transaction of its own, so that one that is refused stops no other. The work is done while the dialog
is drawn, one deal after the other with its bar; a deal leaves the list before it is decided, and carries the version it
was seen at, so that a run that is repeated decides nothing twice.
"""

from dataclasses import dataclass, field
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.intents import wording
from admin_app.intents.deciding import VERBS
from admin_app.widgets.grid import uncheck
from admin_app.widgets.plain import plain
from core import format as say
from core.deals import queries
from core.deals.bulk import Choice, decide_many
from core.deals.queries import Chosen, DealRow
from core.deals.states import Verdict
from core.deals.terms import flat

ASKING = "intents.bulk"
PCT, NOTE = "intents.bulk.pct", "intents.bulk.note"


@dataclass
class Batch:
    """Deals that are decided together. ``left``: still to do; ``done``: each with why it was refused, "" if it was not.

    ``told``: the rate and the note; None until the button was pressed.
    """

    verdict: Verdict
    ids: list[UUID]
    left: list[DealRow] = field(default_factory=list)
    done: list[tuple[DealRow, str]] = field(default_factory=list)
    told: tuple[str, str] | None = None


def draw(checked: tuple[str, ...], *, key: str) -> None:
    """The row of buttons for what is checked; ``key`` is the grid's."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        for verdict in (Verdict.APPROVED, Verdict.RETURNED, Verdict.REJECTED):
            label = f"{VERBS[verdict]} {wording.many(len(checked), 'deal')}…"
            st.button(label, key=f"intents.bulk.{verdict}", on_click=_begin, args=(verdict, checked))
        st.button(
            "", key="intents.uncheck", type="tertiary", icon=":material/close:", help="Uncheck all of them",
            on_click=uncheck, args=(key,),
        )  # fmt: skip


def _begin(verdict: Verdict, checked: tuple[str, ...]) -> None:
    st.session_state[ASKING] = Batch(verdict, [UUID(one) for one in checked])


def ask_when_open(*, key: str) -> None:
    """The dialog, while there is something to decide or to read."""
    batch: Batch | None = st.session_state.get(ASKING)
    if batch:
        many = wording.many(len(batch.ids), "deal")
        st.dialog(f"{VERBS[batch.verdict]} {many}", width="medium", on_dismiss=_close)(_dialog)(batch, key)


def _dialog(batch: Batch, key: str) -> None:
    if st.session_state.get(ASKING) is not batch:
        st.rerun()
    if batch.told is None:
        return _summary(batch, shell.read(queries.chosen, batch.ids))
    _work(batch)
    return _results(batch, key)


def _summary(batch: Batch, found: Chosen) -> None:
    approves = batch.verdict is Verdict.APPROVED
    sums = ", ".join(say.money(amount, currency) for currency, amount in found.sums.items())
    partners = wording.many(len(found.partners), "partner")
    st.markdown(f"**{wording.many(len(found.rows), 'deal')}** of {partners}, {sums or 'nothing left'} in all.")
    if found.gone:
        st.caption(f"{wording.many(found.gone, 'deal')} of those you checked wait no more and are left out.")
    st.dataframe(
        {
            "Deal": [row.reference for row in found.rows],
            "Customer": [row.customer for row in found.rows],
            "Partner": [row.partner for row in found.rows],
            "Amount": [say.money(row.amount, row.currency) for row in found.rows],
        },
        hide_index=True,
        height=min(38 * (len(found.rows) + 1), 260),
    )
    st.markdown(_consequence(batch.verdict))
    with st.form("intents.bulk.form", border=False, enter_to_submit=False):
        if approves:
            st.text_input("One rate for all (%)", key=PCT, placeholder="Empty: each partner's own", max_chars=12)
        st.text_area("Note to the partners" if approves else "Why? The partners read it", key=NOTE, max_chars=2000)
        with st.container(horizontal=True):
            verb = f"{VERBS[batch.verdict]} {wording.many(len(found.rows), 'deal')}"
            st.form_submit_button(
                verb, type="primary", on_click=_start, args=(batch, found.rows), disabled=not found.rows
            )
            st.form_submit_button("Not now", on_click=_close)


def _consequence(verdict: Verdict) -> str:
    if verdict is Verdict.APPROVED:
        return (
            "Each becomes a quote with its commission locked in, its customer is protected for 90 days, and its "
            "contact gets a mail. A deal with something protected in its way is refused here; decide it alone, with a "
            "reason."
        )
    ends = "is closed for good" if verdict is Verdict.REJECTED else "goes back to its contact"
    return f"Each {ends}, with a mail that carries your words."


def _start(batch: Batch, rows: list[DealRow]) -> None:
    if batch.told is None:
        batch.told = (st.session_state.get(PCT, "").strip(), st.session_state[NOTE])
        batch.left = list(rows)


def _work(batch: Batch) -> None:
    whole = len(batch.left) + len(batch.done)
    bar = st.progress(len(batch.done) / whole, text="") if batch.left else None
    while batch.left and bar:
        row = batch.left.pop(0)
        bar.progress((len(batch.done) + 1) / whole, text=f"{len(batch.done) + 1} of {whole}: {plain(row.customer)}")
        batch.done.append((row, _decide(row, batch)))
    if bar:
        bar.empty()


def _decide(row: DealRow, batch: Batch) -> str:
    """Decide one; why it was refused, or nothing."""
    pct, note = batch.told or ("", "")
    how = flat(pct or _own_rate(row)) if batch.verdict is Verdict.APPROVED else None
    choice = Choice(row.id, row.version, row.reference)
    outcome = decide_many([choice], verdict=batch.verdict, terms=how, note=note, by=shell.actor())[0]
    return outcome.refusal.message if outcome.refusal else ""


def _own_rate(row: DealRow) -> str:
    partner = shell.read(queries.intent, row.id).partner
    return wording.rate(partner.default_commission_pct) if partner else ""


def _results(batch: Batch, key: str) -> None:
    refused = [(row, why) for row, why in batch.done if why]
    verdict = wording.VERDICTS[batch.verdict].lower()
    if (good := len(batch.done) - len(refused)) > 0:
        st.success(f"{wording.many(good, 'deal')} {verdict}.", icon=":material/check:")
    if refused:
        st.error(f"{wording.many(len(refused), 'deal')} refused; nothing changed there.", icon=":material/block:")
    lines = [
        f"- {':red[✕]' if why else ':green[✓]'} **{row.reference}** {plain(row.customer)}: {plain(why) or verdict}"
        for row, why in batch.done
    ]
    st.markdown("\n".join(lines))
    st.button("Close", type="primary", on_click=_finish, args=(key,))


def _finish(key: str) -> None:
    uncheck(key)
    _close()


def _close() -> None:
    for name in (ASKING, PCT, NOTE):
        st.session_state.pop(name, None)
