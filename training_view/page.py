"""The learner's page in both apps: the list, one module (``?id=``), or one attempt (``?attempt=``) with its result."""

from uuid import UUID

import streamlit as st

from core.db import Reads
from core.errors import NotFound
from core.training import learning, my_modules
from core.training.held import CertificationRow
from core.training.my_modules import MyModule
from core.training.results import Result, Sitting
from training_view import certificates, lesson, listing, outcome, sitting
from training_view.learner import Learner
from training_view.style import quiet


def draw(learner: Learner) -> None:
    """What the address asks for."""
    quiet()
    with st.container(key="training-page"):
        if attempt_id := _named("attempt"):
            _attempt(learner, attempt_id)
        elif module_id := _named("id"):
            lesson.draw(learner, module_id)
        elif "attempt" in st.query_params or "id" in st.query_params:
            learner.way(learner.shown("back"))
            st.info(learner.shown("none"), icon=":material/search_off:")
        else:
            listing.draw(learner)


def _named(param: str) -> UUID | None:
    try:
        return UUID(st.query_params.get(param, ""))
    except ValueError:
        return None


def _attempt(learner: Learner, attempt_id: UUID) -> None:
    found: Sitting = learner.read(learning.my_attempt, attempt_id)
    if not found.finished:
        sitting.draw(learner, found)
        return
    result, held, about = learner.read(_came_of, attempt_id)
    outcome.draw(learner, result, held=held, about=about)


def _came_of(session: Reads, attempt_id: UUID) -> tuple[Result | None, CertificationRow | None, MyModule | None]:
    """The result, the certificate it gave, and the module, while that is still offered."""
    result = learning.my_result(session, attempt_id)
    if result is None:
        return None, None, None
    held = my_modules.my_certifications(session) if result.certification_id else []
    try:
        about = my_modules.my_module(session, result.module_id).about
    except NotFound:
        about = None
    return result, certificates.found(held, result.certification_id), about
