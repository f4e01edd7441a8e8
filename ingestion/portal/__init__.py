"""The portal: where national contacts upload files, see the answer, see what it would change, send, and get proof.

Its rooms: `entrance` (who comes in, and what is theirs), `sending` (a file from its arrival until it is sent),
`correspondence` (receipts, answers to warnings, messages, mail), `stewards` (what they see and decide), `programs` (the
interface for machines) and `web` (what all pages are made with). `app` puts them together, `roles` says who may do
what, `upkeep` does what is due by the clock.
"""
