-- Test: deliveries - an event goes to who wants it, is tried by the schedule, and ends where it is taken, gone or given up. WHK-01, WHK-02.
begin;
select plan(24);
select tests.freeze_time('2026-03-02 10:00+00');
select tests.clinic('boreal'), tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.webhooks('crm', 'atlas', '{patient.onboarded,form.signed}'), tests.webhooks('bi', 'atlas', '{patient.onboarded}'),
  tests.webhooks('theirs', 'boreal', '{form.signed}');
create function pg_temp.onboard(clinic text default 'atlas') returns bigint language plpgsql as $$
declare v_id uuid := app_private.publish('patient.onboarded', tests.id(clinic), uuidv7(), jsonb_build_object('patientId', uuidv7(), 'patientProfileId', uuidv7()));
begin
  if not exists (select from app_private.event_deliveries d where d.event_id = v_id and d.consumer = 'webhooks') then return 0; end if;
  perform app_private.consume_webhooks(v_id), app_private.consume_webhooks(v_id);
  return (select count(*) from app_public.webhook_events where event_id = v_id);
end;
$$;
create function pg_temp.answer(status int, problem text default null, pause int default null, who text default 'crm') returns text language sql as $$
  select app_private.record_webhook_attempt(e.id, e.claim, answer.status, answer.problem, 'what it said', 12, pause)
  from app_public.webhook_events e where e.subscription_id = tests.id(who) and e.claim is not null order by e.id limit 1
$$;
create function pg_temp.due(who text default 'crm') returns int language sql as $$
  select extract(epoch from min(e.next_attempt_at) - app_hidden.now())::int from app_public.webhook_events e where e.subscription_id = tests.id(who) and e.status = 'pending'
$$;
create function pg_temp.claimed(most int default 64, failing int default 64) returns bigint language sql as $$
  select count(*) from app_private.claim_webhook_events(most, failing)
$$;

select is(pg_temp.onboard(), 2::bigint, 'both subscriptions of the clinic are told, once each');
select is(pg_temp.onboard('boreal'), 0::bigint, 'a clinic that does not want it is not');
select is((select array_agg(distinct body::jsonb - 'data') from app_public.webhook_events), array[jsonb_build_object('type', 'patient.onboarded',
  'timestamp', '2026-03-02T10:00:00.000Z', 'sequence', 1, 'organizationId', tests.id('atlas'))], 'the body says what happened, when, and its number');
select is((select count(*) from app_public.webhook_events e join app_private.events o on o.id = e.event_id where e.body::jsonb -> 'data' @> o.payload), 2::bigint, 'and carries the ids of the event');
select is((select count(*) from graphile_worker._private_jobs where key = 'deliver_webhooks'), 1::bigint, 'one job waits, whatever there is to send');

select is(pg_temp.claimed(), 2::bigint, 'both are claimed');
select is(pg_temp.claimed(), 0::bigint, 'and nobody claims them again');
select tests.freeze_time('2026-03-02 10:01:01+00');
select is(pg_temp.claimed(), 2::bigint, 'what its worker did not record is due a minute later');
select is(pg_temp.answer(204, null, null, 'bi'), 'delivered', '2xx is taken');
select is(pg_temp.answer(500, 'refused'), 'pending', 'anything else is tried again');
select ok(pg_temp.due() between 4 and 6, 'five seconds later, more or less');
select is((select array[status, problem, response_status::text, response_body, attempts::text, attempt_log -> 0 ->> 'problem'] from app_public.webhook_events where subscription_id = tests.id('crm')),
  '{pending,refused,500,what it said,1,refused}'::text[], 'the log says what came of it');
select is((select array_agg(round(extract(epoch from app_private.webhook_pause(step, 0.5)))::int order by step) from generate_series(1, 10) as step),
  '{5,300,1800,7200,18000,36000,50400,72000,86400,null}'::int[], 'the pauses grow to a day, and the tenth attempt is the last');
select is((app_private.webhook_pause(1, 0), app_private.webhook_pause(1, 1)), (interval '4 seconds', interval '6 seconds'), 'a fifth more or less');
select is(pg_temp.onboard() + pg_temp.onboard() + pg_temp.onboard() + pg_temp.onboard() + pg_temp.onboard(), 10::bigint, 'more happens');
select is(pg_temp.claimed(), 5::bigint, 'a sound endpoint gets four at once, one that fails gets one');
select is((select pg_temp.answer(429, 'refused', 90)), 'pending', 'too much, it says');
select ok(pg_temp.due() between 0 and 0 and pg_temp.claimed() = 0, 'then nothing more is sent there for as long as it asked');
select tests.freeze_time('2026-03-02 10:02:32+00');
select is((select count(*) from app_private.claim_webhook_events(64, 0) where is_failing), 0::bigint, 'those that fail leave room for the others');
select is((select count(*) from app_private.claim_webhook_events(64, 1) where is_failing), 1::bigint, 'and get what is theirs');
select is(pg_temp.answer(410, 'refused'), 'failed', 'gone is gone');
select is((select array[status, disabled_reason] from app_public.webhook_subscriptions where id = tests.id('crm'))
  || array(select distinct status from app_public.webhook_events where subscription_id = tests.id('crm') order by 1), '{disabled,gone,cancelled,failed}',
  'and disables at once; what waited is cancelled');
select app_private.consume_notifications(id) from app_private.events where name = 'webhook_subscription.disabled';
select is((select count(*) from app_public.messages where template_key = 'webhook_disabled'), 2::bigint, 'who manages webhooks is told, by mail and in the app');
select is((select array_agg(event_name order by event_name) from app_private.event_interests where organization_id = tests.id('atlas') and consumer = 'webhooks'), '{patient.onboarded}'::text[],
  'and its clinic is interested in what is left');
select * from finish();
rollback;
