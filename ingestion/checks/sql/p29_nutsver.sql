-- Regions are those of one NUTS version in every period, so that a series is about one place.
-- needs used_code where column_name = 'NUTS2' and code in (select old_code from catalogue.nuts2_changes)
select
    submission.source_row,
    'NUTS2' as column_name,
    say('a code of NUTS {version}: {codes}') as expected,
    {'version': changes.nuts_version, 'codes': replace(changes.new_codes, '|', ', ')} as given,
    if(contains(changes.new_codes, '|'), null, changes.new_codes) as proposal
from submission
inner join catalogue.nuts2_changes as changes on submission.nuts2 = changes.old_code
where left(changes.old_code, 2) = submission.ref_area
