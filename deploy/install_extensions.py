"""Install DuckDB's extensions from the wheels beside it into a folder: `python deploy/install_extensions.py FOLDER`."""

import sys

import duckdb
from duckdb_extensions import import_extension

EXTENSIONS = ("ducklake", "postgres_scanner", "httpfs")


def main(folder: str) -> None:
    """Install each of the extensions that the target `ducklake` loads."""
    connection = duckdb.connect(config={"extension_directory": folder})
    for extension in EXTENSIONS:
        import_extension(extension, con=connection)


if __name__ == "__main__":
    main(*sys.argv[1:])
