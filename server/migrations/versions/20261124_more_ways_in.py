"""passkeys, joining by a code, repeated recovery, key versions"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("recovery_repeat_hash", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("recovery_repeat_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("key_version", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("passkey_user", sa.String(length=43), nullable=True))
        batch_op.create_index(batch_op.f("ix_account_recovery_repeat_hash"), ["recovery_repeat_hash"], unique=False)

    op.create_table(
        "passkey",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("credential_id", sa.String(length=1364), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("wrapped_key", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_passkey_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkey_account_id"), ["account_id"], unique=False)

    op.create_table(
        "spent_challenge",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_spent_challenge")),
    )
    with op.batch_alter_table("spent_challenge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spent_challenge_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "device_join",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=43), nullable=False),
        sa.Column("wrapped_key", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_device_join_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device_join")),
        sa.UniqueConstraint("account_id", name=op.f("uq_device_join_account_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_join_token_hash")),
    )
    with op.batch_alter_table("device_join", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_device_join_expires_at"), ["expires_at"], unique=False)


def downgrade() -> None:
    op.drop_table("device_join")
    op.drop_table("spent_challenge")
    op.drop_table("passkey")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_recovery_repeat_hash"))
        batch_op.drop_column("passkey_user")
        batch_op.drop_column("key_version")
        batch_op.drop_column("recovery_repeat_until")
        batch_op.drop_column("recovery_repeat_hash")
