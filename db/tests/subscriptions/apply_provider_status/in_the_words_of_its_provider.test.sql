-- Test: apply_provider_status, standing_of - a word is read as the provider of the subscription means it, also by the clock; a subscription at no provider stands by its bills. BIL-01, BIL-05.
begin;
select plan(15);
select tests.freeze_time('2027-03-10 09:00+02');
select tests.offered_tier('plus'), tests.clinic('boreal'), tests.billing_details(), tests.clinic_subscribed('plus'), tests.clinic('atlas'), tests.billing_details(), tests.clinic_subscribed('plus');
-- The same word means something else elsewhere, and one is known elsewhere only.
insert into app_private.payment_provider_statuses (provider, vendor_status, status) values ('manual', 'unpaid', 'active'), ('manual', 'frozen', 'suspended');
update app_public.organization_subscriptions set provider = 'stripe', provider_subscription_id = 'sub_' || case organization_id when tests.id('atlas') then 1 else 2 end;
create function pg_temp.said(vendor_status text, at text, of text default 'sub_1') returns text language sql as $$
  select s.status || ' (' || s.provider_status || ')' from app_private.apply_provider_status('stripe', of, vendor_status, ('2027-03-10 ' || at || '+02')::timestamptz) s $$;
select is(pg_temp.said('frozen', '08:00'), 'active (frozen)', 'a word that another provider uses says nothing here');
select is((select count(*) from app_private.events where name = 'subscription.status_unknown'), 1::bigint, 'it is unknown, and told');
select tests.settle_subscriptions();
select is(tests.standing('atlas'), 'active', 'nor does the clock read it so');
select is(pg_temp.said('unpaid', '08:10'), 'suspended (unpaid)', 'a word that both use means what this one means');
select is(tests.standing('boreal'), 'active', 'of that subscription');
select is(pg_temp.said('active', '08:20'), 'active (active)', 'paid');
select is(pg_temp.said('past_due', '08:30', 'sub_2'), 'past_due (past_due)', 'another clinic owes there');
select is(tests.standing('atlas'), 'active', '… which is nothing to this one');
-- What a provider said before it was left.
update app_public.organization_subscriptions set provider = 'manual', provider_subscription_id = null, provider_status = 'frozen' where organization_id = tests.id('atlas');
select app_private.settle(s) from app_private.lock_organization_subscription(tests.id('atlas')) s;
select is(tests.standing('atlas'), 'active', 'who is at no provider stands by its bills, whatever one said before');
-- What has ended there has ended once.
select is(pg_temp.said('canceled', '08:40', 'sub_2'), 'canceled (canceled)', 'ended there');
select tests.freeze_time('2027-03-11 09:00+02');
select is(pg_temp.said('canceled', '08:50', 'sub_2'), 'canceled (canceled)', 'said again a day later');
select is((select ended_at from app_public.organization_subscriptions where organization_id = tests.id('boreal')), '2027-03-10 09:00+02', 'it ended when it did: what was used until then is what was billed');
-- What was prepared with all its details waits for the provider.
select tests.clinic('cedru'), tests.billing_details(), tests.clinic_subscribed('plus', status => 'pending');
update app_public.organization_subscriptions set provider = 'stripe', provider_subscription_id = 'sub_3' where organization_id = tests.id('cedru');
select is(pg_temp.said('incomplete', '08:00', 'sub_3'), 'pending (incomplete)', 'what the provider has not begun does not begin');
select is(pg_temp.said('past_due', '08:10', 'sub_3'), 'pending (past_due)', 'nor what is unpaid there');
select is(pg_temp.said('active', '08:20', 'sub_3'), 'active (active)', 'what runs there does');
select * from finish();
rollback;
