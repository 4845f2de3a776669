"""One question as the learner sees it; the author's preview is this same drawing."""

from collections.abc import Callable

import streamlit as st

from core.i18n import is_rtl, t
from core.proposals.content import plain_markdown, plain_text
from core.training.results import SittingChoice, SittingQuestion
from training_view.style import quiet

PICTURES = "/training/pictures/"


def question(
    one: SittingQuestion,
    *,
    of: int,
    language: str,
    key: str,
    pictures: str = PICTURES,
    on_choose: Callable[[], None] | None = None,
    is_open: bool = True,
) -> None:
    """Draw a question: how far one is, its text, picture and code, and its choices under ``key``.

    The state at ``key`` is the number of the choice. ``on_choose``: keeps it, from a callback; what is drawn is then
    always what was kept. Without it nothing is kept, as in a preview. ``is_open`` False: it can be looked at alone.
    """
    quiet(key)
    if (on_choose is not None or not is_open) and st.session_state.get(key) != one.answer:
        st.session_state[key] = one.answer
    place = {"number": one.number, "of": of}
    with st.container(key=f"training-question-{key}", gap="medium"):
        st.progress(one.number / of if of else 0.0, text=t("training.question.place", language, **place))
        with st.container(key=f"training-text-{key}", gap="medium"):
            st.markdown(plain_markdown(_in(language, one.text, one.text_ar)), anchors=False)
            if one.image:
                said = plain_text(t("training.question.picture", language, number=one.number))
                st.markdown(f"![{said}]({pictures}{one.image})", anchors=False)
        if one.code:
            st.code(one.code, language=one.code_language or None, wrap_lines=True)
        _choices(one, language=language, key=key, on_choose=on_choose, is_open=is_open)


def _choices(
    one: SittingQuestion, *, language: str, key: str, on_choose: Callable[[], None] | None, is_open: bool
) -> None:
    labels = {choice.number: _label(choice, language) for choice in one.choices}
    st.radio(
        t("training.question.choices", language, number=one.number),
        list(labels),
        index=None,
        format_func=labels.__getitem__,
        key=key,
        on_change=on_choose or "rerun",
        disabled=not is_open,
        label_visibility="collapsed",
        width="stretch",
    )


def _label(choice: SittingChoice, language: str) -> str:
    return plain_text(_in(language, choice.text, choice.text_ar))


def _in(language: str, text: str, text_ar: str) -> str:
    return text_ar if is_rtl(language) and text_ar else text
