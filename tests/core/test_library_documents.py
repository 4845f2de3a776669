"""Documents of the library: who finds them, on which device, what is new, who gets them, and what is kept of it."""

from datetime import date

import pytest
from sqlalchemy import select

from core.access.devices import DeviceUnknown
from core.contacts import service as contacts
from core.contacts.models import Contact
from core.contacts.rows import NewContact
from core.db import reading, transaction
from core.errors import Invalid, LookingOnly, NotAllowed
from core.library import queries, service
from core.partners.models import Partner
from core.partners.pipeline import Status
from core.timeline.models import TimelineEntry
from core.vault import fetching
from core.vault.fetching import DocumentExpired, NdaFirst
from core.vault.handing_over import SessionEnded
from core.vault.keeping import DocumentChanged, SameFile
from core.vault.models import DocumentFetch
from core.vault.rows import DocumentNotFound
from core.vault.visibility import State
from tests.core.contact_acts import contact_actor, do, invited, tags
from tests.core.library_acts import (
    FINANCE,
    PRINCIPAL,
    SALES,
    TECHNICAL,
    VIEWER,
    aim,
    enter,
    fetch,
    found,
    library,
    look,
    make_reseller,
    news,
    now_is,
    open_space,
    person,
    put,
    replace_file,
    titles,
    trust,
)
from tests.core.vault_acts import upload


@pytest.fixture
def muscat(aisha) -> Partner:
    return make_reseller(aisha)


class TestWhoSeesIt:
    def test_by_reseller_and_role(self, aisha, muscat):
        sohar = make_reseller(aisha, "Sohar Soft")
        put(aisha, open_space(aisha, "Sales", roles=(PRINCIPAL, SALES)), "Brochure")
        put(aisha, open_space(aisha, "Engineering", roles=(PRINCIPAL, TECHNICAL)), "Runbook")
        put(aisha, open_space(aisha, "For Muscat", partner=muscat), "Plan")
        put(aisha, open_space(aisha, "Prices", holds_prices=True), "Price list")
        see = {role: set(titles(person(aisha, muscat, role))) for role in (PRINCIPAL, SALES, TECHNICAL, FINANCE)}
        assert see == {
            PRINCIPAL: {"Sales", "Engineering", "For Muscat", "Prices"},
            SALES: {"Sales", "For Muscat", "Prices"},
            TECHNICAL: {"Engineering", "For Muscat"},
            FINANCE: {"For Muscat", "Prices"},
        }
        assert set(titles(person(aisha, sohar))) == {"Sales", "Engineering", "Prices"}

    def test_a_viewer_has_no_library(self, aisha, muscat):
        document = put(aisha, open_space(aisha))
        viewer = person(aisha, muscat, VIEWER)
        with pytest.raises(NotAllowed), reading(viewer) as session:
            queries.spaces(session)
        for act in (library, look, lambda by: fetch(by, document)):
            with pytest.raises(NotAllowed):
                act(viewer)

    def test_a_change_holds_at_the_next_click(self, clock, aisha, muscat):
        space = open_space(aisha, roles=(SALES,))
        document = put(aisha, space)
        contact = invited(aisha, muscat, role=SALES)
        salim = enter(contact)
        assert fetch(salim, document).file_name == "Brochure.pdf"
        aim(aisha, space, roles=(TECHNICAL,))
        assert titles(salim) == {}
        with pytest.raises(DocumentNotFound):
            fetch(salim, document)
        aim(aisha, space)
        do(aisha, service.withdraw_space, space.id, version=now_is(aisha, space).version)
        assert titles(salim) == {}
        with pytest.raises(DocumentNotFound):
            fetch(salim, document)

    def test_a_role_that_changed_while_a_page_was_open_counts(self, aisha, muscat):
        document = put(aisha, open_space(aisha, roles=(SALES,)))
        contact = invited(aisha, muscat, role=SALES)
        salim = enter(contact)
        with reading(aisha) as session:
            version = session.get_one(Contact, contact.id).version
        told = NewContact(contact.name, contact.email, contact.title, TECHNICAL)
        do(aisha, contacts.change, contact.id, person=told, version=version)
        assert salim.contact_role is SALES, "as the page still has it"
        with pytest.raises(DocumentNotFound):
            fetch(salim, document)

    def test_nothing_leaves_once_a_contact_is_disabled(self, aisha, muscat):
        document, contact = put(aisha, open_space(aisha)), invited(aisha, muscat)
        salim = enter(contact)
        do(aisha, contacts.disable, contact.id)
        with pytest.raises((DocumentNotFound, SessionEnded)):
            fetch(salim, document)

    def test_who_looks_as_a_contact_sees_it_and_takes_nothing(self, aisha, muscat):
        document, contact = put(aisha, open_space(aisha, holds_prices=True)), invited(aisha, muscat)
        looking = contact_actor(contact, viewer=aisha.id)
        assert titles(looking) == {"Sales collateral": ["Brochure"]}
        with pytest.raises(LookingOnly):
            fetch(looking, document)


