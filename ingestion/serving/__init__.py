"""Serving: Airflow, its database and the site, started together, kept alive together and stopped together."""
