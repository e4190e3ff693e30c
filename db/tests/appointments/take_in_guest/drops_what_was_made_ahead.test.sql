-- Test: take_in_guest - a request that falls through takes back the forms that were made ahead for it and touched by nobody: not those from before, of another clinic, that an appointment took, or for which another request waits. APT-09, FRM-08.
begin;
select plan(4);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.specialist('bob', '{"mon": [["08:00", "20:00"]]}'), tests.calendar('away', '{bob}');
select tests.form_template('theirs', jsonb_build_array(tests.form_item('pain', 'integer')));
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan', '{"mon": [["08:00", "20:00"]]}');
select tests.calendar('other', '{stefan}'), tests.calendar('massages', '{stefan}');
select tests.form_template('intake', jsonb_build_array(tests.form_item('pain', 'integer')));
create temporary table cases as
select name, n from unnest('{plain,before,elsewhere,taken,waited for,waited for elsewhere,answered,dropped}'::text[]) with ordinality as c (name, n);
select tests.patient(name, account => false), tests.form('form of ' || name, name, 'intake'),
  tests.booking_request('request of ' || name, 'massages', 'stefan', '2027-03-08 08:00+02'::timestamptz + make_interval(hours => n::int), n || '@people.test') from cases;
select tests.admitted(tests.id('boreal'), tests.id(name)) from unnest('{elsewhere,waited for elsewhere}'::text[]) as name;
select tests.form('their form', 'elsewhere', 'theirs', 'boreal');
select tests.booking_request('another', 'massages', 'stefan', '2027-03-15 08:00+02'), tests.booking_request('rejected', 'massages', 'stefan', '2027-03-15 09:00+02'),
  tests.booking_request('their request', 'away', 'bob', '2027-03-15 08:00+02'), tests.appointment('visit', 'taken', 'other', 'stefan', '2027-03-15 12:00+02');
update app_public.forms set is_ahead = true;
with earlier as (
  insert into app_public.forms (organization_id, patient_id, patient_profile_id, template_id, version_id, snapshot, is_ahead, created_at)
  select organization_id, patient_id, patient_profile_id, template_id, version_id, snapshot, true, created_at - interval '1 second' from app_public.forms where id = tests.id('form of before')
  returning id)
select tests.remember('form of before', id) from earlier;
update app_public.forms set deleted_at = app_hidden.now() - interval '1 day' where id = tests.id('form of dropped');
insert into app_public.appointment_forms (organization_id, appointment_id, template_id, form_id)
values (tests.id('atlas'), tests.id('visit'), tests.id('intake'), tests.id('form of taken'));
update app_public.booking_requests r set patient_profile_id = tests.id(w.patient) from (
  select 'request of ' || name, name from cases
  union all values ('another', 'waited for'), ('their request', 'waited for elsewhere'), ('rejected', 'answered')) as w (request, patient) where r.id = tests.id(w.request);
update app_public.booking_requests set status = 'rejected' where id = tests.id('rejected');

grant select on cases to app_member;
select tests.act_as('flavia');
select lives_ok($$select app_public.reject_booking_request(tests.id('request of ' || name)) from cases$$, 'the clinic says no to all of them');
select tests.act_as('the database');
select is((select string_agg(name, ', ' order by n) from cases where exists (select from app_public.forms f where f.id = tests.id('form of ' || name) and f.deleted_at = app_hidden.now())),
  'plain, elsewhere, waited for elsewhere, answered', 'what was made for the request is taken back');
select is((select string_agg(name, ', ' order by n) from cases where exists (select from app_public.forms f where f.id = tests.id('form of ' || name) and f.deleted_at is null)),
  'before, taken, waited for', 'what something else needs stays');
select is((select deleted_at from app_public.forms where id = tests.id('their form')), null, 'and so does what another clinic made');
select * from finish();
rollback;
