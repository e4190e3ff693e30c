-- Test: open_patient_chart - the chart holds this patient's appointments at this clinic, each with its own service and specialist. FND-08, FND-01.
begin;
select plan(6);
select tests.clinic('boreal');
select tests.specialist('bruno', '{"mon": [["09:00", "17:00"]]}');
select tests.calendar('boreal massage', '{bruno}');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.specialist('mihai', '{"mon": [["09:00", "17:00"]]}');
select tests.specialist('stefan', '{"mon": [["09:00", "17:00"]]}');
select tests.calendar('kineto', '{mihai}');
select tests.calendar('massage', '{stefan}');
select tests.patient('bogdan');
select tests.caregiver('bianca', 'bogdan', 'spouse');
select tests.patient('elena', 'boreal');
select tests.patient('elena', 'atlas');
select tests.appointment('elena first', 'elena', 'kineto', 'mihai', '2031-03-03 10:00+02');
select tests.appointment('elena second', 'elena', 'massage', 'stefan', '2031-03-10 10:00+02');
select tests.appointment('elena deleted', 'elena', 'kineto', 'mihai', '2031-03-17 10:00+02');
select tests.appointment('elena elsewhere', 'elena', 'boreal massage', 'bruno', '2031-03-24 10:00+02');
select tests.appointment('bogdan first', 'bogdan', 'kineto', 'mihai', '2031-03-31 10:00+02');
update app_public.appointments set deleted_at = now() where id = tests.id('elena deleted');

select tests.act_as('flavia');
select set_config('tests.chart', to_json(app_public.open_patient_chart(tests.id('elena at atlas')))::text, true);
select results_eq(
  $$select a ->> 'service_name', a ->> 'specialist_name' from jsonb_array_elements(current_setting('tests.chart')::jsonb -> 'appointments') as a$$,
  $$values ('service of massage', 'Dr. Stefan Ionescu'), ('service of kineto', 'Dr. Mihai Ionescu')$$,
  'the newest first, none that was deleted, of another patient or of another clinic');
select is(current_setting('tests.chart')::jsonb -> 'caregivers', '[]', '… and nobody who acts for somebody else');
select is(current_setting('tests.chart')::jsonb ->> 'given_name', 'Elena', '… of the person');

-- Who looked, by person.
select app_public.open_patient_chart(tests.id('bogdan at atlas'));
select tests.act_as('bianca');
select results_eq($$select patient_profile_id from app_public.my_chart_readings(tests.id('bogdan'))$$, $$values (tests.id('bogdan'))$$, 'who asks about one they care for sees who looked');
select tests.act_as('elena');
select results_eq($$select organization_name, what from app_public.my_chart_readings()$$, $$values ('Atlas', 'chart')$$, 'a reading is one, a change is none');
select is_empty($$select * from app_public.my_chart_readings(tests.id('bogdan'))$$, '… and only of the own record');
select * from finish();
rollback;
