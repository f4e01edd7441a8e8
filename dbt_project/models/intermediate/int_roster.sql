-- Who takes part in the round of this release: a country that is on the roster on any day of the round.
with

roster as (
    select * from {{ ref('roster') }}
),

this_round as (
    select rounds.*
    from {{ ref('rounds') }} as rounds
    inner join {{ ref('stg_releases') }} as releases on rounds.round_id = releases.round_id
    where releases.is_this_release
),

final as (
    select
        roster.country_code,
        arg_max(roster.roster_status, roster.valid_from) as roster_status,
    from roster
    inner join this_round
        on
            roster.valid_from <= this_round.closes_on
            and coalesce(roster.valid_to >= this_round.opens_on, true)
    group by roster.country_code
)

select * from final
