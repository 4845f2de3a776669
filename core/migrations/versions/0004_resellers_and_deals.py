"""Resellers: their people, and deals from intent to invoice."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.db import Utc
from core.migrations.checks import drop_column, replace_check, replace_key

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TABLES = (
    "partner_contact",
    "contact_link",
    "product",
    "territory",
    "customer",
    "commission_plan_version",
    "counter",
    "quote",
    "deal_draft",
    "saved_view",
    "deal_review",
    "pre_check",
    "protection",
    "protection_extension",
    "protection_waiting",
    "quote_line",
    "quote_document",
    "purchase_order",
    "sale",
)
_SESSION_KINDS = "kind IN ('staff', 'reader', 'room', 'contact')"
_SESSION_KINDS_WERE = "kind IN ('staff', 'reader', 'room')"
_SPACES = {
    "ck_document_space_spacekind": "kind IN ('vault', 'library', 'deals')",
    "ck_document_space_vault_has_partner": "kind = 'library' OR partner_visible_to_id IS NOT NULL",
}
_SPACES_WERE = {
    "ck_document_space_spacekind": "kind IN ('vault', 'library')",
    "ck_document_space_vault_has_partner": "kind <> 'vault' OR partner_visible_to_id IS NOT NULL",
}
_ORIGINS = "origin IN ('upload', 'signed_nda', 'paper_nda', 'signed_agreement')"
_ORIGINS_WERE = "origin IN ('upload', 'signed_nda', 'paper_nda')"
_INSTRUMENTS = ("nda_text", "nda_counter", "nda_signing", "nda")
"""What an agreement of any kind is kept in."""
_NUMBERS = ("nda_text", "nda")
_ONE_EACH = (
    ("uq_nda_text_draft", "nda_text", "company_id", "state = 'draft'"),
    ("uq_nda_current", "nda", "partner_id", "superseded_at IS NULL"),
)
"""Of what there is one at most: the index, its table, whose it is, and which of the rows count."""
_NO_BYPASS = "a deal of a partner is sold only after a review approved it"
_LOCKED = "a partner and its terms are locked in with the approval"
_DECIDED = "only an intent that waits can be decided"
_KEPT = "a decision is never changed"
_NOT_ACCEPTED = "only an accepted quote can be invoiced"
_OVERLAPS = "this customer is protected for somebody already"


def upgrade() -> None:
    """Take the step."""
    _make_people()
    _make_goods()
    _make_deals()
    _make_protections()
    _make_sales()
    _let_contacts_in()
    _let_partners_sell()
    _keep_documents_of_deals()
    _tell_agreements_apart()
    if op.get_bind().dialect.name == "postgresql":
        _refuse_on_postgresql()
    else:
        _refuse_on_sqlite()


def _make_people() -> None:
    """The people of resellers and the links that let them in."""
    op.create_table(
        "partner_contact",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "principal",
                "salesperson",
                "technical",
                "finance",
                "viewer",
                name="contactrole",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("added_at", Utc(), nullable=False),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.Column("entered_at", Utc(), nullable=True),
        sa.Column("disabled_at", Utc(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_partner_contact_company_id_company")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_partner_contact_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_contact")),
        sa.UniqueConstraint("company_id", "email", name=op.f("uq_partner_contact_company_id_email")),
    )
    with op.batch_alter_table("partner_contact", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_partner_contact_company_id_partner_id"), ["company_id", "partner_id"], unique=False
        )
    op.create_table(
        "contact_link",
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column(
            "use",
            sa.Enum("invite", "sign_in", "view", name="linkuse", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("viewer_id", sa.Uuid(), nullable=True),
        sa.Column("issued_at", Utc(), nullable=False),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.Column("used_at", Utc(), nullable=True),
        sa.Column("replaced_at", Utc(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(use = 'view') = (viewer_id IS NOT NULL)", name=op.f("ck_contact_link_view_has_viewer")),
        sa.CheckConstraint("expires_at > issued_at", name=op.f("ck_contact_link_lasts")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_contact_link_company_id_company")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["partner_contact.id"], name=op.f("fk_contact_link_contact_id_partner_contact")
        ),
        sa.ForeignKeyConstraint(["viewer_id"], ["staff.id"], name=op.f("fk_contact_link_viewer_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_contact_link_secret_hash")),
    )
    with op.batch_alter_table("contact_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contact_link_company_id_contact_id_issued_at"),
            ["company_id", "contact_id", "issued_at"],
            unique=False,
        )


def _make_goods() -> None:
    """What is sold, where, to whom, and how partners are paid for it."""
    op.create_table(
        "product",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_ar", sa.String(length=200), nullable=False),
        sa.Column("price", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("unit_ar", sa.String(length=60), nullable=False),
        sa.Column("withdrawn_at", Utc(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_product_currency")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_product_price")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_product_company_id_company")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("company_id", "code", name=op.f("uq_product_company_id_code")),
    )
    op.create_table(
        "territory",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_ar", sa.String(length=120), nullable=False),
        sa.Column("exclusive_partner_id", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", Utc(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_territory_company_id_company")),
        sa.ForeignKeyConstraint(
            ["exclusive_partner_id"], ["partner.id"], name=op.f("fk_territory_exclusive_partner_id_partner")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_territory")),
        sa.UniqueConstraint("company_id", "name", name=op.f("uq_territory_company_id_name")),
    )
    op.create_table(
        "customer",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("domain", sa.String(length=253), nullable=False),
        sa.Column("registration", sa.String(length=40), nullable=False),
        sa.Column("added_at", Utc(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_customer_company_id_company")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
    )
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_company_id_domain"), ["company_id", "domain"], unique=False)
        batch_op.create_index(batch_op.f("ix_customer_company_id_key"), ["company_id", "key"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_customer_company_id_registration"), ["company_id", "registration"], unique=False
        )
    op.create_table(
        "commission_plan_version",
        sa.Column("plan", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("is_marginal", sa.Boolean(), nullable=False),
        sa.Column("brackets", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("added_at", Utc(), nullable=False),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_commission_plan_version_company_id_company")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commission_plan_version")),
        sa.UniqueConstraint(
            "company_id", "plan", "number", name=op.f("uq_commission_plan_version_company_id_plan_number")
        ),
    )
    op.create_table(
        "counter",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_counter_company_id_company")),
        sa.PrimaryKeyConstraint("company_id", "series", name=op.f("pk_counter")),
    )


def _make_deals() -> None:
    """Deals and the decisions on them."""
    op.create_table(
        "quote",
        sa.Column(
            "kind",
            sa.Enum("partner_intent", "quote", name="quotekind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "returned",
                "rejected",
                "withdrawn",
                "draft",
                "sent",
                "accepted",
                "declined",
                "expired",
                "invoiced",
                name="quotestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("quote_reference", sa.String(length=20), nullable=True),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("territory_id", sa.Uuid(), nullable=False),
        sa.Column("customer_name", sa.String(length=200), nullable=False),
        sa.Column("customer_contact", sa.String(length=200), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("close_on", sa.Date(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("submitted_at", Utc(), nullable=False),
        sa.Column("submitted_key", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_at", Utc(), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("escalated_at", Utc(), nullable=True),
        sa.Column(
            "terms",
            sa.Enum("flat", "plan", name="termskind", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("commission_pct", sa.Numeric(precision=6, scale=3), nullable=True),
        sa.Column("plan_version_id", sa.Uuid(), nullable=True),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("sent_at", Utc(), nullable=True),
        sa.Column("answered_at", Utc(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'partner_intent') = (status IN ('pending', 'returned', 'rejected', 'withdrawn'))",
            name=op.f("ck_quote_status_of_kind"),
        ),
        sa.CheckConstraint(
            "kind = 'partner_intent' OR partner_id IS NULL OR terms IS NOT NULL", name=op.f("ck_quote_quote_has_terms")
        ),
        sa.CheckConstraint(
            "kind = 'partner_intent' OR quote_reference IS NOT NULL", name=op.f("ck_quote_quote_has_reference")
        ),
        sa.CheckConstraint("kind = 'quote' OR partner_id IS NOT NULL", name=op.f("ck_quote_intent_has_partner")),
        sa.CheckConstraint(
            "terms IS NULL OR (terms = 'flat') = (commission_pct IS NOT NULL)", name=op.f("ck_quote_flat_has_rate")
        ),
        sa.CheckConstraint(
            "terms IS NULL OR (terms = 'plan') = (plan_version_id IS NOT NULL)", name=op.f("ck_quote_plan_has_version")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_quote_amount")),
        sa.CheckConstraint(
            "commission_pct IS NULL OR commission_pct BETWEEN 0 AND 100", name=op.f("ck_quote_commission")
        ),
        sa.CheckConstraint("length(currency) = 3", name=op.f("ck_quote_currency")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_quote_company_id_company")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["partner_contact.id"], name=op.f("fk_quote_contact_id_partner_contact")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_quote_customer_id_customer")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_quote_partner_id_partner")),
        sa.ForeignKeyConstraint(
            ["plan_version_id"],
            ["commission_plan_version.id"],
            name=op.f("fk_quote_plan_version_id_commission_plan_version"),
        ),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_quote_product_id_product")),
        sa.ForeignKeyConstraint(["territory_id"], ["territory.id"], name=op.f("fk_quote_territory_id_territory")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote")),
        sa.UniqueConstraint("company_id", "number", name=op.f("uq_quote_company_id_number")),
        sa.UniqueConstraint("company_id", "quote_reference", name=op.f("uq_quote_company_id_quote_reference")),
    )
    with op.batch_alter_table("quote", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quote_company_id_customer_id"), ["company_id", "customer_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_quote_company_id_kind_submitted_at"), ["company_id", "kind", "submitted_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_quote_company_id_status_amount"), ["company_id", "status", "amount"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_quote_company_id_status_close_on"), ["company_id", "status", "close_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_quote_company_id_status_customer_name"),
            ["company_id", "status", "customer_name"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_quote_company_id_status_number"), ["company_id", "status", "number"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_quote_company_id_status_submitted_at"),
            ["company_id", "status", "submitted_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_quote_company_id_partner_id_submitted_at"),
            ["company_id", "partner_id", "submitted_at"],
            unique=False,
        )
        batch_op.create_index(
            "uq_quote_submitted",
            ["partner_id", "submitted_key"],
            unique=True,
            sqlite_where=sa.text("status = 'pending'"),
            postgresql_where=sa.text("status = 'pending'"),
        )
    op.create_table(
        "deal_draft",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("saved_at", Utc(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_deal_draft_company_id_company")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["partner_contact.id"], name=op.f("fk_deal_draft_contact_id_partner_contact")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_draft")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_deal_draft_contact_id")),
    )
    with op.batch_alter_table("deal_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deal_draft_company_id"), ["company_id"], unique=False)
    op.create_table(
        "saved_view",
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("page", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_saved_view_company_id_company")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_saved_view_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("staff_id", "page", "name", name=op.f("uq_saved_view_staff_id_page_name")),
    )
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_view_company_id"), ["company_id"], unique=False)
    op.create_table(
        "deal_review",
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "approved", "rejected", "returned", name="verdict", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("override", sa.Text(), nullable=False),
        sa.Column("submitted_at", Utc(), nullable=False),
        sa.Column("waited_s", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_deal_review_company_id_company")),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_deal_review_quote_id_quote")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_review")),
    )
    with op.batch_alter_table("deal_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deal_review_company_id_at"), ["company_id", "at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_deal_review_company_id_quote_id_at"), ["company_id", "quote_id", "at"], unique=False
        )
        batch_op.create_index(
            "uq_deal_review_approved",
            ["quote_id"],
            unique=True,
            sqlite_where=sa.text("verdict = 'approved'"),
            postgresql_where=sa.text("verdict = 'approved'"),
        )
    op.create_table(
        "pre_check",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("asked", sa.String(length=200), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_pre_check_company_id_company")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["partner_contact.id"], name=op.f("fk_pre_check_contact_id_partner_contact")
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_pre_check_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pre_check")),
    )
    with op.batch_alter_table("pre_check", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pre_check_company_id_partner_id_at"), ["company_id", "partner_id", "at"], unique=False
        )


def _make_protections() -> None:
    """Who is protected where, until when, and who waits."""
    op.create_table(
        "protection",
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("territory_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", Utc(), nullable=False),
        sa.Column("ends_at", Utc(), nullable=False),
        sa.Column(
            "ended",
            sa.Enum(
                "expired",
                "sold",
                "lost",
                "lifted",
                name="protectionend",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("told_days", sa.Integer(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("ends_at >= starts_at", name=op.f("ck_protection_lasts")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_protection_company_id_company")),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_protection_customer_id_customer")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_protection_partner_id_partner")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_protection_product_id_product")),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_protection_quote_id_quote")),
        sa.ForeignKeyConstraint(["territory_id"], ["territory.id"], name=op.f("fk_protection_territory_id_territory")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protection")),
    )
    with op.batch_alter_table("protection", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_protection_company_id_customer_id_product_id_territory_id_ends_at"),
            ["company_id", "customer_id", "product_id", "territory_id", "ends_at"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_protection_company_id_ends_at"), ["company_id", "ends_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_protection_company_id_partner_id_ends_at"),
            ["company_id", "partner_id", "ends_at"],
            unique=False,
        )
    op.create_table(
        "protection_extension",
        sa.Column("protection_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "granted",
                "refused",
                name="extensionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", Utc(), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("decided_at", Utc(), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("days BETWEEN 1 AND 365", name=op.f("ck_protection_extension_days")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_protection_extension_company_id_company")
        ),
        sa.ForeignKeyConstraint(
            ["protection_id"], ["protection.id"], name=op.f("fk_protection_extension_protection_id_protection")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protection_extension")),
    )
    with op.batch_alter_table("protection_extension", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_protection_extension_company_id_state"), ["company_id", "state"], unique=False
        )
        batch_op.create_index(
            "uq_protection_extension_open",
            ["protection_id"],
            unique=True,
            sqlite_where=sa.text("state = 'asked'"),
            postgresql_where=sa.text("state = 'asked'"),
        )
    op.create_table(
        "protection_waiting",
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("protection_id", sa.Uuid(), nullable=False),
        sa.Column("since", Utc(), nullable=False),
        sa.Column("told_at", Utc(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_protection_waiting_company_id_company")),
        sa.ForeignKeyConstraint(
            ["protection_id"], ["protection.id"], name=op.f("fk_protection_waiting_protection_id_protection")
        ),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_protection_waiting_quote_id_quote")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_protection_waiting")),
        sa.UniqueConstraint("quote_id", name=op.f("uq_protection_waiting_quote_id")),
    )
    with op.batch_alter_table("protection_waiting", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_protection_waiting_company_id_protection_id_since"),
            ["company_id", "protection_id", "since"],
            unique=False,
        )


def _make_sales() -> None:
    """A quote's lines and documents, orders and invoices."""
    op.create_table(
        "quote_line",
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("discount_pct", sa.Numeric(precision=6, scale=3), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("discount_pct BETWEEN 0 AND 100", name=op.f("ck_quote_line_discount")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_quote_line_quantity")),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_quote_line_unit_price")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_quote_line_company_id_company")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=op.f("fk_quote_line_product_id_product")),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_quote_line_quote_id_quote")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote_line")),
        sa.UniqueConstraint("quote_id", "position", name=op.f("uq_quote_line_quote_id_position")),
    )
    with op.batch_alter_table("quote_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quote_line_company_id"), ["company_id"], unique=False)
    op.create_table(
        "quote_document",
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column(
            "use",
            sa.Enum(
                "attachment",
                "order",
                "quote",
                "invoice",
                name="documentuse",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_quote_document_company_id_company")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_quote_document_document_id_document")),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_quote_document_quote_id_quote")),
        sa.PrimaryKeyConstraint("quote_id", "document_id", name=op.f("pk_quote_document")),
        sa.UniqueConstraint("document_id", name=op.f("uq_quote_document_document_id")),
    )
    with op.batch_alter_table("quote_document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quote_document_company_id_document_id"), ["company_id", "document_id"], unique=False
        )
    op.create_table(
        "purchase_order",
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("number_key", sa.String(length=60), nullable=False),
        sa.Column("customer_name", sa.String(length=200), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "matched",
                "differs",
                "collides",
                "settled",
                "refused",
                "replaced",
                name="orderstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("differences", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("uploaded_at", Utc(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=200), nullable=False),
        sa.Column("settled_at", Utc(), nullable=True),
        sa.Column("settled_by", sa.String(length=200), nullable=False),
        sa.Column("settled_note", sa.Text(), nullable=False),
        sa.Column("replaced_by", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_purchase_order_amount")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_purchase_order_company_id_company")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_purchase_order_document_id_document")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_purchase_order_partner_id_partner")),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_purchase_order_quote_id_quote")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_order")),
    )
    with op.batch_alter_table("purchase_order", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_purchase_order_company_id_number_key"), ["company_id", "number_key"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_purchase_order_company_id_quote_id"), ["company_id", "quote_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_purchase_order_company_id_state_uploaded_at"),
            ["company_id", "state", "uploaded_at"],
            unique=False,
        )
    op.create_table(
        "sale",
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("partner_commission_rate", sa.Numeric(precision=6, scale=3), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("invoice_number", sa.String(length=20), nullable=False),
        sa.Column("amount", sa.Numeric(precision=18, scale=3), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "invoiced",
                "paid",
                "refunded",
                "cancelled",
                name="salestatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("po_document_id", sa.Uuid(), nullable=True),
        sa.Column("invoiced_at", Utc(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("paid_at", Utc(), nullable=True),
        sa.Column("refunded_at", Utc(), nullable=True),
        sa.Column("cancelled_at", Utc(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(status = 'cancelled') = (cancelled_at IS NOT NULL)", name=op.f("ck_sale_cancelled_at")),
        sa.CheckConstraint("(status = 'refunded') = (refunded_at IS NOT NULL)", name=op.f("ck_sale_refunded_at")),
        sa.CheckConstraint("(status IN ('paid', 'refunded')) = (paid_at IS NOT NULL)", name=op.f("ck_sale_paid_at")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_sale_amount")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_sale_company_id_company")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_sale_partner_id_partner")),
        sa.ForeignKeyConstraint(["po_document_id"], ["document.id"], name=op.f("fk_sale_po_document_id_document")),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_sale_quote_id_quote")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sale")),
        sa.UniqueConstraint("company_id", "invoice_number", name=op.f("uq_sale_company_id_invoice_number")),
        sa.UniqueConstraint("company_id", "number", name=op.f("uq_sale_company_id_number")),
        sa.UniqueConstraint("quote_id", name=op.f("uq_sale_quote_id")),
    )
    with op.batch_alter_table("sale", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sale_company_id_partner_id_invoiced_at"),
            ["company_id", "partner_id", "invoiced_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_sale_company_id_status_invoiced_at"), ["company_id", "status", "invoiced_at"], unique=False
        )


def _let_contacts_in() -> None:
    """Sessions of contacts, and of staff who look as one."""
    uuid = "UUID" if op.get_bind().dialect.name == "postgresql" else "CHAR(32)"
    replace_check("access_session", "ck_access_session_sessionkind", _SESSION_KINDS)
    for column, table, check in (
        ("contact_id", "partner_contact", "contact CHECK ((kind = 'contact') = (contact_id IS NOT NULL))"),
        ("viewer_id", "staff", "viewer CHECK (viewer_id IS NULL OR contact_id IS NOT NULL)"),
    ):
        op.execute(
            f"ALTER TABLE access_session ADD COLUMN {column} {uuid} CONSTRAINT ck_access_session_{check} "
            f"CONSTRAINT fk_access_session_{column}_{table} REFERENCES {table} (id)"
        )
    op.create_index("ix_access_session_company_id_contact_id", "access_session", ["company_id", "contact_id"])


def _let_partners_sell() -> None:
    """What a partner is as a reseller."""
    op.add_column("partner", sa.Column("reseller_since", Utc(), nullable=True))
    for column in (
        "default_commission_pct NUMERIC(6, 3) DEFAULT 0 NOT NULL "
        "CONSTRAINT ck_partner_commission CHECK (default_commission_pct BETWEEN 0 AND 100)",
        "registration VARCHAR(40) DEFAULT '' NOT NULL",
        "tax_form VARCHAR(40) DEFAULT 'none' NOT NULL "
        "CONSTRAINT ck_partner_taxform CHECK (tax_form IN ('none', 'requested', 'w9', 'w8'))",
    ):
        op.execute(f"ALTER TABLE partner ADD COLUMN {column}")


def _keep_documents_of_deals() -> None:
    """A space for what comes with a partner's deals."""
    for name, condition in _SPACES.items():
        replace_check("document_space", name, condition)
    of_deals = sa.text("kind = 'deals'")
    op.create_index(
        "uq_document_space_deals", "document_space", ["partner_visible_to_id"], unique=True,
        sqlite_where=of_deals, postgresql_where=of_deals,
    )  # fmt: skip


def _tell_agreements_apart() -> None:
    """The reseller agreement beside the NDA, each with numbers, a draft and one in force of its own."""
    for table in _INSTRUMENTS:
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN instrument VARCHAR(40) DEFAULT 'nda' NOT NULL "
            f"CONSTRAINT ck_{table}_instrument CHECK (instrument IN ('nda', 'reseller'))"
        )
    for table in _NUMBERS:
        numbers = f"uq_{table}_company_id_instrument_number"
        replace_key(table, f"uq_{table}_company_id_number", numbers, "UNIQUE (company_id, instrument, number)")
    replace_key("nda_counter", "pk_nda_counter", "pk_nda_counter", "PRIMARY KEY (company_id, instrument)")
    _have_one("instrument")
    replace_check("document", "ck_document_origin", _ORIGINS)


def _have_one(*besides: str) -> None:
    """Make the indexes anew that let there be one of something, for each value of the columns ``besides``."""
    for name, table, whose, which in _ONE_EACH:
        op.drop_index(name, table)
        rows, columns = sa.text(which), [whose, *besides]
        op.create_index(name, table, columns, unique=True, sqlite_where=rows, postgresql_where=rows)


def _keep_ndas_alone() -> None:
    """Take the reseller agreement back, with everything that was signed."""
    signed = "SELECT id FROM document WHERE origin = 'signed_agreement'"
    for table in reversed(_INSTRUMENTS):
        op.execute(f"DELETE FROM {table} WHERE instrument <> 'nda'")  # noqa: S608 - our own names
    for table in ("document_fetch", "document_version"):
        op.execute(f"DELETE FROM {table} WHERE document_id IN ({signed})")  # noqa: S608 - our own names
    op.execute("DELETE FROM document WHERE origin = 'signed_agreement'")
    replace_check("document", "ck_document_origin", _ORIGINS_WERE)
    _have_one()
    replace_key("nda_counter", "pk_nda_counter", "pk_nda_counter", "PRIMARY KEY (company_id)")
    for table in _NUMBERS:
        now = f"uq_{table}_company_id_instrument_number"
        replace_key(table, now, f"uq_{table}_company_id_number", "UNIQUE (company_id, number)")
    for table in _INSTRUMENTS:
        op.execute(f"ALTER TABLE {table} DROP COLUMN instrument")


_APPROVED = "SELECT 1 FROM deal_review r WHERE r.quote_id = NEW.id AND r.verdict = 'approved'"
_WAITS = "SELECT 1 FROM quote q WHERE q.id = NEW.quote_id AND q.status = 'pending'"
_ACCEPTED = "SELECT 1 FROM quote q WHERE q.id = NEW.quote_id AND q.kind = 'quote' AND q.status = 'accepted'"
_OF_DEMO = "SELECT 1 FROM quote q JOIN partner p ON p.id = q.partner_id WHERE q.id = OLD.quote_id AND p.is_demo"
_TERMS = ("partner_id", "terms", "commission_pct", "plan_version_id")


def _refuse_on_sqlite() -> None:
    """What no statement may do, whoever writes it."""
    locked = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _TERMS)
    overlaps = (
        "SELECT 1 FROM protection p WHERE p.customer_id = NEW.customer_id AND p.product_id = NEW.product_id "
        "AND p.territory_id = NEW.territory_id AND p.id <> NEW.id "
        "AND p.starts_at < NEW.ends_at AND NEW.starts_at < p.ends_at"
    )
    for trigger, says in {
        "quote_begins_as_intent BEFORE INSERT ON quote "
        "WHEN NEW.kind = 'quote' AND NEW.partner_id IS NOT NULL": _NO_BYPASS,
        "quote_needs_review BEFORE UPDATE OF kind ON quote WHEN NEW.kind <> OLD.kind "
        f"AND (NEW.kind <> 'quote' OR NOT EXISTS ({_APPROVED}))": _NO_BYPASS,
        f"quote_terms_locked BEFORE UPDATE ON quote WHEN OLD.kind = 'quote' AND ({locked})": _LOCKED,
        f"deal_review_of_waiting BEFORE INSERT ON deal_review WHEN NOT EXISTS ({_WAITS})": _DECIDED,
        "deal_review_no_update BEFORE UPDATE ON deal_review": _KEPT,
        f"deal_review_no_delete BEFORE DELETE ON deal_review WHEN NOT EXISTS ({_OF_DEMO})": _KEPT,
        f"sale_needs_quote BEFORE INSERT ON sale WHEN NOT EXISTS ({_ACCEPTED})": _NOT_ACCEPTED,
        f"protection_alone BEFORE INSERT ON protection WHEN EXISTS ({overlaps})": _OVERLAPS,
        f"protection_stays_alone BEFORE UPDATE ON protection WHEN EXISTS ({overlaps})": _OVERLAPS,
    }.items():
        op.execute(f"CREATE TRIGGER {trigger} BEGIN SELECT RAISE(ABORT, '{says}'); END")


def _refuse_on_postgresql() -> None:
    """The same; overlapping protections by an exclusion constraint, which holds against two writers at once."""
    locked = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _TERMS)
    op.execute('CREATE TYPE text_range AS RANGE (subtype = text, collation = "C")')
    key = "customer_id::text || product_id::text || territory_id::text"
    op.execute(
        "ALTER TABLE protection ADD CONSTRAINT ex_protection_alone EXCLUDE USING gist "
        f"(text_range({key}, {key}, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&)"
    )
    for name, when, condition, says in (
        ("quote_begins_as_intent", "INSERT ON quote", "NEW.kind = 'quote' AND NEW.partner_id IS NOT NULL", _NO_BYPASS),
        (
            "quote_needs_review",
            "UPDATE ON quote",
            f"NEW.kind <> OLD.kind AND (NEW.kind <> 'quote' OR NOT EXISTS ({_APPROVED}))",
            _NO_BYPASS,
        ),
        ("quote_terms_locked", "UPDATE ON quote", f"OLD.kind = 'quote' AND ({locked})", _LOCKED),
        ("deal_review_of_waiting", "INSERT ON deal_review", f"NOT EXISTS ({_WAITS})", _DECIDED),
        ("deal_review_no_update", "UPDATE ON deal_review", "true", _KEPT),
        ("deal_review_no_delete", "DELETE ON deal_review", f"NOT EXISTS ({_OF_DEMO})", _KEPT),
        ("sale_needs_quote", "INSERT ON sale", f"NOT EXISTS ({_ACCEPTED})", _NOT_ACCEPTED),
    ):
        row = "OLD" if when.startswith("DELETE") else "NEW"
        op.execute(
            f"CREATE FUNCTION refuse_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {condition} THEN RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"RETURN {row}; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE {when} FOR EACH ROW EXECUTE FUNCTION refuse_{name}()")
    op.execute(
        "CREATE FUNCTION refuse_decisions_emptied() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{_KEPT}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in _DECISIONS:
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_decisions_emptied()"
        )


_FUNCTIONS = (
    "quote_begins_as_intent",
    "quote_needs_review",
    "quote_terms_locked",
    "deal_review_of_waiting",
    "deal_review_no_update",
    "deal_review_no_delete",
    "sale_needs_quote",
)
_DECISIONS = ("decision", "deal_review")
"""Tables that nobody empties either."""


def downgrade() -> None:
    """Take it back."""
    _keep_ndas_alone()
    op.execute("DELETE FROM access_session WHERE kind = 'contact'")
    op.drop_index("ix_access_session_company_id_contact_id", "access_session")
    for column in ("viewer_id", "contact_id"):
        drop_column("access_session", column)
    replace_check("access_session", "ck_access_session_sessionkind", _SESSION_KINDS_WERE)
    for column in ("tax_form", "registration", "default_commission_pct", "reseller_since"):
        op.execute(f"ALTER TABLE partner DROP COLUMN {column}")
    for table in reversed(_TABLES):
        op.drop_table(table)
    op.drop_index("uq_document_space_deals", "document_space")
    op.execute("DELETE FROM document_space WHERE kind = 'deals'")
    for name, condition in _SPACES_WERE.items():
        replace_check("document_space", name, condition)
    if op.get_bind().dialect.name == "postgresql":
        for name in _FUNCTIONS:
            op.execute(f"DROP FUNCTION refuse_{name}()")
        op.execute("DROP TRIGGER decision_no_truncate ON decision")
        op.execute("DROP FUNCTION refuse_decisions_emptied()")
        op.execute("DROP TYPE text_range")
