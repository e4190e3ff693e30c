-- Test: consume_webhooks - an event is queued for the active subscriptions of its own clinic that name it, once each, and wakes the worker only if there are any. WHK-01, WHK-02, FND-14.
begin;
select plan(9);
select tests.freeze_time('2026-03-02 10:00+00');
select tests.clinic('boreal'), tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.webhooks('crm', 'atlas', '{form.signed}'), tests.webhooks('bookings', 'atlas', '{appointment.booked}'),
  tests.webhooks('off', 'atlas', '{patient.onboarded}'), tests.webhooks('theirs', 'boreal', '{patient.onboarded}');
select tests.act_as('olga');
select app_public.disable_webhook_subscription(tests.id('off'));
select tests.act_as('the database');
create function pg_temp.happened(name text, clinic text default 'atlas') returns uuid language sql as $$
  select app_private.publish(happened.name, tests.id(clinic), uuidv7(), jsonb_build_object('patientId', uuidv7(), 'patientProfileId', uuidv7())) $$;
create function pg_temp.told(event_id uuid) returns text[] language sql as $$
  select array(select s.name from app_public.webhook_events e join app_public.webhook_subscriptions s on s.id = e.subscription_id where e.event_id = told.event_id order by 1) $$;
create function pg_temp.waits() returns bigint language sql as $$ select count(*) from graphile_worker._private_jobs where key = 'deliver_webhooks' $$;

delete from graphile_worker._private_jobs;
select tests.remember('unwanted', pg_temp.happened('patient.onboarded'));
select app_private.consume_webhooks(tests.id('unwanted'));
select is(pg_temp.told(tests.id('unwanted')), '{}'::text[], 'nobody is told of what no active subscription of the clinic names');
select is(pg_temp.waits(), 0::bigint, 'and the worker is left alone');

update app_public.webhook_subscriptions set event_names = '{form.signed,patient.onboarded}' where id = tests.id('crm');
select tests.remember('onboarded', pg_temp.happened('patient.onboarded'));
select app_private.consume_webhooks(tests.id('onboarded'));
select is(pg_temp.told(tests.id('onboarded')), '{crm}'::text[],
  'who names the event is told; not who names others, nor who is switched off, nor another clinic that names it as well');
select is(pg_temp.waits(), 1::bigint, 'and the worker is woken');
select is((select (e.body::jsonb -> 'data') - '{patientId,patientProfileId}'::text[] from app_public.webhook_events e where e.event_id = tests.id('onboarded')),
  (select jsonb_build_object('subjectType', 'patient', 'subjectId', o.subject_id) from app_private.events o where o.id = tests.id('onboarded')),
  'the body says what the event is about, by its kind and id');

delete from graphile_worker._private_jobs;
select app_private.consume_webhooks(tests.id('onboarded'));
select is(pg_temp.told(tests.id('onboarded')), '{crm}'::text[], 'an event that is given out again is not queued again');
select is(pg_temp.waits(), 0::bigint, 'and wakes nobody');

select tests.remember('of boreal', pg_temp.happened('patient.onboarded', 'boreal'));
select app_private.consume_webhooks(tests.id('of boreal'));
select is(pg_temp.told(tests.id('of boreal')), '{theirs}'::text[], 'the other clinic is told of its own events');
select is((select array[e.organization_id::text, e.sequence::text] from app_public.webhook_events e where e.event_id = tests.id('of boreal')),
  array[tests.id('boreal')::text, '1'], 'under a number of its own');
select * from finish();
rollback;
