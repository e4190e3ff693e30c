-- Test: move_appointment_to_patient - an appointment leaves the wrong chart for the right one, by permission, with a reason, and comes back the same way. FND-34, APT-01, FND-08.
begin;
select plan(44);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('filip', 'front_desk');
select tests.patient('dan');
select tests.specialist('sorin');
select tests.calendar('northern', '{sorin}');
select tests.appointment('northern visit', 'dan', 'northern', 'sorin', '2027-03-08 10:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.staff('stefan', 'specialist');
select tests.specialist('dr stefan');
select tests.calendar('mondays', '{dr stefan}');
select tests.patient('elena', email => 'familie@people.test');
select tests.patient('matei');
update app_public.patient_profiles set locale = 'en' where id = tests.id('matei');
select tests.patient('removed');
update app_public.patients set deleted_at = now() where patient_profile_id = tests.id('removed');
select tests.booking_request('request', 'mondays', 'dr stefan', '2027-03-08 10:00+02', 'familie@people.test');
select tests.appointment('booked', 'elena', 'mondays', 'dr stefan', '2027-03-08 12:00+02');
select tests.appointment('over', 'elena', 'mondays', 'dr stefan', '2027-02-22 12:00+02');
select tests.appointment('deleted', 'elena', 'mondays', 'dr stefan', '2027-02-22 14:00+02');
update app_public.appointments set contact_email = 'familie@people.test', contact_name = 'Elena Popescu' where id = tests.id('booked');
update app_public.appointments set deleted_at = now() where id = tests.id('deleted');
create function pg_temp.move(appointment text, patient text, reason text default 'The wrong chart') returns app_public.appointments language sql as $$
  select app_public.move_appointment_to_patient(tests.id(appointment), tests.id(patient), reason);
$$;
select tests.act_as('flavia');
select tests.remember('visit', (app_public.confirm_booking_request(tests.id('request'), tests.id('elena'))).id);

select * from tests.refuses($$select pg_temp.move('visit', 'matei', '')$$, 'VALIDATION', 'reason_missing', 'it says why');
select * from tests.refuses($$select pg_temp.move('visit', 'elena')$$, 'CONFLICT', 'already_this_patient', 'it is hers already');
select * from tests.refuses($$select pg_temp.move('visit', 'dan')$$, 'NOT_FOUND', 'patient_not_found', 'not to a patient of another clinic');
select * from tests.refuses($$select pg_temp.move('visit', 'removed')$$, 'NOT_FOUND', 'patient_not_found', 'nor to one who was removed');
select * from tests.refuses($$select pg_temp.move('deleted', 'matei')$$, 'NOT_FOUND', 'appointment_not_found', 'what was deleted moves nowhere');
select tests.act_as('stefan');
select * from tests.refuses($$select pg_temp.move('deleted', 'matei')$$, 'NOT_FOUND', 'appointment_not_found', '… nor is it there for who may not move any');
select tests.act_as('filip');
select * from tests.refuses($$select pg_temp.move('visit', 'dan')$$, 'NOT_FOUND', 'appointment_not_found', 'another clinic takes none');
select tests.act_as('stefan');
select * from tests.refuses($$select pg_temp.move('visit', 'matei')$$, 'FORBIDDEN', 'permission_missing', 'a specialist asks front desk');
select tests.act_as('elena');
select * from tests.refuses($$select pg_temp.move('visit', 'matei')$$, 'NOT_FOUND', 'appointment_not_found', 'a patient gives none away');
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.move_appointment_to_patient(uuidv7(), uuidv7(), 'x')$$, '42501', null, 'a visitor may not ask');
select tests.act_as('the database');
delete from app_public.role_permissions where permission = 'patients.manage' and organization_id = tests.id('atlas')
  and role_id in (select id from app_public.roles where key = 'front_desk');
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.move('visit', 'matei')$$, 'FORBIDDEN', 'permission_missing', 'who may not manage patients does not either');
select tests.act_as('the database');
insert into app_public.role_permissions (organization_id, role_id, permission)
select organization_id, id, 'patients.manage' from app_public.roles where key = 'front_desk' and organization_id = tests.id('atlas');
delete from app_public.role_permissions where permission = 'appointments.manage' and role_id = tests.role_id('front_desk', 'atlas');
select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.move('visit', 'matei')$$, 'FORBIDDEN', 'permission_missing', 'nor who may not manage appointments');
select tests.act_as('the database');
insert into app_public.role_permissions (organization_id, role_id, permission) values (tests.id('atlas'), tests.role_id('front_desk', 'atlas'), 'appointments.manage');
select tests.act_as('elena');
select is((select count(*) from app_public.appointments), 3::bigint, 'the wrong person sees it');

