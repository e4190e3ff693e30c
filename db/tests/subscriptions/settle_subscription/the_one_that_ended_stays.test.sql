-- Test: settle_subscription (set_subscription_state, plan_subscription_end, end_organization_subscription, note_settle_at, next_settle_at, tell_of_trial, go_through_periods, last_period, judge_subscription, dunning_steps_of, is_overdue, covered_until, end_what_stays_unpaid, begin_organization_subscription, write_subscription_tier), apply_provider_status, change_organization_tier, cancel_ and resume_organization_subscription - a clinic that subscribes again: what ended stays as it was, what it owes is not the new one's debt, and what it paid does not keep the new one. BIL-01, BIL-05.
begin;
select plan(28);
select tests.freeze_time('2027-01-05 09:00+02');
select tests.offered_tier('plus'), tests.offered_tier('max'), tests.offered_tier('tried', 30);
select tests.clinic('boreal'), tests.billing_details(), tests.clinic_subscribed('plus', 'annual');
select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.billing_details(), tests.clinic_subscribed('plus', 'annual');
select tests.remember('ended', tests.id('subscription of atlas'));
-- A year that was paid, used for two months, and a bill that stays unpaid and falls due long after the end.
select tests.bill('paid year', '2027-01-10', 'advance'), tests.pays('paid year');
select tests.freeze_time('2027-03-01 09:00+02'), tests.settle_subscriptions();
select tests.bill('owed', '2027-03-20'), tests.bill('owed later', '2027-05-20', kind => 'advance');
select tests.act_as('olga');
select is((app_public.cancel_organization_subscription(tests.id('atlas'), at_period_end => false)).status, 'canceled', 'a year is given up after two months');
select tests.act_as('the database');
create temporary table was as select s as ended, (select array_agg(p order by p.position) from app_public.billing_periods p where p.subscription_id = s.id) as periods
from app_public.organization_subscriptions s where s.id = tests.id('ended');
create function pg_temp.is_as_it_was(says text) returns text language sql as $$
  select is((select array[s::text, (select array_agg(p order by p.position) from app_public.billing_periods p where p.subscription_id = s.id)::text] from app_public.organization_subscriptions s where s.id = tests.id('ended')),
    (select array[w.ended::text, w.periods::text] from was w), says) $$;

-- It comes back, on trial.
select tests.freeze_time('2027-03-15 09:00+02');
select tests.clinic_subscribed('tried', clinic => 'atlas');
select pg_temp.is_as_it_was('a second subscription begins beside it');
select results_eq($$select status, anchor_on, settle_at from app_public.organization_subscriptions where id = tests.id('subscription of atlas')$$, $$values ('trialing', '2027-04-14'::date, '2027-04-07 00:00+03'::timestamptz)$$, 'on trial, due when a week of it is left');
select is((select array_agg(position order by position) from app_public.organization_subscription_tiers where subscription_id = tests.id('subscription of atlas')), '{1}', 'with its first tier');
select is((app_private.last_period((select s from app_public.organization_subscriptions s where s.id = tests.id('subscription of atlas')))).position, 1, 'and its first period');
select tests.freeze_time('2027-04-07 00:00+03'), tests.settle_subscriptions();
select is((select count(*) from app_private.events where name = 'subscription.trial_ending'), 1::bigint, 'that the trial ends is told once');
select pg_temp.is_as_it_was('not of what ended');
select tests.freeze_time('2027-04-14 00:00+03'), tests.settle_subscriptions();
select is(tests.standing('atlas'), 'active', 'after the trial it is active, whatever the one before still owes');
select pg_temp.is_as_it_was('no period of what ended is closed or opened');
select is((select settle_at from app_public.organization_subscriptions where id = tests.id('subscription of atlas')), '2027-05-14 00:00+03', 'next it is due when its own month ends, and not with a bill of the one before');
select results_eq($$select * from tests.until('2027-06-30 12:00+03')$$, $$select '' where false$$, 'nor does that bill move it once it is overdue');

-- It changes its mind.
select tests.act_as('olga');
select is((app_public.change_organization_tier(tests.id('atlas'), tests.id('max'))).tier_version_id, tests.id('max v1'), 'another tier');
select is((app_public.cancel_organization_subscription(tests.id('atlas'))).cancels_on, '2027-07-14', 'it is to end with its month');
select is((app_public.resume_organization_subscription(tests.id('atlas'))).cancels_on, null, 'or not');
select tests.act_as('the database');
select pg_temp.is_as_it_was('all of that is of the one that runs');
select is((select array_agg(position order by position) from app_public.organization_subscription_tiers where subscription_id = tests.id('ended')), '{1}', 'what ended has the one tier that it had');

-- A provider that runs it.
update app_public.organization_subscriptions set provider = 'stripe', provider_subscription_id = 'sub_' || case id when tests.id('ended') then 1 else 2 end where organization_id = tests.id('atlas');
update was set ended = (select s from app_public.organization_subscriptions s where s.id = tests.id('ended'));
select is((app_private.apply_provider_status('stripe', 'sub_2', 'past_due', app_hidden.now())).id, tests.id('subscription of atlas'), 'what the provider says of the one that runs');
select pg_temp.is_as_it_was('is not said of what ended');
select is((app_private.apply_provider_status('stripe', 'sub_1', 'active', app_hidden.now())).status, 'canceled', 'and what it says of that one moves neither');
select is(tests.standing('atlas'), 'past_due', '…');
select is((app_private.apply_provider_status('stripe', 'sub_2', 'active', app_hidden.now() + interval '1 minute')).status, 'active', 'it is paid there');
update was set ended = (select s from app_public.organization_subscriptions s where s.id = tests.id('ended'));

-- What was paid for the one before does not keep this one.
select tests.bill('used', '2027-07-01', clinic => 'atlas');
select tests.freeze_time('2027-07-20 12:00+03'), tests.settle_subscriptions();
select is(tests.standing('atlas'), 'suspended', 'its own debt suspends it, though the year of the one before was paid');
select is((select count(*) from app_public.dunning_actions where invoice_id in (tests.id('owed'), tests.id('owed later'))), 0::bigint, 'nothing is noted of the bills of what ended');
select pg_temp.is_as_it_was('which stays as it was');
select tests.freeze_time('2027-08-01 12:00+03'), tests.settle_subscriptions();
select is((select array_agg(s.status order by s.id) from app_public.organization_subscriptions s where organization_id = tests.id('atlas')), '{canceled,canceled}', 'and ends it');
select pg_temp.is_as_it_was('for good');
select is((select ended_at from app_public.organization_subscriptions where id = tests.id('subscription of atlas')), '2027-08-01 12:00+03', 'at the time of its own');

-- Another clinic all the while.
select results_eq($$select status, tier_version_id, anchor_on, cancels_on, ended_at, status_reason from app_public.organization_subscriptions where organization_id = tests.id('boreal')$$,
  $$values ('active', tests.id('plus v1'), '2027-01-05'::date, null::date, null::timestamptz, null)$$, 'another clinic is where it was');
select * from finish();
rollback;
