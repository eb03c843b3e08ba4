"""Count absence in nights, and remember the order of a list and what its documents' own files answered."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("ALTER TABLE document RENAME COLUMN missing_runs TO missing_nights")
    for column in (
        sa.Column("gone_nights", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("counted_on", sa.String(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("rolled_off", sa.Boolean(), nullable=False, server_default=sa.false()),
    ):
        op.add_column("document", column)
    # What was counted so far was taken for gone.
    op.execute("UPDATE document SET gone_nights = missing_nights")
    op.add_column(
        "sighting", sa.Column("position", sa.Integer(), nullable=False, server_default="0")
    )
