"""Releases: immutable published folders, the pointer to the current one, and reading them."""
