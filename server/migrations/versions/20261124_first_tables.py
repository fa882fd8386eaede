"""first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=True),
        sa.Column("auth_hash", sa.String(length=255), nullable=True),
        sa.Column("kdf", sa.Text(), nullable=True),
        sa.Column("wrapped_by_passphrase", sa.Text(), nullable=True),
        sa.Column("wrapped_by_recovery", sa.Text(), nullable=True),
        sa.Column("recovery_hash", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
        sa.UniqueConstraint("recovery_hash", name=op.f("uq_account_recovery_hash")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_last_seen_at"), ["last_seen_at"], unique=False)

    op.create_table(
        "auth_session",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_auth_session_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_auth_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_auth_session_token_hash")),
    )
    with op.batch_alter_table("auth_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_auth_session_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_auth_session_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "nudge_delivery",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("slot", sa.String(length=16), nullable=False),
        sa.Column("hard", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reached", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=True),
        sa.Column("text_id", sa.String(length=80), nullable=True),
        sa.Column("title", sa.String(length=80), nullable=True),
        sa.Column("body", sa.String(length=240), nullable=True),
        sa.Column("opens", sa.String(length=200), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("dropped", sa.String(length=20), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("outcome_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_nudge_delivery_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nudge_delivery")),
        sa.UniqueConstraint("account_id", "slot", name=op.f("uq_nudge_delivery_account_id_slot")),
    )
    with op.batch_alter_table("nudge_delivery", schema=None) as batch_op:
        batch_op.create_index("ix_nudge_delivery_account_id_due_at", ["account_id", "due_at"], unique=False)
        batch_op.create_index(
            "ix_nudge_delivery_lease_until",
            ["lease_until"],
            unique=False,
            postgresql_where=sa.text("state = 'pending'"),
            sqlite_where=sa.text("state = 'pending'"),
        )

    op.create_table(
        "nudge_plan",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("times", sa.Text(), nullable=False),
        sa.Column("days", sa.Text(), nullable=False),
        sa.Column("per_week", sa.SmallInteger(), nullable=False),
        sa.Column("quiet_from", sa.String(length=5), nullable=False),
        sa.Column("quiet_to", sa.String(length=5), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("lock_screen", sa.String(length=8), nullable=False),
        sa.Column("hard_hour", sa.String(length=5), nullable=True),
        sa.Column("special_days", sa.Text(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_slot", sa.String(length=16), nullable=True),
        sa.Column("last_slot", sa.String(length=16), nullable=True),
        sa.Column("week_used", sa.SmallInteger(), nullable=False),
        sa.Column("day_used", sa.SmallInteger(), nullable=False),
        sa.Column("tz_rules", sa.String(length=8), nullable=False),
        sa.Column("unopened", sa.SmallInteger(), nullable=False),
        sa.Column("silent", sa.Boolean(), nullable=False),
        sa.Column("welcome_back", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_nudge_plan_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_nudge_plan")),
    )
    with op.batch_alter_table("nudge_plan", schema=None) as batch_op:
        batch_op.create_index(
            "ix_nudge_plan_next_due_at",
            ["next_due_at"],
            unique=False,
            postgresql_where=sa.text("next_due_at IS NOT NULL"),
            sqlite_where=sa.text("next_due_at IS NOT NULL"),
        )

    op.create_table(
        "push_subscription",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("endpoint", sa.String(length=2048), nullable=False),
        sa.Column("p256dh", sa.String(length=88), nullable=False),
        sa.Column("auth", sa.String(length=24), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=True),
        sa.Column("application_server_key", sa.String(length=88), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_push_subscription_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscription")),
        sa.UniqueConstraint("endpoint", name=op.f("uq_push_subscription_endpoint")),
    )
    with op.batch_alter_table("push_subscription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_push_subscription_account_id"), ["account_id"], unique=False)

    op.create_table(
        "record_checkin",
        sa.Column("felt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mood", sa.SmallInteger(), nullable=True),
        sa.Column("feelings", sa.Text(), nullable=False),
        sa.Column("contexts", sa.Text(), nullable=False),
        sa.Column("sealed_note", sa.Text(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_record_checkin_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", "account_id", name=op.f("pk_record_checkin")),
    )
    with op.batch_alter_table("record_checkin", schema=None) as batch_op:
        batch_op.create_index("ix_record_checkin_account_id_felt_at", ["account_id", "felt_at", "id"], unique=False)
        batch_op.create_index("ix_record_checkin_account_id_rev", ["account_id", "rev"], unique=True)
        batch_op.create_index(
            "ix_record_checkin_deleted_at",
            ["deleted_at"],
            unique=False,
            sqlite_where=sa.text("deleted_at IS NOT NULL"),
            postgresql_where=sa.text("deleted_at IS NOT NULL"),
        )

    op.create_table(
        "record_horizon",
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("collection", sa.String(length=16), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_record_horizon_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "collection", name=op.f("pk_record_horizon")),
    )
    op.create_table(
        "record_journey",
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("contact", sa.String(length=16), nullable=False),
        sa.Column("stays_in_touch", sa.Text(), nullable=False),
        sa.Column("hard_hours", sa.Text(), nullable=False),
        sa.Column("region", sa.String(length=2), nullable=True),
        sa.Column("space_since", sa.Date(), nullable=True),
        sa.Column("slips", sa.Text(), nullable=False),
        sa.Column("special_days", sa.Text(), nullable=False),
        sa.Column("pace", sa.SmallInteger(), nullable=False),
        sa.Column("hidden_feelings", sa.Text(), nullable=False),
        sa.Column("hidden_contexts", sa.Text(), nullable=False),
        sa.Column("sealed_words", sa.Text(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_record_journey_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", "account_id", name=op.f("pk_record_journey")),
    )
    with op.batch_alter_table("record_journey", schema=None) as batch_op:
        batch_op.create_index("ix_record_journey_account_id_rev", ["account_id", "rev"], unique=True)
        batch_op.create_index(
            "ix_record_journey_deleted_at",
            ["deleted_at"],
            unique=False,
            sqlite_where=sa.text("deleted_at IS NOT NULL"),
            postgresql_where=sa.text("deleted_at IS NOT NULL"),
        )

    op.create_table(
        "record_letter",
        sa.Column("kind", sa.String(length=16), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("prompt", sa.String(length=100), nullable=True),
        sa.Column("sealed_title", sa.Text(), nullable=True),
        sa.Column("sealed_text", sa.Text(), nullable=True),
        sa.Column("opens_on", sa.Date(), nullable=True),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_record_letter_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", "account_id", name=op.f("pk_record_letter")),
    )
    with op.batch_alter_table("record_letter", schema=None) as batch_op:
        batch_op.create_index("ix_record_letter_account_id_rev", ["account_id", "rev"], unique=True)
        batch_op.create_index(
            "ix_record_letter_deleted_at",
            ["deleted_at"],
            unique=False,
            sqlite_where=sa.text("deleted_at IS NOT NULL"),
            postgresql_where=sa.text("deleted_at IS NOT NULL"),
        )

    op.create_table(
        "record_mark",
        sa.Column("item", sa.String(length=100), nullable=True),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("times_done", sa.Integer(), nullable=False),
        sa.Column("saved", sa.Boolean(), nullable=False),
        sa.Column("helped", sa.String(length=16), nullable=True),
        sa.Column("place", sa.Double(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_record_mark_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", "account_id", name=op.f("pk_record_mark")),
    )
    with op.batch_alter_table("record_mark", schema=None) as batch_op:
        batch_op.create_index("ix_record_mark_account_id_rev", ["account_id", "rev"], unique=True)
        batch_op.create_index(
            "ix_record_mark_deleted_at",
            ["deleted_at"],
            unique=False,
            sqlite_where=sa.text("deleted_at IS NOT NULL"),
            postgresql_where=sa.text("deleted_at IS NOT NULL"),
        )

    op.create_table(
        "record_urge",
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("strength", sa.SmallInteger(), nullable=True),
        sa.Column("helped", sa.Text(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("rev", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_record_urge_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", "account_id", name=op.f("pk_record_urge")),
    )
    with op.batch_alter_table("record_urge", schema=None) as batch_op:
        batch_op.create_index("ix_record_urge_account_id_rev", ["account_id", "rev"], unique=True)
        batch_op.create_index(
            "ix_record_urge_deleted_at",
            ["deleted_at"],
            unique=False,
            sqlite_where=sa.text("deleted_at IS NOT NULL"),
            postgresql_where=sa.text("deleted_at IS NOT NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("record_urge", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_record_urge_deleted_at",
            sqlite_where=sa.text("deleted_at IS NOT NULL"),
            postgresql_where=sa.text("deleted_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_record_urge_account_id_rev")

    op.drop_table("record_urge")
    with op.batch_alter_table("record_mark", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_record_mark_deleted_at",
            sqlite_where=sa.text("deleted_at IS NOT NULL"),
            postgresql_where=sa.text("deleted_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_record_mark_account_id_rev")

    op.drop_table("record_mark")
    with op.batch_alter_table("record_letter", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_record_letter_deleted_at",
            sqlite_where=sa.text("deleted_at IS NOT NULL"),
            postgresql_where=sa.text("deleted_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_record_letter_account_id_rev")

    op.drop_table("record_letter")
    with op.batch_alter_table("record_journey", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_record_journey_deleted_at",
            sqlite_where=sa.text("deleted_at IS NOT NULL"),
            postgresql_where=sa.text("deleted_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_record_journey_account_id_rev")

    op.drop_table("record_journey")
    op.drop_table("record_horizon")
    with op.batch_alter_table("record_checkin", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_record_checkin_deleted_at",
            sqlite_where=sa.text("deleted_at IS NOT NULL"),
            postgresql_where=sa.text("deleted_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_record_checkin_account_id_rev")
        batch_op.drop_index("ix_record_checkin_account_id_felt_at")

    op.drop_table("record_checkin")
    with op.batch_alter_table("push_subscription", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_push_subscription_account_id"))

    op.drop_table("push_subscription")
    with op.batch_alter_table("nudge_plan", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_nudge_plan_next_due_at",
            postgresql_where=sa.text("next_due_at IS NOT NULL"),
            sqlite_where=sa.text("next_due_at IS NOT NULL"),
        )

    op.drop_table("nudge_plan")
    with op.batch_alter_table("nudge_delivery", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_nudge_delivery_lease_until",
            postgresql_where=sa.text("state = 'pending'"),
            sqlite_where=sa.text("state = 'pending'"),
        )
        batch_op.drop_index("ix_nudge_delivery_account_id_due_at")

    op.drop_table("nudge_delivery")
    with op.batch_alter_table("auth_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_auth_session_expires_at"))
        batch_op.drop_index(batch_op.f("ix_auth_session_account_id"))

    op.drop_table("auth_session")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_last_seen_at"))

    op.drop_table("account")
