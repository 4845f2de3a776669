"""Training, questions and the library."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from core.db import Utc
from core.ids import new_id
from core.migrations.checks import drop_column, replace_check

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TABLES = (
    "training_module",
    "quiz_version",
    "quiz_image",
    "quiz_attempt",
    "certification",
    "certification_notice",
    "quiz_item_tally",
    "partner_question",
    "question_post",
    "question_document",
    "canned_answer",
    "faq_entry",
    "space_rule",
    "contact_standing",
)
_SPACE_KINDS = "kind IN ('vault', 'library', 'deals', 'questions')"
_SPACE_KINDS_WERE = "kind IN ('vault', 'library', 'deals')"
_CERTIFIED = (
    "module_id", "quiz_version_id", "attempt_id", "partner_contact_id", "employee_id", "reference", "code", "holder",
    "organisation", "score_pct", "completed_at", "valid_until", "expires_at",
)  # fmt: skip
_KEPT = {
    "quiz_version": "a published quiz is never changed",
    "certification": "a certification is never changed",
    "question_post": "what was said is never changed",
    "space_rule": "a rule of the past is never changed",
    "contact_standing": "a standing of the past is never changed",
}


def upgrade() -> None:
    """Take the step."""
    _make_training()
    _make_questions()
    _make_histories()
    _widen_what_is_there()
    _remember_contacts()
    for table, says in _KEPT.items():
        _refuse_changes(table, says)


def _make_training() -> None:
    """What is learned, by whom, with what result."""
    op.create_table(
        "training_module",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_ar", sa.String(length=200), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "sales", "technical", "both", name="modulekind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("required_roles", sa.String(length=200), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_ar", sa.Text(), nullable=False),
        sa.Column("pass_pct", sa.Integer(), nullable=False),
        sa.Column("valid_for_days", sa.Integer(), nullable=False),
        sa.Column("draw", sa.Integer(), nullable=True),
        sa.Column("shuffles", sa.Boolean(), nullable=False),
        sa.Column("cool_down_minutes", sa.Integer(), nullable=False),
        sa.Column("attempts_per_day", sa.Integer(), nullable=True),
        sa.Column("published_at", Utc(), nullable=True),
        sa.Column("withdrawn_at", Utc(), nullable=True),
        sa.Column("added_at", Utc(), nullable=False),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "attempts_per_day IS NULL OR attempts_per_day BETWEEN 1 AND 100",
            name=op.f("ck_training_module_attempts_per_day"),
        ),
        sa.CheckConstraint("cool_down_minutes BETWEEN 0 AND 43200", name=op.f("ck_training_module_cool_down")),
        sa.CheckConstraint("draw IS NULL OR draw BETWEEN 1 AND 500", name=op.f("ck_training_module_draw")),
        sa.CheckConstraint("pass_pct BETWEEN 1 AND 100", name=op.f("ck_training_module_pass_pct")),
        sa.CheckConstraint("valid_for_days BETWEEN 1 AND 3650", name=op.f("ck_training_module_valid_for_days")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_training_module_company_id_company")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_module")),
        sa.UniqueConstraint("company_id", "name", name=op.f("uq_training_module_company_id_name")),
    )
    op.create_table(
        "quiz_version",
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("draft", "published", name="quizstate", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("questions", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("asks_holders", sa.Boolean(), nullable=False),
        sa.Column("saved_at", Utc(), nullable=False),
        sa.Column("saved_by", sa.String(length=200), nullable=False),
        sa.Column("published_at", Utc(), nullable=True),
        sa.Column("published_by", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)", name=op.f("ck_quiz_version_published_at")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_quiz_version_company_id_company")),
        sa.ForeignKeyConstraint(
            ["module_id"], ["training_module.id"], name=op.f("fk_quiz_version_module_id_training_module")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_version")),
        sa.UniqueConstraint("module_id", "number", name=op.f("uq_quiz_version_module_id_number")),
    )
    with op.batch_alter_table("quiz_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quiz_version_company_id_module_id"), ["company_id", "module_id"], unique=False
        )
        batch_op.create_index(
            "uq_quiz_version_draft",
            ["module_id"],
            unique=True,
            sqlite_where=sa.text("state = 'draft'"),
            postgresql_where=sa.text("state = 'draft'"),
        )
    op.create_table(
        "quiz_image",
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", Utc(), nullable=False),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_quiz_image_company_id_company")),
        sa.ForeignKeyConstraint(
            ["module_id"], ["training_module.id"], name=op.f("fk_quiz_image_module_id_training_module")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_image")),
        sa.UniqueConstraint("module_id", "sha256", name=op.f("uq_quiz_image_module_id_sha256")),
    )
    with op.batch_alter_table("quiz_image", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quiz_image_company_id"), ["company_id"], unique=False)
    op.create_table(
        "quiz_attempt",
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("quiz_version_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("partner_contact_id", sa.Uuid(), nullable=True),
        sa.Column("employee_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_delta", sa.Boolean(), nullable=False),
        sa.Column("asked", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("answers", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("pass_pct", sa.Integer(), nullable=False),
        sa.Column("begun_at", Utc(), nullable=False),
        sa.Column("saved_at", Utc(), nullable=False),
        sa.Column("finished_at", Utc(), nullable=True),
        sa.Column("score_pct", sa.Numeric(precision=6, scale=3), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(finished_at IS NULL) = (passed IS NULL)", name=op.f("ck_quiz_attempt_finished_is_graded")),
        sa.CheckConstraint(
            "(finished_at IS NULL) = (score_pct IS NULL)", name=op.f("ck_quiz_attempt_finished_has_score")
        ),
        sa.CheckConstraint(
            "(partner_contact_id IS NULL) <> (employee_id IS NULL)", name=op.f("ck_quiz_attempt_one_learner")
        ),
        sa.CheckConstraint(
            "(partner_contact_id IS NULL) = (partner_id IS NULL)", name=op.f("ck_quiz_attempt_partner_of_contact")
        ),
        sa.CheckConstraint("score_pct IS NULL OR score_pct BETWEEN 0 AND 100", name=op.f("ck_quiz_attempt_score")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_quiz_attempt_company_id_company")),
        sa.ForeignKeyConstraint(["employee_id"], ["staff.id"], name=op.f("fk_quiz_attempt_employee_id_staff")),
        sa.ForeignKeyConstraint(
            ["module_id"], ["training_module.id"], name=op.f("fk_quiz_attempt_module_id_training_module")
        ),
        sa.ForeignKeyConstraint(
            ["partner_contact_id"],
            ["partner_contact.id"],
            name=op.f("fk_quiz_attempt_partner_contact_id_partner_contact"),
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_quiz_attempt_partner_id_partner")),
        sa.ForeignKeyConstraint(
            ["quiz_version_id"], ["quiz_version.id"], name=op.f("fk_quiz_attempt_quiz_version_id_quiz_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_attempt")),
        sa.UniqueConstraint(
            "module_id", "employee_id", "number", name=op.f("uq_quiz_attempt_module_id_employee_id_number")
        ),
        sa.UniqueConstraint(
            "module_id",
            "partner_contact_id",
            "number",
            name=op.f("uq_quiz_attempt_module_id_partner_contact_id_number"),
        ),
    )
    with op.batch_alter_table("quiz_attempt", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quiz_attempt_company_id_employee_id"), ["company_id", "employee_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_quiz_attempt_company_id_module_id_finished_at"),
            ["company_id", "module_id", "finished_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_quiz_attempt_company_id_partner_contact_id"),
            ["company_id", "partner_contact_id"],
            unique=False,
        )
        batch_op.create_index(
            "uq_quiz_attempt_open_contact",
            ["module_id", "partner_contact_id"],
            unique=True,
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )
        batch_op.create_index(
            "uq_quiz_attempt_open_employee",
            ["module_id", "employee_id"],
            unique=True,
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )
    op.create_table(
        "certification",
        sa.Column("module_id", sa.Uuid(), nullable=False),
        sa.Column("quiz_version_id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=True),
        sa.Column("partner_contact_id", sa.Uuid(), nullable=True),
        sa.Column("employee_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("score_pct", sa.Numeric(precision=6, scale=3), nullable=False),
        sa.Column("completed_at", Utc(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("expires_at", Utc(), nullable=False),
        sa.Column("revoked_at", Utc(), nullable=True),
        sa.Column("revoked_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(partner_contact_id IS NULL) <> (employee_id IS NULL)", name=op.f("ck_certification_one_owner")
        ),
        sa.CheckConstraint(
            "(partner_contact_id IS NULL) = (partner_id IS NULL)", name=op.f("ck_certification_partner_of_contact")
        ),
        sa.CheckConstraint("expires_at > completed_at", name=op.f("ck_certification_lasts")),
        sa.CheckConstraint(
            "revoked_at IS NULL OR NOT is_current", name=op.f("ck_certification_revoked_counts_no_more")
        ),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["quiz_attempt.id"], name=op.f("fk_certification_attempt_id_quiz_attempt")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_certification_company_id_company")),
        sa.ForeignKeyConstraint(["employee_id"], ["staff.id"], name=op.f("fk_certification_employee_id_staff")),
        sa.ForeignKeyConstraint(
            ["module_id"], ["training_module.id"], name=op.f("fk_certification_module_id_training_module")
        ),
        sa.ForeignKeyConstraint(
            ["partner_contact_id"],
            ["partner_contact.id"],
            name=op.f("fk_certification_partner_contact_id_partner_contact"),
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_certification_partner_id_partner")),
        sa.ForeignKeyConstraint(
            ["quiz_version_id"], ["quiz_version.id"], name=op.f("fk_certification_quiz_version_id_quiz_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certification")),
        sa.UniqueConstraint("attempt_id", name=op.f("uq_certification_attempt_id")),
        sa.UniqueConstraint("code", name=op.f("uq_certification_code")),
        sa.UniqueConstraint("company_id", "number", name=op.f("uq_certification_company_id_number")),
        sa.UniqueConstraint("company_id", "reference", name=op.f("uq_certification_company_id_reference")),
    )
    with op.batch_alter_table("certification", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_certification_company_id_expires_at"), ["company_id", "expires_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_certification_company_id_partner_id_module_id_expires_at"),
            ["company_id", "partner_id", "module_id", "expires_at"],
            unique=False,
        )
        current = {"sqlite_where": sa.text("is_current = 1"), "postgresql_where": sa.text("is_current")}
        for whose, column in (("contact", "partner_contact_id"), ("employee", "employee_id")):
            only = ["module_id", column]
            batch_op.create_index(f"uq_certification_current_{whose}", only, unique=True, **current)
            held = ["company_id", column, "module_id", "expires_at", "is_current"]
            batch_op.create_index(f"ix_certification_held_{whose}", held, unique=False, **current)
        of_module = ["company_id", "module_id", "expires_at", "is_current"]
        batch_op.create_index("ix_certification_held_module", of_module, unique=False, **current)
    op.create_table(
        "certification_notice",
        sa.Column("certification_id", sa.Uuid(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["certification_id"],
            ["certification.id"],
            name=op.f("fk_certification_notice_certification_id_certification"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id"], ["company.id"], name=op.f("fk_certification_notice_company_id_company")
        ),
        sa.PrimaryKeyConstraint("certification_id", "days", name=op.f("pk_certification_notice")),
    )
    with op.batch_alter_table("certification_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certification_notice_company_id"), ["company_id"], unique=False)
    op.create_table(
        "quiz_item_tally",
        sa.Column("quiz_version_id", sa.Uuid(), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("choice", sa.String(length=40), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("rest_sum", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("rest_squares", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_quiz_item_tally_company_id_company")),
        sa.ForeignKeyConstraint(
            ["quiz_version_id"], ["quiz_version.id"], name=op.f("fk_quiz_item_tally_quiz_version_id_quiz_version")
        ),
        sa.PrimaryKeyConstraint("quiz_version_id", "question", "choice", name=op.f("pk_quiz_item_tally")),
    )
    with op.batch_alter_table("quiz_item_tally", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quiz_item_tally_company_id_quiz_version_id"), ["company_id", "quiz_version_id"], unique=False
        )


def _make_questions() -> None:
    """Questions of resellers, and answers."""
    op.create_table(
        "partner_question",
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("quote_id", sa.Uuid(), nullable=True),
        sa.Column("document_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "answered", "closed", name="questionstate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("asked_at", Utc(), nullable=False),
        sa.Column("submitted_key", sa.String(length=64), nullable=False),
        sa.Column("due_at", Utc(), nullable=False),
        sa.Column("assigned_to_id", sa.Uuid(), nullable=True),
        sa.Column("first_answered_at", Utc(), nullable=True),
        sa.Column("last_said_at", Utc(), nullable=False),
        sa.Column("closed_at", Utc(), nullable=True),
        sa.Column("closed_by", sa.String(length=200), nullable=False),
        sa.Column("escalated_at", Utc(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_partner_question_closed_at")),
        sa.ForeignKeyConstraint(
            ["assigned_to_id"], ["staff.id"], name=op.f("fk_partner_question_assigned_to_id_staff")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_partner_question_company_id_company")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["partner_contact.id"], name=op.f("fk_partner_question_contact_id_partner_contact")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_partner_question_document_id_document")
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_partner_question_partner_id_partner")),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name=op.f("fk_partner_question_quote_id_quote")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_question")),
        sa.UniqueConstraint("company_id", "number", name=op.f("uq_partner_question_company_id_number")),
        sa.UniqueConstraint("contact_id", "submitted_key", name=op.f("uq_partner_question_contact_id_submitted_key")),
    )
    with op.batch_alter_table("partner_question", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_partner_question_company_id_assigned_to_id_state"),
            ["company_id", "assigned_to_id", "state"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_partner_question_company_id_partner_id_last_said_at"),
            ["company_id", "partner_id", "last_said_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_partner_question_company_id_state_due_at"), ["company_id", "state", "due_at"], unique=False
        )
    op.create_table(
        "question_post",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("asked", "answer", "note", name="postkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'asked') = (contact_id IS NOT NULL)", name=op.f("ck_question_post_asked_by_contact")
        ),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_question_post_company_id_company")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["partner_contact.id"], name=op.f("fk_question_post_contact_id_partner_contact")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["partner_question.id"], name=op.f("fk_question_post_question_id_partner_question")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_question_post_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_post")),
    )
    with op.batch_alter_table("question_post", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_question_post_company_id_question_id_at"), ["company_id", "question_id", "at"], unique=False
        )
    op.create_table(
        "question_document",
        sa.Column("post_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_question_document_company_id_company")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_question_document_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["question_post.id"], name=op.f("fk_question_document_post_id_question_post")
        ),
        sa.PrimaryKeyConstraint("post_id", "document_id", name=op.f("pk_question_document")),
        sa.UniqueConstraint("document_id", name=op.f("uq_question_document_document_id")),
    )
    with op.batch_alter_table("question_document", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_question_document_company_id_document_id"), ["company_id", "document_id"], unique=False
        )
    op.create_table(
        "canned_answer",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_ar", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_canned_answer_company_id_company")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_answer")),
        sa.UniqueConstraint("company_id", "name", name=op.f("uq_canned_answer_company_id_name")),
    )
    op.create_table(
        "faq_entry",
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_ar", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("body_ar", sa.Text(), nullable=False),
        sa.Column("roles", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("published_at", Utc(), nullable=False),
        sa.Column("published_by", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_at", Utc(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_faq_entry_company_id_company")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["partner_question.id"], name=op.f("fk_faq_entry_question_id_partner_question")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq_entry")),
    )
    with op.batch_alter_table("faq_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_faq_entry_company_id_published_at"), ["company_id", "published_at"], unique=False
        )


def _make_histories() -> None:
    """Who might see what, when."""
    op.create_table(
        "space_rule",
        sa.Column("space_id", sa.Uuid(), nullable=False),
        sa.Column("partner_visible_to_id", sa.Uuid(), nullable=True),
        sa.Column("visible_to_all_partners", sa.Boolean(), nullable=False),
        sa.Column("partner_role_visibility", sa.String(length=200), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("set_by", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_space_rule_company_id_company")),
        sa.ForeignKeyConstraint(
            ["partner_visible_to_id"], ["partner.id"], name=op.f("fk_space_rule_partner_visible_to_id_partner")
        ),
        sa.ForeignKeyConstraint(
            ["space_id"], ["document_space.id"], name=op.f("fk_space_rule_space_id_document_space")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_space_rule")),
    )
    with op.batch_alter_table("space_rule", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_space_rule_company_id_space_id_at"), ["company_id", "space_id", "at"], unique=False
        )
    op.create_table(
        "contact_standing",
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
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
            nullable=True,
        ),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_contact_standing_company_id_company")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["partner_contact.id"], name=op.f("fk_contact_standing_contact_id_partner_contact")
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_contact_standing_partner_id_partner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_standing")),
    )
    with op.batch_alter_table("contact_standing", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_contact_standing_company_id_contact_id_at"), ["company_id", "contact_id", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_contact_standing_company_id_partner_id_at"), ["company_id", "partner_id", "at"], unique=False
        )


def _widen_what_is_there() -> None:
    """Spaces for the library and for questions, threads of mails, products that ask for a certificate."""
    replace_check("document_space", "ck_document_space_spacekind", _SPACE_KINDS)
    op.add_column("document_space", sa.Column("withdrawn_at", Utc(), nullable=True))
    for column in ("name_ar VARCHAR(200)", "holds_prices BOOLEAN", "version INTEGER"):
        usual = {"name_ar": "''", "holds_prices": "false", "version": "1"}[column.split()[0]]
        op.execute(f"ALTER TABLE document_space ADD COLUMN {column} DEFAULT {usual} NOT NULL")
    of_questions = sa.text("kind = 'questions'")
    op.create_index(
        "uq_document_space_questions", "document_space", ["partner_visible_to_id"], unique=True,
        sqlite_where=of_questions, postgresql_where=of_questions,
    )  # fmt: skip
    op.execute("ALTER TABLE mail ADD COLUMN thread VARCHAR(200) DEFAULT '' NOT NULL")
    uuid = "UUID" if op.get_bind().dialect.name == "postgresql" else "CHAR(32)"
    op.execute(
        f"ALTER TABLE product ADD COLUMN certificate_module_id {uuid} "
        "CONSTRAINT fk_product_certificate_module_id_training_module REFERENCES training_module (id)"
    )


def _remember_contacts() -> None:
    """What the contacts that are there have been since they were added."""
    contact = sa.table("partner_contact", *map(sa.column, ("id", "company_id", "partner_id", "role")))
    contact.append_column(sa.column("added_at", Utc()))
    contact.append_column(sa.column("disabled_at", Utc()))
    standing = sa.table("contact_standing", *map(sa.column, ("contact_id", "company_id", "partner_id", "role")))
    standing.append_column(sa.column("id", sa.Uuid()))
    standing.append_column(sa.column("at", Utc()))
    for row in op.get_bind().execute(sa.select(contact)).all():
        same = {"contact_id": row.id, "company_id": row.company_id, "partner_id": row.partner_id}
        for at, role in ((row.added_at, row.role), (row.disabled_at, None)):
            if at is not None:
                op.get_bind().execute(standing.insert().values(id=new_id(), at=at, role=role, **same))


def _refuse_changes(table: str, says: str) -> None:
    """What no statement may change, whoever writes it."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    differs = "IS NOT" if is_sqlite else "IS DISTINCT FROM"
    condition = {
        "quiz_version": "OLD.state = 'published'",
        "certification": " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in _CERTIFIED),
    }.get(table, "true")
    if is_sqlite:
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        )
        return
    op.execute(
        f"CREATE FUNCTION refuse_{table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} THEN RAISE EXCEPTION '{says}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_kept BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_{table}_kept()"
    )


def downgrade() -> None:
    """Take it back."""
    drop_column("product", "certificate_module_id")
    op.execute("ALTER TABLE mail DROP COLUMN thread")
    op.drop_index("uq_document_space_questions", "document_space")
    op.execute("DELETE FROM document_space WHERE kind = 'questions'")
    for column in ("name_ar", "holds_prices", "version", "withdrawn_at"):
        op.execute(f"ALTER TABLE document_space DROP COLUMN {column}")
    replace_check("document_space", "ck_document_space_spacekind", _SPACE_KINDS_WERE)
    for table in reversed(_TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for table in _KEPT:
            op.execute(f"DROP FUNCTION refuse_{table}_kept()")
