"""The form of a space: its name and whom it is for, with one sentence that says who will see it."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.catalogue.chosen import forget, prefill, typed
from admin_app.library.wording import NOUNS, will_see
from admin_app.partner.once import act_once
from admin_app.widgets.plain import plain
from core.actor import ContactRole
from core.library import queries, service
from core.library.queries import SpaceRow
from core.library.spaces import NewSpace
from core.vault.visibility import PRICE_READERS, READERS, Audience

PREFIX, OPEN = "library.space.", "library.editing"
EVERY_RESELLER = "All resellers"
"""The choice that names none; it is a text because a box with nothing chosen asks for a choice."""
FIELDS = ("name", "name_ar", "partner", "roles", "holds_prices")


def begin() -> None:
    """Open the form; from a callback."""
    forget(PREFIX)
    st.session_state[OPEN] = True


def ask_when_open(row: SpaceRow | None) -> None:
    """The dialog, while it is open. ``row``: the space that is edited, None: a new one."""
    if st.session_state.get(OPEN):
        title = "Who sees this space" if row else "Open a space"
        st.dialog(title, icon=":material/library_books:", width="medium", on_dismiss=_close)(_form)(row)


def _form(row: SpaceRow | None) -> None:
    if not st.session_state.get(OPEN):
        st.rerun()
    shell.say_refusal()
    resellers = dict(shell.read(queries.active_resellers))
    if row and row.audience.partner_id:
        resellers.setdefault(row.audience.partner_id, row.partner)
    prefill(PREFIX, _values(row))
    english, arabic = st.columns(2)
    english.text_input("Name", key=f"{PREFIX}name", max_chars=120, placeholder="Sales collateral")
    arabic.text_input("Name in Arabic", key=f"{PREFIX}name_ar", max_chars=120)
    st.selectbox(
        "For",
        [EVERY_RESELLER, *resellers],
        format_func=lambda one: EVERY_RESELLER if one == EVERY_RESELLER else resellers[one],
        key=f"{PREFIX}partner",
        help="One reseller is chosen among the active ones.",
    )
    st.checkbox(
        "Holds prices",
        key=f"{PREFIX}holds_prices",
        on_change=_leave_out_who_sees_none,
        help="Only for roles that see money, and on a new device only after the mailed code.",
    )
    _roles()
    _who_will_see(resellers)
    st.button("Save" if row else "Open the space", type="primary", on_click=_save, args=(row,))


def _values(row: SpaceRow | None) -> dict[str, object]:
    if row is None:
        return {"name": "", "name_ar": "", "partner": EVERY_RESELLER, "roles": [], "holds_prices": False}
    named = row.audience.named_roles
    offered = _offered(row.audience.holds_prices)
    roles = [] if named == set(offered) else [role for role in offered if role in named]
    facts = {"name": row.name, "name_ar": row.name_ar, "partner": row.audience.partner_id or EVERY_RESELLER}
    return {**facts, "roles": roles, "holds_prices": row.audience.holds_prices}


def _offered(holds_prices: bool) -> Sequence[ContactRole]:
    return PRICE_READERS if holds_prices else READERS


def _leave_out_who_sees_none() -> None:
    """Let go of the roles that see no prices, from the callback of the box."""
    offered = _offered(bool(st.session_state[f"{PREFIX}holds_prices"]))
    st.session_state[f"{PREFIX}roles"] = [role for role in st.session_state[f"{PREFIX}roles"] if role in offered]


def _roles() -> None:
    st.pills(
        "Roles",
        _offered(bool(st.session_state[f"{PREFIX}holds_prices"])),
        selection_mode="multi",
        format_func=lambda role: NOUNS[role][1].capitalize(),
        key=f"{PREFIX}roles",
        help="None chosen: every role here. Viewers never see documents.",
    )


def _who_will_see(resellers: dict[UUID, str]) -> None:
    asked = _asked()
    reached = shell.read(
        queries.would_reach, partner_id=asked.partner_id, roles=asked.roles, holds_prices=asked.holds_prices
    )
    name = resellers.get(asked.partner_id, "") if asked.partner_id else ""
    audience = Audience(asked.partner_id, asked.partner_id is None, asked.role_rule(), asked.holds_prices)
    st.info(plain(will_see(reached, audience, name)), icon=":material/visibility:")


def _asked() -> NewSpace:
    """What stands in the form now."""
    given = {name: st.session_state.get(f"{PREFIX}{name}") for name in FIELDS}
    return NewSpace(
        str(given["name"] or ""),
        str(given["name_ar"] or ""),
        None if given["partner"] == EVERY_RESELLER else given["partner"],
        tuple(given["roles"] or ()),
        bool(given["holds_prices"]),
    )


def _save(row: SpaceRow | None) -> None:
    if typed(PREFIX, *FIELDS) is None:
        return
    space = _asked()
    key, name = ("space", row and row.id, row and row.version, space), plain(space.name)
    if row is None:
        made = act_once(key, service.add_space, space=space, done=f"{name} is open. Add its first document.")
        if made:
            _close()
            st.query_params["space"] = str(made)
    elif act_once(key, service.change_space, row.id, space=space, version=row.version, done=f"{name} is saved"):
        _close()


def _close() -> None:
    forget(PREFIX, OPEN)
