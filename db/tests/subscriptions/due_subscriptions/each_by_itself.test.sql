-- Test: due_subscriptions, settle_subscription - the oldest first, in parts; nothing that is not due; a second time does nothing. BIL-01.
begin;
select plan(12);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.offered_tier('plus');
select tests.clinic(slug), tests.billing_details(), tests.clinic_subscribed('plus') from unnest('{atlas,boreal,cedru,delta}'::text[]) slug;
update app_public.organization_subscriptions set settle_at = at from (values ('atlas', '2027-03-01 09:00+02'::timestamptz), ('boreal', '2027-03-01 08:00+02'), ('cedru', '2027-03-01 09:00+02'), ('delta', '2027-03-01 10:00:01+02')) w (clinic, at)
where id = tests.id('subscription of ' || clinic);
create function pg_temp.due(up_to int, after_at timestamptz default null, after_id uuid default null) returns text language sql as $$
  select string_agg(o.slug, ' ' order by d.due_at, d.subscription_id) from app_private.due_subscriptions(up_to, after_at, after_id) d join app_public.organizations o on o.id = d.organization_id $$;
select is(pg_temp.due(10), 'boreal atlas cedru', 'those that are due, the oldest first');
select is(pg_temp.due(2), 'boreal atlas', 'in parts');
select is(pg_temp.due(2, '2027-03-01 09:00+02', tests.id('subscription of atlas')), 'cedru', '… after the last one');
select is(pg_temp.due(10, '2027-03-01 09:00+02', tests.id('subscription of cedru')), null, '… to the end');
select tests.act_as('the worker');
select lives_ok($$select app_private.settle_subscription(tests.id('atlas'), tests.id('subscription of atlas'))$$, 'one is settled');
select lives_ok($$select app_private.settle_subscription(tests.id('boreal'), tests.id('subscription of atlas'))$$, 'of another clinic there is none such');
select lives_ok($$select app_private.settle_subscription(tests.id('delta'), tests.id('subscription of delta'))$$, 'and one that is not due is left');
select tests.act_as('the database');
select is(pg_temp.due(10), 'boreal cedru', 'it is due no more');
select is((select settle_at from app_public.organization_subscriptions where id = tests.id('subscription of atlas')), '2027-04-01 00:00+03', 'but when its month ends');
select is((select settle_at from app_public.organization_subscriptions where id = tests.id('subscription of delta')), '2027-03-01 10:00:01+02', '…');
select tests.act_as('the database');
select tests.changes_nothing($$select app_private.settle_subscription(tests.id('atlas'), tests.id('subscription of atlas'))$$, 'a second time does nothing');
select throws_ok($$set local role app_member; select app_private.settle_subscription(tests.id('atlas'), tests.id('subscription of atlas'))$$, '42501', null, 'people are not the clock');
select * from finish();
rollback;
