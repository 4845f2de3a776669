"""Team: who may do what, and who is signed in?"""

from uuid import UUID

import streamlit as st

from admin_app import shell
from admin_app.team import colleague, own_sessions
from admin_app.widgets.heading import heading
from admin_app.widgets.picker import picker
from core import format as shown
from core.access.queries import OpenSession
from core.access.queries import own_sessions as read_own_sessions
from core.actor import Act, Actor, Role, actor_of, allowed
from core.companies import queries
from core.companies.queries import CompanyRow, Member
from core.db import Reads
from core.i18n import t


def _page(session: Reads) -> tuple[Actor, CompanyRow, list[Member], list[OpenSession]]:
    return actor_of(session), queries.company(session), queries.team(session), read_own_sessions(session)


def _find(people: list[Member], text: str) -> Member | None:
    try:
        wanted = UUID(text)
    except ValueError:
        return None
    return next((person for person in people if person.id == wanted), None)


def _state(person: Member, zone: str) -> str:
    return f"Disabled {shown.day(person.disabled_at, zone=zone)}" if person.disabled_at else "Enabled"


actor, company, people, sessions = shell.read(_page)
manages = allowed(actor, Act.MANAGE_TEAM)
enabled = [person for person in people if person.disabled_at is None]
admins = sum(person.role is Role.ADMIN for person in enabled)
facts = f"{len(enabled)} colleagues, {admins} of them admins" if len(enabled) > 1 else "Only you so far"
if len(people) > len(enabled):
    facts += f" · {len(people) - len(enabled)} disabled"
if manages:
    heading(
        "Team", facts=facts, action="Add a colleague", on_click=colleague.begin_adding, icon=":material/person_add:"
    )
else:
    heading("Team", facts=f"{facts} · you can look, an admin can change")

picker(
    columns={
        "Name": [f"{person.name} (you)" if person.id == actor.id else person.name for person in people],
        "E-mail": [person.email for person in people],
        "Role": [t(f"role.{person.role}") for person in people],
        "Last seen": [person.seen_at for person in people],
        "Devices": [person.sessions for person in people],
        "State": [_state(person, company.time_zone) for person in people],
    },
    ids=[str(person.id) for person in people],
    param="person",
    key=colleague.TABLE,
    config={
        "Role": st.column_config.TextColumn(width="small"),
        "Last seen": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm", timezone=company.time_zone),
        "Devices": st.column_config.NumberColumn(format="%d", help="Devices with a session in force", width="small"),
    },
    alt="The team: name, e-mail address, role, when last seen, sessions in force, enabled or disabled",
)
st.caption("Tick a row to open it.")

roles, own = st.columns(2, gap="large")
with roles:
    st.subheader("What each role may do", anchor=False)
    for role in (Role.ADMIN, Role.REVIEWER, Role.ANALYST, Role.MEMBER):
        st.markdown(f"**{t(f'role.{role}')}** · {t(f'role.{role}.means')}")
with own:
    own_sessions.draw(sessions, zone=company.time_zone)

if colleague.is_adding() and manages:
    colleague.draw_adding()
elif person := _find(people, st.query_params.get("person", "")):
    colleague.draw(person, actor=actor, zone=company.time_zone)
