"""Staff sign in through their company's identity provider, in a real browser, against a real provider."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import delete, func, select

from core.access.models import AccessSession
from core.actor import system
from core.companies.models import Company, Staff
from core.db import reading, transaction
from tests.databases import SqliteTemplate, used
from tests.factories import make_company, make_staff
from tests.oidc_provider import OidcProvider
from tests.servers import Stack


@pytest.fixture(scope="module")
def provider() -> Iterator[OidcProvider]:
    """A running provider."""
    with OidcProvider() as running:
        yield running


@pytest.fixture(scope="module")
def admin(
    sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory, provider: OidcProvider
) -> Iterator[str]:
    """The address of the real admin app of a company without staff, configured for the provider."""
    folder = tmp_path_factory.mktemp("oidc")
    secrets = folder / "home" / ".streamlit" / "secrets.toml"
    with sqlite_template.copy(folder) as url, used(url):
        stack = Stack(database_url=url, folder=folder / "run", apps=("admin",))
        secrets.parent.mkdir(parents=True)
        secrets.write_text(provider.secrets(stack.admin_url))
        stack.admin.environment = stack.admin.environment | {"HOME": str(folder / "home"), "NO_PROXY": "127.0.0.1"}
        with transaction(system()) as session:
            make_company(session, slug="dhofar")
        with stack:
            yield stack.admin_url


@pytest.fixture(autouse=True)
def aisha(admin: str, provider: OidcProvider) -> Iterator[UUID]:
    """An admin who came to the team for this test, and for whom the provider vouches."""
    with transaction(system()) as session:
        staff = make_staff(session, session.scalars(select(Company)).one())
    vouched = {"email": staff.email, "email_verified": True}
    provider.exchanges, provider.person = 0, {"sub": "7"} | vouched
    yield staff.id
    with transaction(system()) as session:
        session.execute(delete(AccessSession))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh browser profile's page."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def sign_in(page: Page, admin: str, *, at: str = "/") -> None:
    """Go to a page, be sent to sign in, go to the provider and continue there."""
    page.goto(admin + at)
    page.get_by_role("link", name="Sign in with Dhofar account").click()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(f"{admin}/**")


def sessions() -> int:
    with reading(system()) as session:
        return session.scalar(select(func.count()).select_from(AccessSession)) or 0


def cookies(page: Page) -> set[str]:
    return {cookie.get("name", "") for cookie in page.context.cookies()}


class TestSigningIn:
    def test_lets_a_known_person_in_and_back_to_the_page_asked_for(self, admin, provider, page):
        sign_in(page, admin, at="/team?tab=roles")
        page.wait_for_url(f"{admin}/team?tab=roles")
        assert page.locator("#root").count() == 1
        assert "pd_admin" in cookies(page)
        assert not [name for name in cookies(page) if name.startswith("_streamlit_user")]
        assert (sessions(), provider.exchanges) == (1, 1)

    def test_leaves_nobody_signed_in_after_signing_out(self, admin, page):
        sign_in(page, admin)
        page.goto(f"{admin}/sign-out")
        page.get_by_role("button", name="Sign out", exact=True).click()
        page.goto(f"{admin}/")
        assert page.url.startswith(f"{admin}/sign-in")
        assert page.get_by_label("Work e-mail").is_visible()

    @pytest.mark.parametrize(
        ("claims", "words"),
        (
            ({"email": "stranger@example.om"}, "This address is not known here"),
            ({"email_verified": False}, "has not confirmed your e-mail address"),
            ({"email_verified": "true"}, "has not confirmed your e-mail address"),
            ({"email": None}, "has not confirmed your e-mail address"),
            ({"iat": 1_000_000_000}, "It is some time since you signed in"),
        ),
    )
    def test_refuses_kindly_whom_it_may_not_let_in(self, admin, provider, page, claims, words):
        provider.person |= claims
        sign_in(page, admin)
        page.get_by_text(words).first.wait_for()
        assert sessions() == 0
        assert not {"pd_admin", "_streamlit_user"} & cookies(page)

    def test_lets_people_in_whose_provider_says_nothing_about_the_address(self, admin, provider, page):
        del provider.person["email_verified"]
        sign_in(page, admin)
        page.wait_for_url(f"{admin}/")
        assert sessions() == 1

    def test_refuses_whoever_left_the_team(self, admin, aisha, page):
        with transaction(system()) as session:
            staff = session.get_one(Staff, aisha)
            staff.disabled_at = staff.added_at
        sign_in(page, admin)
        page.get_by_text("This address is not known here").first.wait_for()
        assert sessions() == 0
