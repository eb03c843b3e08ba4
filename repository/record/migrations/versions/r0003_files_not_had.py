"""Remember why a document's file could not be had, and of each source how many and where."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("document", sa.Column("trouble", sa.String(), nullable=True))
    op.add_column("document", sa.Column("trouble_host", sa.String(), nullable=True))
    op.add_column("source_state", sa.Column("file_troubles", sa.Text(), nullable=True))
    op.add_column("source_state", sa.Column("list_read", sa.Boolean(), nullable=True))
