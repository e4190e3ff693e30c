-- Test: actions - what is asked of somebody who is just becoming a patient does not stand in the way of the booking by which they do. AUT-05, AUT-02, APT-06, APT-09.
begin;
select plan(25);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
select tests.specialist('stefan', '{"mon": [["08:00", "20:00"]]}', account => true);
select tests.patient('ana');
select tests.calendar('mondays', '{stefan}');
select tests.form_template('intake', jsonb_build_array(tests.form_item('pain', 'integer')));
create function pg_temp.request(name text, hour int) returns void language sql as $$
  select tests.booking_request(name, 'mondays', 'stefan', '2027-03-08 08:00+02'::timestamptz + make_interval(hours => hour), name || '@people.test');
  update app_public.booking_requests set given_name = initcap(name), phone = '+4072200010' || hour where id = tests.id(name);
$$;
create function pg_temp.missing(statement text) returns text language plpgsql as $$
declare v_detail jsonb;
begin
  execute statement;
  return 'nothing';
exception when sqlstate 'RX453' then
  get stacked diagnostics v_detail = pg_exception_detail;
  return (select string_agg(concat_ws(' ', m ->> 'kind', m ->> 'purpose', m ->> 'reason'), ', ' order by n)
    from jsonb_array_elements(v_detail -> 'missing') with ordinality as e (m, n));
end;
$$;
create function pg_temp.confirm(name text) returns text language sql as $$
  select pg_temp.missing(format('select app_public.confirm_booking_request(%L)', tests.id(name)));
$$;
create function pg_temp.asked(name text) returns text language sql as $$
  select string_agg(coalesce(purpose_code, 'a form') || case when is_blocking then ' before booking' else '' end, ', ' order by purpose_code)
  from app_public.patient_requirements
  where patient_profile_id = coalesce((select id from app_public.patient_profiles where id = tests.id(name)), (select patient_profile_id from app_public.booking_requests where id = tests.id(name)))
    and fulfilled_at is null;
$$;
-- A clinic as it begins.
select lives_ok($$select app_private.give_onboarding_automation(tests.id('atlas'), true)$$, 'the clinic welcomes its patients');
select pg_temp.request('george', 0), pg_temp.request('horia', 1);
select tests.act_as('flavia');
select lives_ok($$select app_public.take_in_guest(tests.id('george'))$$, 'a guest is taken in');
select tests.act_as('the database');
select cmp_ok(tests.automations_follow(), '>', 0, 'is a new patient');
select is(pg_temp.asked('george'), 'org_terms', 'who is asked for the terms');
select tests.act_as('flavia');
select is(pg_temp.confirm('george'), 'nothing', 'and confirmed as before');
select is(pg_temp.confirm('horia'), 'nothing', 'as is one who becomes a patient by the confirmation');
select tests.act_as('the database');
select tests.automations_follow();
select is(pg_temp.asked('horia'), 'org_terms', 'and is asked the same');
select is_empty($$select m.* from app_public.appointments a, app_private.what_is_missing(a, 'inprogress', app_private.consents_asked(a)) m$$, 'nor is anything missing later');
select tests.act_as('flavia');
select tests.remember('irina', (app_public.create_patient(tests.id('atlas'), 'Irina', 'Popa', phone => '+40722000777')).patient_profile_id);
select tests.act_as('the database');
select tests.automations_follow();
select is(pg_temp.asked('irina'), 'org_terms', 'somebody whom the front desk registers is asked');
select tests.act_as('flavia');
select is(pg_temp.missing(format('select app_public.book_directly(%L, %L, %L)', tests.id('mondays'), '2027-03-08 10:00+02', tests.id('irina'))), 'nothing', 'and booked at once');

-- The clinic itself wants a form of everybody who is new.
select tests.act_as('adrian');
select lives_ok(format($$select app_public.create_automation(%L, 'Intake', 'patient.onboarded', %L)$$, tests.id('atlas'),
  jsonb_build_array(jsonb_build_object('action', 'require_form', 'config', jsonb_build_object('templateId', tests.id('intake'))))), 'the clinic asks for a form');
select tests.act_as('the database');
select pg_temp.request('john', 3), pg_temp.request('later', 4);
select tests.act_as('flavia');
select lives_ok($$select app_public.take_in_guest(tests.id('john'))$$, 'another guest is taken in');
select tests.act_as('the database');
select tests.automations_follow();
select is(pg_temp.asked('john'), 'org_terms, a form before booking', 'and asked for the form');
update app_public.booking_requests set patient_profile_id = (select patient_profile_id from app_public.booking_requests where id = tests.id('john'))
where id = tests.id('later');
select tests.act_as('flavia');
select is(pg_temp.confirm('john'), 'nothing', 'what they asked for before is confirmed');
select tests.act_as('the database');
update app_public.patient_requirements set created_at = (select created_at from app_public.booking_requests where id = tests.id('later')) where template_id is not null;
select tests.act_as('flavia');
select is(pg_temp.confirm('later'), 'form pending', 'what they ask for from then on is not');
select is(pg_temp.missing(format('select app_public.book_directly(%L, %L, %L)', tests.id('mondays'), '2027-03-08 14:00+02',
  (select patient_profile_id from app_public.booking_requests where id = tests.id('john')))), 'form pending', 'nor does the front desk book them');
select tests.act_as('the database');
select is((select string_agg(m.kind || ' ' || m.reason, ',') from app_public.appointments a, app_private.what_is_missing(a, 'confirmed', '{}') m where a.booking_request_id = tests.id('john')),
  'form pending', 'and the visit is confirmed by the patient when the form is there');

-- Asked, and then asked before booking.
select is(tests.acts('require_consent', '{"purpose": "telemedicine", "isBlocking": false}', 'ana'), 'done', 'a consent is asked for');
select is(pg_temp.asked('ana'), 'telemedicine', 'and keeps from nothing');
select is(tests.acts('require_consent', '{"purpose": "telemedicine", "isBlocking": false}', 'ana'), 'skipped asked_already', 'once');
select is(tests.acts('require_consent', '{"purpose": "telemedicine"}', 'ana'), 'done', 'it is asked before booking');
select is(pg_temp.asked('ana'), 'telemedicine before booking', 'which it becomes');
select is(tests.acts('require_consent', '{"purpose": "telemedicine", "isBlocking": false}', 'ana'), 'skipped asked_already', 'and stays');
select is(pg_temp.asked('ana'), 'telemedicine before booking', 'whatever asks for it afterwards');
select is(tests.wrong_config('require_consent', '{"purpose": "telemedicine", "isBlocking": "no"}'), '$.config.isBlocking type_mismatch', 'yes or no');
select * from finish();
rollback;
