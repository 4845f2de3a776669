"""A reseller's team: who may come in, adding, changing, inviting again, disabling; for principals alone."""

import pytest

from core.actor import Actor, ContactRole
from core.clock import now
from core.contacts.models import Contact
from core.db import reading, transaction
from core.mail.models import Mail
from core.partners.models import Partner
from portal_app.team import form
from tests.core.contact_acts import contact_actor
from tests.core.today_world import statements
from tests.screens.contacts_desk import Open, make, opener, press, told


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Open:
    return opener(monkeypatch)


@pytest.fixture
def huda(sqlite_database: str, aisha: Actor, partner: Partner) -> Contact:
    """A principal."""
    return make(aisha, partner, name="Huda Al Said", entered_at=now())


@pytest.fixture
def salim(aisha: Actor, partner: Partner, huda: Contact) -> Contact:
    """A colleague whose invitation has run out."""
    return make(aisha, partner, ContactRole.SALESPERSON, name="Salim Al Kindi", email="salim.al@acme.om", title="Sales")


def people(by: Actor) -> dict[str, Contact]:
    with reading(by) as session:
        return {one.name: one for one in session.query(Contact)}


def mails(by: Actor) -> list[str]:
    with reading(by) as session:
        return [one.to_address for one in session.query(Mail).order_by(Mail.id)]


def choose(screen, doing: str, label: str = "Actions"):
    """Choose something from a colleague's menu, the last one's in the list."""
    menu = [one for one in screen.get("menu_button") if one.label == label][-1]
    return menu.set_value(doing).run()


def type_in(screen, who: str, **values: str):
    """Fill fields of a form."""
    for field, value in values.items():
        screen.text_input(key=f"team.{who}.{field}").input(value)


class TestList:
    def test_of_one_person_says_whom_to_add(self, open_page: Open, huda: Contact) -> None:
        screen = open_page("team", contact_actor(huda))
        assert "Only you so far" in told(screen)
        assert "**Huda Al Said** (you) · Principal :green-badge[Active]" in told(screen)

    def test_tells_how_far_each_has_come(
        self, open_page: Open, aisha: Actor, partner: Partner, huda: Contact, salim: Contact
    ) -> None:
        make(aisha, partner, ContactRole.FINANCE, name="Ahmed", disabled_at=now())
        screen = open_page("team", contact_actor(huda))
        assert "Colleagues who may come in: 2 · not in yet: 1" in told(screen)
        assert "**Salim Al Kindi** · Salesperson :orange-badge[Invitation expired]" in told(screen)
        assert "**Ahmed** · Finance :gray-badge[Disabled]" in told(screen)
        assert [text.value for text in screen.text if "acme" in text.value] == ["salim.al@acme.om"]

    def test_is_told_in_arabic(self, open_page: Open, huda: Contact, salim: Contact) -> None:
        screen = open_page("team", contact_actor(huda), lang="ar")
        assert screen.title[0].value == "فريقك"
        assert ":orange-badge[انتهت الدعوة]" in told(screen)
        assert "مندوب مبيعات" in told(screen)

    @pytest.mark.parametrize("role", [role for role in ContactRole if role is not ContactRole.PRINCIPAL])
    def test_is_for_principals_alone(
        self, open_page: Open, aisha: Actor, partner: Partner, huda: Contact, role: ContactRole
    ) -> None:
        screen = open_page("team", contact_actor(make(aisha, partner, role)))
        assert "This page is not part of your role" in told(screen)
        assert huda.name not in told(screen)

    def test_is_only_looked_at_by_staff(self, open_page: Open, aisha: Actor, huda: Contact, salim: Contact) -> None:
        screen = open_page("team", contact_actor(huda, viewer=aisha.id))
        assert [button.label for button in screen.button] == ["العربية"]
        assert not screen.get("menu_button")

    def test_asks_the_database_little(self, open_page: Open, huda: Contact, salim: Contact) -> None:
        screen = open_page("team", contact_actor(huda))
        with statements() as asked:
            screen.run()
        assert len(asked) <= 9


