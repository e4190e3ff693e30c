-- Test: search_patients - what people type finds whom they mean, in their clinic and with the right. FND-07, FND-04.
begin;
select plan(79);
select tests.clinic('boreal');
select tests.staff('filip', 'front_desk');
select tests.patient('other', account => false);
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.staff('billie', 'billing');
select tests.patient('ana');
select tests.patient('ioana', account => false);
select tests.patient('vlad', account => false);
select tests.patient('sandu', account => false);
select tests.patient('gone', account => false);
select tests.act_as('the database');
update app_public.patient_profiles set given_name = 'Ioana-Maria', family_name = 'Mureșan', phone = '+40722123456',
  email = 'Mures_an.ioana@clinic.test', birth_date = '1985-03-14' where id = tests.id('ioana');
update app_public.patient_profiles set given_name = 'Vlad', family_name = 'Țăranu', phone = '+33612345678', birth_date = '2015-12-13',
  email = 'zorro85@clinic.test' where id = tests.id('vlad');
update app_public.patient_profiles set given_name = 'Maria', family_name = 'Sandu' where id = tests.id('sandu');
update app_public.patient_profiles set given_name = 'Ana', family_name = 'Pop' where id = tests.id('ana');
update app_public.patient_profiles set given_name = 'Ioana', family_name = 'Mureșan' where id in (tests.id('gone'), tests.id('other'));
update app_public.patients set deleted_at = now() where patient_profile_id = tests.id('gone');
create function pg_temp.found(query text, clinic text default 'atlas') returns text[] language sql as $$
  select coalesce(array_agg(case when s.is_similar then '~' else '' end || p.family_name || ' ' || p.given_name order by s.n), '{}')
  from app_public.search_patients(tests.id(clinic), query) with ordinality as s (id, patient_profile_id, is_similar, duplicate_ids, n)
  join app_public.patient_profiles p on p.id = s.patient_profile_id
$$;

select tests.act_as('flavia');
select is(pg_temp.found(query), found, format('%L', query))
from (values
  ('muresan', '{Mureșan Ioana-Maria}'::text[]), ('MUREŞAN', '{Mureșan Ioana-Maria}'), (normalize('Mureșan', nfd), '{Mureșan Ioana-Maria}'),
  ('ţăranu', '{Țăranu Vlad}'), ('Taranu v', '{Țăranu Vlad}'), ('vlad țăr', '{Țăranu Vlad}'), (U&'\00a0ta\200branu ', '{Țăranu Vlad}'),
  ('ioana maria', '{Mureșan Ioana-Maria}'), ('Maria', '{Mureșan Ioana-Maria,Sandu Maria}'), ('sandu', '{Sandu Maria}'),
  ('0722 123', '{Mureșan Ioana-Maria}'), ('+40722123456', '{Mureșan Ioana-Maria}'), ('3456', '{Mureșan Ioana-Maria}'),
  -- A slip is told from what was typed; one of two letters is none.
  ('muredan', '{~Mureșan Ioana-Maria}'), ('taraun vlad', '{~Țăranu Vlad}'), ('vlat țăranu', '{~Țăranu Vlad}'), ('mx', '{}'), ('pip', '{}'),
  -- Numbers as people write them.
  ('0040 722.123-456', '{Mureșan Ioana-Maria}'), ('40722123', '{Mureșan Ioana-Maria}'), ('722 123', '{Mureșan Ioana-Maria}'),
  ('(0722) 12/34', '{Mureșan Ioana-Maria}'), ('+33 6 12', '{Țăranu Vlad}'), ('456', '{Mureșan Ioana-Maria}'), ('45', '{}'),
  ('+722123456', '{}'), ('722123999', '{}'), ('mures 0722', '{Mureșan Ioana-Maria}'), ('0722 taranu', '{}'),
  -- Birthdays, alone and with a name; a year of birth.
  ('14.03.1985', '{Mureșan Ioana-Maria}'), ('14/3/1985', '{Mureșan Ioana-Maria}'), ('1985-03-14', '{Mureșan Ioana-Maria}'),
  ('14-03-85', '{Mureșan Ioana-Maria}'), ('3/14/1985', '{Mureșan Ioana-Maria}'), ('mureșan 14.3.85', '{Mureșan Ioana-Maria}'),
  ('mureșan 1985', '{Mureșan Ioana-Maria}'), ('13.12.15', '{Țăranu Vlad}'), ('mureșan 1986', '{}'), ('15.03.1985', '{}'),
  ('31.02.1985', '{}'), ('14.03.1885', '{}'), ('99/99/9999', '{}'), ('1985-03-14 13.12.2015', '{}'), ('14.03/1985', '{}'),
  -- Addresses, whole and from their beginning.
  ('mures_an.IOANA@clinic.test', '{Mureșan Ioana-Maria}'), ('mures_an.ioana@cl', '{Mureșan Ioana-Maria}'), ('mures_an.io', '{Mureșan Ioana-Maria}'),
  ('@clinic.test', '{}'), ('muresxan.ioana@clinic.test', '{}'), ('mures_an.ioana@clinic.test vlad', '{}'),
  -- What could be the beginning of an address; a word of letters alone is a name.
  ('zorro85', '{Țăranu Vlad}'), ('zorro', '{}'),
  -- Nothing of it is a pattern.
  ('%', '{}'), ('_______', '{}'), ('.*', '{}'), ('mures%@', '{}'), ('mure.an_ioana@', '{}'), ('(', '{}'), ('\', '{}'), ('[ţ', '{Țăranu Vlad}'),
  ('', '{}'), (' ', '{}'), ('muresan xx', '{}'), (repeat('x ', 100), '{}'), (null, '{}')
) as t (query, found);

select is((select array_agg(patient_profile_id) from app_public.search_patients(tests.id('atlas'), 'muresan')), array[tests.id('ioana')], 'who was removed is not among them');
select is(pg_temp.found('a b c d e f g h'), '{}', 'eight words are looked for');
select is(pg_temp.found('m m m m i i i i x'), '{Mureșan Ioana-Maria}', 'and a ninth is not');
select is(pg_temp.found('m m m m i i i x'), '{}', 'the eighth is');
select tests.act_as('the database');
update app_public.patient_profiles set family_name = 'Țepeș' where id = tests.id('sandu');
select tests.act_as('flavia');
select is(pg_temp.found('tepes'), '{Țepeș Maria}', 'another name is found at once');
select is(pg_temp.found('sandu'), '{}', 'and the former no more');
select * from tests.refuses($$select app_public.search_patients(tests.id('boreal'), 'muresan')$$, 'NOT_FOUND', 'not_found', 'another clinic is none of theirs');
select * from tests.refuses(format($$select app_public.search_patients(tests.id('atlas'), %L)$$, repeat('x', 201)), 'VALIDATION', 'text_too_long', 'nobody types as much');
select tests.act_as('billie');
select * from tests.refuses($$select app_public.search_patients(tests.id('atlas'), 'muresan')$$, 'FORBIDDEN', 'permission_missing', 'who works there without the right is told which');
select tests.act_as('ana');
select throws_ok($$select app_public.search_patients(tests.id('atlas'), 'muresan')$$, 'RX404', 'not_found', 'a patient looks for nobody');
select tests.act_as('a visitor');
select throws_ok($$select app_public.search_patients(tests.id('atlas'), 'muresan')$$, '42501', null, 'nor does a visitor');
select * from finish();
rollback;
