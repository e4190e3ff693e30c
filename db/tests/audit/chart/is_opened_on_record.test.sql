-- Test: open_patient_chart - who opens a chart is on record, and the patient sees it. FND-08.
begin;
select plan(31);
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.staff('olga', 'owner');
select tests.staff('bianca', 'billing');
select tests.specialist('mihai', '{"mon": [["09:00", "17:00"]]}');
select tests.calendar('kineto', '{mihai}');
select tests.patient('carmen', account => false, birth_date => (current_date - interval '9 years')::date);
select tests.caregiver('corina', 'carmen');
select tests.patient('ana');
select tests.caregiver('andrei', 'ana', 'spouse');
select tests.patient('bogdan');
select tests.appointment('the appointment', 'ana', 'kineto', 'mihai', now() + interval '3 days');

select tests.act_as('flavia');
select set_config('tests.chart', to_json(app_public.open_patient_chart(tests.id('ana at atlas')))::text, true);
select is(current_setting('tests.chart')::jsonb #>> '{given_name}', 'Ana', 'the chart names the person');
select is(current_setting('tests.chart')::jsonb #>> '{phone}', '+40722000111', '… and how to reach them');
select is(current_setting('tests.chart')::jsonb #>> '{caregivers,0,name}', 'Andrei', '… and who acts for them');
select is(current_setting('tests.chart')::jsonb #>> '{appointments,0,specialist_name}', 'Dr. Mihai Ionescu', '… and their appointments');
select is(current_setting('tests.chart')::jsonb #> '{appointments,1}', null, '… all of them');
select app_public.open_patient_chart(tests.id('carmen at atlas'));

select tests.act_as('the database');
create temporary table readings as select * from audit.entries where action = 'read' order by id;
select is((select count(*) from readings), 2::bigint, 'each opening leaves an entry');
select is(actor_id, tests.id('flavia'), 'it names who looked') from readings limit 1;
select is(organization_id, tests.id('atlas'), '… from which clinic') from readings limit 1;
select is(person_id, tests.id('ana'), '… at whom') from readings limit 1;
select is(row_key, tests.id('ana at atlas')::text, '… in which record') from readings limit 1;
select is(new, '{"what": "chart"}', '… and nothing of what stood there') from readings limit 1;

-- Who sees it.
select tests.act_as('ana');
select results_eq(
  $$select reader_name, organization_name, what, patient_profile_id from app_public.my_chart_readings()$$,
  $$values ('Flavia', 'Atlas', 'chart', tests.id('ana'))$$, 'the patient sees who looked, and where');
select tests.act_as('andrei');
select is((select count(*) from app_public.my_chart_readings()), 1::bigint, 'so does who acts for them');
select tests.act_as('corina');
select results_eq($$select patient_profile_id from app_public.my_chart_readings()$$, $$values (tests.id('carmen'))$$, 'a caregiver sees their charge''s, and no other');
select is_empty($$select from app_public.my_chart_readings(tests.id('ana'))$$, '… however they ask');
select tests.act_as('bogdan');
select is_empty($$select from app_public.my_chart_readings()$$, 'another patient sees none');
select tests.act_as('flavia');
select is_empty($$select from app_public.my_chart_readings()$$, 'staff see none here');
select tests.act_as('a visitor');
select throws_ok($$select app_public.my_chart_readings()$$, '42501', null, 'a visitor may not ask');

-- Who may not open it: and then there is nothing to see.
select tests.act_as('bianca');
select tests.refuses(format('select app_public.open_patient_chart(%L)', tests.id('ana at atlas')), 'FORBIDDEN', 'permission_missing', 'a colleague without the permission');
select tests.act_as('beata');
select tests.refuses(format('select app_public.open_patient_chart(%L)', tests.id('ana at atlas')), 'NOT_FOUND', 'not_found', 'another clinic');
select tests.refuses(format('select app_public.open_patient_chart(%L)', uuidv7()), 'NOT_FOUND', 'not_found', '… as for what is nowhere');
select tests.act_as('ana');
select tests.refuses(format('select app_public.open_patient_chart(%L)', tests.id('bogdan at atlas')), 'NOT_FOUND', 'not_found', 'another patient');
select tests.act_as('the database');
update app_public.patients set deleted_at = now() where id = tests.id('bogdan at atlas');
select tests.act_as('olga');
select tests.refuses(format('select app_public.open_patient_chart(%L)', tests.id('bogdan at atlas')), 'NOT_FOUND', 'not_found', 'a patient who was deleted');
select tests.act_as('a visitor');
select throws_ok(format('select app_public.open_patient_chart(%L)', tests.id('ana at atlas')), '42501', null, 'a visitor may not ask');

-- A clinic's own role that sees patients and no appointments.
select tests.act_as('the database');
delete from app_public.role_permissions where permission = 'appointments.view'
  and role_id = (select id from app_public.roles where organization_id = tests.id('atlas') and key = 'front_desk');
select tests.act_as('flavia');
select is((select appointments from app_public.open_patient_chart(tests.id('ana at atlas'))), '{}', 'who may not see appointments sees none in the chart');
select tests.act_as('the database');
select tests.seal();
select is((select finding from audit.verify(tests.id('atlas'))), null, 'readings are in the chain');
select * from finish();
rollback;
