"""The interface for programs: files at once or in pieces, answers, messages."""
