"""Certificates as their holder sees them: to save, and to have checked."""

from collections.abc import Sequence
from uuid import UUID

import streamlit as st

from core.training.certifying import check_address
from core.training.held import CertificationRow
from core.training.validity import State
from training_view.files import CERTIFICATES
from training_view.learner import Learner
from training_view.wording import Colour

_COLOURS: dict[State, Colour] = {
    State.VALID: "green",
    State.EXPIRING: "orange",
    State.EXPIRED: "gray",
    State.REVOKED: "red",
}


def draw_one(learner: Learner, row: CertificationRow) -> None:
    """A certificate that was just given, or that is held in a module."""
    with st.container(border=True, key=f"training-certificate-{row.id}"):
        _head(learner, row, learner.joined(learner.say("certificate"), row.reference))
        _ways(learner, row, label=learner.say("certificate.file"))


def draw_all(learner: Learner, rows: Sequence[CertificationRow]) -> None:
    """Every certificate, the newest first."""
    for row in rows:
        with st.container(border=True, key=f"training-held-{row.id}", gap="xsmall"):
            _head(learner, row, learner.plain(learner.named(row.module, row.module_ar)))
            st.caption(learner.joined(row.reference, learner.say("passed_on", day=learner.day(row.completed_at))))
            if row.revoked_at is None:
                _ways(learner, row, label=learner.say("certificate.pdf", reference=row.reference))


def _head(learner: Learner, row: CertificationRow, name: str) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(f"**{name}**", width="content")
        st.badge(learner.plain(_standing(learner, row)), color=_COLOURS[row.standing.state])


def _standing(learner: Learner, row: CertificationRow) -> str:
    if row.revoked_at is not None:
        return learner.say("where.revoked", day=learner.day(row.revoked_at))
    key = "expired" if row.standing.state is State.EXPIRED else "valid"
    return learner.say(f"where.{key}", day=learner.day(row.valid_until))


def _ways(learner: Learner, row: CertificationRow, *, label: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.link_button(label, f"{CERTIFICATES}{row.id}", icon=":material/download:")
        st.link_button(
            learner.say("certificate.check"), check_address(row.code), type="tertiary", icon=":material/verified:"
        )


def found(rows: Sequence[CertificationRow], certification_id: UUID | None) -> CertificationRow | None:
    """The one with an id, unless it was revoked."""
    return next((row for row in rows if row.id == certification_id and row.revoked_at is None), None)
