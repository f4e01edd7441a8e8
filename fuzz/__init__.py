"""Fuzzing: every parser of what contacts send must end in a table or in `Unreadable`, whatever the bytes are."""
