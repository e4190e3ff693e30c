-- Test: requirements_of - what keeps an appointment: what this clinic asked of this patient, but to be booked what was asked after the request. AUT-02.
begin;
select plan(7);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal'), tests.clinic('atlas');
select tests.specialist('stefan', '{"mon": [["08:00", "20:00"]]}');
select tests.calendar('mondays', '{stefan}');
select tests.patient('ana', account => false), tests.patient('dan', account => false);
select tests.admitted(tests.id('boreal'), tests.id('ana'));
select tests.booking_request('her request', 'mondays', 'stefan', '2027-03-08 08:00+02');
insert into app_public.patient_requirements (organization_id, patient_profile_id, purpose_code, created_at, is_blocking)
select tests.id(asked.clinic), tests.id('ana'), asked.purpose, requests.created_at, asked.is_blocking
from app_public.booking_requests as requests
cross join (values ('atlas', 'telemedicine', true), ('boreal', 'marketing_email', true), ('atlas', 'marketing_sms', false))
  as asked (clinic, purpose, is_blocking);
create function pg_temp.asked(stage text, request text default null, patient text default 'ana', clinic text default 'atlas') returns text language sql as $$
  select coalesce(string_agg(required.purpose_code, ' ' order by required.purpose_code), 'nothing')
  from app_private.requirements_of(jsonb_populate_record(null::app_public.appointments, jsonb_build_object(
    'organization_id', tests.id(clinic), 'patient_profile_id', tests.id(patient),
    'booking_request_id', case when request is not null then tests.id(request) end)), stage) as required $$;

select is(pg_temp.asked('booked', 'her request'), 'telemedicine', 'a request that was made at the same moment is not answered without it');
update app_public.patient_requirements set created_at = created_at + interval '1 second';
select is(pg_temp.asked('booked', 'her request'), 'nothing', 'one that was made before is');
select is(pg_temp.asked('confirmed', 'her request'), 'telemedicine', 'as it moves on it counts again');
select is(pg_temp.asked(null, 'her request'), 'telemedicine', 'and where no stage is named');
select is(pg_temp.asked('booked'), 'telemedicine', 'without a request it counts, whoever else has asked for a time');
select is(pg_temp.asked('booked', clinic => 'boreal'), 'marketing_email', 'another clinic has asked for something else');
select is(pg_temp.asked('booked', patient => 'dan'), 'nothing', 'and of another patient nothing was asked');
select * from finish();
rollback;
