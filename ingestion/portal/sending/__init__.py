"""A file on its way: it arrives, waits as a draft, is answered, compared and previewed in turns, approved, sent."""
