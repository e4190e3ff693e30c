-- Test: settle_subscription (judge_subscription, standing_of, end_what_stays_unpaid, covered_until, dunning_steps_of, note_dunning, retry_payments, is_overdue, plan_subscription_end), invoice_changed, dunning_preview - each unpaid bill goes through its own steps; only what is paid in advance covers time; an end that was asked for stays one. BIL-05, BIL-01.
begin;
select plan(34);
select tests.freeze_time('2027-03-01 09:00+02');
select tests.person('root', superadmin => true), tests.offered_tier('plus');
create temporary table attempts (invoice_id uuid, at timestamptz);
grant all on attempts to app_engine;
-- Who charges is tested elsewhere: here it is noted that it was asked.
create or replace function app_private.queue_payment_attempt(organization_id uuid, invoice_id uuid, due_at timestamptz default app_hidden.now())
returns app_public.payment_attempts language sql volatile as $$
  insert into attempts values (invoice_id, app_hidden.now()); select null::app_public.payment_attempts; $$;
create function pg_temp.steps(bill text) returns text language sql as $$
  select string_agg(action || ' ' || to_char(done_at at time zone 'Europe/Bucharest', 'MM-DD'), ', ' order by day) from app_public.dunning_actions where invoice_id = tests.id(bill) $$;
create function pg_temp.plan_end(clinic text, ends_on date, because text default 'asked') returns void language sql as $$
  select from app_private.lock_organization_subscription(tests.id(clinic)) s, app_private.plan_subscription_end(s, ends_on, because, null) $$;
create function pg_temp.until(at timestamptz) returns void language plpgsql as $$ begin perform tests.until(at); end $$;

-- Two bills of one clinic, and one of another.
select tests.clinic('boreal'), tests.billing_details(), tests.clinic_subscribed('plus'), tests.bill('theirs', '2027-03-07');
select tests.clinic('atlas'), tests.billing_details(), tests.clinic_subscribed('plus');
select tests.bill('first', '2027-03-05'), tests.bill('second', '2027-03-10', kind => 'advance');
select pg_temp.until('2027-03-23 12:00+02');
select is(pg_temp.steps('first'), 'retry 03-06, retry 03-08, retry 03-10, retry 03-12, suspend 03-19', 'the first bill goes through its steps');
select is(pg_temp.steps('second'), 'retry 03-11, retry 03-13, retry 03-15, retry 03-17', 'the second through its own, though the same were taken for the first');
select is(pg_temp.steps('theirs'), 'retry 03-08, retry 03-10, retry 03-12, retry 03-14, suspend 03-21', 'and another clinic''s through its own');
select results_eq($$select case invoice_id when tests.id('first') then 'first' when tests.id('second') then 'second' else 'theirs' end as bill, count(*) from attempts group by 1 order by 1$$, $$values ('first', 4::bigint), ('second', 4), ('theirs', 4)$$, 'each is tried four times');
select is(tests.standing('atlas'), 'suspended', 'two weeks after the first it is suspended');
select tests.pays('first');
select is(tests.standing('atlas'), 'past_due', 'paid, the other one is not two weeks old');
select pg_temp.until('2027-03-24 10:00+02');
select is(tests.standing('atlas'), 'suspended', 'then it is');
select tests.act_as('root');
select is((select string_agg(concat_ws(' ', day, action, case when done_at is null then 'to come' end), ', ' order by day) from app_public.dunning_preview(tests.id('atlas'))), '1 retry, 3 retry, 5 retry, 7 retry, 14 suspend, 30 cancel to come', 'the preview has what was taken and what comes of the bill that is unpaid');
select is((select count(*) from app_public.dunning_preview(tests.id('boreal')) where invoice_id <> tests.id('theirs')), 0::bigint, 'of a clinic its own');
select tests.act_as('the database');
select tests.pays('second'), tests.pays('theirs');
select is(tests.standing('atlas') || tests.standing('boreal'), 'activeactive', 'paid, both are active');

-- What is written off, or credited in full, is no debt.
select tests.clinic('cedru'), tests.billing_details(), tests.clinic_subscribed('plus');
select tests.bill('written off', '2027-03-26', status => 'uncollectible');
select pg_temp.until('2027-04-20 12:00+03');
select is(tests.standing('cedru'), 'active', 'a bill that was written off is no debt');
select is(pg_temp.steps('written off'), null, 'and nobody is asked for it');

-- Only what is paid in advance covers.
select tests.clinic('delta'), tests.billing_details(), tests.clinic_subscribed('plus');
select tests.bill('used', '2027-04-25'), tests.pays('used');
select tests.bill('plan', '2027-04-22', kind => 'advance');
select pg_temp.until('2027-05-06 10:00+03');
select is(tests.standing('delta'), 'suspended', 'what was used and paid keeps no month whose plan is unpaid');
select tests.pays('plan');
select is(tests.standing('delta'), 'active', 'the plan does');
-- Of a month that was paid, until its last instant.
select tests.freeze_time('2027-05-20 00:00+03'), tests.settle_subscriptions();
select is((select app_private.covered_until(s, true) from app_public.organization_subscriptions s where s.organization_id = tests.id('delta')), null, 'in the moment a paid month ends it covers nothing');
select tests.freeze_time('2027-05-19 23:59:59.999999+03');
select is((select app_private.covered_until(s, true) from app_public.organization_subscriptions s where s.organization_id = tests.id('delta')), '2027-05-20 00:00+03', 'before it does');
select tests.freeze_time('2027-04-20 00:00+03');
select is((select app_private.covered_until(s, true) from app_public.organization_subscriptions s where s.organization_id = tests.id('delta')), '2027-05-20 00:00+03', '… from its first instant');
select tests.freeze_time('2027-04-19 23:59:59.999999+03');
select is((select app_private.covered_until(s, true) from app_public.organization_subscriptions s where s.organization_id = tests.id('delta')), null, 'and not before');

