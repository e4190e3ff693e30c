-- Test: record_provider_subscription - a vendor's word of a subscription counts by the vendor's time, in whatever order it comes. BIL-01.
begin;
select plan(6);
select tests.clinic('atlas');
select tests.subscribes(tests.id('atlas'), 'stripe');
update app_public.organization_subscriptions set provider_subscription_id = 'sub_1' where organization_id = tests.id('atlas');
create function pg_temp.says(status text, at timestamptz, id text default 'sub_1') returns text language sql as $$
  select app_hidden.record_provider_subscription('stripe', id, status, at) $$;
create function pg_temp.kept() returns text language sql as $$
  select provider_status from app_public.organization_subscriptions where organization_id = tests.id('atlas') $$;

select is(pg_temp.says('active', now(), 'sub_of_another'), 'not_ours', 'a subscription of another installation is none of ours');
select is(app_hidden.record_provider_subscription('manual', 'sub_1', 'active', now()), 'not_ours', 'nor is one that another vendor calls the same');
select is(pg_temp.says('active', '2027-03-01 10:00+02'), 'active', 'an active one is active');
select pg_temp.says('past_due', '2027-03-01 09:00+02');
select is(pg_temp.kept(), 'active', 'what was so before and comes later changes nothing');
select pg_temp.says('in_review', '2027-03-01 11:00+02');
select is(pg_temp.kept(), 'in_review', 'a word that nobody knows is kept');
select is((select count(*)::int from app_private.events where name = 'subscription.status_unknown'), 1, 'and told');
select * from finish();
rollback;
