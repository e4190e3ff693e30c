-- Test: take_in_guest - a guest becomes a patient before the clinic says yes, with the forms that will be asked, so that the gate can be passed; and again, when it was somebody else. APT-09, APT-06, FRM-08, FND-34.
begin;
select plan(63);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.staff('bianca', 'billing');
select tests.specialist('stefan', '{"mon": [["08:00", "20:00"]]}', account => true);
select tests.patient('ana');
select tests.patient('dana', account => false);
select tests.calendar('rooms', '{stefan}'), tests.calendar('screens', '{stefan}', modality => 'video');
select tests.form_template('intake', jsonb_build_array(tests.form_item('pain', 'integer')));
select tests.form_template('remote', jsonb_build_array(tests.form_item('read', 'boolean')), signature_mode => 'remote_link');
select tests.declares('remote', 'telemedicine');
insert into app_public.calendar_forms (organization_id, calendar_id, template_id) values (tests.id('atlas'), tests.id('screens'), tests.id('intake'));
select tests.booking_request('asked', 'screens', 'stefan', '2027-03-08 10:00+02');
select tests.booking_request('late', 'screens', 'stefan', '2027-03-08 11:00+02', 'late@people.test');
create function pg_temp.take_in(patient text default null, as_new boolean default false, request text default 'asked') returns text language sql as $$
  select format('select app_public.take_in_guest(%L, %L, %L)', tests.id(request), case when patient is not null then tests.id(patient) end, as_new);
$$;
create function pg_temp.waits_for(request text default 'asked') returns text language sql as $$
  select coalesce(string_agg(concat_ws(' ', kind, purpose, reason, resolved_by, case when form_id is not null then 'a form' end), ', '), 'nothing')
  from unnest(app_public.missing_of_booking_request(tests.id(request)));
$$;
create function pg_temp.prepares(patient text) returns text language sql as $$
  select coalesce(string_agg(concat_ws(' ', kind, purpose, reason, message, case when form_id is not null then 'a form' end), ', '), 'nothing')
  from unnest(app_public.prepare_booking(tests.id('screens'), tests.id(patient)));
$$;
create function pg_temp.forms(patient uuid) returns text language sql security definer as $$
  select coalesce(string_agg(t.key || ' ' || f.status || case when f.is_ahead then ' ahead' else '' end, ', ' order by t.key, f.created_at), 'none')
  from app_public.forms f join app_public.form_templates t on t.id = f.template_id
  where f.patient_profile_id = patient and f.deleted_at is null and t.key <> 'some_form';
$$;

select tests.act_as('a visitor');
select * from tests.refuses(pg_temp.take_in(), '42501', null, 'no visitor');
select tests.act_as('ana');
select * from tests.refuses(pg_temp.take_in(), 'NOT_FOUND', 'booking_request_not_found', 'no patient');
select tests.act_as('beata');
select * from tests.refuses(pg_temp.take_in(), 'NOT_FOUND', 'booking_request_not_found', 'no other clinic');
select tests.act_as('stefan');
select * from tests.refuses(pg_temp.take_in(), 'FORBIDDEN', 'move_not_allowed', 'nobody without appointments.manage');
select tests.act_as('flavia');
select is(pg_temp.waits_for(), 'nothing', 'before it nobody knows what is missing');
select * from tests.refuses(pg_temp.take_in('ana', true), 'VALIDATION', 'patient_contradicted', 'one who is known is not new');
select lives_ok(pg_temp.take_in(), 'front desk takes the guest in');
select tests.act_as('the database');
select tests.remember('gabriela', patient_profile_id) from app_public.booking_requests where id = tests.id('asked');
select results_eq($$select p.given_name, p.email, r.status from app_public.booking_requests r join app_public.patient_profiles p on p.id = r.patient_profile_id where r.id = tests.id('asked')$$,
  $$values ('Gabriela', 'guest@people.test', 'requested')$$, 'who is a patient now, whose request waits');
select is(pg_temp.forms(tests.id('gabriela')), 'intake pending ahead, remote pending ahead', 'with the form that will be asked and the one that consents');
select tests.act_as('flavia');
select is(pg_temp.waits_for(), 'consent telemedicine never_given form a form, form pending form a form', 'which front desk reads, with the forms to send');
select lives_ok(pg_temp.take_in(), 'told again');
select is(pg_temp.forms(tests.id('gabriela')), 'intake pending ahead, remote pending ahead', 'nothing is made twice');
select is((select patient_profile_id from app_public.booking_requests where id = tests.id('asked')), tests.id('gabriela'), 'nor another patient');
select * from tests.refuses($$select app_public.confirm_booking_request(tests.id('asked'))$$, 'NOT_READY', 'requirements_missing', 'the clinic cannot say yes yet');
select tests.act_as('stefan');
select isnt(pg_temp.waits_for(), 'nothing', 'a colleague who sees requests reads it');
select tests.act_as('bianca');
select is(pg_temp.waits_for(), 'nothing', 'nobody else does');
select tests.act_as('beata');
select is(pg_temp.waits_for(), 'nothing', 'nor another clinic');

