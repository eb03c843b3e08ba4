"""Remember merged documents' old ids, and when an address last gave something new."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "document_alias",
        sa.Column("alias", sa.String(), nullable=False),
        sa.Column("document_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["document.id"],
        ),
        sa.PrimaryKeyConstraint("alias"),
    )
    op.create_index("document_alias_document", "document_alias", ["document_id"], unique=False)
    op.add_column("url_state", sa.Column("changed_at", sa.String(), nullable=True))
