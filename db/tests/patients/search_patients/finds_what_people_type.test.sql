-- Test: search_patients - what people type finds whom they mean, in their clinic and with the right. FND-07, FND-04.
begin;
select plan(29);
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
update app_public.patient_profiles set given_name = 'Ioana-Maria', family_name = 'Mureșan', phone = '+40722123456' where id = tests.id('ioana');
update app_public.patient_profiles set given_name = 'Vlad', family_name = 'Țăranu' where id = tests.id('vlad');
update app_public.patient_profiles set given_name = 'Maria', family_name = 'Sandu' where id = tests.id('sandu');
update app_public.patient_profiles set given_name = 'Ana', family_name = 'Pop' where id = tests.id('ana');
update app_public.patient_profiles set given_name = 'Ioana', family_name = 'Mureșan' where id in (tests.id('gone'), tests.id('other'));
update app_public.patients set deleted_at = now() where patient_profile_id = tests.id('gone');
create function pg_temp.found(query text, clinic text default 'atlas') returns text[] language sql as $$
  select coalesce(array_agg(p.family_name || ' ' || p.given_name order by n), '{}')
  from app_public.search_patients(tests.id(clinic), query) with ordinality as s (id, organization_id, patient_profile_id)
  join app_public.patient_profiles p on p.id = s.patient_profile_id cross join lateral (select s.ordinality) as o (n)
$$;

select tests.act_as('flavia');
select is(pg_temp.found(query), found, format('%L', query))
from (values
  ('muresan', '{Mureșan Ioana-Maria}'::text[]), ('MUREŞAN', '{Mureșan Ioana-Maria}'), (normalize('Mureșan', nfd), '{Mureșan Ioana-Maria}'),
  ('ţăranu', '{Țăranu Vlad}'), ('Taranu v', '{Țăranu Vlad}'), ('vlad țăr', '{Țăranu Vlad}'), (U&'\00a0ta\200branu ', '{Țăranu Vlad}'),
  ('ioana maria', '{Mureșan Ioana-Maria}'), ('Maria', '{Mureșan Ioana-Maria,Sandu Maria}'), ('sandu', '{Sandu Maria}'),
  ('0722 123', '{Mureșan Ioana-Maria}'), ('+40722123456', '{Mureșan Ioana-Maria}'), ('3456', '{Mureșan Ioana-Maria}'),
  ('resan', '{}'), ('%', '{}'), ('', '{}'), (null, '{}'), ('muresan xx', '{}'), (repeat('x ', 1000), '{}')
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
select tests.act_as('ana');
select throws_ok($$select app_public.search_patients(tests.id('atlas'), 'muresan')$$, 'RX404', 'not_found', 'a patient looks for nobody');
select tests.act_as('a visitor');
select throws_ok($$select app_public.search_patients(tests.id('atlas'), 'muresan')$$, '42501', null, 'nor does a visitor');
select * from finish();
rollback;
