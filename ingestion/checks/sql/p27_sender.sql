-- A country sends its own figures.
select
    source_row,
    'REF_AREA' as column_name,
    ref_area as found,
    (select country_code from sender) as expected
from submission
where
    ref_area <> (
        select country_code from sender) and ref_area in (
        select code from allowed_code
        where column_name = 'REF_AREA'
    )
