-- Test: create_patient - who may be a patient already is told about, once staff say so it is another person. FND-34, FND-07.
begin;
select plan(28);
select tests.clinic('boreal');
select tests.staff('filip', 'front_desk');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
create function pg_temp.make(given text, family text, email text default null, phone text default null, birth date default null, as_new boolean default false, clinic text default 'atlas')
returns app_public.patients language sql as $$
  select app_public.create_patient(tests.id(clinic), given, family, email, phone, birth, as_new_patient => as_new);
$$;
create function pg_temp.told(statement text) returns jsonb language plpgsql as $$
declare v text; begin execute statement; return null; exception when others then get stacked diagnostics v = pg_exception_detail; return v::jsonb -> 'candidates'; end $$;
select tests.act_as('flavia');
select tests.remember('elena', patient_profile_id), tests.remember('patient elena', id)
from pg_temp.make('Elena', 'Dobre', 'familie@people.test', '0744 000 002', '1980-02-03');
select r.* from (values
  ($$'Elena', 'Dobre', 'familie@people.test', '0744 000 002'$$, 'address and number of a patient, as it was met'),
  ($$'Matei', 'Dobre', ' Familie@People.test '$$, 'the address alone'),
  ($$'Ion', 'Ene', null, '+40744000002'$$, 'the number alone, however it is written'),
  ($$'DOBRE', 'Elena', null, null, '1980-02-03'$$, 'name and birthday')) as known (given, what),
  lateral tests.refuses(format('select pg_temp.make(%s)', given), 'CONFLICT', 'person_unclear', what) r;
select is(
  pg_temp.told($$select pg_temp.make('Matei', 'Dobre', 'familie@people.test', null, '2015-01-01')$$),
  jsonb_build_array(jsonb_build_object(
    'patientId', tests.id('patient elena'), 'patientProfileId', tests.id('elena'),
    'agrees', '["address"]'::jsonb, 'differs', '["name", "birthday"]'::jsonb)),
  'ids, and the names of facts that agree and differ; what one side does not know is in neither');
select is(
  (pg_temp.told($$select pg_temp.make('Elena', 'Dobre', null, '0744 000 009', '1980-02-03')$$) -> 0) - '{patientId,patientProfileId}'::text[],
  '{"agrees": ["name", "birthday"], "differs": ["telephone"]}', 'without an address to compare there is none to differ');
select is(
  (pg_temp.told($$select pg_temp.make('Ioan', 'Dobre', 'familie@people.test', '0744 000 002', '1980-02-03')$$) -> 0) - '{patientId,patientProfileId}'::text[],
  '{"agrees": ["address", "telephone", "birthday"], "differs": ["name"]}', 'every fact has its side');
select isnt(pg_temp.make('Elena', 'Dobre'), null, 'a name alone is a namesake');
select isnt(pg_temp.make('Ioan', 'Popa', null, null, '1980-02-03'), null, 'a birthday alone is a coincidence');
select isnt((pg_temp.make('Matei', 'Dobre', 'familie@people.test', as_new => true)).patient_profile_id, tests.id('elena'), 'another person all the same, said so');
select is((select count(*) from app_public.patients), 4::bigint, 'four patients');
select is(
  (select count(*) from jsonb_array_elements(pg_temp.told($$select pg_temp.make('Ana', 'Dobre', 'familie@people.test')$$))), 2::bigint, 'everybody with the address is named');
select isnt(pg_temp.make('Radu', 'Ene', null, '0744 000 005'), null, 'somebody without an address');
select is(
  (pg_temp.told($$select pg_temp.make('Rada', 'Ene', 'rada@people.test', '0744 000 005')$$) -> 0) - '{patientId,patientProfileId}'::text[],
  '{"agrees": ["telephone"], "differs": ["name"]}', 'has none that differs');
select tests.act_as('the database');
select tests.patient('vera', email => 'vera@people.test');
update app_public.patient_profiles set email = null, phone = null where id = tests.id('vera');
select tests.act_as('flavia');
select is(
  (pg_temp.told($$select pg_temp.make('Radu', 'Ene', 'vera@people.test', '0744 000 005')$$) -> 0) - '{patientId,patientProfileId}'::text[],
  '{"agrees": ["name", "telephone"], "differs": []}', 'the likeliest first');
select is(
  pg_temp.told($$select pg_temp.make('Vera', 'Ene', 'vera@people.test')$$),
  jsonb_build_array(jsonb_build_object('patientId', tests.id('vera at atlas'), 'patientProfileId', tests.id('vera'), 'agrees', '["address"]'::jsonb, 'differs', '["name"]'::jsonb)),
  'the address that somebody signs in with is theirs too');
select is(
  (pg_temp.told($$select pg_temp.make('Ion', 'Ene', 'ion@people.test', '0744 000 002')$$) -> 0) - '{patientId,patientProfileId}'::text[],
  '{"agrees": ["telephone"], "differs": ["address", "name"]}', 'another address differs');
select tests.act_as('the database');
update app_public.patients set deleted_at = now() where patient_profile_id = tests.id('vera');
select tests.act_as('filip');
select isnt(pg_temp.make('Elena', 'Dobre', 'familie@people.test', clinic => 'boreal'), null, 'of another clinic''s patients nothing is told');
select is((select count(*) from app_public.patients), 1::bigint, '… and a patient there is made');
select tests.act_as('the database');
update app_public.patients set deleted_at = now() where organization_id = tests.id('atlas');
select tests.act_as('flavia');
select isnt(pg_temp.make('Elena', 'Dobre', 'familie@people.test'), null, 'who was removed is not told of');
select * from tests.refuses($$select pg_temp.make('Elena', 'Dobre', 'familie@people.test', clinic => 'boreal')$$, 'NOT_FOUND', 'not_found', 'a stranger''s clinic answers nothing about its patients');
select * from tests.breaks($$select pg_temp.make('Elena', ' ', 'familie@people.test')$$, 'patient_profiles_family_name_is_not_blank', 'a mistake is told before');
select * from finish();
rollback;
