-- Every code stands in the list of its column; a region belongs to the country of its row.
with

unknown as (
    select code_cell.*
    from code_cell
    where not exists (
        select 1
        from allowed_code
        where
            allowed_code.column_name = code_cell.column_name
            and allowed_code.code = code_cell.code
            and (allowed_code.country_code is null or allowed_code.country_code = code_cell.ref_area)
    )
),

list_texts as (
    select
        column_name,
        case
            when count(*) <= 12 then 'one of ' || string_agg(code, ', ' order by rowid)
            else 'one of the ' || count(*) || ' codes of the list ' || column_name
        end as list_text
    from allowed_code
    group by column_name
),

region_texts as (
    select
        country_code,
        string_agg(code, ', ' order by code) as regions
    from allowed_code
    where country_code is not null
    group by country_code
)

select
    unknown.source_row,
    unknown.column_name,
    unknown.code as found,
    case
        when unknown.column_name = 'NUTS2' and region_texts.regions is not null
            then 'a region of ' || unknown.ref_area || ' (' || region_texts.regions || '; empty for the whole country)'
        else list_texts.list_text
    end as expected
from unknown
inner join list_texts on unknown.column_name = list_texts.column_name
left join region_texts on unknown.ref_area = region_texts.country_code
where not (
    unknown.column_name = 'NUTS2'
    and unknown.code in (
        select old_code from catalogue.nuts2_changes
        where left(old_code, 2) = unknown.ref_area
    )
)
