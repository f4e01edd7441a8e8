-- What complementary suppression works on: the additive figures of the blocks at risk, in the order of their releases.
with

final as (
    select figures.*
    from {{ ref('int_additive_figures') }} as figures
    semi join {{ ref('int_blocks_at_risk') }} as blocks
        on
            figures.country_code = blocks.country_code
            and figures.indicator_code = blocks.indicator_code
            and figures.period = blocks.period
)

select * from final
order by country_code, indicator_code, period, first_release_number, submission_id, source_row