class TestDevices:
    def test_a_price_list_is_silent_on_a_new_device(self, aisha, muscat):
        put(aisha, open_space(aisha, "Prices", holds_prices=True), "Gold from OMR 12.500")
        brochure = put(aisha, open_space(aisha, "Sales"))
        huda = person(aisha, muscat, known=False)
        found = {space.name: (space.is_locked, len(space.documents)) for space in library(huda).spaces}
        assert found == {"Prices": (True, 0), "Sales": (False, 1)}
        assert "12.500" not in str(library(huda))
        assert (library(huda).total, news(huda)) == (1, 1)
        with pytest.raises(DeviceUnknown):
            fetch(huda, brochure)

    def test_what_it_did_not_show_is_new_once_it_does(self, clock, aisha, muscat):
        put(aisha, open_space(aisha, "Prices", holds_prices=True), "Price list")
        contact = invited(aisha, muscat)
        huda = enter(contact, known=False)
        look(huda)
        trust(huda, contact)
        assert news(huda) == 1


class TestDocuments:
    def test_every_download_is_kept_as_in_a_vault(self, clock, aisha, muscat):
        document = put(aisha, open_space(aisha))
        salim = person(aisha, muscat, SALES)
        fetch(salim, document)
        clock.forward(seconds=1)
        fetch(salim, document)
        clock.forward(seconds=1)
        do(aisha, fetching.fetch_from_library, document.id)
        with reading(aisha) as session:
            rows, total = queries.fetches(session)
            kept = session.scalars(select(DocumentFetch).order_by(DocumentFetch.at)).all()
            (space,) = queries.spaces(session)
            told = session.scalars(select(TimelineEntry.kind).where(TimelineEntry.partner_id == muscat.id)).all()
        assert (total, [row.is_staff for row in rows]) == (3, [True, False, False])
        assert [row.partner_id for row in kept] == [muscat.id, muscat.id, None]
        assert [row.session_id for row in kept] == [salim.session, salim.session, aisha.session]
        assert (space.fetched, space.documents) == (2, 1)
        assert told.count("document_fetched") == 2
        assert "document_added" not in told
        assert tags(aisha).count("access:document:fetch") == 3

    def test_only_the_newest_version_is_handed_out_with_what_changed(self, clock, aisha, muscat):
        document, salim = put(aisha, open_space(aisha)), person(aisha, muscat, SALES)
        for number, text in enumerate(("New logo", "", "Prices for 2027", "Typos", "Two pages more"), 2):
            clock.forward(hours=1)
            assert replace_file(aisha, document, f"v{number}", note=text) == number
        one = found(salim)
        assert one.number == 6
        assert [(note.number, note.text) for note in one.notes] == [
            (6, "Two pages more"), (5, "Typos"), (4, "Prices for 2027")
        ]  # fmt: skip
        assert fetch(salim, document, 6).sha256 == fetch(salim, document).sha256
        for number in (1, 5, 7):
            with pytest.raises(DocumentNotFound):
                fetch(salim, document, number)

    def test_after_its_last_day_it_stands_last_and_stays_closed(self, clock, aisha, muscat):
        space, salim = open_space(aisha), person(aisha, muscat, SALES)
        put(aisha, space, "Old")
        clock.forward(minutes=1)
        document = put(aisha, space, "Offer", expires_on=date(2026, 11, 22))
        clock.forward(hours=11, minutes=58)  # 23:59 in Muscat.
        assert fetch(salim, document).size
        assert titles(salim) == {"Sales collateral": ["Offer", "Old"]}
        clock.forward(minutes=1)
        assert titles(salim) == {"Sales collateral": ["Old", "Offer"]}
        assert (found(salim, "Offer").state, library(salim).new, news(salim)) == (State.EXPIRED, 1, 1)
        with pytest.raises(DocumentExpired, match="until 22 Nov 2026"):
            fetch(salim, document)

    def test_the_nda_is_asked_for_only_where_the_document_says_so(self, clock, aisha):
        partner = make_reseller(aisha, "Nizwa Net")
        space = open_space(aisha)
        free, gated = put(aisha, space, "Free"), put(aisha, space, "Secret", requires_nda=True)
        with transaction(aisha) as session:
            session.get_one(Partner, partner.id).status = Status.MOU_SIGNED
        salim = person(aisha, partner, SALES)
        assert fetch(salim, free).size
        assert found(salim, "Secret").state is State.GATED
        with pytest.raises(NdaFirst):
            fetch(salim, gated)

    def test_removed_it_is_gone_and_its_downloads_stay(self, aisha, muscat):
        document, salim = put(aisha, open_space(aisha)), person(aisha, muscat, SALES)
        fetch(salim, document)
        do(aisha, service.remove, document.id, version=document.version)
        assert titles(salim) == {"Sales collateral": []}
        with pytest.raises(DocumentNotFound):
            fetch(salim, document)
        with reading(aisha) as session:
            assert queries.fetches(session, document_id=document.id)[1] == 1

    def test_changing_it_keeps_what_it_was(self, aisha, muscat):
        document = put(aisha, open_space(aisha))
        told = {"title": "Leaflet", "title_ar": "نشرة", "expires_on": date(2030, 1, 1), "requires_nda": True}
        do(aisha, service.change, document.id, version=document.version, **told)
        with pytest.raises(DocumentChanged):
            do(aisha, service.change, document.id, version=document.version, title="Mine")
        with pytest.raises(Invalid, match="passed already"):
            do(aisha, service.change, document.id, version=document.version + 1, title="X", expires_on=date(2020, 1, 1))
        with pytest.raises(SameFile):
            replace_file(aisha, document, "Brochure")

    def test_a_document_of_a_vault_is_none_of_the_library(self, aisha, muscat):
        document = upload(aisha, muscat, requires_nda=False)
        with pytest.raises(DocumentNotFound):
            fetch(person(aisha, muscat), document)
        with pytest.raises(DocumentNotFound):
            do(aisha, fetching.fetch_from_library, document.id)
        with pytest.raises(DocumentNotFound):
            do(aisha, service.remove, document.id, version=document.version)


