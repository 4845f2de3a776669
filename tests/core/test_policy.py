"""Who may do what: every guarded function against every kind of actor, and the acts of each role by their names."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from core.actor import Act, Actor, ActorKind, ContactRole, Role, allowed, system
from core.errors import DomainError, NotAllowed
from tests.core.crossing import PARTS_OF_ACTS
from tests.core.guarded import Guarded, asked_without_policy, called, guarded, named_by_apps

COMPANY, SOMEBODY = UUID(int=1), UUID(int=2)
STAFF = {role.value: Actor(ActorKind.STAFF, id=SOMEBODY, company=COMPANY, role=role) for role in Role}
VISITORS = {
    kind.value: Actor(kind, company=COMPANY, partner=SOMEBODY, session=SOMEBODY)
    for kind in (ActorKind.READER, ActorKind.PARTNER)
}
CONTACTS = {
    f"contact_{role}": Actor(
        ActorKind.CONTACT, id=SOMEBODY, company=COMPANY, partner=SOMEBODY, session=SOMEBODY, contact_role=role
    )
    for role in ContactRole
}
ACTORS = STAFF | VISITORS | CONTACTS | {"system": system(COMPANY), "nobody": Actor(ActorKind.STAFF, company=COMPANY)}

ROLES = {
    "admin": """read_pipeline work_pipeline read_proposals write_proposals read_engagement export read_mail manage_mail
        read_audit read_team manage_team read_company manage_company switch_modules read_nda manage_nda read_vault
        manage_vault own_session read_resellers manage_resellers view_as read_deals decide_deals sell import
        read_training write_training read_questions answer_questions read_library manage_library learn""",
    "reviewer": """read_pipeline read_proposals read_team read_company own_session read_resellers read_deals
        decide_deals read_training read_questions answer_questions read_library learn""",
    "analyst": """read_pipeline read_proposals read_engagement export read_mail read_audit read_team read_company
        read_nda read_vault own_session read_resellers read_deals read_training read_questions read_library learn""",
    "member": "read_company own_session learn",
    "platform_admin": "read_company own_session switch_modules create_companies learn",
    "reader": "read_own_proposal sign_agreement own_session",
    "partner": "read_own_proposal sign_agreement own_session use_room",
    "contact_principal": """own_session use_portal see_deals see_money submit_deals manage_contacts sign_agreement learn
        see_team_training ask read_answers use_library""",
    "contact_salesperson": """own_session use_portal see_deals see_money submit_deals learn read_answers
        use_library""",
    "contact_technical": "own_session use_portal see_deals learn ask read_answers use_library",
    "contact_finance": "own_session use_portal see_deals see_money learn read_answers use_library",
    "contact_viewer": "own_session use_portal see_deals",
    "system": " ".join(Act),
    "nobody": "",
}
"""What each may, written down once more: whoever changes a policy changes it here too, and means it."""

WITHOUT_POLICY = {
    "actor.actor_of",
    "engagement.filters.last_days",
    "access.sessions.find_live",
    "access.sessions.touch",
    "companies.sign_in.find_present",
    "companies.sign_in.open_for_email",
    "companies.sign_in.request_link",
    "companies.sign_in.spend_link",
    "companies.sign_in.who",
    "contacts.entry.ask_again",
    "contacts.entry.enter",
    "contacts.entry.enter_view",
    "contacts.entry.look",
    "contacts.presence.is_contacts_link",
    "contacts.presence.who",
    "nda.handover.look_handover",
    "nda.handover.open_handover",
    "nda.public.confirm_document",
    "nda.public.confirm_reference",
    "partners.room_entry.ask_for_new_link",
    "partners.room_entry.enter",
    "partners.room_entry.look",
    "proposals.unlock.ask_for_new_link",
    "proposals.unlock.look",
    "proposals.unlock.open_by_code",
    "proposals.unlock.open_by_link",
    "training.public.check",
}
"""What the apps ask before they know who is there, where a secret or a link says what it opens; and what tells nothing
but who asks, or what day it is there."""


class Reached(Exception):
    """The policy let somebody through to the operation."""


class Door:
    """A session that lets nobody do anything: whatever is asked of it, the operation was reached."""

    def __init__(self, actor: Actor) -> None:
        self.info = {"actor": actor}

    def __getattr__(self, name: str) -> Any:
        raise Reached(name)


def lets_in(function: Callable[..., Any], actor: Actor, **details: Any) -> bool:
    """Whether an actor gets past the policy. Nothing is done: the operation is given nothing to do it with."""
    try:
        function(Door(actor), **details)
    except NotAllowed:
        return False
    except (TypeError, Reached, DomainError):
        return True
    return True


@pytest.mark.parametrize("who", ROLES)
def test_each_may_what_is_written_down(who: str) -> None:
    assert {act for act in Act if allowed(ACTORS[who], act)} == set(ROLES[who].split())


def test_every_kind_of_actor_and_every_act_is_written_down() -> None:
    assert set(ROLES) == set(ACTORS) == {*Role, "reader", "partner", *CONTACTS, "system", "nobody"}
    assert {act for acts in ROLES.values() for act in acts.split()} == set(Act)


@pytest.mark.parametrize("who", ACTORS)
@pytest.mark.parametrize("function", guarded(), ids=called)
def test_a_policy_lets_in_whom_it_names_and_nobody_else(function: Guarded, who: str) -> None:
    assert lets_in(function, ACTORS[who]) == (function.__act__ in ROLES[who].split())  # type: ignore[attr-defined]


@pytest.mark.parametrize("function", guarded(), ids=called)
def test_nobody_acts_as_somebody_else(function: Guarded) -> None:
    may = next(actor for actor in ACTORS.values() if allowed(actor, function.__act__))  # type: ignore[attr-defined]
    for other in (replace(may, id=UUID(int=9)), replace(may, company=UUID(int=9)), system(), ACTORS["admin"]):
        if other != may:
            assert not lets_in(function, may, by=other)


def test_every_act_guards_something() -> None:
    guarding = {function.__act__ for function in guarded()}  # type: ignore[attr-defined]
    assert set(Act) - guarding == {Act.SEE_MONEY}, "reads ask that one themselves, and leave amounts out"


def test_the_apps_ask_nothing_else_without_a_policy() -> None:
    assert asked_without_policy() == WITHOUT_POLICY


def test_the_apps_call_no_part_of_an_act() -> None:
    assert {called(function) for function in named_by_apps()} & PARTS_OF_ACTS == set()


def test_a_missing_policy_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.vault.fetching.fetch_own", lambda session, document_id: None)
    assert asked_without_policy() - WITHOUT_POLICY != set()
