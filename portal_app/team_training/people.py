"""Who of the team stands where: the picture of it, then each person and training, with the certificate to save."""

from collections.abc import Sequence

import streamlit as st

from core import format as say
from core.proposals.content import plain_text
from core.training.my_modules import Where
from core.training.team import TeamRow
from core.training.team_figures import Figures
from portal_app.deals.page import Page
from portal_app.widgets.ledger import Line, ledger
from portal_app.widgets.tally import Bar, tally
from training_view.files import CERTIFICATES

TONES = {Where.VALID: "good", Where.EXPIRING: "attention", Where.EXPIRED: "stop", Where.MISSING: "news"}
PARAM = "standing"


def counts(figures: Figures) -> dict[Where, int]:
    """How many stand where, what is to be done first."""
    return {
        Where.MISSING: figures.missing, Where.EXPIRED: figures.expired, Where.EXPIRING: figures.expiring,
        Where.VALID: figures.valid,
    }  # fmt: skip


def facts(page: Page, figures: Figures) -> str:
    """One line: how many people learn, and how many certificates count."""
    said = page.say("facts", people=figures.learners, certified=figures.certified, of=figures.every)
    return plain_text(said)


def draw_picture(page: Page, figures: Figures) -> None:
    """A bar for each state there is; it leads to those who stand there."""
    found = {where: count for where, count in counts(figures).items() if count}
    most = max(found.values())
    bars = [
        Bar(
            name=page.say(f"where.{where}"),
            figure=say.number(count, language=page.language),
            share=count / most,
            tone=TONES[where],
            href=page.address("team_training", standing=where.value),
        )
        for where, count in found.items()
    ]
    tally(bars=bars, label=page.say("picture"), key="team-training-picture")


def draw_rows(page: Page, rows: Sequence[TeamRow]) -> None:
    """A line for each person and training."""
    ledger(lines=[_line(page, row) for row in rows], label=page.say("title"), key="team-training-list")


def _line(page: Page, row: TeamRow) -> Line:
    holds = row.where in (Where.VALID, Where.EXPIRING)
    own = page.address("training", id=row.module_id) if row.learner_id == page.by.id else ""
    return Line(
        title=row.name,
        lead=page.word(f"role.{row.role}"),
        text=page.named(row.module, row.module_ar),
        mark=_mark(page, row),
        tone=TONES[row.where] if row.is_required or row.where is not Where.MISSING else "",
        href=own,
        link=page.say("certificate", reference=row.reference) if holds else "",
        link_href=f"{CERTIFICATES}{row.certification_id}" if holds else "",
    )


def _mark(page: Page, row: TeamRow) -> str:
    if row.where is Where.EXPIRING:
        return page.say("days", count=row.days_left) if row.days_left else page.say("today")
    if row.valid_until is None:
        return page.say("where.missing")
    return page.say("until" if row.where is Where.VALID else "ended", day=page.day(row.valid_until))


def draw_filter(page: Page, figures: Figures, chosen: Where | None) -> None:
    """Where they stand, to choose one; the address says which."""
    found = [where for where, count in counts(figures).items() if count or where is chosen]
    st.session_state["team_training.standing"] = chosen
    st.pills(
        page.say("filter"),
        found,
        format_func=lambda where: f"{page.say(f'where.{where}')} {counts(figures)[where]}",
        key="team_training.standing",
        on_change=_choose,
        label_visibility="collapsed",
    )


def _choose() -> None:
    st.query_params.pop("page", None)
    if chosen := st.session_state.get("team_training.standing"):
        st.query_params[PARAM] = chosen.value
    else:
        st.query_params.pop(PARAM, None)


def show_all() -> None:
    """Show everybody again; from a callback."""
    st.query_params.pop("page", None)
    st.query_params.pop(PARAM, None)


def turn() -> None:
    """Go to another page of the list; from a callback."""
    st.query_params["page"] = str(st.session_state["team_training.page"])
