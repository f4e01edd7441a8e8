"""Where in the inbox an arrival lay, so that each name of one content gets its receipt."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Go to this revision."""
    op.add_column("arrivals", sa.Column("inbox_folder", sa.String))


def downgrade() -> None:
    """Go back to the revision before."""
    op.drop_column("arrivals", "inbox_folder")
