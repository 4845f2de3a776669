"""Adding a training: its name, whom it is for and what it takes; the rest is written on its page."""

import streamlit as st

from admin_app import shell
from admin_app.catalogue.chosen import forget, prefill, typed
from admin_app.partner.once import act_once
from admin_app.training import module_form
from admin_app.widgets.plain import plain
from core.training import service
from core.training.service import NewModule

PREFIX, OPEN, MADE = "training.new.", "training.adding", "training.made"


def begin() -> None:
    """Open the form; from a callback."""
    forget(PREFIX)
    st.session_state[OPEN] = True


def ask_when_open() -> None:
    """The dialog, while it is open; once the training is added, its page opens."""
    if made := st.session_state.pop(MADE, None):
        st.switch_page("views/training_module.py", query_params={"id": made})
    if st.session_state.get(OPEN):
        st.dialog("Add training", icon=":material/school:", width="medium", on_dismiss=_close)(_form)()


def _form() -> None:
    if not st.session_state.get(OPEN):
        st.rerun()
    shell.say_refusal()
    prefill(PREFIX, module_form.values_of(NewModule("")))
    module_form.first(PREFIX)
    st.caption("Next you write its content and its quiz. Learners see it once the quiz is published.")
    st.button("Add training", type="primary", key="training.add", on_click=_add)


def _add() -> None:
    given = typed(PREFIX, *module_form.FIRST)
    if given is None:
        return
    rest = {name: getattr(NewModule(""), name) for name in module_form.REST}
    module = module_form.module_in({**rest, **given})
    made = act_once(
        ("training", module), service.add_module, module=module, done=f"{plain(module.name)} is added. Write its quiz."
    )
    if made:
        _close()
        st.session_state[MADE] = str(made)


def _close() -> None:
    forget(PREFIX, OPEN)
