-- Regions are those of one NUTS version in every period, so that a series is about one place.
-- needs used_code where column_name = 'NUTS2' and code in (select old_code from catalogue.nuts2_changes)
select
    submission.source_row,
    'NUTS2' as column_name,
    say('a code of NUTS {version}: {codes}') as expected,
    -- Whichever version took the code away, today's is asked for.
    {
        'version': (select max(nuts_version) from catalogue.nuts2_changes),
        'codes': replace(changes.new_codes, '|', ', ')
    } as given,
    -- Nobody can tell which part of a region is meant, nor make a part of a region the whole.
    if(
        contains(changes.new_codes, '|')
        or exists (
            select 1
            from catalogue.nuts2_changes as others
            where
                others.nuts_version = changes.nuts_version
                and others.old_code <> changes.old_code
                and contains(others.new_codes, changes.new_codes)
        ),
        null,
        changes.new_codes
    ) as proposal
from submission
inner join catalogue.nuts2_changes as changes on submission.nuts2 = changes.old_code
where left(changes.old_code, 2) = submission.ref_area
