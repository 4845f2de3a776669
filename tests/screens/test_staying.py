"""The watch over what moves sees what moves, and lets pass what keeps its place."""

import pytest
from streamlit.testing.v1 import AppTest


def _greeting(*, has_place: bool) -> None:
    import streamlit as st

    name = st.text_input("Name")
    if has_place:
        with st.container():
            if name:
                st.write(f"Hello {name}")
    elif name:
        st.write(f"Hello {name}")
    with st.container(horizontal=True):
        st.text_input("Code")


def _refusing(*, has_place: bool) -> None:
    import streamlit as st

    refused = st.session_state.get("refused", False)
    if has_place:
        with st.container():
            if refused:
                st.error("Choose a file first.")
    elif refused:
        st.error("Choose a file first.")
    with st.container(border=True):
        st.button("Add", on_click=lambda: st.session_state.update(refused=True))


def test_a_field_behind_what_appears_moves() -> None:
    screen = AppTest.from_function(_greeting, kwargs={"has_place": False}).run()
    with pytest.raises(AssertionError, match="text_input Code"):
        screen.text_input[0].set_value("Salma").run()


def test_a_button_that_was_refused_moves() -> None:
    screen = AppTest.from_function(_refusing, kwargs={"has_place": False}).run()
    with pytest.raises(AssertionError, match="button Add"):
        screen.button[0].click().run()


def test_what_has_a_place_of_its_own_moves_nothing() -> None:
    screen = AppTest.from_function(_greeting, kwargs={"has_place": True}).run()
    assert screen.text_input[0].set_value("Salma").run().markdown[0].value == "Hello Salma"
    screen = AppTest.from_function(_refusing, kwargs={"has_place": True}).run()
    assert screen.button[0].click().run().error[0].value == "Choose a file first."
