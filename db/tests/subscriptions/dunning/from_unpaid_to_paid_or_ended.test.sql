-- Test: settle_subscription (judge_subscription, standing_of, retry_payments, end_what_stays_unpaid, invoice_changed), dunning_preview - through a whole dunning by a moved clock: past due, retries, suspended, paid, ended; paid time is not cut. BIL-05.
begin;
select plan(46);
select tests.freeze_time('2027-03-01 09:00+02');
select tests.clinic('atlas');
select tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk');
select tests.person('root', superadmin => true);
select tests.offered_tier('plus');
select tests.billing_details(), tests.clinic_subscribed('plus');
create temporary table attempts (invoice_id uuid, at timestamptz);
grant all on attempts to app_engine;
-- Whoever charges is another's to test: here it is noted that it was asked.
create or replace function app_private.queue_payment_attempt(organization_id uuid, invoice_id uuid, due_at timestamptz default app_hidden.now())
returns app_public.payment_attempts language sql volatile as $$
  insert into attempts values (invoice_id, app_hidden.now()); select null::app_public.payment_attempts; $$;
create function pg_temp.status() returns text language sql as $$ select status from app_public.organization_subscriptions order by id desc limit 1 $$;

-- Due on the 15th.
select tests.bill('march', '2027-03-15');
select is(tests.standing(), 'active', 'a bill that is not overdue changes nothing');
select tests.act_as('olga');
select results_eq(
  $$select day, action, to_char(due_at at time zone 'Europe/Bucharest', 'MM-DD HH24:MI'), done_at from app_public.dunning_preview(tests.id('atlas'))$$,
  $$values (1, 'retry', '03-16 10:00', null::timestamptz), (3, 'retry', '03-18 10:00', null), (5, 'retry', '03-20 10:00', null),
    (7, 'retry', '03-22 10:00', null), (14, 'suspend', '03-29 10:00', null), (30, 'cancel', '04-14 10:00', null)$$,
  'what would follow is known ahead, at ten on the clinic''s clocks, across summer time');
select tests.act_as('the database');
select results_eq(
  $$select * from tests.until('2027-04-20 12:00+03')$$,
  $$values ('2027-03-16 00:00 past_due'), ('2027-03-29 10:00 suspended'), ('2027-04-14 10:00 canceled')$$, 'left alone: past due when the day is over, suspended, ended');
select results_eq(
  $$select to_char(at at time zone 'Europe/Bucharest', 'MM-DD HH24:MI') from attempts order by at$$,
  $$values ('03-16 10:00'), ('03-18 10:00'), ('03-20 10:00'), ('03-22 10:00')$$, 'and each retry once, at its time');
select results_eq(
  $$select day, action, done_at = due_at from app_public.dunning_actions order by day$$,
  $$values (1, 'retry', true), (3, 'retry', true), (5, 'retry', true), (7, 'retry', true), (14, 'suspend', true), (30, 'cancel', true)$$, 'it is noted what was done');
select is(
  tests.events_of(tests.id('subscription of atlas')),
  '{subscription.pending,subscription.active,subscription.past_due,subscription.suspended,subscription.canceled}', 'and told');
select is((select settle_at from app_public.organization_subscriptions), null, 'what has ended is due no more');
select is((select count(*) from app_public.billing_periods where closed_at is not null), 2::bigint, 'its last month is billed, too');
select lives_ok($$select tests.pays('march')$$, 'its last bill may be paid later');
select is(tests.standing(), 'canceled', '… and it stays ended');

-- Paid on the last day, and a minute too late.
select tests.clinic('boreal'), tests.billing_details(), tests.clinic_subscribed('plus');
select tests.bill('in time', '2027-05-03');
select is_empty($$select * from tests.until('2027-05-03 23:59+03')$$, 'until its day is over nothing happens');
select tests.pays('in time');
select is_empty($$select * from tests.until('2027-05-10 12:00+03')$$, 'paid on its last day is paid in time');
select tests.bill('late', '2027-05-12', 'advance');
select results_eq($$select * from tests.until('2027-05-13 11:00+03')$$, $$values ('2027-05-13 00:00 past_due')$$, 'another one is not');
select is((select past_due_at from app_public.organization_subscriptions where status <> 'canceled'), '2027-05-13 00:00+03', 'since when is known');
select tests.pays('late');
select is(tests.standing(), 'active', 'paid, it is active at once');
select results_eq(
  $$select past_due_at, suspended_at from app_public.organization_subscriptions where status <> 'canceled'$$, $$values (null::timestamptz, null::timestamptz)$$, 'and nothing stays of it');
select is((select count(*) from tests.until('2027-06-30 12:00+03')), 0::bigint, 'and nothing follows');

-- Two bills: back from suspended to past due while another one is overdue, and to active with the last.
select tests.bill('first', '2027-07-05', period => 2), tests.bill('second', '2027-07-17', period => 3);
select results_eq($$select * from tests.until('2027-07-20 12:00+03')$$, $$values ('2027-07-06 00:00 past_due'), ('2027-07-19 10:00 suspended')$$, 'the older one suspends');
select tests.pays('first');
select is(tests.standing(), 'past_due', 'paid, the younger one does not yet');
select tests.pays('second');
select is(tests.standing(), 'active', 'and then nothing is due');
select is(
  (tests.events_of(tests.id('subscription of boreal')))[5:], '{subscription.past_due,subscription.suspended,subscription.past_due,subscription.active}', 'each is told');

