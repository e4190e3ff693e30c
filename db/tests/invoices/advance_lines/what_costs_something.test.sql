-- Test: advance_lines (plan_price, version_on, term_of, tier_days), open_period_invoice - what is billed in advance has a line where it costs something: of a free plan none, of a dedicated server its setup once, after a trial, too. BIL-02.
begin;
select plan(13);
select tests.clinic('atlas'), tests.clinic('boreal'), tests.clinic('cobalt'), tests.clinic('delta'), tests.clinic('eco');
select tests.bill_tier('Free', 0), tests.bill_tier('Own', 90000, tenancy => 'dedicated', setup => 500000), tests.bill_tier('Bare', 80000, tenancy => 'dedicated'), tests.bill_tier('Gift', 0, tenancy => 'dedicated', setup => 1), tests.bill_tier('Shared', 100, setup => 7);
select tests.freeze_time('2027-03-01 00:00+02');
select tests.bill_subscription('atlas', 'Free', '2027-03-01', 2), tests.bill_subscription('boreal', 'Own', '2027-03-01', 4, trial_months => 2, tenancy => 'dedicated');
select tests.bill_subscription('cobalt', 'Bare', '2027-03-01', 2, tenancy => 'dedicated'), tests.bill_subscription('delta', 'Gift', '2027-03-01', 2, tenancy => 'dedicated'), tests.bill_subscription('eco', 'Shared', '2027-03-01', 1);
create function pg_temp.lines(clinic text, month int, tier uuid default null) returns text language sql as $$
  select string_agg(concat_ws(' ', l.kind, l.amount, l.starts_on, l.ends_on), ', ' order by l.kind) from app_private.advance_lines(tests.id(clinic), tests.id(format('month %s of %s', month, clinic)), tier) l $$;

select is(pg_temp.lines('atlas', 1), null, 'a plan that costs nothing has no line');
select is((tests.bill_open('atlas', 1)).id, null, 'and no invoice');
select is((select lines::text from app_public.period_bills where period_id = tests.id('month 1 of atlas')), '[]', 'but it is written down that it came to nothing');
select is(concat(pg_temp.lines('boreal', 1), pg_temp.lines('boreal', 2)), '', 'of a trial nothing is billed in advance, the server neither');
select is(pg_temp.lines('boreal', 3), 'plan 90000 2027-05-01 2027-06-01, setup 500000 2027-05-01 2027-05-02', 'with the first month after it plan and server are');
select is(pg_temp.lines('boreal', 4), 'plan 90000 2027-06-01 2027-07-01', 'then the plan only');
select is(pg_temp.lines('cobalt', 1), 'plan 80000 2027-03-01 2027-04-01', 'a server that is set up for nothing has no line');
select is(pg_temp.lines('delta', 1), 'setup 1 2027-03-01 2027-03-02', 'one that costs something has, also where the plan is free');
select is(pg_temp.lines('cobalt', 2, tests.id('Own')), 'plan 90000 2027-04-01 2027-05-01', 'by another version what that one costs');
select is(pg_temp.lines('eco', 1), 'plan 100 2027-03-01 2027-04-01', 'a shared server is not set up');

-- Who subscribed before, and comes back on trial.
set local session_replication_role = replica;
update app_public.organization_subscriptions set status = 'canceled', ended_at = '2027-05-01 00:00+03' where id = tests.id('subscription of delta');
set local session_replication_role = origin;
select tests.bill_subscription('delta', 'Own', '2027-05-01', 2, trial_months => 1, tenancy => 'dedicated');
select is(pg_temp.lines('delta', 2), 'plan 90000 2027-06-01 2027-07-01, setup 500000 2027-06-01 2027-06-02', 'a later subscription sets up its own server, whatever months the one before had');

-- From which day a version holds.
select tests.bill_change('atlas', 'Bare', '2027-03-15');
select is((select array_agg(app_private.version_on(s, d) order by d) from app_public.organization_subscriptions s, unnest('{2027-03-14,2027-03-15}'::date[]) d where s.organization_id = tests.id('atlas')), array[tests.id('Free'), tests.id('Bare')], 'a version holds from its day on');
select is((select string_agg(concat_ws(' ', case d.tier_version_id when tests.id('Free') then 'Free' else 'Bare' end, d.starts_on, d.ends_on), ', ' order by d.starts_on) from app_public.organization_subscriptions s, app_private.tier_days(s, '2027-03-01', '2027-03-15') d where s.organization_id = tests.id('atlas')), 'Free 2027-03-01 2027-03-15', 'and not within days that end before it');
select * from finish();
rollback;
