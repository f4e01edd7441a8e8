"""Bells: what wakes the DAGs when something is due, and the stewards when something fails."""
