-- What was sent of known indicators: now, or before.
{into}
select
    sent.source_row, {is_published} as is_published, sent.is_damaged, block.block_id, stratum.stratum_id,
    {numbers}, sent.obs_status, sent.conf_status, coalesce(status.value_rule, 'filled') as value_rule,
    -- Only few rows need one: to look into those of all costs seconds.
    case when needs_reference then coalesce(sent.reference, '') end as needed_reference,
    sent.reference is not null as has_reference,
    sent.obs_comment is not null as has_comment,
    coalesce(sex_restriction <> sex_key and is_of_one_sex, false) as is_impossible,
    ({has_required}) or (allows_published_value and obs_value is not null) as is_filled,
    ({is_empty}) as is_empty,
    -- Of the numerator, or of OBS_VALUE.
    if(measure_type_code = 'PROP', coalesce(numerator is not null and denominator > 0, false), uses_numerator)
        as is_value_of_numerator,
    case measure_type_code
        when 'PROP' then
            case
                when numerator is not null and denominator > 0 then 100 * numerator / denominator
                when allows_published_value then obs_value
            end
        when 'RATE100K' then case when is_total then 100000 * numerator / population_count end
        else if(uses_numerator, numerator, obs_value)
    end as value{beside}
from {sent} as sent
inner join block on {same_block}
inner join stratum on {same_stratum}
left join catalogue.codes_obs_status as status on sent.obs_status = status.code
where block.measure_type_code is not null
