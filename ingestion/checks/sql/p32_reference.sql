-- A yes/no answer or a score names the document that shows it: by letters and numbers, and not by a word for nothing.
-- needs observation where needed_reference is not null
select
    source_row,
    'REFERENCE' as column_name,
    say('a document') as expected
from observation
where
    is_filled
    and not (
        regexp_matches(needed_reference, '\p{L}')
        and length(regexp_replace(needed_reference, '[^\p{L}\p{N}]', '', 'g')) >= 3
        and lower(trim(needed_reference, ' .-')) not in (select word from catalogue.nothing_words)
    )
