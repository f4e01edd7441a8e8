-- One row per check of files, as it stood in this release, in the order of the registry; dates as text.
select columns(*)::varchar from catalogue.checks order by rowid
