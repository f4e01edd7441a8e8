-- O is oui, S is sí and N is no: letters of the sender's language that are codes of ours, too, of another meaning.
-- needs used_code where column_name = 'CONF_STATUS' and code in (select no_letter from catalogue.yes_no_letters)
with

used as (
    select upper(code) as letter
    from used_code
    where
        column_name = 'CONF_STATUS'
        and code not in (select codes.code from catalogue.codes_conf_status as codes where codes.handling = 'publish')
),

pair as (
    select letters.yes_letter, letters.no_letter
    from catalogue.yes_no_letters as letters, sender
    inner join catalogue.countries on sender.country_code = countries.country_code
    where
        (letters.language_code = '*' or list_contains(string_split(countries.languages, '|'), letters.language_code))
        and letters.no_letter in (from used)
        and not exists (from used where letter not in (letters.yes_letter, letters.no_letter))
        -- Who answers every question with no uses one letter alone; who uses our codes leaves free figures without.
        and (
            letters.yes_letter in (from used)
            or not exists (from observation where conf_status is distinct from letters.no_letter)
        )
    order by letters.rowid desc
    limit 1
)

select
    observation.source_row,
    'CONF_STATUS' as column_name,
    say('F, or the reason') as expected,
    {'letters': pair.yes_letter || '/' || pair.no_letter, 'status_label': codes.label} as given
from observation
inner join pair on observation.conf_status in (pair.yes_letter, pair.no_letter)
inner join catalogue.codes_conf_status as codes on observation.conf_status = codes.code
