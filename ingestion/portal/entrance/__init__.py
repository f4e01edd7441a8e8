"""Who comes in, and what is theirs: accounts with their passwords and secrets, sign-in, the countries' own things."""
