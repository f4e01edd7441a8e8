"""One file per step. What was released is never changed: a change is another step."""
