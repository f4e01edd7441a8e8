-- One row per release up to this one, the oldest first.
select release_id from marts.dim_release order by release_sequence
