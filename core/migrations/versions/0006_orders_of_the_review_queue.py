"""The review queue's orders: each index holds the id that ends the order, so that no page is sorted anew.

Some databases were made while step 0004 had these indexes already; there nothing is left to do.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ORDERS = ("amount", "close_on", "customer_name")
_BEFORE = "ix_quote_company_id_status_"


def upgrade() -> None:
    """Put each index with the id in the place of the one without."""
    for column in _ORDERS:
        op.create_index(
            op.f(f"{_BEFORE}{column}_id"), "quote", ["company_id", "status", column, "id"], if_not_exists=True
        )
        op.drop_index(op.f(f"{_BEFORE}{column}"), "quote", if_exists=True)


def downgrade() -> None:
    """Put the indexes without the id back."""
    for column in _ORDERS:
        op.create_index(op.f(f"{_BEFORE}{column}"), "quote", ["company_id", "status", column])
        op.drop_index(op.f(f"{_BEFORE}{column}_id"), "quote")
