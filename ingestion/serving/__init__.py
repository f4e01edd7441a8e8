"""Serving: the processes of an observatory, kept alive together, what wakes its DAGs, and the doors to its releases."""
