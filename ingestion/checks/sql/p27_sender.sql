-- A country sends its own figures.
-- needs used_code where column_name = 'REF_AREA' and code not in (select country_code from sender)
select
    source_row,
    'REF_AREA' as column_name,
    say('{sender}, the country that sends the file') as expected,
    {'sender': sender.country_code} as given
from submission, sender
where
    ref_area <> sender.country_code
    and ref_area in (
        select code from allowed_code
        where column_name = 'REF_AREA'
    )
