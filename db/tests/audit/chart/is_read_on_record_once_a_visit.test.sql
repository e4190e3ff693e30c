-- Test: record_readings - once a visit, at the right clinic, never of oneself, by the server's word alone. FND-08.
begin;
select plan(27);
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.staff('olga', 'owner');
select tests.person('root', superadmin => true);
select tests.patient('ana');
select tests.caregiver('andrei', 'ana', 'spouse');
select tests.patient('bogdan');
select tests.patient('beniamin', 'boreal');
select tests.patient('elena', 'atlas');
select tests.patient('elena', 'boreal');
select tests.staff('ana', 'front_desk', 'atlas');

create function pg_temp.readings() returns table (reader text, person text, clinic text, what text) language sql as $$
  select r.name, p.name, o.slug, e.new ->> 'what'
  from audit.entries e
  join app_public.organizations o on o.id = e.organization_id
  join tests.names r on r.id = e.actor_id
  join tests.names p on p.id = e.person_id
  where e.action = 'read' order by e.id
$$;

select tests.act_as('flavia');
select throws_ok(
  $$select app_hidden.record_readings(array[tests.id('ana')], array[tests.id('atlas')], 'record', 'x')$$, '42501', null,
  'whoever speaks GraphQL cannot write what they read, or would have others read');

select tests.freeze_time('2027-03-08 09:00+02');
select tests.serve('flavia');
select is(app_hidden.record_readings(array[tests.id('ana')], array[tests.id('atlas')], 'record', 'patients'), 1800, 'a visit lasts thirty minutes');
select tests.freeze_time('2027-03-08 09:10+02');
select tests.serve('flavia');
select is(app_hidden.record_readings(array[tests.id('ana')], array[tests.id('atlas')], 'record', 'messages'), 1200, '… and twenty of them ten minutes later');
select is(app_hidden.record_readings(array[tests.id('ana')], array[tests.id('atlas')], 'file', 'files'), 1800, 'a link to a file is recorded beside');
select tests.freeze_time('2027-03-08 09:31+02');
select tests.serve('flavia');
select is(app_hidden.record_readings(array[tests.id('ana')], array[null::uuid], 'record', 'caregivers'), 540, 'a reading of a file keeps the visit open, also where no clinic is named');
select is(app_hidden.record_readings(array[tests.id('ana')], array[null::uuid], 'file', 'files'), 540, '… and another file is of the same visit');
select tests.freeze_time('2027-03-08 09:40+02');
select tests.serve('flavia');
select is(app_hidden.record_readings(array[tests.id('ana')], array[null::uuid], 'record', 'caregivers'), 1800, 'after thirty minutes comes another');
select tests.act_as('the database');
select results_eq(
  $$select * from pg_temp.readings()$$,
  $$values ('flavia', 'ana', 'atlas', 'record'), ('flavia', 'ana', 'atlas', 'file'), ('flavia', 'ana', 'atlas', 'record')$$,
  'each is one entry');

select tests.serve('olga');
select is(app_hidden.record_readings(array[tests.id('ana')], array[tests.id('atlas')], 'record', 'patients'), 1800, 'a colleague makes a visit of her own');
select tests.freeze_time('2027-03-08 10:09+02');
select tests.serve('flavia');
select is(
  app_hidden.record_readings(array[tests.id('ana'), tests.id('bogdan')], array[null::uuid, null], 'record', 'appointments'), 60,
  'of several, the visit that ends first says when to ask again');
select tests.serve('olga');
select is(app_hidden.record_readings(array[tests.id('bogdan'), tests.id('beniamin')], array[null::uuid, null], 'record', 'patient_profiles'), 1800,
  'somebody of the own clinic beside somebody of another');
select tests.act_as('the database');
select results_eq(
  $$select * from pg_temp.readings() offset 3$$,
  $$values ('olga', 'ana', 'atlas', 'record'), ('flavia', 'bogdan', 'atlas', 'record'), ('olga', 'bogdan', 'atlas', 'record'), ('olga', 'beniamin', 'boreal', 'record')$$,
  '… each reader and each person has an entry');
-- Only a reading is one.
select tests.act_as('flavia');
select set_config('role', 'app_engine', true);
select audit.append(tests.id('atlas'), 'update', 'app_public.patients', tests.id('elena at atlas')::text, tests.id('elena'), null, null, '{"what": "file"}');
select tests.serve('flavia');
select is(app_hidden.record_readings(array[tests.id('elena')], array[tests.id('atlas')], 'file', 'files'), 1800, 'what was done is not what was read');
select tests.act_as('the database');
select is((select count(*) from pg_temp.readings() where reader = 'flavia' and person = 'elena'), 1::bigint, '… and the reading is on record');

select tests.serve('olga');
select is(app_hidden.record_readings(array[tests.id('elena')], array[null::uuid], 'record', 'patient_profiles'), 1800, 'somebody at two clinics');
select tests.serve('beata');
select is(app_hidden.record_readings(array[tests.id('elena'), tests.id('elena')], array[null::uuid, tests.id('boreal')], 'record', 'patient_profiles'), 1800, '… is read by the other one, too');
select tests.act_as('the database');
select results_eq(
  $$select reader, clinic from pg_temp.readings() where person = 'elena' offset 1$$,
  $$values ('olga', 'atlas'), ('beata', 'boreal')$$, '… and each clinic has its own reading on record');

select tests.serve('root');
select is(app_hidden.record_readings(array[tests.id('bogdan')], array[null::uuid], 'record', 'patient_profiles'), 1800, 'who runs the platform and works at no clinic');
select tests.act_as('the database');
select is((select count(*) from pg_temp.readings() where reader = 'root' and clinic = 'atlas'), 1::bigint, '… is on record at the patient''s');
select tests.freeze_time('2027-03-08 10:20+02');
select tests.serve('root');
select is(app_hidden.record_readings(array[tests.id('elena')], array[tests.id('atlas')], 'record', 'patients'), 1800, '… at one clinic');
select tests.freeze_time('2027-03-08 10:30+02');
select tests.serve('root');
select is(app_hidden.record_readings(array[tests.id('elena')], array[tests.id('boreal')], 'record', 'patients'), 1800, '… and at the other, where the first one is no reading');
select is(app_hidden.record_readings(array[tests.id('elena')], array[null::uuid], 'record', 'patients'), 1200, '… and at both when none is named');
select tests.act_as('the database');
select results_eq(
  $$select clinic from pg_temp.readings() where reader = 'root' and person = 'elena'$$, $$values ('atlas'), ('boreal')$$, '… once each');

select tests.serve('andrei');
select is(app_hidden.record_readings(array[tests.id('ana')], array[tests.id('atlas')], 'record', 'patients'), 60, 'who cares for the patient');
select tests.serve('ana');
select is(app_hidden.record_readings(array[tests.id('ana')], array[tests.id('atlas')], 'record', 'patients'), 60, '… and the patient, though of the staff');
select tests.act_as('the database');
select is((select count(*) from pg_temp.readings() where reader in ('andrei', 'ana')), 0::bigint, '… leave no entry');
select tests.seal();
select is((select finding from audit.verify(tests.id('atlas'))), null, 'readings are in the chain');
select * from finish();
rollback;
