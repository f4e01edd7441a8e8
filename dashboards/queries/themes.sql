-- One row per theme, in the order of the catalogue, the kinds of theme in the order they first appear in it.
-- (The tables of the catalogue keep the order of their files.)
with

listed as (
    select theme_code, theme_name, theme_kind, theme_description, row_number() over () as listed_order
    from catalogue.themes
),

final as (
    select theme_code, theme_name, theme_kind, theme_description
    from listed
    order by min(listed_order) over (partition by theme_kind), listed_order
)

select * from final