class TestNews:
    def test_what_came_since_the_last_visit_is_new(self, clock, aisha, muscat):
        space, salim = open_space(aisha), person(aisha, muscat, SALES)
        first = put(aisha, space, "First")
        assert (news(salim), library(salim).new) == (1, 1), "on a first visit all is new"
        look(salim)
        assert news(salim) == 0
        clock.forward(days=1)
        put(aisha, space, "Second")
        replace_file(aisha, first, "newer", note="Page 2")
        clock.forward(days=1)
        put(aisha, space, "Third")
        assert news(salim) == 3
        look(salim)
        assert news(salim) == 0
        assert library(salim).new == 3, "still marked on the page itself"
        clock.forward(hours=1)
        look(salim)
        assert library(salim).new == 0

    def test_each_person_looks_for_themselves(self, clock, aisha, muscat):
        put(aisha, open_space(aisha))
        salim, huda = person(aisha, muscat, SALES), person(aisha, muscat)
        look(salim)
        assert (news(salim), news(huda)) == (0, 1)


class TestSearch:
    def test_finds_words_of_both_languages_in_titles_notes_and_spaces(self, aisha, muscat):
        salim = person(aisha, muscat, SALES)
        sales = open_space(aisha, "Sales", name_ar="المبيعات")
        document = put(aisha, sales, "Brochure", title_ar="كتيّب التعريف")
        put(aisha, sales, "Logo")
        replace_file(aisha, document, "v2", note="Prices for 2027")
        for words in ("broch", "BROCHURE", "كتيب", "تعريف", "2027"):
            assert titles(salim, words) == {"Sales": ["Brochure"]}, words
        assert titles(salim, "sales") == {"Sales": ["Brochure", "Logo"]}
        assert titles(salim, "nothing of it") == {}
        assert library(salim, "logo").total == 2
