-- Test: begin_organization_subscription, settle_subscription (settle, tell_of_trial, next_settle_at, note_settle_at, go_through_periods) - a trial of each length ends when it ends and is told of once, a week before; each clinic has its own. BIL-01.
begin;
select plan(25);
select tests.freeze_time('2027-01-10 12:00+02');
select tests.offered_tier('for-none'), tests.offered_tier('for-day', 1), tests.offered_tier('for-week', 7), tests.offered_tier('for-more', 8), tests.offered_tier('for-month', 30);
select tests.clinic(tier), tests.billing_details(), tests.clinic_subscribed('for-' || tier) from unnest('{none,day,week,more,month}'::text[]) tier;
create function pg_temp.trial(clinic text) returns text language sql as $$
  select concat_ws(' ', s.status, s.anchor_on, 'ends', to_char(s.trial_ends_at at time zone 'Europe/Bucharest', 'MM-DD HH24:MI'), 'told', to_char(s.trial_told_at at time zone 'Europe/Bucharest', 'MM-DD HH24:MI'),
    'due', to_char(s.settle_at at time zone 'Europe/Bucharest', 'MM-DD HH24:MI'), 'period', p.starts_on, p.ends_on, p.is_trial)
  from app_public.organization_subscriptions s join app_public.billing_periods p on p.subscription_id = s.id
  where s.organization_id = tests.id(clinic) order by p.position desc limit 1 $$;
create function pg_temp.told(clinic text) returns bigint language sql as $$
  select count(*) from app_private.events where name = 'subscription.trial_ending' and organization_id = tests.id(clinic) $$;
create function pg_temp.settle(clinic text) returns text language sql as $$
  select (app_private.settle(s)).status from app_private.lock_organization_subscription(tests.id(clinic)) s $$;
select is(pg_temp.trial('none'), 'active 2027-01-10 ends told due 02-10 00:00 period 2027-01-10 2027-02-10 f', 'without a trial the first month begins today');
select is(pg_temp.trial('day'), 'trialing 2027-01-11 ends 01-11 00:00 told 01-10 12:00 due 01-11 00:00 period 2027-01-10 2027-01-11 t', 'a trial of a day is today');
select is(pg_temp.trial('week'), 'trialing 2027-01-17 ends 01-17 00:00 told 01-10 12:00 due 01-17 00:00 period 2027-01-10 2027-01-17 t', 'of one of a week nobody has to be told');
select is(pg_temp.trial('more'), 'trialing 2027-01-18 ends 01-18 00:00 told due 01-11 00:00 period 2027-01-10 2027-01-18 t', 'of one of more somebody has, a week before its end');
select is(pg_temp.trial('month'), 'trialing 2027-02-09 ends 02-09 00:00 told due 02-02 00:00 period 2027-01-10 2027-02-09 t', 'though other clinics had trials each has its own');

-- Told a week before, once.
select tests.freeze_time('2027-01-10 23:59:59.999999+02');
select is(pg_temp.settle('more'), 'trialing', 'whoever asks a moment before');
select is(pg_temp.told('more'), 0::bigint, '… makes nobody be told');
select tests.freeze_time('2027-01-11 00:00+02'), tests.settle_subscriptions();
select is(pg_temp.told('more'), 1::bigint, 'in the moment it is told');
select is((select payload -> 'subscriptionId' from app_private.events where name = 'subscription.trial_ending'), to_jsonb(tests.id('subscription of more')), '… of that subscription');
select is(pg_temp.trial('more'), 'trialing 2027-01-18 ends 01-18 00:00 told 01-11 00:00 due 01-18 00:00 period 2027-01-10 2027-01-18 t', 'and due next when it ends');
select is(pg_temp.trial('month'), 'trialing 2027-02-09 ends 02-09 00:00 told due 02-02 00:00 period 2027-01-10 2027-02-09 t', 'another clinic''s is not told of');
select is(pg_temp.trial('day'), 'active 2027-01-11 ends 01-11 00:00 told 01-10 12:00 due 02-11 00:00 period 2027-01-11 2027-02-11 f', 'the trial of a day is over, and a month begins');
select is(pg_temp.told('day') + pg_temp.told('week') + pg_temp.told('none'), 0::bigint, 'which nobody was told');
select tests.freeze_time('2027-01-14 09:00+02');
select is(pg_temp.settle('more') || pg_temp.told('more'), 'trialing1', 'asked again it is not told again');
select tests.freeze_time('2027-01-18 00:00+02'), tests.settle_subscriptions();
select is(pg_temp.trial('more'), 'active 2027-01-18 ends 01-18 00:00 told 01-11 00:00 due 02-18 00:00 period 2027-01-18 2027-02-18 f', 'in the moment it ends the first month begins');
select is((select array_agg(closed_at order by position) from app_public.billing_periods where organization_id = tests.id('more')), array['2027-01-18 00:00+02', null]::timestamptz[], 'the trial is closed');
select is((select count(*) from app_public.period_bills where organization_id = tests.id('more') and net_amount <> 0), 0::bigint, 'and cost nothing');

-- The clock stood still for the whole week.
select tests.freeze_time('2027-02-09 00:00+02'), tests.settle_subscriptions();
select is(pg_temp.trial('month'), 'active 2027-02-09 ends 02-09 00:00 told due 03-09 00:00 period 2027-02-09 2027-03-09 f', 'a trial that is over is over');
select is(pg_temp.told('month'), 0::bigint, 'and nobody is told then that it will be');

-- What is due next.
select tests.bill('due', '2027-02-20', clinic => 'month');
select is((select settle_at from app_public.organization_subscriptions where organization_id = tests.id('month')), '2027-02-21 00:00+02', 'a bill makes it due when the day to pay is over');
select tests.pays('due');
select is((select settle_at from app_public.organization_subscriptions where organization_id = tests.id('month')), '2027-03-09 00:00+02', 'one that is paid does not');
select is((select settle_at from app_public.organization_subscriptions where organization_id = tests.id('none')), '2027-02-10 00:00+02', 'nor another clinic''s');
select tests.bill('owed', '2027-02-20', kind => 'advance', clinic => 'month'), tests.freeze_time('2027-02-21 00:00+02'), tests.settle_subscriptions();
select is((select settle_at from app_public.organization_subscriptions where organization_id = tests.id('month')), '2027-02-21 10:00+02', 'one that is overdue makes it due with the next step of dunning');
select tests.freeze_time('2027-02-21 10:00+02'), tests.settle_subscriptions();
select is((select settle_at from app_public.organization_subscriptions where organization_id = tests.id('month')), '2027-02-23 10:00+02', '… and when that was taken, with the one after it');

-- What waits for its details waits.
select tests.clinic('waits'), tests.billing_details(), tests.clinic_subscribed('for-more', status => 'pending');
select is(pg_temp.settle('waits') || coalesce((select s.settle_at::text from app_public.organization_subscriptions s where s.organization_id = tests.id('waits')), ' never'), 'pending never', 'a subscription that has not begun is due never');
select * from finish();
rollback;
