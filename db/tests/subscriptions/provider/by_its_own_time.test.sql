-- Test: apply_provider_status - mapped by rows, applied as of when it was so and never by arrival; what is unknown is kept and told. BIL-01.
begin;
select plan(30);
select tests.freeze_time('2027-03-10 09:00+02');
select tests.offered_tier('plus'), tests.offered_tier('tried', 30);
select tests.clinic('atlas'), tests.billing_details(), tests.clinic_subscribed('plus');
update app_public.organization_subscriptions set provider = 'stripe', provider_subscription_id = 'sub_1';
create function pg_temp.said(vendor_status text, at text, of text default 'sub_1') returns text language sql as $$
  select s.status || ' (' || s.provider_status || ')' from app_private.apply_provider_status('stripe', of, vendor_status, ('2027-03-10 ' || at || '+02')::timestamptz) s $$;
-- The catalog of Stripe's, by the published enum of its subscriptions.
select results_eq($$select vendor_status, status from app_private.payment_provider_statuses where provider = 'stripe' order by 1$$, $$values
  ('active', 'active'), ('canceled', 'canceled'), ('incomplete', 'pending'), ('incomplete_expired', 'canceled'), ('past_due', 'past_due'),
  ('paused', 'suspended'), ('trialing', 'trialing'), ('unpaid', 'suspended')$$, 'every status of Stripe''s is known');
select results_eq($$select vendor_status, status from app_private.payment_provider_statuses where provider = 'manual' and vendor_status <> status$$, $$select '', '' where false$$, 'ours are as they are called');

select is(pg_temp.said('active', '08:00'), 'active (active)', 'as it is');
select is(pg_temp.said('past_due', '08:10'), 'past_due (past_due)', 'a charge failed there');
select is(pg_temp.said('active', '08:05'), 'past_due (past_due)', 'what was so before is not so now, whenever it arrives');
select is(pg_temp.said('active', '08:10'), 'past_due (past_due)', 'nor what was so at the same time');
select is(pg_temp.said('unpaid', '08:20'), 'suspended (unpaid)', 'given up there');
select ok(app_private.is_suspended(tests.id('atlas')), 'nothing new begins');
select is(pg_temp.said('dunning_v2', '08:30'), 'suspended (dunning_v2)', 'what nobody knows is kept and moves nothing');
select is((select count(*) from app_private.events where name = 'subscription.status_unknown'), 1::bigint, '… and told');
select is((select e.payload ->> 'subscriptionId' = s.id::text and s.provider_status = 'dunning_v2' from app_private.events e, app_public.organization_subscriptions s where e.name = 'subscription.status_unknown' and s.organization_id = tests.id('atlas')), true, '… of the subscription, which keeps the word');
select is(pg_temp.said('unpaid', '08:25'), 'suspended (dunning_v2)', 'it is also newer than what was before');
select is(pg_temp.said('active', '08:40'), 'active (active)', 'paid there');
select is(pg_temp.said('trialing', '08:41'), 'active (trialing)', 'a word that moves nothing here');
select is(pg_temp.said('incomplete', '08:42'), 'active (incomplete)', 'nor does one that would take it back');
-- Our own bills count besides.
select tests.bill('overdue', '2027-03-08');
select is(tests.standing(), 'past_due', 'a bill of ours is overdue');
select is(pg_temp.said('active', '08:50'), 'past_due (active)', 'what the provider thinks of its own does not pay it');
select tests.pays('overdue');
select is(pg_temp.said('paused', '08:51'), 'suspended (paused)', 'and the worse of both holds');
select tests.freeze_time('2027-03-25 09:00+02'), tests.settle_subscriptions();
select is(tests.standing(), 'suspended', 'the clock does not change that');
select is(pg_temp.said('canceled', '08:52'), 'canceled (canceled)', 'ended there, it ends');
select is(pg_temp.said('active', '08:53'), 'canceled (active)', 'and does not begin again');
select is((select count(*) from app_private.events where name = 'subscription.canceled'), 1::bigint, 'told once');

-- What was prepared begins when the provider says so, if it can be billed.
select tests.clinic('boreal'), tests.billing_details(complete => false), tests.clinic_subscribed('tried', status => 'pending');
update app_public.organization_subscriptions set provider = 'stripe', provider_subscription_id = 'sub_2' where status = 'pending';
select is(pg_temp.said('incomplete', '09:00', 'sub_2'), 'pending (incomplete)', 'it waits there');
select is(pg_temp.said('active', '09:01', 'sub_2'), 'pending (active)', 'what cannot be billed does not begin');
update app_public.organization_billing set registration_number = 'J1/1/2020', tax_id = tests.envelope(1), tax_id_last_four = '12' where organization_id = tests.id('boreal');
select is(pg_temp.said('active', '09:02', 'sub_2'), 'trialing (active)', 'what can does');
select is(pg_temp.said('past_due', '09:03', 'sub_2'), 'trialing (past_due)', 'of a trial nothing is due');
select results_eq($$select * from tests.until('2027-04-25 12:00+03')$$, $$values ('2027-04-24 00:00 past_due')$$, 'after it, it is')
  ;
select is(pg_temp.said('incomplete_expired', '09:04', 'sub_2'), 'canceled (incomplete_expired)', 'given up before it was paid');

-- Nobody else's.
select throws_ok($$select pg_temp.said('active', '09:05', 'sub_3')$$, 'RX404', 'clinic_not_subscribed', 'a subscription that nobody has');
select throws_ok($$select app_private.apply_provider_status('manual', 'sub_2', 'active', now())$$, 'RX404', 'clinic_not_subscribed', 'nor at another provider');
select * from finish();
rollback;
