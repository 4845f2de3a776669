"""A partner's page: its head, its actions, each tab filled, empty and refused."""

from typing import Any

import pytest
from sqlalchemy import func, select
from streamlit.testing.v1 import AppTest

from core.access.models import ProposalLink
from core.actor import Actor
from core.db import reading, transaction
from core.mail.models import Mail
from core.partners import queries, service
from core.partners.models import Partner
from core.partners.moves import Answer, move
from core.partners.pipeline import HoldReason, Status
from core.partners.service import Profile
from tests.core.engagement_world import open_proposal
from tests.core.engagement_world import publish as publish_to_readers
from tests.core.proposal_acts import invite, publish
from tests.screens import is_closed, opener, texts

pytestmark = pytest.mark.usefixtures("sqlite_database")


def press(screen: AppTest, label: str) -> AppTest:
    """Press a button; of several with one label the last, which is a dialog's."""
    return [button for button in screen.button if button.label == label][-1].click().run()


def labels(screen: AppTest) -> set[str]:
    """What can be pressed."""
    return {button.label for button in screen.button}


def count(actor: Actor, model: type, **equal: Any) -> int:
    with reading(actor) as session:
        return session.scalar(select(func.count()).select_from(model).filter_by(**equal)) or 0


def sends_by(screen: AppTest) -> Any:
    """The button that begins an invitation, as the browser is told of it."""
    return next(one for one in screen.button if one.label == "Send invitation").proto


class TestHead:
    def test_says_where_it_stands_and_what_is_next(self, clock, partner, aisha, open_partner):
        clock.forward(days=20)
        screen = open_partner(partner, aisha)
        said = texts(screen)
        assert screen.title[0].value == "Salalah Retail"
        assert "Owner Aisha Al Balushi" in said
        assert "20 d in Draft, stuck" in said
        assert {"Send invitation", "Edit"} <= labels(screen)

    def test_says_why_it_is_on_hold(self, partner, aisha, open_partner):
        with transaction(aisha) as session:
            answer = Answer("No budget", hold=HoldReason.STALLED)
            move(session, partner.id, to=Status.ON_HOLD, version=1, answer=answer, by=aisha)
        assert "On hold: stalled" in texts(open_partner(partner, aisha))

    def test_shows_a_name_as_it_was_typed(self, partner, aisha, open_partner):
        with transaction(aisha) as session:
            profile = Profile(name="![x](http://evil.example/x.png) <b>*Gulf*</b>")
            service.change(session, partner.id, profile=profile, version=1, by=aisha)
        title = open_partner(partner, aisha).title[0].value
        assert title.startswith(r"\!\[x\]\(http\:\/\/evil\.example")
        assert r"\*Gulf\*" in title

    def test_is_found_by_the_web_name_in_mails(self, monkeypatch, partner, aisha, feeds):
        screen = opener(monkeypatch)("partner", aisha)
        screen.query_params["partner"] = "salalah-retail"
        assert screen.run().title[0].value == "Salalah Retail"

    @pytest.mark.parametrize("query", ({}, {"id": "nonsense"}, {"partner": "nobody"}))
    def test_offers_the_board_when_nobody_is_chosen(self, monkeypatch, aisha, query):
        screen = opener(monkeypatch)("partner", aisha)
        screen.query_params.update(query)
        assert "No partner is chosen." in texts(screen.run())

    def test_of_another_company_is_not_there(self, partner, outsider, open_partner):
        said = texts(open_partner(partner, outsider))
        assert "This partner was not found" in said
        assert "Salalah" not in said

    def test_offers_an_analyst_nothing_to_change(self, partner, analyst, open_partner):
        assert labels(open_partner(partner, analyst)) == set()

    def test_offers_a_reviewer_neither_reading_nor_mails(self, partner, reviewer, open_partner):
        tabs = [tab.label for tab in open_partner(partner, reviewer).tabs]
        named = "Timeline Profile Proposal Meetings Room Contacts Deals Questions History"
        assert tabs == named.split()

    def test_is_not_offered_to_members(self, monkeypatch, member):
        assert is_closed(opener(monkeypatch)("partner", member))


class TestInvitation:
    def test_goes_out_once_and_leads_to_the_mail(self, partner, aisha, open_partner):
        publish(aisha, partner)
        screen = press(open_partner(partner, aisha), "Send invitation")
        assert r"salim\@partner" in texts(screen)
        press(screen, "Send invitation")
        assert "The invitation is on its way" in texts(screen)
        assert count(aisha, Mail, partner_id=partner.id) == 1
        press(screen, "Done")
        assert "The invitation is on its way" not in texts(screen)

    def test_stands_out_while_it_is_the_next_step(self, partner, aisha, open_partner):
        assert sends_by(open_partner(partner, aisha)).type == "primary"
        publish(aisha, partner)
        invite(aisha, partner)
        assert sends_by(open_partner(partner, aisha)).type == "secondary"

    def test_says_what_is_missing_first(self, partner, aisha, open_partner):
        screen = press(open_partner(partner, aisha), "Send invitation")
        press(screen, "Send invitation")
        assert "Publish the proposal before you send it." in texts(screen)
        assert count(aisha, Mail) == 0


class TestMove:
    def test_is_offered_by_its_name_and_asks(self, partner, aisha, open_partner):
        screen = open_partner(partner, aisha)
        menu = screen.get("menu_button")[0]
        assert list(menu.proto.options) == ["Mark as Proposal sent", "Close as lost or stalled"]


