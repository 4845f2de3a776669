"""Training: what is taught to whom, who holds it, and which quiz is not published yet?"""

import streamlit as st

from admin_app import shell
from admin_app.training import adding, wording
from admin_app.widgets.empty_state import empty_state
from admin_app.widgets.heading import heading
from core import format as say
from core.actor import Act
from core.training import queries
from core.training.queries import ModuleRow

TABLE = "training.modules"


def facts(rows: list[ModuleRow]) -> str:
    """How many are offered, how many certificates count, and what is waiting."""
    if not rows:
        return "What resellers' people and your own staff learn, and are certified in"
    live = [row for row in rows if row.published and not row.withdrawn_at]
    held, expiring = sum(row.certified for row in rows), sum(row.expiring for row in rows)
    parts = [f"{wording.many(len(live), 'training')} offered", f"{wording.many(held, 'certificate')} valid"]
    parts += [f"{say.number(expiring)} of them ending soon"] if expiring else []
    if drafts := sum(row.has_draft for row in rows):
        parts.append(f"{wording.many(drafts, 'draft')} not published")
    return " · ".join(parts)


def state(row: ModuleRow) -> str:
    """Where its quiz stands."""
    if row.withdrawn_at:
        return f"Withdrawn {say.day(row.withdrawn_at, zone=zone)}"
    if row.published is None:
        return "Draft" if row.has_draft else "No quiz yet"
    return f"Version {row.published}, draft" if row.has_draft else f"Version {row.published}"


def certified(row: ModuleRow) -> str:
    """How many hold it, and for how many of them it ends soon."""
    soon = f", {say.number(row.expiring)} ending soon" if row.expiring else ""
    return f"{say.number(row.certified)}{soon}"


def draw_table(rows: list[ModuleRow]) -> None:
    """Every training; a chosen row opens."""
    event = st.dataframe(
        {
            "Training": [row.name for row in rows],
            "Quiz": [state(row) for row in rows],
            "Questions": [row.questions for row in rows],
            "Certified": [certified(row) for row in rows],
            "Attempts": [row.attempts for row in rows],
            "Pass": [f"{row.pass_pct}%" for row in rows],
            "Valid": [f"{say.number(row.valid_for_days)} d" for row in rows],
            "Kind": [wording.KINDS[row.kind] for row in rows],
            "Required of": [wording.required(row.required_roles) for row in rows],
        },
        column_config={
            "Training": st.column_config.TextColumn(pinned=True, width=210),
            "Quiz": st.column_config.TextColumn(width=105),
            "Questions": st.column_config.NumberColumn(width=80),
            "Attempts": st.column_config.NumberColumn(width=75, help="Attempts that were finished"),
            "Pass": st.column_config.TextColumn(width=55, alignment="right", help="The pass mark"),
            "Valid": st.column_config.TextColumn(width=65, alignment="right", help="How long a certificate is valid"),
            "Kind": st.column_config.TextColumn(width=140),
            "Required of": st.column_config.TextColumn(width="large"),
        },
        hide_index=True,
        height="content" if len(rows) < 16 else 600,
        placeholder="–",
        on_select="rerun",
        selection_mode="single-row",
        key=TABLE,
        alt="Trainings: where the quiz stands, for whom, what it takes, how many are certified",
    )
    if chosen := event["selection"]["rows"]:
        st.switch_page("views/training_module.py", query_params={"id": str(rows[chosen[0]].id)})


writes, zone = shell.may(Act.WRITE_TRAINING), shell.here().zone
rows = shell.read(queries.modules)
action = "Add training" if writes else ""
heading("Training", facts=facts(rows), action=action, on_click=adding.begin, icon=":material/add:")
if rows:
    draw_table(rows)
    st.caption("Tick a row to open the training.")
else:
    text = "Nothing is taught yet. A training has content to read and a quiz; who passes gets a certificate."
    action = "Add the first training" if writes else ""
    empty_state(text, action=action or None, on_click=adding.begin, icon=":material/school:")
if writes:
    adding.ask_when_open()
