"""The reseller agreement in the portal: asked for on the first page, signed on its own, told to those who do not."""

from typing import Any

import pytest

from core.actor import Actor, ContactRole
from core.contacts.models import Contact
from core.mail.messages import Kind
from core.partners.models import Partner
from portal_app.home import standing, todo
from tests.core import nda_acts as acts
from tests.core.contact_acts import contact_actor
from tests.screens import texts
from tests.screens.contacts_desk import Open, make, opener, press, told, trusted

NAME = "Huda Al Said"


@pytest.fixture
def open_page(monkeypatch: pytest.MonkeyPatch) -> Open:
    for module, name in ((todo, "ledger"), (standing, "ledger"), (standing, "tally")):
        monkeypatch.setattr(module, name, lambda **_: None)
    return opener(monkeypatch)


@pytest.fixture
def huda(sqlite_database: str, aisha: Actor, partner: Partner) -> Contact:
    """A principal."""
    return make(aisha, partner, name=NAME, title="CEO")


def field(screen: Any, key: str) -> Any:
    """The field of a key."""
    (found,) = (each for each in (*screen.text_input, *screen.text_area, *screen.checkbox) if each.key == key)
    return found


def signed(contact: Contact) -> None:
    """Have a principal sign."""
    acts.press(acts.ready_to_sign(contact_actor(contact)), signature=contact.name)


class TestHome:
    @pytest.mark.parametrize(("lang", "words"), (("en", "Sign the reseller agreement"), ("ar", "توقيع اتفاقية الموزّع")))
    def test_asks_the_principal_to_sign_while_none_is_in_force(
        self, open_page: Open, huda: Contact, lang: str, words: str
    ) -> None:
        screen = open_page("home", trusted(huda), lang=lang)
        assert words in told(screen)
        assert f"/agreement?lang={lang}" in {link.proto.url for link in screen.get("link_button")}

    def test_tells_afterwards_that_it_is_signed(self, open_page: Open, huda: Contact) -> None:
        signed(huda)
        screen = open_page("home", trusted(huda))
        assert "Reseller agreement: signed" in told(screen)
        assert "Sign the reseller agreement" not in told(screen)

    @pytest.mark.parametrize("role", sorted(set(ContactRole) - {ContactRole.PRINCIPAL}))
    def test_tells_others_how_it_stands_and_asks_nothing(
        self, open_page: Open, aisha: Actor, partner: Partner, huda: Contact, role: ContactRole
    ) -> None:
        other = trusted(make(aisha, partner, role))
        assert "Reseller agreement: not signed" in told(open_page("home", other))
        signed(huda)
        screen = open_page("home", other)
        assert "Reseller agreement: signed" in told(screen)
        assert "Sign the reseller agreement" not in told(screen)


class TestPage:
    def test_the_name_is_the_one_on_record_and_nobody_is_asked_instead(self, open_page: Open, huda: Contact) -> None:
        screen = open_page("agreement", contact_actor(huda))
        assert screen.title[0].value == "Reseller agreement"
        assert f"as {NAME}, the name on record" in told(screen)
        assert [each.key for each in screen.text_input] == ["nda.job"]
        assert field(screen, "nda.job").value == "CEO"

    def test_from_the_first_step_to_the_reference(self, open_page: Open, huda: Contact) -> None:
        by = contact_actor(huda)
        screen = press(open_page("agreement", by), "Continue to the text")
        assert "Step 2 of 4" in screen.get("progress")[0].proto.text
        acts.read_through(by)
        screen = press(screen.run(), "Mail me the code")
        secrets = acts.mailed(by, Kind.MAILED_CODE)[-1].secrets
        field(screen, "nda.signature").set_value(NAME).run()
        field(screen, "nda.code").set_value(next(one for one in secrets if one.replace(" ", "").isdigit()))
        field(screen, "nda.consent").check()
        screen = press(screen, "Sign the agreement")
        assert [error.value for error in screen.error] == []
        assert "RA-00001" in screen.success[0].value
        assert "documents in your room" not in texts(screen)
        assert any(link.proto.url.startswith("/documents/") for link in screen.get("link_button"))

    def test_declining_is_told_and_it_can_be_begun_again(self, open_page: Open, huda: Contact) -> None:
        by = contact_actor(huda)
        acts.give_contact(by)
        acts.read_through(by)
        screen = open_page("agreement", by)
        field(screen, "nda.reason").set_value("The commission is too low")
        screen = press(screen, "Decline the agreement")
        assert "You declined the agreement" in screen.info[0].value
        assert len(acts.mailed(by, Kind.AGREEMENT_DECLINED)) == 1

    def test_another_principal_sees_what_was_signed_and_by_whom(
        self, open_page: Open, aisha: Actor, partner: Partner, huda: Contact
    ) -> None:
        signed(huda)
        screen = open_page("agreement", trusted(make(aisha, partner, name="Salim Al Kindi")))
        assert f"Signed by {NAME}" in told(screen)
        assert "What happens next" not in told(screen)
        assert len(screen.get("progress")) == 0

    def test_on_a_new_device_the_pdf_waits_for_a_code(self, open_page: Open, huda: Contact) -> None:
        signed(huda)
        screen = open_page("agreement", contact_actor(huda, device="another"))
        assert not any(link.proto.url.startswith("/documents/") for link in screen.get("link_button"))
        assert "Confirm this device" in told(screen)

    def test_staff_who_look_on_sign_nothing(self, open_page: Open, aisha: Actor, huda: Contact) -> None:
        screen = open_page("agreement", contact_actor(huda, viewer=aisha.id))
        assert "sign nothing" in screen.info[0].value
        assert "Continue to the text" not in {button.label for button in screen.button}

    def test_it_is_closed_to_other_roles(self, open_page: Open, aisha: Actor, partner: Partner, huda: Contact) -> None:
        screen = open_page("agreement", contact_actor(make(aisha, partner, ContactRole.FINANCE)))
        assert "not part of your role" in told(screen)
        assert len(screen.get("progress")) == 0
