-- Test: notify_many - two thousand people in one statement, one job each, each by their own rules. FND-15.
begin;
select plan(8);
select tests.freeze_time('2027-03-01 12:00+02');
select tests.clinic('atlas');
with profiles as (
  insert into app_public.patient_profiles (given_name, family_name, email, phone, locale)
  select 'Pacient', 'Numărul ' || n, case when n % 10 > 0 then 'p' || n || '@people.test' end,
    case when n % 4 > 0 then '+4072' || lpad(n::text, 7, '0') end, case n % 2 when 0 then 'ro' else 'en' end
  from generate_series(1, 2000) as n
  returning id
)
insert into app_public.patients (organization_id, patient_profile_id) select tests.id('atlas'), id from profiles;
insert into app_private.suppressed_addresses (channel, address, reason) select 'email', 'p' || n || '@people.test', 'bounce' from generate_series(1, 99) as n;
create temporary table told (ids uuid[]);
create function pg_temp.tell() returns uuid[] language sql as $$
  select app_private.notify_many(tests.id('atlas'), 'appointment_cancelled',
    (select array_agg(row(patient_profile_id, null, null, null, null, null, null)::app_private.message_recipient) from app_public.patients where organization_id = tests.id('atlas')),
    '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z",
      "timezone": "Europe/Bucharest", "modality": "video", "reason": "Clinica este închisă."}',
    event_id => (select id from app_private.events where name = 'appointment.cancelled'),
    calendar_uid => tests.id('atlas'))
$$;
insert into app_private.events (organization_id, name, version, subject_type, subject_id, payload, occurred_at)
values (tests.id('atlas'), 'appointment.cancelled', 1, 'appointment', uuidv7(), '{}', app_hidden.now());
insert into told (ids) select pg_temp.tell();

select is((select count(*) from app_public.messages), cardinality((select ids from told))::bigint, 'every id that it answers is a message');
select results_eq(
  $$select channel, status, reason, count(*) from app_public.messages group by 1, 2, 3 order by 1, 2, 3$$,
  $$values ('email', 'queued', null, 1710::bigint), ('email', 'skipped', 'unreachable', 100), ('email', 'suppressed', 'bounce', 90), ('sms', 'queued', null, 1500)$$,
  'letters, alerts, dead addresses, and a hundred whom nothing reaches');
select is((select count(distinct patient_profile_id) from app_public.messages), 2000::bigint, 'nobody is forgotten');
select is((select count(*) from graphile_worker._private_jobs where key like 'message:%'), 3210::bigint, 'one job for each that may leave');
select is((select count(distinct locale) from app_public.messages), 2::bigint, 'each in their language');
select is((select count(*) from app_public.messages where channel = 'email' and calendar_sequence = 0), 1900::bigint, 'each with a calendar of their own');
select is(cardinality(pg_temp.tell()), 0, 'told again, nobody is told');
select is((select count(*) from app_public.messages), 3400::bigint, 'and nothing is written');
select * from finish();
rollback;
