"""Make the files that hold the secrets of docker-compose.yml, those that are not there: `make_secrets.py FOLDER`.

The folder is for its owner only; a container sees the one file that its service names, and must be able to read it.
"""

import base64
import os
import secrets
import sys
from pathlib import Path

MADE = ("postgres_password", "airflow_db_password", "ledger_password", "redis_password", "api_secret_key", "jwt_secret")
# By the mail server and by the provider of sign-in; an empty file stands for none.
GIVEN = ("mail_password", "oidc_secret")
# In the form of Amazon's tools; for a store of somebody else's, its keys take the place of these.
STORE_CREDENTIALS = """[default]
aws_access_key_id = pcm
aws_secret_access_key = {}
"""


def make_secrets(folder: Path) -> None:
    """Write the files that are not there; what is there stays."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    texts = {name: secrets.token_urlsafe(64) for name in MADE}
    texts["fernet_key"] = base64.urlsafe_b64encode(os.urandom(32)).decode()
    texts["store_credentials"] = STORE_CREDENTIALS.format(secrets.token_urlsafe(64))
    texts |= dict.fromkeys(GIVEN, "")
    for name, text in texts.items():
        path = folder / name
        if not path.exists():
            path.write_text(text, encoding="utf-8")
            path.chmod(0o444)


if __name__ == "__main__":
    make_secrets(Path(sys.argv[1]))
