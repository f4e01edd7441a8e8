-- Regions are those of NUTS 2024 in every period, so that a series is about one place.
select
    submission.source_row,
    'NUTS2' as column_name,
    submission.nuts2 as found,
    replace(changes.new_codes, '|', ' and ') as expected
from submission
inner join catalogue.nuts2_changes as changes on submission.nuts2 = changes.old_code
where left(changes.old_code, 2) = submission.ref_area
