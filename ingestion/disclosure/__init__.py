"""Statistical disclosure control: hide small counts, and what else must be hidden so that nobody can compute them.

SciPy takes a moment to import: commands import this package when they need it.
"""