class TestProfile:
    def test_is_saved(self, partner, aisha, open_partner):
        screen = open_partner(partner, aisha, "Profile")
        assert screen.text_input(key="profile.name_ar").value == "صلالة"
        screen.text_input(key="profile.city").input("Salalah")
        press(screen, "Save changes")
        with reading(aisha) as session:
            record = queries.partner(session, partner.id)
        assert (record.profile.city, record.profile.contact_name, record.version) == ("Salalah", "Salim Al Kindi", 2)

    def test_keeps_what_was_typed_when_it_is_refused(self, partner, aisha, open_partner):
        screen = open_partner(partner, aisha, "Profile")
        screen.text_input(key="profile.website").input("salalah.om")
        press(screen, "Save changes")
        assert "Website must begin with https" in texts(screen)
        assert screen.text_input(key="profile.website").value == "salalah.om"

    def test_loses_neither_what_was_typed_nor_what_a_colleague_saved(self, partner, aisha, nora, open_partner):
        screen = open_partner(partner, aisha, "Profile")
        screen.text_input(key="profile.city").input("Salalah")
        with transaction(nora) as session:
            theirs = Profile(name="Salalah Retail LLC", city="Muscat", contact_name="Salim Al Kindi")
            service.change(session, partner.id, profile=theirs, version=1, by=nora)
        press(screen, "Save changes")
        said = texts(screen)
        assert "Somebody saved this partner while you were editing" in said
        assert "City: **Muscat**" in said
        assert screen.text_input(key="profile.city").value == "Salalah"
        assert screen.text_input(key="profile.name").value == "Salalah Retail LLC"
        press(screen, "Save changes")
        with reading(aisha) as session:
            saved = queries.partner(session, partner.id).profile
        assert (saved.name, saved.city) == ("Salalah Retail LLC", "Salalah")
        assert "City: **Muscat**" not in texts(screen)

    def test_starts_over_on_wish(self, partner, aisha, open_partner):
        screen = open_partner(partner, aisha, "Profile")
        screen.text_input(key="profile.city").input("Salalah").run()
        press(screen, "Undo my changes")
        assert screen.text_input(key="profile.city").value == ""

    def test_cannot_be_edited_by_those_who_only_read(self, partner, analyst, open_partner):
        screen = open_partner(partner, analyst, "Profile")
        assert all(field.disabled for field in screen.text_input)
        assert labels(screen) == set()


class TestProposal:
    def test_says_that_nothing_is_there_yet(self, partner, aisha, open_partner):
        said = texts(open_partner(partner, aisha, "Proposal"))
        assert "Nothing is written yet." in said
        assert "No link was issued yet." in said

    def test_lists_versions_and_links(self, partner, aisha, open_partner):
        publish(aisha, partner)
        invite(aisha, partner)
        screen = open_partner(partner, aisha, "Proposal")
        versions, links = (frame.value.to_dict("records") for frame in screen.dataframe)
        assert [(row["Version"], row["State"]) for row in versions] == [(1, "Published")]
        assert [(row["State"], row["Opened"]) for row in links] == [("In force", 0)]
        assert screen.code[0].value.startswith("http")

    def test_shows_the_link_only_to_those_who_may_send_it(self, partner, aisha, analyst, open_partner):
        publish(aisha, partner)
        invite(aisha, partner)
        screen = open_partner(partner, analyst, "Proposal")
        assert len(screen.dataframe) == 2
        assert not screen.code

    def test_issues_a_link_after_naming_the_consequence(self, partner, aisha, open_partner):
        publish(aisha, partner)
        screen = press(open_partner(partner, aisha, "Proposal"), "Issue new link")
        assert count(aisha, ProposalLink) == 0
        press(screen, "Issue a new link")
        assert count(aisha, ProposalLink) == 1
        assert screen.code

    def test_withdraws_access_after_naming_the_consequence(self, partner, aisha, open_partner):
        publish(aisha, partner)
        invite(aisha, partner)
        screen = press(open_partner(partner, aisha, "Proposal"), "Withdraw access")
        assert "is let out at once" in texts(screen)
        press(screen, "Withdraw access")
        assert count(aisha, ProposalLink, revoked_at=None) == 0
        assert not screen.code


class TestEngagement:
    def test_says_that_nobody_read_yet(self, partner, aisha, open_partner):
        assert "Nobody has read this proposal yet." in texts(open_partner(partner, aisha, "Engagement"))

    def test_shows_each_section_and_each_visit(self, clock, company, aisha, open_partner, feeds):
        proposal = publish_to_readers(company)
        opened = open_proposal(proposal)
        clock.forward(minutes=1)
        opened.send(hero=4_000, terms=9_000)
        with reading(aisha) as session:
            partner = session.get_one(Partner, proposal.partner)
        screen = open_partner(partner, aisha, "Engagement")
        sections = {row["Section"]: row for row in screen.dataframe[0].value.to_dict("records")}
        assert sections["Terms"]["Median time"] == "9 s"
        assert (sections["Terms"]["Reached"], sections["Why us"]["Reached"]) == ("100%", "0%")
        assert "**1** visit, the last **1 min ago**." in texts(screen)
        (line,) = feeds["reading.visits"]
        assert "longest on Terms, 9 s" in line


class TestMails:
    def test_says_that_none_was_sent(self, partner, aisha, open_partner):
        assert "No mail was sent to this partner yet." in texts(open_partner(partner, aisha, "Mails"))

    def test_lists_the_partners_mails(self, partner, aisha, open_partner, feeds):
        publish(aisha, partner)
        invite(aisha, partner)
        open_partner(partner, aisha, "Mails")
        (line,) = feeds["mails.feed"]
        assert partner.contact_email in line
