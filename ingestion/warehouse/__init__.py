"""The warehouse: a manifest says what a build is made of, a build is a pure function of its manifest."""

from ingestion.warehouse.build import build, last_failure, verified_warehouse
from ingestion.warehouse.manifest import build_due, next_manifest

__all__ = ["build", "build_due", "last_failure", "next_manifest", "verified_warehouse"]
