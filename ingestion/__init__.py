"""Files in, landed observations and releases out: the path of a datum up to the published release.

The way through the rooms: `portal` or the inbox (`intake`) takes a file in, `reading` and `checks` examine it,
`receipts` and `markup` answer it. `warehouse` builds from what was accepted, with `measures` and `disclosure`; the gate
(`expectations/`) judges; `release` publishes, with `metadata`; `doors` show it, with the site (`dashboards/`).
Beneath them: `catalogue` (what is asked for), `store` (where things lie), `ledger` (what became of them, who decided),
`languages`. Beside them: `templates` (workbooks to fill in), `demo`, `status` (how it goes), `care` (that it lasts).
Around them: `bells` wake the steps, `stack` keeps all processes alive. On top: `cli`.
"""
