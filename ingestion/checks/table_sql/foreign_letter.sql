-- Letters for men and women in the sender's language, where the file uses a letter that is none of ours.
create table foreign_letter as
with used as (
    select code, upper(code) as letter from used_code
    where column_name = 'SEX' and upper(code) not in ('{total}', '{unknown}')
),
pairs as (
    select letters.*, letters.rowid as position
    from catalogue.sex_letters as letters, sender
    left join catalogue.countries on sender.country_code = countries.country_code
    where
        letters.language_code = '*'
        or list_contains(string_split(countries.languages, '|'), letters.language_code)
),
-- A whole word tells whose letters stand beside it: Hombre beside M says that M is mujer, Nő that F is férfi.
word as (
    select synonyms.language, synonyms.code as sex, upper(left(synonyms.synonym, 1)) as first_letter
    from catalogue.code_synonyms as synonyms
    inner join used on lower(used.code) = lower(synonyms.synonym)
    where synonyms.column_name = 'SEX' and synonyms.code in ('M', 'F')
),
meant as (
    select pairs.position, used.letter
    from pairs inner join used on used.letter in (pairs.male_letter, pairs.female_letter)
    union
    select pairs.position, if(word.sex = 'M', pairs.male_letter, pairs.female_letter)
    from pairs inner join word on pairs.language_code = word.language
),
pair as (
    select male_letter, female_letter
    from pairs inner join meant on pairs.position = meant.position
    group by pairs.position, male_letter, female_letter
    having bool_or(meant.letter not in (from allowed_sex))
    order by count(*) desc, pairs.position
    limit 1
)
select
    used.code as letter,
    if(used.letter = pair.male_letter, 'M', 'F') as code,
    pair.male_letter || '/' || pair.female_letter as letters,
    -- Where a letter of ours stands beside a pair with the other one, some rows may be in our letters: M is then man
    -- here and woman there. Two letters that are none of ours mean the same in every row.
    (
        not exists (
            select 1 from used as other
            -- 1 beside 0 may be yes to either sex.
            where other.letter in ('M', 'F', '0') and other.letter not in (pair.male_letter, pair.female_letter)
        )
        -- Beside Mujer, or Masculino, M may be short for that word.
        and not exists (from word where word.first_letter = used.letter and used.letter in (from allowed_sex))
    )
    or (
        pair.male_letter not in ('M', 'F') and pair.female_letter not in ('M', 'F')
        and pair.male_letter in (select letter from used) and pair.female_letter in (select letter from used)
    ) as is_certain
from used inner join pair on used.letter in (pair.male_letter, pair.female_letter)
where
    used.letter <> if(used.letter = pair.male_letter, 'M', 'F')
    -- A letter of ours keeps its meaning where the other one of ours is used beside it.
    and (used.letter not in (from allowed_sex) or if(used.letter = 'M', 'F', 'M') not in (select letter from used))
