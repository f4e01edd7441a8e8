"""Stack: the processes of an observatory, started, kept alive together and stopped."""
