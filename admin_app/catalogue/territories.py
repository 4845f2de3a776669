"""The territories: a table, and a territory in a dialog."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.catalogue.chosen import chosen, forget, prefill, typed
from admin_app.partner.once import act_once
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.picker import close, picker
from admin_app.widgets.plain import plain
from core import format as shown
from core.deals import catalogue
from core.deals.catalogue import NewTerritory
from core.deals.catalogue_queries import TerritoryRow

PARAM, TABLE, PREFIX, ADDING = (
    "territory",
    "catalogue.territories",
    "catalogue.territory.",
    "catalogue.adding_territory",
)
Resellers = Mapping[UUID, str]


def begin() -> None:
    """Open the form for a new territory; from a callback."""
    _close()
    st.session_state[ADDING] = True


def draw(rows: Sequence[TerritoryRow], *, resellers: Resellers, manages: bool, zone: str) -> None:
    """The table, and the territory that is open. ``resellers``: to whom one may be given."""
    if rows:
        _table(rows, zone)
    else:
        text = "There are no territories yet. A deal is always in one, and one may be a single partner's."
        first = "Add the first territory" if manages else None
        empty_state(text, action=first, on_click=begin, icon=":material/map:")
    row = chosen(rows, PARAM)
    if manages and st.session_state.get(ADDING):
        st.dialog("Add a territory", icon=":material/map:", on_dismiss=_close)(_one)(None, True, resellers)
    elif row:
        st.dialog(plain(row.name), icon=":material/map:", on_dismiss=_close)(_one)(row, manages, resellers)


def _table(rows: Sequence[TerritoryRow], zone: str) -> None:
    picker(
        columns={
            "Territory": [row.name for row in rows],
            "Who sells there": [
                f"{row.exclusive_partner} alone" if row.exclusive_partner else "All resellers" for row in rows
            ],
            "State": [_state(row, zone) for row in rows],
            "In Arabic": [row.name_ar for row in rows],
        },
        ids=[str(row.id) for row in rows],
        param=PARAM,
        key=TABLE,
        alt="The territories: name, who may sell there, offered or withdrawn, name in Arabic",
    )


def _state(row: TerritoryRow, zone: str) -> str:
    return f"Withdrawn {shown.day(row.withdrawn_at, zone=zone)}" if row.withdrawn_at else "Offered"


def _one(row: TerritoryRow | None, manages: bool, resellers: Resellers) -> None:
    if not (st.session_state.get(ADDING) if row is None else st.query_params.get(PARAM) == str(row.id)):
        st.rerun()
    shell.say_refusal()
    texts = {"name": row.name, "name_ar": row.name_ar} if row else {"name": "", "name_ar": ""}
    holder = row.exclusive_partner_id if row else None
    prefill(PREFIX, {**texts, "holder": holder, "version": row.version if row else None})
    with st.form("catalogue.territory_form", border=False):
        _fields(row, resellers, disabled=not manages)
        if manages:
            label = "Add territory" if row is None else "Save"
            st.form_submit_button(label, type="primary", on_click=_save, args=(row,))
    if row and manages:
        _offer_or_withdraw(row)


def _fields(row: TerritoryRow | None, resellers: Resellers, *, disabled: bool) -> None:
    english, arabic = st.columns(2)
    english.text_input("Name", key=f"{PREFIX}name", max_chars=120, disabled=disabled)
    arabic.text_input("Name in Arabic", key=f"{PREFIX}name_ar", max_chars=120, disabled=disabled)
    names = dict(resellers)
    if row and row.exclusive_partner_id:
        names.setdefault(row.exclusive_partner_id, row.exclusive_partner)
    st.selectbox(
        "Who sells there",
        [None, *names],
        format_func=lambda one: f"{names[one]} alone" if one else "All resellers",
        key=f"{PREFIX}holder",
        disabled=disabled,
    )
    if not disabled:
        st.caption("A deal of anybody else in a territory that is one partner's alone is shown as colliding in review.")


def _offer_or_withdraw(row: TerritoryRow) -> None:
    if row.withdrawn_at:
        st.button("Offer it again", icon=":material/undo:", on_click=_restore, args=(row,))
        return
    tip = "It is offered for no new deal. Deals that are in it go on, and it can come back."
    st.button("Withdraw", icon=":material/block:", on_click=_withdraw, args=(row,), help=tip)


def _save(row: TerritoryRow | None) -> None:
    inputs = typed(PREFIX, "name", "name_ar", "holder", "version")
    if inputs is None:
        return
    territory = NewTerritory(inputs["name"], inputs["name_ar"], inputs["holder"])
    done = f"{plain(territory.name)} is {'saved' if row else 'added'}"
    about = {"territory": territory, "version": inputs["version"]}
    if act_once(("territory", row, territory), catalogue.save_territory, row.id if row else None, done=done, **about):
        _close()


def _withdraw(row: TerritoryRow) -> None:
    if shell.act(catalogue.withdraw_territory, row.id, done=f"{plain(row.name)} is withdrawn"):
        _close()


def _restore(row: TerritoryRow) -> None:
    if shell.act(catalogue.restore_territory, row.id, done=f"{plain(row.name)} is offered again"):
        _close()


def _close() -> None:
    close(PARAM, key=TABLE)
    forget(PREFIX, ADDING)
