"""Stands in for the revision 0003 of another branch: the merge takes that one and drops this file."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    pass
