"""Would it stand up? Recomputing every hash of one NDA, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import streamlit as st

from admin_app import shell
from core import format as say
from core.clock import now
from core.i18n import t
from core.nda import evidence_service
from core.nda.evidence_service import Check

FOUND = "nda.verdict"


@dataclass(frozen=True)
class Found:
    """What was recomputed of which NDA, and when."""

    nda_id: UUID
    checks: tuple[Check, ...]
    at: datetime

    @property
    def failed(self) -> int:
        """How many checks failed."""
        return sum(not check.ok for check in self.checks)


def verify(nda_id: UUID) -> None:
    """Recompute everything now; from a callback."""
    checks = shell.act(evidence_service.check, nda_id, done="")
    if checks is not None:
        st.session_state[FOUND] = Found(nda_id, tuple(checks), now())


def draw(nda_id: UUID, *, reference: str, zone: str) -> None:
    """The verdict in one sentence, then each check with its reason; nothing before the first verification."""
    found: Found | None = st.session_state.get(FOUND)
    if found is None or found.nda_id != nda_id:
        return
    sentence = verdict(found, reference=reference, time=say.clock_time(found.at, zone=zone))
    if found.failed:
        st.error(sentence, icon=":material/gpp_bad:")
    else:
        st.success(sentence, icon=":material/verified_user:")
    st.markdown("  \n".join(line(check) for check in found.checks))


def verdict(found: Found, *, reference: str, time: str) -> str:
    """Whether it stands, in one sentence."""
    many = len(found.checks)
    if not found.failed:
        return f"**{reference} stands**: all {many} checks passed at {time}."
    return (
        f"**{reference} does not stand as it is kept**: {found.failed} of {many} checks failed at {time}. Keep a copy "
        "of the database and of the documents as they are now, and find out who can write to them."
    )


def line(check: Check) -> str:
    """One check with its sign, and why it failed."""
    sign = ":green[**✓**]" if check.ok else ":red[**✕**]"
    why = f": {t(check.reason_key)}" if check.reason_key and not check.ok else ""
    return f"{sign} {t(f'nda.check.{check.key}')}{why}"