-- After an outage of the clock: one attempt, and where it stands by now.
delete from attempts;
select tests.bill('unseen', '2027-08-01');
select tests.freeze_time('2027-08-16 12:00+03');
select tests.settle_subscriptions();
select is(tests.standing(), 'suspended', 'what was not seen for two weeks stands where it would have');
select is((select count(*) from attempts), 1::bigint, 'four retries that were missed are one attempt');
select is((select count(*) from app_public.dunning_actions where invoice_id = tests.id('unseen')), 5::bigint, 'and all noted');
select is(tests.settle_subscriptions(), 0, 'a second run finds nothing');
select tests.pays('unseen');
select is(tests.standing(), 'active', 'paid');

-- A year that is paid in advance is not cut by a bill for what was used.
select tests.clinic('cedru'), tests.billing_details(), tests.clinic_subscribed('plus', 'annual');
select tests.bill('year', '2027-08-30', 'advance'), tests.pays('year');
select tests.bill('used', '2027-09-30');
select tests.act_as('root');
select results_eq(
  $$select action, to_char(due_at at time zone 'Europe/Bucharest', 'YYYY-MM-DD HH24:MI') from app_public.dunning_preview(tests.id('cedru')) where action <> 'retry'$$,
  $$values ('suspend', '2028-08-16 00:00'), ('cancel', '2028-08-16 00:00')$$, 'the preview knows of the paid year');
select tests.act_as('the database');
select results_eq(
  $$select * from tests.until('2028-08-01 12:00+03')$$, $$values ('2027-10-01 00:00 past_due'), ('2027-10-30 10:00 past_due until 2028-08-16')$$,
  'past due for the rest of the year, and not to go on after it');
select results_eq($$select * from tests.until('2028-08-20 12:00+03')$$, $$values ('2028-08-16 00:00 canceled until 2028-08-16')$$, 'with the paid year it ends');
select is((select count(*) from app_public.billing_periods p join app_public.organization_subscriptions s on s.id = p.subscription_id where s.organization_id = tests.id('cedru')), 12::bigint, 'no month of a second year was opened');

-- Or the bill is paid before, and it goes on.
select tests.clinic('delta'), tests.billing_details(), tests.clinic_subscribed('plus', 'annual');
select tests.bill('paid year', '2028-08-30', 'advance'), tests.pays('paid year'), tests.bill('more', '2028-09-15');
select results_eq($$select * from tests.until('2028-12-01 12:00+02')$$, $$values ('2028-09-16 00:00 past_due'), ('2028-10-15 10:00 past_due until 2029-08-20')$$, 'it is to end with the year');
select tests.act_as('root');
select * from tests.refuses($$select app_public.resume_organization_subscription(tests.id('delta'), 'Please')$$, 'STATE', 'subscription_is_unpaid', 'that is not called off by asking');
select tests.act_as('the database');
select tests.pays('more');
select is(tests.standing(), 'active', 'but by paying');

-- Month by month: a clinic that pays its plan is not cut within a month that it paid, nor for the moment in which the next bill is made.
select tests.bill('usage', '2028-12-10', 'period');
select is((select count(*) from tests.until('2028-12-10 12:00+02')), 0::bigint, 'not overdue');
select tests.clinic('eco'), tests.billing_details(), tests.clinic_subscribed('plus');
select tests.bill('plan 1', '2028-12-20', 'advance'), tests.pays('plan 1'), tests.bill('usage 1', '2028-12-20');
select results_eq($$select * from tests.until('2029-01-05 12:00+02')$$, $$values ('2028-12-21 00:00 past_due')$$, 'suspension waits for the end of the paid month');
select is_empty($$select * from tests.until('2029-01-09 23:59+02')$$, '… to its very end');
select tests.freeze_time('2029-01-10 00:00+02');
create or replace function app_private.open_period_invoice(organization_id uuid, period_id uuid) returns app_public.invoices language plpgsql as $$
begin
  if organization_id = tests.id('eco') then perform tests.bill('plan 2', '2029-01-15', 'advance', clinic => 'eco'); end if;
  return null;
end $$;
select tests.settle_subscriptions();
select is(tests.standing('eco'), 'past_due', 'the next month is billed and not overdue: nobody is cut off in between');
select tests.pays('plan 2');
select is(tests.standing('eco'), 'past_due', 'paid, that month is not cut either');
select results_eq($$select * from tests.until('2029-01-19 11:00+02')$$, $$values ('2029-01-19 10:00 past_due until 2029-02-10')$$, 'but no further month begins while the other bill is unpaid');
select tests.pays('usage 1');
select is(tests.standing('eco'), 'active', 'and with that it goes on');

-- Whose plan is unpaid as well is suspended at once.
select tests.clinic('faro'), tests.billing_details(), tests.clinic_subscribed('plus');
select tests.bill('plan a', '2029-01-25', 'advance'), tests.bill('usage a', '2029-01-20');
select results_eq($$select * from tests.until('2029-02-19 00:00+02')$$, $$values ('2029-01-21 00:00 past_due'), ('2029-02-03 10:00 suspended')$$, 'a plan that is unpaid itself keeps nobody');
select tests.bill('plan b', '2029-03-15', 'advance');
select is(tests.standing('faro'), 'suspended', 'nor does the next bill, which is not overdue, bring anybody back');
select tests.pays('plan b');
select is(tests.standing('faro'), 'past_due', 'paid, it does: that time is not cut');

-- Who may ask.
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.dunning_preview(tests.id('atlas'))$$, 'FORBIDDEN', 'permission_missing', 'a colleague without billing.view does not');
select * from finish();
rollback;
