"""NDA, vault, room, meetings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.db import Utc
from core.migrations.checks import replace_check

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SESSION_KINDS = "kind IN ('staff', 'reader', 'room')"
_WERE = {
    "access_session": ("ck_access_session_sessionkind", "kind IN ('staff', 'reader')"),
    "mail": (
        "ck_mail_kind",
        "kind IN ('invitation', 'staff_sign_in', 'staff_welcome', 'first_view', 'link_reissued', 'link_requested', "
        "'test')",
    ),
    "timeline_entry": (
        "ck_timeline_entry_kind",
        "kind IN ('created', 'changed', 'moved', 'note', 'proposal_published', 'link_issued', 'link_revoked', "
        "'link_requested', 'invitation_sent', 'opened', 'opened_unmeasured', 'first_view')",
    ),
}
"""The CHECKs of the step before; kinds of mail and of timeline entries rule nothing and need none."""
_SAYS = "a decision is never changed"
_SAYS_REAL = "a real partner never becomes a demo"


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "booking_report",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("booking_uid", sa.String(length=200), nullable=False),
        sa.Column("trigger", sa.String(length=60), nullable=False),
        sa.Column("received_at", Utc(), nullable=False),
        sa.Column("outcome", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_booking_report_company_id_company")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_report")),
        sa.UniqueConstraint("company_id", "digest", name=op.f("uq_booking_report_company_id_digest")),
    )
    with op.batch_alter_table("booking_report", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_booking_report_company_id_received_at"), ["company_id", "received_at"], unique=False
        )

    op.create_table(
        "nda_counter",
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_nda_counter_company_id_company")),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_nda_counter")),
    )
    op.create_table(
        "nda_text",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "published", name="textstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("content", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("sha256_en", sa.String(length=64), nullable=False),
        sa.Column("sha256_ar", sa.String(length=64), nullable=False),
        sa.Column("saved_at", Utc(), nullable=False),
        sa.Column("saved_by", sa.String(length=200), nullable=False),
        sa.Column("published_at", Utc(), nullable=True),
        sa.Column("published_by", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name=op.f("ck_nda_text_published_at")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_nda_text_company_id_company")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nda_text")),
        sa.UniqueConstraint("company_id", "number", name=op.f("uq_nda_text_company_id_number")),
    )
    with op.batch_alter_table("nda_text", schema=None) as batch_op:
        batch_op.create_index(
            "uq_nda_text_draft",
            ["company_id"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )

    op.create_table(
        "document_space",
        sa.Column(
            "kind",
            sa.Enum("vault", "library", name="spacekind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("partner_visible_to_id", sa.Uuid(), nullable=True),
        sa.Column("visible_to_all_partners", sa.Boolean(), nullable=False),
        sa.Column("partner_role_visibility", sa.String(length=200), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind <> 'vault' OR partner_visible_to_id IS NOT NULL", name=op.f("ck_document_space_vault_has_partner")
        ),
        sa.CheckConstraint(
            "partner_visible_to_id IS NULL OR NOT visible_to_all_partners", name=op.f("ck_document_space_one_audience")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_document_space_company_id_company")),
        sa.ForeignKeyConstraint(
            ["partner_visible_to_id"], ["partner.id"], name=op.f("fk_document_space_partner_visible_to_id_partner")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_space")),
    )
    with op.batch_alter_table("document_space", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_space_company_id_kind"), ["company_id", "kind"], unique=False)
        batch_op.create_index(
            "uq_document_space_vault",
            ["partner_visible_to_id"],
            unique=True,
            sqlite_where=sa.text("kind = 'vault'"),
            postgresql_where=sa.text("kind = 'vault'"),
        )

    op.create_table(
        "meeting",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=500), nullable=False),
        sa.Column("agenda", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("attendees", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "scheduled", "cancelled", name="meetingstate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("booking_uid", sa.String(length=200), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("organiser_name", sa.String(length=200), nullable=False),
        sa.Column("organiser_email", sa.String(length=254), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 5 AND 1440", name=op.f("ck_meeting_minutes")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_meeting_company_id_company")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_meeting_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("company_id", "booking_uid", name=op.f("uq_meeting_company_id_booking_uid")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_company_id_at"), ["company_id", "at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_meeting_company_id_partner_id_at"), ["company_id", "partner_id", "at"], unique=False
        )

    op.create_table(
        "nda_handover",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("issued_at", Utc(), nullable=False),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.Column("revoked_at", Utc(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_nda_handover_company_id_company")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_nda_handover_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nda_handover")),
    )
    with op.batch_alter_table("nda_handover", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_nda_handover_company_id_partner_id"), ["company_id", "partner_id"], unique=False
        )

    op.create_table(
        "room_link",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("issued_at", Utc(), nullable=False),
        sa.Column("rotated_at", Utc(), nullable=True),
        sa.Column("sent_at", Utc(), nullable=True),
        sa.Column("sent_to", sa.String(length=254), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("epoch >= 1", name=op.f("ck_room_link_epoch")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_room_link_company_id_company")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_room_link_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_link")),
        sa.UniqueConstraint("partner_id", name=op.f("uq_room_link_partner_id")),
    )
    with op.batch_alter_table("room_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_link_company_id"), ["company_id"], unique=False)

    op.create_table(
        "trusted_device",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("device_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("trusted_at", Utc(), nullable=False),
        sa.Column("until", Utc(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_trusted_device_company_id_company")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_trusted_device_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trusted_device")),
        sa.UniqueConstraint("partner_id", "device_hash", name=op.f("uq_trusted_device_partner_id_device_hash")),
    )
    with op.batch_alter_table("trusted_device", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_trusted_device_company_id_partner_id"), ["company_id", "partner_id"], unique=False
        )

    op.create_table(
        "action_item",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column(
            "side",
            sa.Enum("ours", "partner", name="side", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", Utc(), nullable=True),
        sa.Column("done_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("side = 'ours' OR owner_id IS NULL", name=op.f("ck_action_item_partners_have_no_owner")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_action_item_company_id_company")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_action_item_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["owner_id"], ["staff.id"], name=op.f("fk_action_item_owner_id_staff")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_action_item_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_item")),
    )
    with op.batch_alter_table("action_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_action_item_company_id_due_on"), ["company_id", "due_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_action_item_company_id_partner_id_created_at"),
            ["company_id", "partner_id", "created_at"],
            unique=False,
        )

    op.create_table(
        "decision",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("created_by", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_decision_company_id_company")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_decision_meeting_id_meeting")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_decision_partner_id_partner")),
        sa.ForeignKeyConstraint(["replaces_id"], ["decision.id"], name=op.f("fk_decision_replaces_id_decision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_decision_replaces_id")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_decision_company_id_partner_id_decided_on"),
            ["company_id", "partner_id", "decided_on"],
            unique=False,
        )

    op.create_table(
        "document",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_ar", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("requires_nda", sa.Boolean(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "upload", "signed_nda", "paper_nda", name="origin", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("created_at", Utc(), nullable=False),
        sa.Column("changed_at", Utc(), nullable=False),
        sa.Column("removed_at", Utc(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_document_company_id_company")),
        sa.ForeignKeyConstraint(["space_id"], ["document_space.id"], name=op.f("fk_document_space_id_document_space")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_document_company_id_space_id_changed_at"),
            ["company_id", "space_id", "changed_at"],
            unique=False,
        )

    op.create_table(
        "mail_attachment",
        sa.Column("mail_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_mail_attachment_company_id_company")),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_mail_attachment_mail_id_mail")),
        sa.PrimaryKeyConstraint("mail_id", "position", name=op.f("pk_mail_attachment")),
    )
    op.create_table(
        "space_look",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("looker", sa.String(length=80), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("before", Utc(), nullable=True),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_space_look_company_id_company")),
        sa.ForeignKeyConstraint(
            ["space_id"], ["document_space.id"], name=op.f("fk_space_look_space_id_document_space")
        ),
        sa.PrimaryKeyConstraint("space_id", "looker", name=op.f("pk_space_look")),
    )
    op.create_table(
        "document_version",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("added_at", Utc(), nullable=False),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_document_version_sha256")),
        sa.CheckConstraint("size > 0", name=op.f("ck_document_version_size")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_document_version_company_id_company")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_version_document_id_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_version")),
        sa.UniqueConstraint("document_id", "number", name=op.f("uq_document_version_document_id_number")),
    )
    with op.batch_alter_table("document_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_document_version_company_id_document_id"), ["company_id", "document_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_document_version_sha256"), ["sha256"], unique=False)

    op.create_table(
        "mailed_code",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("sign", "device", name="codepurpose", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sent_at", Utc(), nullable=False),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("verified_at", Utc(), nullable=True),
        sa.Column("used_at", Utc(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_mailed_code_company_id_company")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_mailed_code_partner_id_partner")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["access_session.id"], name=op.f("fk_mailed_code_session_id_access_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailed_code")),
    )
    with op.batch_alter_table("mailed_code", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mailed_code_company_id_session_id_purpose_sent_at"),
            ["company_id", "session_id", "purpose", "sent_at"],
            unique=False,
        )

    op.create_table(
        "nda",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column(
            "form",
            sa.Enum("electronic", "paper", name="form", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("text_id", sa.Uuid(), nullable=True),
        sa.Column("signer_name", sa.String(length=200), nullable=False),
        sa.Column("signer_title", sa.String(length=200), nullable=False),
        sa.Column("signer_email", sa.String(length=254), nullable=False),
        sa.Column("signature", sa.String(length=200), nullable=False),
        sa.Column("signed_at", Utc(), nullable=False),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.Column("evidence", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("pdf_sha256", sa.String(length=64), nullable=False),
        sa.Column("certificate_sha256", sa.String(length=64), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("countersigned_at", Utc(), nullable=True),
        sa.Column("countersigned_by", sa.String(length=200), nullable=False),
        sa.Column("countersigned_title", sa.String(length=200), nullable=False),
        sa.Column("superseded_at", Utc(), nullable=True),
        sa.Column("expiry_noted_at", Utc(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("form <> 'electronic' OR text_id IS NOT NULL", name=op.f("ck_nda_electronic_has_text")),
        sa.CheckConstraint("expires_at > signed_at", name=op.f("ck_nda_lasts")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_nda_company_id_company")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_nda_document_id_document")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_nda_partner_id_partner")),
        sa.ForeignKeyConstraint(["text_id"], ["nda_text.id"], name=op.f("fk_nda_text_id_nda_text")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nda")),
        sa.UniqueConstraint("company_id", "number", name=op.f("uq_nda_company_id_number")),
        sa.UniqueConstraint("company_id", "reference", name=op.f("uq_nda_company_id_reference")),
    )
    with op.batch_alter_table("nda", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_nda_company_id_expires_at"), ["company_id", "expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_nda_company_id_signed_at"), ["company_id", "signed_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_nda_company_id_partner_id_signed_at"),
            ["company_id", "partner_id", "signed_at"],
            unique=False,
        )
        batch_op.create_index(
            "uq_nda_current",
            ["partner_id"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )

    op.create_table(
        "nda_signing",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("handover_id", sa.Uuid(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "signed",
                "declined",
                "handed_over",
                name="signingstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("signature", sa.String(length=200), nullable=False),
        sa.Column("begun_at", Utc(), nullable=False),
        sa.Column("shown_at", Utc(), nullable=True),
        sa.Column("read_at", Utc(), nullable=True),
        sa.Column("clause_ms", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("clock_drift_s", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ended_at", Utc(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_nda_signing_company_id_company")),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["nda_handover.id"], name=op.f("fk_nda_signing_handover_id_nda_handover")
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_nda_signing_partner_id_partner")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["access_session.id"], name=op.f("fk_nda_signing_session_id_access_session")
        ),
        sa.ForeignKeyConstraint(["text_id"], ["nda_text.id"], name=op.f("fk_nda_signing_text_id_nda_text")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nda_signing")),
    )
    with op.batch_alter_table("nda_signing", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_nda_signing_company_id_partner_id"), ["company_id", "partner_id"], unique=False
        )
        batch_op.create_index(
            "uq_nda_signing_open",
            ["session_id"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "document_fetch",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("actor_kind", sa.String(length=20), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("ip", sa.String(length=64), nullable=False),
        sa.Column("user_agent", sa.String(length=400), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_document_fetch_company_id_company")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_fetch_document_id_document")),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_document_fetch_partner_id_partner")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["access_session.id"], name=op.f("fk_document_fetch_session_id_access_session")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["document_version.id"], name=op.f("fk_document_fetch_version_id_document_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_fetch")),
    )
    with op.batch_alter_table("document_fetch", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_document_fetch_company_id_document_id_at"), ["company_id", "document_id", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_document_fetch_company_id_partner_id_at"), ["company_id", "partner_id", "at"], unique=False
        )
    op.add_column("partner", sa.Column("nda_expires_at", Utc(), nullable=True))
    _decisions_stay()
    replace_check("access_session", "ck_access_session_sessionkind", _SESSION_KINDS)
    replace_check("mail", "ck_mail_kind", None)
    replace_check("timeline_entry", "ck_timeline_entry_kind", None)


def _decisions_stay() -> None:
    """Refuse changes of decisions. Those of a demo partner may be deleted, and no partner becomes a demo later on."""
    of_demo = "(SELECT is_demo FROM partner WHERE partner.id = OLD.partner_id)"
    if op.get_bind().dialect.name == "sqlite":
        refused = {"decision_no_update BEFORE UPDATE ON decision": _SAYS}
        refused[f"decision_no_delete BEFORE DELETE ON decision WHEN NOT coalesce({of_demo}, 0)"] = _SAYS
        refused["partner_stays_real BEFORE UPDATE OF is_demo ON partner WHEN NEW.is_demo > OLD.is_demo"] = _SAYS_REAL
        for trigger, says in refused.items():
            op.execute(f"CREATE TRIGGER {trigger} BEGIN SELECT RAISE(ABORT, '{says}'); END")
        return
    op.execute(
        "CREATE FUNCTION refuse_decision_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF TG_OP = 'DELETE' AND {of_demo} THEN RETURN OLD; END IF; RAISE EXCEPTION '{_SAYS}'; END $$"
    )
    op.execute(
        "CREATE FUNCTION refuse_late_demo() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_SAYS_REAL}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER partner_stays_real BEFORE UPDATE OF is_demo ON partner "
        "FOR EACH ROW WHEN (NEW.is_demo AND NOT OLD.is_demo) EXECUTE FUNCTION refuse_late_demo()"
    )
    op.execute(
        "CREATE TRIGGER decision_no_change BEFORE UPDATE OR DELETE ON decision "
        "FOR EACH ROW EXECUTE FUNCTION refuse_decision_change()"
    )


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("document_fetch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_fetch_company_id_partner_id_at"))
        batch_op.drop_index(batch_op.f("ix_document_fetch_company_id_document_id_at"))

    op.drop_table("document_fetch")
    with op.batch_alter_table("nda_signing", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_nda_signing_open", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )
        batch_op.drop_index(batch_op.f("ix_nda_signing_company_id_partner_id"))

    op.drop_table("nda_signing")
    with op.batch_alter_table("nda", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_nda_current",
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_nda_company_id_partner_id_signed_at"))
        batch_op.drop_index(batch_op.f("ix_nda_company_id_signed_at"))
        batch_op.drop_index(batch_op.f("ix_nda_company_id_expires_at"))

    op.drop_table("nda")
    with op.batch_alter_table("mailed_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mailed_code_company_id_session_id_purpose_sent_at"))

    op.drop_table("mailed_code")
    with op.batch_alter_table("document_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_version_sha256"))
        batch_op.drop_index(batch_op.f("ix_document_version_company_id_document_id"))

    op.drop_table("document_version")
    op.drop_table("space_look")
    op.drop_table("mail_attachment")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_company_id_space_id_changed_at"))

    op.drop_table("document")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_company_id_partner_id_decided_on"))

    op.drop_table("decision")
    with op.batch_alter_table("action_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_action_item_company_id_partner_id_created_at"))
        batch_op.drop_index(batch_op.f("ix_action_item_company_id_due_on"))

    op.drop_table("action_item")
    with op.batch_alter_table("trusted_device", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trusted_device_company_id_partner_id"))

    op.drop_table("trusted_device")
    with op.batch_alter_table("room_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_room_link_company_id"))

    op.drop_table("room_link")
    with op.batch_alter_table("nda_handover", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nda_handover_company_id_partner_id"))

    op.drop_table("nda_handover")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_company_id_partner_id_at"))
        batch_op.drop_index(batch_op.f("ix_meeting_company_id_at"))

    op.drop_table("meeting")
    with op.batch_alter_table("document_space", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_document_space_vault",
            sqlite_where=sa.text("kind = 'vault'"),
            postgresql_where=sa.text("kind = 'vault'"),
        )
        batch_op.drop_index(batch_op.f("ix_document_space_company_id_kind"))

    op.drop_table("document_space")
    with op.batch_alter_table("nda_text", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_nda_text_draft", sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'")
        )

    op.drop_table("nda_text")
    op.drop_table("nda_counter")
    with op.batch_alter_table("booking_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_booking_report_company_id_received_at"))

    op.drop_table("booking_report")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_decision_change()")
        op.execute("DROP TRIGGER partner_stays_real ON partner")
        op.execute("DROP FUNCTION refuse_late_demo()")
    else:
        op.execute("DROP TRIGGER partner_stays_real")
    op.drop_column("partner", "nda_expires_at")
    op.execute("DELETE FROM access_session WHERE kind = 'room'")
    for table, (name, condition) in _WERE.items():
        replace_check(table, name, condition)
