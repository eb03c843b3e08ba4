"""Remember which page named a document, what each page led to, what was not checked for absence, and when a file was read in full."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "page",
        sa.Column("source_id", sa.String(), sa.ForeignKey("source.id"), primary_key=True),
        sa.Column("page", sa.String(), primary_key=True),
        sa.Column("leads", sa.Text(), nullable=False),
        sa.Column("last_run", sa.Integer(), nullable=False),
        sa.Column("asked_run", sa.Integer(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=True),
    )
    op.add_column("sighting", sa.Column("page", sa.String(), nullable=True))
    op.add_column("source_state", sa.Column("unchecked", sa.Integer(), nullable=True))
    op.add_column("source_state", sa.Column("unchecked_since", sa.String(), nullable=True))
    op.add_column("url_state", sa.Column("read_at", sa.String(), nullable=True))
    # Not known: from the last check on, so that they do not fall due in one night.
    op.execute("UPDATE url_state SET read_at = checked_at WHERE sha256 IS NOT NULL")