-- An end that was asked for.
select tests.freeze_time('2027-06-01 09:00+03');
select tests.clinic('eco'), tests.billing_details(), tests.clinic_subscribed('plus');
select pg_temp.plan_end('eco', '2027-07-01');
select tests.bill('june', '2027-06-05'), pg_temp.until('2027-06-07 12:00+03');
select is(tests.standing('eco'), 'past_due until 2027-07-01', 'who leaves may owe something');
select tests.pays('june');
select is(tests.standing('eco'), 'active until 2027-07-01', 'paying does not take back that it leaves');
select is((select cancels_because from app_public.organization_subscriptions where organization_id = tests.id('eco')), 'asked', '… as it asked');

-- A year that is paid, to end as it was asked, and a bill that stays unpaid.
select tests.clinic('faro'), tests.billing_details(), tests.clinic_subscribed('plus', 'annual');
select tests.bill('year', '2027-06-20', kind => 'advance'), tests.pays('year'), tests.bill('unpaid', '2027-06-20'), pg_temp.plan_end('faro', '2028-06-07');
select pg_temp.until('2027-07-20 09:59+03');
select is(pg_temp.steps('unpaid'), 'retry 06-21, retry 06-23, retry 06-25, retry 06-27', 'of a year that is paid nothing is suspended');
select pg_temp.until('2027-07-25 12:00+03');
select is((select cancels_on || ' ' || cancels_because from app_public.organization_subscriptions where organization_id = tests.id('faro')), '2028-06-07 asked', 'it ends as it was asked');
select is((select count(*) from app_private.events where name = 'subscription.end_planned' and organization_id = tests.id('faro')), 1::bigint, 'told once');
select is(pg_temp.steps('unpaid'), 'retry 06-21, retry 06-23, retry 06-25, retry 06-27, cancel 07-20', 'though the step is noted');
select is((select count(*) from app_private.events where name = 'subscription.end_planned' and organization_id = tests.id('eco')), 1::bigint, 'as for the other');

-- One that is to end later than what is paid, ends with what is paid.
select tests.clinic('gara'), tests.billing_details(), tests.clinic_subscribed('plus', 'annual');
select tests.bill('paid', '2027-07-30', kind => 'advance'), tests.pays('paid'), tests.bill('open', '2027-07-30'), pg_temp.plan_end('gara', '2029-07-25');
select pg_temp.until('2027-08-29 09:59+03');
select is((select cancels_on || ' ' || cancels_because from app_public.organization_subscriptions where organization_id = tests.id('gara')), '2029-07-25 asked', 'to end in two years');
select pg_temp.until('2027-08-29 10:00+03');
select is((select cancels_on || ' ' || cancels_because from app_public.organization_subscriptions where organization_id = tests.id('gara')), '2028-07-25 unpaid', 'unpaid it ends with the year that is paid');
select tests.pays('open');
select is((select cancels_on from app_public.organization_subscriptions where organization_id = tests.id('gara')), null, 'and goes on once that is paid');
select is(tests.standing('gara'), 'active', '…');
-- The clock stood still for three weeks of a year that is paid.
select tests.clinic('hora'), tests.billing_details(), tests.clinic_subscribed('plus', 'annual');
select tests.bill('paid in advance', '2027-09-10', kind => 'advance'), tests.pays('paid in advance'), tests.bill('missed', '2027-09-10');
select tests.freeze_time('2027-09-30 12:00+03'), tests.settle_subscriptions();
select is(tests.standing('hora'), 'past_due', 'what was not seen for weeks is past due');
select is(pg_temp.steps('missed'), 'retry 09-30, retry 09-30, retry 09-30, retry 09-30', 'and nothing is noted as suspended that was not');
-- A year that was paid, given up, and another that is not paid.
select tests.clinic('iasi'), tests.billing_details(), tests.clinic_subscribed('plus', 'annual');
select tests.bill('year before', '2027-10-05', kind => 'advance'), tests.pays('year before');
select from app_private.lock_organization_subscription(tests.id('iasi')) s, app_private.end_organization_subscription(s, null);
select tests.freeze_time('2027-12-01 09:00+02'), tests.clinic_subscribed('plus', 'annual', clinic => 'iasi');
select tests.bill('year now', '2027-12-05', kind => 'advance', clinic => 'iasi');
select tests.freeze_time('2027-12-19 10:00+02'), tests.settle_subscriptions();
select is(tests.standing('iasi'), 'suspended', 'what was paid for the one before does not cover a year that is unpaid');
-- Two steps on one day.
insert into app_public.dunning_steps (day, action, at) select 14, 'retry', at from app_public.dunning_steps where action = 'suspend';
select tests.clinic('jiu'), tests.billing_details(), tests.clinic_subscribed('plus'), tests.bill('twice', '2027-12-20');
select pg_temp.until('2028-01-03 12:00+02');
select is((select array_agg(action order by action) from app_public.dunning_actions where invoice_id = tests.id('twice') and day = 14), '{retry,suspend}', 'of two steps on one day each is taken');
select * from finish();
rollback;