select tests.act_as('flavia');
select is((pg_temp.move('visit', 'matei', ' A guest with the family''s address ')).patient_profile_id, tests.id('matei'), 'it moves');
select results_eq(
  $$select booking_request_id, contact_email, contact_name, contact_phone, locale, status from app_public.appointments where id = tests.id('visit')$$,
  $$values (tests.id('request'), 'familie@people.test', 'Gabriela Munteanu', '+40722000222', 'ro', 'booked')$$, 'the request goes along, and how the guest is reached stays');
select results_eq(
  $$select appointment_id, patient_profile_id, from_profile_id, reason, moved_by from app_public.appointment_transfers$$,
  $$values (tests.id('visit'), tests.id('matei'), tests.id('elena'), 'A guest with the family''s address', tests.id('flavia'))$$, 'from whom, to whom, why and by whom stands there');
select is((select array_agg(a.appointment_id) from unnest((app_public.open_patient_chart(tests.id('elena at atlas'))).appointments) a where a.appointment_id = tests.id('visit')), null, 'the wrong chart does not show it any more');
select is((select array_agg(a.appointment_id) from unnest((app_public.open_patient_chart(tests.id('matei at atlas'))).appointments) a), array[tests.id('visit')], 'the right one does');
select tests.act_as('elena');
select is((select count(*) from app_public.appointments where id = tests.id('visit')), 0::bigint, 'nor does the wrong person see it');
select is((select count(*) from app_public.appointment_transfers), 0::bigint, '… or to whom it went');
select * from tests.refuses($$select app_public.cancel_appointment(tests.id('visit'))$$, 'NOT_FOUND', 'appointment_not_found', '… or cancels it');
select tests.act_as('matei');
select is((select array_agg(id) from app_public.appointments), array[tests.id('visit')], 'the right person sees it');
select tests.act_as('the database');
select is((tests.events_of(tests.id('visit')))::text[], '{appointment.booked,appointment.patient_changed}', 'it is an event');
select is((select count(*) from audit.entries where table_name = 'app_public.appointment_transfers' and actor_id = tests.id('flavia')), 1::bigint, 'it is in the audit');
select is((select old ->> 'patient_profile_id' from audit.entries where table_name = 'app_public.appointments' and changed @> '{patient_profile_id}' and row_key = tests.id('visit')::text and action = 'update'), tests.id('elena')::text, '… with the chart it came from');

select tests.act_as('flavia');
select results_eq($$select contact_name, locale from pg_temp.move('booked', 'matei')$$, $$values ('Matei Popescu', 'en')$$, 'where no guest gave a contact it is the patient''s');
select is((pg_temp.move('booked', 'elena', 'It was hers')).contact_name, 'Elena Popescu', 'moved back it is as it was');
select is((select contact_email from app_public.appointments where id = tests.id('booked')), 'familie@people.test', '… with her address');
select is((pg_temp.move('over', 'matei')).patient_profile_id, tests.id('matei'), 'what is over moves too');
select is((pg_temp.move('visit', 'elena', 'It was hers')).patient_profile_id, tests.id('elena'), 'moving back undoes it');
select is((select array_agg(reason order by created_at, id) from app_public.appointment_transfers where appointment_id = tests.id('visit')), '{"A guest with the family''s address","It was hers"}', 'and both moves stand there');
select * from finish();
rollback;