-- It was somebody else.
select tests.act_as('flavia');
select lives_ok(pg_temp.take_in('dana'), 'it was another patient');
select is(pg_temp.forms(tests.id('gabriela')), 'none', 'what nobody had touched goes from the first');
select is(pg_temp.forms(tests.id('dana')), 'intake pending ahead, remote pending ahead', 'and is asked of the right one');
select tests.act_as('the database');
update app_public.patient_profiles set locale = 'en' where id = tests.id('ana');
select tests.act_as('flavia');
select lives_ok(pg_temp.take_in('ana'), 'and another');
select tests.act_as('ana');
select lives_ok($$select app_public.save_form_answers(f.id, '{"pain": 4}') from app_public.forms f join app_public.form_templates t on t.id = f.template_id where t.key = 'intake'$$, 'who begins to answer');
select tests.act_as('flavia');
select lives_ok(pg_temp.take_in('dana'), 'back to the one before');
select is(pg_temp.forms(tests.id('ana')), 'intake in_progress ahead', 'what was answered stays with whom it was answered about');
select is(pg_temp.forms(tests.id('dana')), 'intake pending ahead, remote pending ahead', 'the other is asked again');
select lives_ok(pg_temp.take_in(as_new => true), 'or it is somebody new after all');
select isnt((select patient_profile_id from app_public.booking_requests where id = tests.id('asked')), tests.id('gabriela'), 'who is made');
select tests.act_as('the database');
select tests.remember('gabriela', patient_profile_id) from app_public.booking_requests where id = tests.id('asked');
select tests.act_as('flavia');
select lives_ok(pg_temp.take_in('gabriela'), 'and named by now');

-- Merged, the one who is kept is booked for.
select tests.act_as('adrian');
select lives_ok($$select app_public.merge_patients(tests.id('dana at atlas'),
  (select id from app_public.patients where patient_profile_id = tests.id('gabriela')), 'One person')$$, 'the guest was known by another name');
select is((select patient_profile_id from app_public.booking_requests where id = tests.id('asked')), tests.id('dana'), 'the request goes to who is kept');
select lives_ok($$select app_public.undo_patient_merge(id, 'Two after all') from app_public.patient_merges$$, 'and back');
select is((select patient_profile_id from app_public.booking_requests where id = tests.id('asked')), tests.id('gabriela'), 'by the undo');

-- Signed, the clinic says yes.
select tests.act_as('the database');
update app_public.forms set answers = '{"read": true}', status = 'completed', completed_at = app_hidden.now(), completions = 1
where patient_profile_id = tests.id('gabriela') and template_id = tests.id('remote') and deleted_at is null;
update app_public.forms set status = 'signed', signed_at = app_hidden.now()
where patient_profile_id = tests.id('gabriela') and template_id = tests.id('remote') and deleted_at is null;
update app_public.patient_profiles set birth_date = '1980-05-05' where id = tests.id('gabriela');
select tests.consent('gabriela', 'telemedicine');
select tests.act_as('flavia');
select is(pg_temp.waits_for(), 'form pending form a form', 'signed, the form is left');
select lives_ok($$select app_public.confirm_booking_request(tests.id('asked'))$$, 'and the clinic says yes');
select results_eq($$select patient_profile_id, status from app_public.appointments$$, $$values (tests.id('gabriela'), 'booked')$$, 'to the patient that the guest is');
select is(pg_temp.forms(tests.id('gabriela')), 'intake pending ahead, remote signed ahead', 'no form is asked twice');
select results_eq($$select t.key, f.is_ahead from app_public.appointment_forms l join app_public.forms f on f.id = l.form_id join app_public.form_templates t on t.id = l.template_id$$,
  $$values ('intake', true)$$, 'the appointment takes the one that it asks for');
select is(pg_temp.waits_for(), 'nothing', 'of a request that is answered nothing is missing');
select * from tests.refuses(pg_temp.take_in(), 'STATE', 'illegal_move', 'nor is anybody taken in any more');

-- A request that falls through leaves no forms.
select lives_ok(pg_temp.take_in(as_new => true, request => 'late'), 'another guest');
select tests.act_as('the database');
select tests.remember('late guest', patient_profile_id) from app_public.booking_requests where id = tests.id('late');
select is(pg_temp.forms(tests.id('late guest')), 'intake pending ahead, remote pending ahead', 'has forms');
select tests.act_as('flavia');
select lives_ok($$select app_public.reject_booking_request(tests.id('late'))$$, 'until the clinic says no');
select is(pg_temp.forms(tests.id('late guest')), 'none', 'then they are gone');
select tests.act_as('the database');
select tests.booking_request('slow', 'screens', 'stefan', '2027-03-08 12:00+02', 'slow@people.test');
select tests.freeze_time('2027-03-02 08:00+02');
select tests.act_as('flavia');
select * from tests.refuses(pg_temp.take_in(request => 'slow'), 'GONE', 'booking_request_expired', 'past its deadline nobody is taken in');

-- A patient gets ready for a booking of their own.
select tests.act_as('ana');
select is(pg_temp.prepares('ana'), 'consent telemedicine never_given a form, form in_progress a form', 'a patient is told what a booking will ask, with the forms for it');
select is(pg_temp.prepares('ana'), 'consent telemedicine never_given a form, form in_progress a form', 'as often as they ask');
select is(app_public.prepare_booking(tests.id('rooms'), tests.id('ana')), '{}', 'of a calendar that asks for nothing nothing');
select is(pg_temp.forms(tests.id('ana')), 'intake in_progress ahead, remote pending ahead', 'and has each once');
select * from tests.refuses($$select app_public.prepare_booking(tests.id('screens'), tests.id('dana'))$$, 'NOT_FOUND', 'patient_not_found', 'for nobody else');
select is((select string_agg(distinct locale, ',') from app_public.forms where patient_profile_id = tests.id('ana') and deleted_at is null), 'en', 'in the language in which the clinic writes to her');
select * from tests.refuses($$select app_public.prepare_booking(tests.id('dana'), tests.id('ana'))$$, 'NOT_FOUND', 'calendar_not_found', 'in no calendar that is not there');
select tests.act_as('flavia');
select lives_ok($$select app_public.block_booking(tests.id('ana at atlas'), 'Missed three')$$, 'blocked');
select matches(pg_temp.prepares('ana'), '^blocked Missed three, consent', 'the patient is told that as well');
select * from finish();
rollback;
