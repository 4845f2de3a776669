"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.db import Utc

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("until", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_key_hash_at"), ["key_hash", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_attempt_until"), ["until"], unique=False)

    op.create_table(
        "company",
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_ar", sa.String(length=200), nullable=False),
        sa.Column("base_currency", sa.String(length=3), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("languages", sa.String(length=20), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=False),
        sa.Column("booking_url", sa.String(length=500), nullable=False),
        sa.Column("module_partner_portal_enabled", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(base_currency) = 3", name=op.f("ck_company_currency")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
        sa.UniqueConstraint("slug", name=op.f("uq_company_slug")),
    )
    op.create_table(
        "worker_beat",
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_worker_beat")),
    )
    op.create_table(
        "audit_head",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_audit_head_company_id_company")),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "audit_log",
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("tag", sa.String(length=80), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("subject_name", sa.String(length=300), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("ip", sa.String(length=64), nullable=False),
        sa.Column("user_agent", sa.String(length=400), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_audit_log_company_id_company")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
        sa.UniqueConstraint("company_id", "seq", name=op.f("uq_audit_log_company_id_seq")),
    )
    with op.batch_alter_table("audit_log", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_log_company_id_subject_id"), ["company_id", "subject_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_audit_log_company_id_tag"), ["company_id", "tag"], unique=False)

    op.create_table(
        "reading_day",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("returned", sa.Integer(), nullable=False),
        sa.Column("reached_end", sa.Integer(), nullable=False),
        sa.Column("left_unknown", sa.Integer(), nullable=False),
        sa.Column("left_bot", sa.Integer(), nullable=False),
        sa.Column("left_staff", sa.Integer(), nullable=False),
        sa.Column("left_demo", sa.Integer(), nullable=False),
        sa.Column("left_unmeasured", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("reached_hero", sa.Integer(), nullable=False),
        sa.Column("reached_terms", sa.Integer(), nullable=False),
        sa.Column("reached_metrics", sa.Integer(), nullable=False),
        sa.Column("reached_value", sa.Integer(), nullable=False),
        sa.Column("reached_modules", sa.Integer(), nullable=False),
        sa.Column("reached_why", sa.Integer(), nullable=False),
        sa.Column("reached_next_steps", sa.Integer(), nullable=False),
        sa.Column("reached_cta", sa.Integer(), nullable=False),
        sa.Column("reached_documents", sa.Integer(), nullable=False),
        sa.Column("furthest_hero", sa.Integer(), nullable=False),
        sa.Column("furthest_terms", sa.Integer(), nullable=False),
        sa.Column("furthest_metrics", sa.Integer(), nullable=False),
        sa.Column("furthest_value", sa.Integer(), nullable=False),
        sa.Column("furthest_modules", sa.Integer(), nullable=False),
        sa.Column("furthest_why", sa.Integer(), nullable=False),
        sa.Column("furthest_next_steps", sa.Integer(), nullable=False),
        sa.Column("furthest_cta", sa.Integer(), nullable=False),
        sa.Column("furthest_documents", sa.Integer(), nullable=False),
        sa.Column("ms_hero", sa.BigInteger(), nullable=False),
        sa.Column("ms_terms", sa.BigInteger(), nullable=False),
        sa.Column("ms_metrics", sa.BigInteger(), nullable=False),
        sa.Column("ms_value", sa.BigInteger(), nullable=False),
        sa.Column("ms_modules", sa.BigInteger(), nullable=False),
        sa.Column("ms_why", sa.BigInteger(), nullable=False),
        sa.Column("ms_next_steps", sa.BigInteger(), nullable=False),
        sa.Column("ms_cta", sa.BigInteger(), nullable=False),
        sa.Column("ms_documents", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_reading_day_company_id_company")),
        sa.PrimaryKeyConstraint("company_id", "day", name=op.f("pk_reading_day")),
    )
    op.create_table(
        "staff",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "admin",
                "reviewer",
                "analyst",
                "member",
                "platform_admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("added_at", Utc(), nullable=False),
        sa.Column("disabled_at", Utc(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_staff_company_id_company")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("email", name=op.f("uq_staff_email")),
    )
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_company_id"), ["company_id"], unique=False)

    op.create_table(
        "partner",
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_ar", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=120), nullable=False),
        sa.Column("website", sa.String(length=500), nullable=False),
        sa.Column("territory", sa.String(length=120), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("contact_title", sa.String(length=200), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("next_action", sa.String(length=200), nullable=False),
        sa.Column("next_action_on", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "proposal_sent",
                "meeting_scheduled",
                "nda_signed",
                "mou_signed",
                "active",
                "on_hold",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "hold_reason",
            sa.Enum("lost", "stalled", name="holdreason", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column(
            "stage_left",
            sa.Enum(
                "draft",
                "proposal_sent",
                "meeting_scheduled",
                "nda_signed",
                "mou_signed",
                "active",
                "on_hold",
                name="stage_left",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("status_entered_at", Utc(), nullable=False),
        sa.Column("mou_signed_at", sa.Date(), nullable=True),
        sa.Column("activated_at", Utc(), nullable=True),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("legacy_code_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(status = 'on_hold') = (hold_reason IS NOT NULL)", name=op.f("ck_partner_hold_has_reason")),
        sa.CheckConstraint("(status = 'on_hold') = (stage_left IS NOT NULL)", name=op.f("ck_partner_hold_has_stage")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_partner_company_id_company")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_partner_owner_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
        sa.UniqueConstraint("slug", name=op.f("uq_partner_slug")),
    )
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_partner_company_id_status"), ["company_id", "status"], unique=False)

    op.create_table(
        "sign_in_link",
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("issued_at", Utc(), nullable=False),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.Column("used_at", Utc(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_sign_in_link_company_id_company")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_sign_in_link_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sign_in_link_secret_hash")),
    )
    op.create_table(
        "mail",
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("resend_of", sa.Uuid(), nullable=True),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "invitation",
                "staff_sign_in",
                "staff_welcome",
                "first_view",
                "link_reissued",
                "link_requested",
                "test",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("to_address", sa.String(length=320), nullable=False),
        sa.Column("to_name", sa.String(length=200), nullable=False),
        sa.Column("from_name", sa.String(length=200), nullable=False),
        sa.Column("reply_to", sa.String(length=320), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=400), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("secrets", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "ambiguous",
                "failed",
                "bounced",
                name="mailstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("soft_bounces", sa.Integer(), nullable=False),
        sa.Column("next_try_at", Utc(), nullable=False),
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.Column("leased_until", Utc(), nullable=True),
        sa.Column("handed_over_at", Utc(), nullable=True),
        sa.Column("tried_at", Utc(), nullable=True),
        sa.Column("sent_at", Utc(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_mail_company_id_company")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_mail_partner_id_partner"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["resend_of"], ["mail.id"], name=op.f("fk_mail_resend_of_mail")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
        sa.UniqueConstraint("company_id", "key", name=op.f("uq_mail_company_id_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_mail_message_id")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_company_id_created_at"), ["company_id", "created_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_mail_company_id_state_created_at"), ["company_id", "state", "created_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_mail_state_next_try_at"), ["state", "next_try_at"], unique=False)

    op.create_table(
        "partner_hop",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column(
            "start",
            sa.Enum(
                "draft",
                "proposal_sent",
                "meeting_scheduled",
                "nda_signed",
                "mou_signed",
                "active",
                "on_hold",
                name="start",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "to",
            sa.Enum(
                "draft",
                "proposal_sent",
                "meeting_scheduled",
                "nda_signed",
                "mou_signed",
                "active",
                "on_hold",
                name="to",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("seconds_in_stage", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_partner_hop_company_id_company")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_partner_hop_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_hop")),
    )
    with op.batch_alter_table("partner_hop", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_partner_hop_company_id_partner_id_at"), ["company_id", "partner_id", "at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_partner_hop_company_id_to_at"), ["company_id", "to", "at"], unique=False)

    op.create_table(
        "partner_month",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("reached_hero", sa.Integer(), nullable=False),
        sa.Column("reached_terms", sa.Integer(), nullable=False),
        sa.Column("reached_metrics", sa.Integer(), nullable=False),
        sa.Column("reached_value", sa.Integer(), nullable=False),
        sa.Column("reached_modules", sa.Integer(), nullable=False),
        sa.Column("reached_why", sa.Integer(), nullable=False),
        sa.Column("reached_next_steps", sa.Integer(), nullable=False),
        sa.Column("reached_cta", sa.Integer(), nullable=False),
        sa.Column("reached_documents", sa.Integer(), nullable=False),
        sa.Column("furthest_hero", sa.Integer(), nullable=False),
        sa.Column("furthest_terms", sa.Integer(), nullable=False),
        sa.Column("furthest_metrics", sa.Integer(), nullable=False),
        sa.Column("furthest_value", sa.Integer(), nullable=False),
        sa.Column("furthest_modules", sa.Integer(), nullable=False),
        sa.Column("furthest_why", sa.Integer(), nullable=False),
        sa.Column("furthest_next_steps", sa.Integer(), nullable=False),
        sa.Column("furthest_cta", sa.Integer(), nullable=False),
        sa.Column("furthest_documents", sa.Integer(), nullable=False),
        sa.Column("ms_hero", sa.BigInteger(), nullable=False),
        sa.Column("ms_terms", sa.BigInteger(), nullable=False),
        sa.Column("ms_metrics", sa.BigInteger(), nullable=False),
        sa.Column("ms_value", sa.BigInteger(), nullable=False),
        sa.Column("ms_modules", sa.BigInteger(), nullable=False),
        sa.Column("ms_why", sa.BigInteger(), nullable=False),
        sa.Column("ms_next_steps", sa.BigInteger(), nullable=False),
        sa.Column("ms_cta", sa.BigInteger(), nullable=False),
        sa.Column("ms_documents", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_partner_month_company_id_company")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_partner_month_partner_id_partner")),
        sa.PrimaryKeyConstraint("company_id", "month", "partner_id", name=op.f("pk_partner_month")),
    )
    op.create_table(
        "partner_views",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("devices", sa.Integer(), nullable=False),
        sa.Column("first_human_at", Utc(), nullable=True),
        sa.Column("last_read_at", Utc(), nullable=True),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_partner_views_company_id_company")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_partner_views_partner_id_partner")),
        sa.PrimaryKeyConstraint("company_id", "partner_id", name=op.f("pk_partner_views")),
    )
    with op.batch_alter_table("partner_views", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_partner_views_company_id_last_read_at"), ["company_id", "last_read_at"], unique=False
        )

    op.create_table(
        "proposal_link",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("issued_at", Utc(), nullable=False),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.Column("issued_by", sa.String(length=200), nullable=False),
        sa.Column("revoked_at", Utc(), nullable=True),
        sa.Column("replaced_at", Utc(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("expires_at > issued_at", name=op.f("ck_proposal_link_lasts")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_proposal_link_company_id_company")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_proposal_link_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_link")),
    )
    with op.batch_alter_table("proposal_link", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_proposal_link_company_id_partner_id"), ["company_id", "partner_id"], unique=False
        )
        batch_op.create_index(
            "uq_proposal_link_live",
            ["partner_id"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL AND replaced_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL AND replaced_at IS NULL"),
        )

    op.create_table(
        "proposal_version",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "published", name="versionstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("saved_at", Utc(), nullable=False),
        sa.Column("saved_by", sa.String(length=200), nullable=False),
        sa.Column("published_at", Utc(), nullable=True),
        sa.Column("published_by", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_proposal_version_company_id_company")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_proposal_version_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_version")),
        sa.UniqueConstraint("partner_id", "number", name=op.f("uq_proposal_version_partner_id_number")),
    )
    with op.batch_alter_table("proposal_version", schema=None) as batch_op:
        batch_op.create_index(
            "uq_proposal_version_draft",
            ["partner_id"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )

    op.create_table(
        "timeline_entry",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "created",
                "changed",
                "moved",
                "note",
                "proposal_published",
                "link_issued",
                "link_revoked",
                "link_requested",
                "invitation_sent",
                "opened",
                "opened_unmeasured",
                "first_view",
                "mail",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("facts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_timeline_entry_company_id_company")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_timeline_entry_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timeline_entry")),
    )
    with op.batch_alter_table("timeline_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_timeline_entry_company_id_partner_id_at"), ["company_id", "partner_id", "at"], unique=False
        )

    op.create_table(
        "access_session",
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("staff", "reader", name="sessionkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("measured", sa.Boolean(), nullable=False),
        sa.Column("device_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("opened_at", Utc(), nullable=False),
        sa.Column("last_used_at", Utc(), nullable=False),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.Column("revoked_at", Utc(), nullable=True),
        sa.Column("ip", sa.String(length=64), nullable=False),
        sa.Column("user_agent", sa.String(length=400), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(staff_id IS NULL) <> (partner_id IS NULL)", name=op.f("ck_access_session_one_owner")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_access_session_company_id_company")),
        sa.ForeignKeyConstraint(
            ["link_id"], ["proposal_link.id"], name=op.f("fk_access_session_link_id_proposal_link")
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_access_session_partner_id_partner")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_access_session_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_session")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_access_session_secret_hash")),
    )
    with op.batch_alter_table("access_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_access_session_company_id_partner_id"), ["company_id", "partner_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_access_session_company_id_staff_id"), ["company_id", "staff_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_access_session_link_id"), ["link_id"], unique=False)

    op.create_table(
        "visit",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("proposal_version_id", sa.Uuid(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Uuid(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("device_hash", sa.LargeBinary(length=32), nullable=True),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("new_device", sa.Boolean(), nullable=False),
        sa.Column("read_before", sa.Boolean(), nullable=False),
        sa.Column("came_back", sa.Boolean(), nullable=False),
        sa.Column("away_days", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("measured", sa.Boolean(), nullable=False),
        sa.Column(
            "reader",
            sa.Enum(
                "unknown",
                "human",
                "bot",
                "staff",
                "demo",
                name="reader",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("started_at", Utc(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("last_seen_at", Utc(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("strip", sa.Text(), nullable=False),
        sa.Column("ms_hero", sa.BigInteger(), nullable=False),
        sa.Column("ms_terms", sa.BigInteger(), nullable=False),
        sa.Column("ms_metrics", sa.BigInteger(), nullable=False),
        sa.Column("ms_value", sa.BigInteger(), nullable=False),
        sa.Column("ms_modules", sa.BigInteger(), nullable=False),
        sa.Column("ms_why", sa.BigInteger(), nullable=False),
        sa.Column("ms_next_steps", sa.BigInteger(), nullable=False),
        sa.Column("ms_cta", sa.BigInteger(), nullable=False),
        sa.Column("ms_documents", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("measured OR reader <> 'human'", name=op.f("ck_visit_human_is_measured")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_visit_company_id_company")),
        sa.ForeignKeyConstraint(["link_id"], ["proposal_link.id"], name=op.f("fk_visit_link_id_proposal_link")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_visit_partner_id_partner")),
        sa.ForeignKeyConstraint(
            ["proposal_version_id"], ["proposal_version.id"], name=op.f("fk_visit_proposal_version_id_proposal_version")
        ),
        sa.ForeignKeyConstraint(["session_id"], ["access_session.id"], name=op.f("fk_visit_session_id_access_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(
            "ix_visit_came_back",
            ["company_id", "day"],
            unique=False,
            sqlite_where=sa.text("came_back IS 1"),
            postgresql_where=sa.text("came_back IS true"),
        )
        batch_op.create_index(
            batch_op.f("ix_visit_company_id_day_started_at"), ["company_id", "day", "started_at"], unique=False
        )
        batch_op.create_index(
            "ix_visit_new_device",
            ["company_id", "day"],
            unique=False,
            sqlite_where=sa.text("new_device IS 1"),
            postgresql_where=sa.text("new_device IS true"),
        )
        batch_op.create_index("ix_visit_partner", ["company_id", "partner_id", "day", "started_at"], unique=False)
        batch_op.create_index("ix_visit_session", ["company_id", "session_id"], unique=False)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index("ix_visit_session")
        batch_op.drop_index("ix_visit_partner")
        batch_op.drop_index(
            "ix_visit_new_device",
            sqlite_where=sa.text("new_device IS 1"),
            postgresql_where=sa.text("new_device IS true"),
        )
        batch_op.drop_index(batch_op.f("ix_visit_company_id_day_started_at"))
        batch_op.drop_index(
            "ix_visit_came_back", sqlite_where=sa.text("came_back IS 1"), postgresql_where=sa.text("came_back IS true")
        )

    op.drop_table("visit")
    with op.batch_alter_table("access_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_access_session_link_id"))
        batch_op.drop_index(batch_op.f("ix_access_session_company_id_staff_id"))
        batch_op.drop_index(batch_op.f("ix_access_session_company_id_partner_id"))

    op.drop_table("access_session")
    with op.batch_alter_table("timeline_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_timeline_entry_company_id_partner_id_at"))

    op.drop_table("timeline_entry")
    with op.batch_alter_table("proposal_version", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_proposal_version_draft",
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )

    op.drop_table("proposal_version")
    with op.batch_alter_table("proposal_link", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_proposal_link_live",
            sqlite_where=sa.text("revoked_at IS NULL AND replaced_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL AND replaced_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_proposal_link_company_id_partner_id"))

    op.drop_table("proposal_link")
    with op.batch_alter_table("partner_views", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_views_company_id_last_read_at"))

    op.drop_table("partner_views")
    op.drop_table("partner_month")
    with op.batch_alter_table("partner_hop", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_hop_company_id_to_at"))
        batch_op.drop_index(batch_op.f("ix_partner_hop_company_id_partner_id_at"))

    op.drop_table("partner_hop")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_state_next_try_at"))
        batch_op.drop_index(batch_op.f("ix_mail_company_id_state_created_at"))
        batch_op.drop_index(batch_op.f("ix_mail_company_id_created_at"))

    op.drop_table("mail")
    op.drop_table("sign_in_link")
    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_partner_company_id_status"))

    op.drop_table("partner")
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_company_id"))

    op.drop_table("staff")
    op.drop_table("reading_day")
    with op.batch_alter_table("audit_log", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_log_company_id_tag"))
        batch_op.drop_index(batch_op.f("ix_audit_log_company_id_subject_id"))

    op.drop_table("audit_log")
    op.drop_table("audit_head")
    op.drop_table("worker_beat")
    op.drop_table("company")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_until"))
        batch_op.drop_index(batch_op.f("ix_attempt_key_hash_at"))

    op.drop_table("attempt")
