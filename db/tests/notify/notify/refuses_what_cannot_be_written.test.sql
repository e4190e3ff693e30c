-- Test: notify - an unknown template, a missing or an unknown variable is refused and leaves nothing. FND-15.
begin;
select plan(9);
select tests.clinic('atlas');
create function pg_temp.tell(template text, data jsonb, locale text default 'ro', uid uuid default null) returns uuid language sql as $$
  select app_private.notify(tests.id('atlas'), template, 'ana@people.test', 'Ana Pop', locale, data, calendar_uid => uid)
$$;
create temporary table jobs_before as select id from graphile_worker._private_jobs;
create temporary table complete as select
  '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z",
    "timezone": "Europe/Bucharest", "modality": "video"}'::jsonb as data;

select throws_ok($$select pg_temp.tell('love_letter', '{}')$$, 'RX400', 'message_template_unknown', 'a template that does not exist');
select throws_ok($$select pg_temp.tell('appointment_booked', data, 'fr', uuidv7()) from complete$$, 'RX400', 'message_template_unknown', 'a language that does not exist');
select throws_ok($$select pg_temp.tell('appointment_booked', data - 'timezone', uid => uuidv7()) from complete$$, 'RX400', 'message_variables_mismatch', 'a missing variable');
select throws_ok($$select pg_temp.tell('appointment_booked', data || '{"diagnosis": "x"}', uid => uuidv7()) from complete$$, 'RX400', 'message_variables_mismatch', 'an unknown variable');
select throws_ok($$select pg_temp.tell('appointment_booked', null, uid => uuidv7())$$, 'RX400', 'message_variables_mismatch', 'no variables');
select throws_ok($$select pg_temp.tell('appointment_booked', data) from complete$$, 'RX400', 'message_calendar_mismatch', 'a calendar file without an entry');
select throws_ok(
  $$select app_private.notify(tests.id('atlas'), 'appointment_booked', 'not an address', 'Ana', 'ro', data, calendar_uid => uuidv7()) from complete$$,
  '23514', null, 'what is no address');

select is_empty($$select * from app_private.messages where organization_id = tests.id('atlas')$$, 'no message is left');
select is_empty($$select * from graphile_worker._private_jobs where id not in (select id from jobs_before)$$, 'no job is left');
select * from finish();
rollback;
