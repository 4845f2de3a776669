"""What came to the library since the last visit."""

from core.actor import Act
from core.library import own_queries
from portal_app import shell
from portal_app.deals.page import Page
from portal_app.widgets.ledger import Line, ledger


def draw(page: Page) -> None:
    """One line that leads to the new documents; nothing where none is new, or for a role without a library."""
    if not page.may(Act.USE_LIBRARY):
        return
    if count := shell.read(own_queries.new_documents):
        line = Line(
            title=page.say("documents.one" if count == 1 else "documents.new", count=count),
            text=page.say("documents.since"),
            mark=page.word("documents.new"),
            tone="news",
            href=page.address("documents"),
        )
        ledger(lines=[line], label=page.say("documents"), key="home-documents")