class TestAdding:
    def test_mails_an_invitation(self, open_page: Open, huda: Contact, aisha: Actor) -> None:
        screen = open_page("team", contact_actor(huda))
        press(screen, "Add a colleague")
        type_in(screen, "new", name="Fatma", email="fatma@acme.om")
        screen.selectbox(key="team.new.role").select(ContactRole.FINANCE)
        press(screen, "Send the invitation")
        assert screen.toast[0].value == "The invitation goes to fatma@acme.om"
        assert people(aisha)["Fatma"].role is ContactRole.FINANCE
        assert mails(aisha) == ["fatma@acme.om"]
        assert form.ADDING not in screen.session_state
        assert ":blue-badge[Invited until" in told(screen)

    def test_refused_loses_nothing(self, open_page: Open, huda: Contact, salim: Contact, aisha: Actor) -> None:
        screen = open_page("team", contact_actor(huda))
        press(screen, "Add a colleague")
        type_in(screen, "new", name="Salim Again", email="salim.al@acme.om", title="Sales")
        press(screen, "Send the invitation")
        assert "belongs to a contact already" in told(screen)
        assert screen.text_input(key="team.new.name").value == "Salim Again"
        assert screen.text_input(key="team.new.title").value == "Sales"
        type_in(screen, "new", email="other@acme.om")
        press(screen, "Send the invitation")
        assert "Salim Again" in people(aisha)

    def test_too_often_is_told_when_to_try_again(self, open_page: Open, huda: Contact, set_settings) -> None:
        set_settings(sign_in_links_per_address=1)
        screen = open_page("team", contact_actor(huda))
        for number in range(4):
            press(screen, "Add a colleague")
            type_in(screen, "new", name=f"New {number}", email=f"new{number}@acme.om")
            press(screen, "Send the invitation")
        assert "Try again at" in told(screen)
        assert screen.text_input(key="team.new.email").value == "new3@acme.om"

    def test_is_cancelled(self, open_page: Open, huda: Contact, aisha: Actor) -> None:
        screen = open_page("team", contact_actor(huda))
        press(screen, "Add a colleague")
        press(screen, "Cancel")
        assert not screen.text_input
        assert len(people(aisha)) == 1


class TestChanging:
    def test_a_role(self, open_page: Open, huda: Contact, salim: Contact, aisha: Actor) -> None:
        screen = open_page("team", contact_actor(huda))
        choose(screen, "edit")
        assert screen.text_input(key=f"team.{salim.id}.email").value == "salim.al@acme.om"
        screen.selectbox(key=f"team.{salim.id}.role").select(ContactRole.TECHNICAL)
        press(screen, "Save")
        assert people(aisha)["Salim Al Kindi"].role is ContactRole.TECHNICAL
        assert screen.toast[0].value == "Saved: Salim Al Kindi"
        assert not screen.text_input

    def test_what_somebody_changed_meanwhile_loses_nothing(
        self, open_page: Open, huda: Contact, salim: Contact, aisha: Actor
    ) -> None:
        screen = open_page("team", contact_actor(huda))
        choose(screen, "edit")
        with transaction(aisha) as session:
            session.get_one(Contact, salim.id).title = "Head of sales"
        type_in(screen, str(salim.id), title="Mine")
        press(screen, "Save")
        assert "while you were editing" in told(screen)
        assert screen.text_input(key=f"team.{salim.id}.title").value == "Mine"
        assert people(aisha)["Salim Al Kindi"].title == "Head of sales"


class TestInvitingAgain:
    def test_mails_a_new_link(self, open_page: Open, huda: Contact, salim: Contact, aisha: Actor) -> None:
        screen = open_page("team", contact_actor(huda))
        choose(screen, "resend")
        assert screen.toast[0].value == "A new invitation goes to salim.al@acme.om"
        assert mails(aisha) == ["salim.al@acme.om"]
        assert ":blue-badge[Invited until" in told(screen)


class TestDisabling:
    def test_says_first_what_will_happen(self, open_page: Open, huda: Contact, salim: Contact, aisha: Actor) -> None:
        screen = open_page("team", contact_actor(huda))
        choose(screen, "disable")
        assert "is signed out everywhere at the next click" in told(screen)
        assert "Only Dhofar Systems can let Salim Al Kindi in again" in told(screen)
        press(screen, "Keep")
        assert people(aisha)["Salim Al Kindi"].disabled_at is None
        choose(screen, "disable")
        press(screen, "Disable")
        assert people(aisha)["Salim Al Kindi"].disabled_at is not None
        assert ":gray-badge[Disabled]" in told(screen)
        assert not screen.warning

    def test_of_the_last_principal_is_refused(self, open_page: Open, huda: Contact, aisha: Actor) -> None:
        screen = open_page("team", contact_actor(huda))
        choose(screen, "disable")
        assert "This is you" in told(screen)
        press(screen, "Disable")
        assert "your company's last principal" in told(screen)
        assert people(aisha)["Huda Al Said"].disabled_at is None
