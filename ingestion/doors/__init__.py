"""Doors: what readers ask over HTTP: pages and files of every release, SQL, where a figure comes from, metrics."""
