-- Test: take_in_guest - a patient who was made for one request alone goes when the guest is somebody else or the request falls through, and stays as soon as anything else is known of them. APT-09, FND-34, FND-10.
begin;
select plan(34);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
select tests.specialist('stefan', '{"mon": [["08:00", "20:00"]]}');
select tests.patient('ana');
select tests.calendar('massages', '{stefan}');
select tests.form_template('intake', jsonb_build_array(tests.form_item('pain', 'integer')));
insert into app_public.calendar_forms (organization_id, calendar_id, template_id) values (tests.id('atlas'), tests.id('massages'), tests.id('intake'));
create function pg_temp.request(name text, hour int) returns uuid language sql as $$
  select tests.booking_request(name, 'massages', 'stefan', '2027-03-08 08:00+02'::timestamptz + make_interval(hours => hour), replace(name, ' ', '.') || '@people.test');
$$;
select pg_temp.request(name, n::int) from unnest('{matched,rejected,confirmed,expired,consented,answered,noted,shared,shared too,claimed,fitting,merged}'::text[]) with ordinality as e (name, n);
-- Takes the guest of a request in as somebody new, who is then known by the name of the request.
create function pg_temp.made(request text) returns uuid language sql as $$
  select tests.remember('guest of ' || request, (app_public.take_in_guest(tests.id(request), as_new_patient => true)).patient_profile_id);
$$;
create function pg_temp.guest(request text) returns text language sql security definer as $$
  select case when p.deleted_at is null then 'stays' else 'goes' end || coalesce(' ' || (
    select string_agg(case when f.deleted_at is null then f.status else 'dropped' end, ',') from app_public.forms f where f.patient_profile_id = p.patient_profile_id), '')
  from app_public.patients p where p.organization_id = tests.id('atlas') and p.patient_profile_id = tests.id('guest of ' || request);
$$;
select tests.act_as('flavia');
select lives_ok(format('select pg_temp.made(%L)', name), 'made for ' || name)
from unnest('{matched,rejected,confirmed,expired,consented,answered,noted,shared,claimed,fitting,merged}'::text[]) as name;

-- It was somebody else.
select lives_ok($$select app_public.take_in_guest(tests.id('matched'), tests.id('ana'))$$, 'the guest is a patient whom the clinic has');
select is(pg_temp.guest('matched'), 'goes dropped', 'whoever was made for it goes, with the form that nobody touched');
select is((select patient_profile_id from app_public.booking_requests where id = tests.id('matched')), tests.id('ana'), 'the request is ana''s');
select lives_ok($$select app_public.confirm_booking_request(tests.id('confirmed'), tests.id('ana'))$$, 'so it is where the clinic says it as it confirms');
select is(pg_temp.guest('confirmed'), 'goes dropped', 'the one made before goes');
select is((select patient_profile_id from app_public.booking_requests where id = tests.id('confirmed')), tests.id('ana'), 'and the request names who came');
select lives_ok($$select app_public.confirm_booking_request(tests.id('fitting'))$$, 'where it was the right one');
select is(pg_temp.guest('fitting'), 'stays pending', 'they are a patient');

-- It came to nothing.
select lives_ok($$select app_public.reject_booking_request(tests.id('rejected'), 'Full')$$, 'the clinic says no');
select is(pg_temp.guest('rejected'), 'goes dropped', 'and nobody is left of it');
select lives_ok($$select app_public.reject_booking_request(tests.id('matched'), 'Full')$$, 'of one that was matched');
select tests.act_as('the database');
select is((select deleted_at from app_public.patients where patient_profile_id = tests.id('ana')), null, 'the patient stays');

-- Something else is known of them.
select tests.consent('guest of consented', 'org_terms');
update app_public.forms set status = 'in_progress', answers = '{"pain": 4}' where patient_profile_id = tests.id('guest of answered');
insert into app_public.booking_blocks (organization_id, patient_profile_id, reason, blocked_by, created_at)
values (tests.id('atlas'), tests.id('guest of noted'), 'Missed three', tests.id('flavia'), app_hidden.now());
update app_public.booking_requests set patient_profile_id = tests.id('guest of shared') where id = tests.id('shared too');
update app_public.patient_profiles set human_id = tests.person('claimer'), birth_date = '1980-05-17' where id = tests.id('guest of claimed');
select tests.act_as('adrian');
select lives_ok($$select app_public.merge_patients(tests.id('ana at atlas'), (select id from app_public.patients where patient_profile_id = tests.id('guest of merged')), 'One person')$$, 'merged, the request is of who is kept');
select tests.act_as('flavia');
select lives_ok(format('select app_public.reject_booking_request(%L)', tests.id(name)), name || ', then rejected')
from unnest('{consented,answered,noted,shared,claimed,merged}'::text[]) as name;
select tests.act_as('the database');
select is((select string_agg(name || ' ' || split_part(pg_temp.guest(name), ' ', 1), ', ' order by n) from unnest('{consented,answered,noted,shared,claimed}'::text[]) with ordinality as e (name, n)),
  'consented stays, answered stays, noted stays, shared stays, claimed stays', 'a consent, an answer, a block, another request, an account: they stay');
select is((select deleted_at from app_public.patients where patient_profile_id = tests.id('ana')), null, 'and who was kept in a merge was not made for it');

-- By time alone.
update app_public.booking_requests set respond_by = app_hidden.now() where id = tests.id('expired');
select tests.act_as('the worker');
select is(app_private.expire_booking_requests(), 1, 'nobody answers');
select tests.act_as('the database');
select is(pg_temp.guest('expired'), 'goes dropped', 'likewise');
select * from finish();
rollback;
