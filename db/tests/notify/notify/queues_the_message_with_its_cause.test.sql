-- Test: notify - message and job appear together, the job with the message's id and nothing about the person. FND-15.
begin;
select plan(11);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.remember('uid', uuidv7());
create function pg_temp.tell(email text default 'ana@people.test', event uuid default null) returns uuid language sql as $$
  select (app_private.notify(tests.id('atlas'), 'appointment_booked',
    '{"serviceName": "Kinetoterapie", "specialistName": "Dr. Ana Ionescu", "startsAt": "2027-03-08T07:00:00Z",
      "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "in_person"}',
    name => 'Ana Pop', email => email, locale => 'ro', event_id => event, calendar_uid => tests.id('uid')))[1]
$$;
create temporary table jobs_before as select id from graphile_worker._private_jobs;
select tests.remember('message', pg_temp.tell());

select results_eq(
  $$select status, channel, template_key, template_version, locale, address, created_at, expires_at, calendar_sequence
    from app_public.messages where id = tests.id('message')$$,
  $$values ('queued', 'email', 'appointment_booked', 2, 'ro', 'ana@people.test', '2027-03-01 08:00+02'::timestamptz,
            '2027-03-03 08:00+02'::timestamptz, 0)$$,
  'the message is queued with the newest words in the language');
select results_eq(
  $$select payload::jsonb, key from graphile_worker._private_jobs where id not in (select id from jobs_before)$$,
  $$values (jsonb_build_object('messageId', tests.id('message')), 'message:' || tests.id('message'))$$,
  'its job carries its id only');

select tests.remember('second', pg_temp.tell());
select is((select calendar_sequence from app_public.messages where id = tests.id('second')), 1, 'the next file for the same entry counts up');
select tests.remember('other', pg_temp.tell('mihai@people.test'));
select is((select calendar_sequence from app_public.messages where id = tests.id('other')), 0, 'another person''s calendar counts by itself');

select tests.act_as('the engine');
select tests.remember('event', app_private.publish('organization.created', tests.id('atlas'), tests.id('atlas'), '{"slug": "atlas"}'));
select tests.act_as('the database');
select tests.remember('told', pg_temp.tell(event => tests.id('event')));
select is(pg_temp.tell(event => tests.id('event')), null, 'the same person is told about the same event once');
select is(pg_temp.tell('ANA@people.test', tests.id('event')), null, 'however the address is spelt');
select is((select count(*) from app_public.messages where event_id = tests.id('event')), 1::bigint, 'in one message');
select is((select count(*) from graphile_worker._private_jobs where key = 'message:' || tests.id('told')), 1::bigint, 'with one job');
select isnt(pg_temp.tell('mihai@people.test', tests.id('event')), null, 'somebody else is told too');
select is(cardinality(app_private.notify(tests.id('atlas'), 'booking_request_confirmed',
  '{"serviceName": "K", "specialistName": "D", "startsAt": "2027-03-08T07:00:00Z", "endsAt": "2027-03-08T08:00:00Z", "timezone": "Europe/Bucharest", "modality": "video"}',
  name => 'Ana Pop', email => 'ana@people.test', locale => 'ro', event_id => tests.id('event'), calendar_uid => uuidv7())), 1, 'and of something else about the same event so is she');

savepoint change;
select pg_temp.tell('nobody@people.test');
rollback to change;
select is_empty($$select * from app_public.messages where recipient_email = 'nobody@people.test'$$, 'a change that is taken back tells nobody');
select * from finish();
rollback;
