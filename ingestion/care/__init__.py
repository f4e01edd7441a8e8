"""Care: the state of an observatory kept elsewhere and brought back, and a look at its health."""
