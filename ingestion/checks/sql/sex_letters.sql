-- H and M are man and woman in Spanish, F and N are man and woman in Hungarian: a letter of ours may mean the other sex.
-- needs foreign_letter
select
    submission.source_row,
    'SEX' as column_name,
    say('M for men, F for women') as expected,
    {'letters': foreign_letter.letters} as given,
    foreign_letter.code as proposal,
    foreign_letter.is_certain
from submission
inner join foreign_letter on submission.sex = foreign_letter.letter
