"""The register as a file: every NDA, or reseller agreement, that passes the filters of its page."""

from collections.abc import Mapping

from admin_app.nda import wording
from admin_app.nda.asked import asked
from core.db import Reads
from core.export import MOST_ROWS, Sheet
from core.nda import queries

HEADER = (
    "Reference",
    "Partner",
    "Signer",
    "E-mail",
    "State",
    "Signed (UTC)",
    "Valid until (UTC)",
    "Days left",
    "Countersigned (UTC)",
    "How",
    "Version of the text",
)


def ndas_sheet(session: Reads, params: Mapping[str, str]) -> Sheet:
    """The agreements by ``instrument``, ``state``, ``form`` and ``text``, in the order of ``sort``."""
    wanted = asked(params)
    found = queries.register(session, **wanted.filters, size=MOST_ROWS)
    rows = [
        (
            row.reference, row.partner, row.signer, row.email, wording.word(row.state), row.signed_at,
            row.expires_at, wording.whole(row.days_left), row.countersigned_at, wording.how(row.form), row.text_number,
        )
        for row in found.rows
    ]  # fmt: skip
    return Sheet(wording.many(wanted.instrument), HEADER, rows)
