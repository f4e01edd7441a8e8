create table stratum as
select
    cast(row_number() over (order by all_keys) as integer) as stratum_id,
    *,
    all_keys = '{total_stratum}' as is_total,
    sex_key in (select sex_restriction from catalogue.codes_site where sex_restriction <> '{sex_total}')
        as is_of_one_sex
from (
    select *, concat_ws('|', {key_names}) as all_keys
    from (select {keys} from {stratum_row} union select {keys} from earlier)
)
