-- Every code stands in the list of its column; a region belongs to the country of its row, where that is a country.
-- needs used_code where (column_name, code, coalesce(ref_area, '')) not in (
--   select (column_name, code, coalesce(country_code, '')) from allowed_code)
with

unknown as (
    select used_code.*
    from used_code
    where
        not exists (
            select 1
            from allowed_code
            where
                allowed_code.column_name = used_code.column_name
                and allowed_code.code = used_code.code
                and (
                    allowed_code.country_code = used_code.ref_area
                    or used_code.ref_area is null
                    or used_code.ref_area not in (select countries.country_code from catalogue.countries)
                )
        )
        -- Formulas, codes of an older NUTS version and letters for sex in another language have their own answers.
        and not regexp_matches(used_code.code, '^[=+@-].')
        and not exists (
            select 1
            from catalogue.nuts2_changes
            where
                nuts2_changes.old_code = used_code.code
                and left(nuts2_changes.old_code, 2) = used_code.ref_area
        )
        and not exists (
            select 1
            from foreign_letter
            where used_code.column_name = 'SEX' and foreign_letter.letter = used_code.code
        )
),

list_texts as (
    select
        column_name,
        count(*) as code_count,
        if(count(*) <= parameter('P01', 'most_codes_spelt_out'), string_agg(code, ', ' order by rowid), null) as codes
    from allowed_code
    group by column_name
),

region_texts as (
    select
        country_code,
        string_agg(code, ', ' order by code) as codes
    from allowed_code
    group by country_code
),

other_columns as (
    select
        code,
        any_value(column_name) as other_column
    from allowed_code
    -- A single letter or digit says too little about where it belongs.
    where length(code) > 2
    group by code
    having count(*) = 1
)

select
    code_cell.source_row,
    unknown.column_name,
    case
        when unknown.column_name = 'NUTS2' and region_texts.codes is not null
            then say('a region of {country} ({codes}; empty for the whole country)')
        when list_texts.codes is not null then say('one of {codes}')
        else say('one of the {count} codes of the list {column}')
    end as expected,
    if(
        other_columns.other_column <> unknown.column_name,
        say('This is a code of the column {other_column}: check whether columns are shifted or swapped.'),
        null
    ) as advice,
    {
        'country': unknown.ref_area,
        'codes': if(unknown.column_name = 'NUTS2', region_texts.codes, list_texts.codes),
        'count': list_texts.code_count,
        'other_column': other_columns.other_column
    } as given
from unknown
inner join code_cell
    on
        unknown.column_name = code_cell.column_name
        and unknown.code = code_cell.code
        and (unknown.column_name <> 'NUTS2' or unknown.ref_area is not distinct from code_cell.ref_area)
inner join list_texts on unknown.column_name = list_texts.column_name
left join region_texts on unknown.ref_area = region_texts.country_code
left join other_columns on unknown.code = other_columns.code
