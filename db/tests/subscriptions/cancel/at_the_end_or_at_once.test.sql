-- Test: cancel_organization_subscription, resume_organization_subscription, change_organization_tier, end_organization_subscription - at the end of what is paid for or at once, taken back before; the platform gives a reason. BIL-01, BIL-08.
begin;
select plan(60);
select tests.freeze_time('2027-03-10 09:00+02');
select tests.person('root', superadmin => true);
select tests.offered_tier('plus'), tests.offered_tier('max'), tests.offered_tier('tried', 30), tests.offered_tier('in-euro', currency => 'EUR'), tests.offered_tier('hidden', offered => false);
select tests.clinic('boreal'), tests.staff('beata', 'admin');
select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk'), tests.billing_details();
create function pg_temp.cancel(reason text default null, at_period_end boolean default true) returns text language sql as $$
  select s.status || coalesce(' on ' || s.cancels_on, '') from app_public.cancel_organization_subscription(tests.id('atlas'), reason, at_period_end) s $$;
create function pg_temp.resume(reason text default null) returns text language sql as $$
  select s.status || coalesce(' on ' || s.cancels_on, '') from app_public.resume_organization_subscription(tests.id('atlas'), reason) s $$;
create function pg_temp.change(tier text, reason text default null) returns text language sql as $$
  select s.status from app_public.change_organization_tier(tests.id('atlas'), tests.id(tier), reason) s $$;

-- Who may, of what there is.
select tests.act_as('olga');
select * from tests.refuses('select pg_temp.cancel()', 'NOT_FOUND', 'clinic_not_subscribed', 'who does not subscribe has nothing to cancel');
select * from tests.refuses('select pg_temp.resume()', 'NOT_FOUND', 'clinic_not_subscribed', 'nor to resume');
select * from tests.refuses($$select pg_temp.change('max')$$, 'NOT_FOUND', 'clinic_not_subscribed', 'nor to change');
select tests.act_as('the database'); select tests.clinic_subscribed('plus', clinic => 'atlas');
select tests.act_as('flavia');
select * from tests.refuses('select pg_temp.cancel()', 'FORBIDDEN', 'permission_missing', 'front desk cancels nothing');
select * from tests.refuses($$select pg_temp.change('max')$$, 'FORBIDDEN', 'permission_missing', 'and changes nothing');
select tests.act_as('beata');
select * from tests.refuses('select pg_temp.cancel()', 'NOT_FOUND', 'not_found', 'for a stranger there is no such clinic');
select * from tests.refuses('select pg_temp.resume()', 'NOT_FOUND', 'not_found', '… nor to resume');
select * from tests.refuses($$select pg_temp.change('max')$$, 'NOT_FOUND', 'not_found', '… nor to change');
select tests.act_as('root');
select * from tests.refuses('select pg_temp.cancel()', 'VALIDATION', 'reason_missing', 'the platform says why it cancels');
select * from tests.refuses($$select pg_temp.resume('  ')$$, 'VALIDATION', 'reason_missing', '… why it resumes');
select * from tests.refuses($$select pg_temp.change('max', 'x')$$, 'VALIDATION', 'reason_missing', '… and why it changes the plan, in more than a letter');

-- The plan is changed.
select is(pg_temp.change('max', ' They asked on the telephone '), 'active', 'with a reason it does');
select results_eq(
  $$select position, starts_on, tier_version_id, reason, created_by from app_public.organization_subscription_tiers order by position$$,
  $$values (1, '2027-03-10'::date, tests.id('plus v1'), null, null::uuid), (2, '2027-03-10', tests.id('max v1'), 'They asked on the telephone', tests.id('root'))$$, 'which stays with the change');
select is(pg_temp.change('hidden', 'A special offer'), 'active', 'the platform gives a tier that is not offered');
select tests.act_as('olga');
select * from tests.refuses($$select pg_temp.change('hidden')$$, 'NOT_FOUND', 'platform_tier_not_found', 'the clinic chooses of what is');
select * from tests.refuses($$select pg_temp.change('in-euro')$$, 'VALIDATION', 'tier_has_no_price', 'and of what has a price in its currency');
select is(pg_temp.change('plus'), 'active', 'the clinic needs no reason');
select is(pg_temp.change('plus'), 'active', 'the same again');
select is((select count(*) from app_public.organization_subscription_tiers), 4::bigint, '… changes nothing');
select tests.act_as('the database');
select tests.offered_tier('plus', version => 2);
select tests.act_as('olga');
select is((app_public.change_organization_tier(tests.id('atlas'), tests.id('plus'))).tier_version_id, tests.id('plus v2'), 'a newer version of the tier is a change');

-- At the end of the month, taken back, and again.
select is(pg_temp.cancel('Too dear'), 'active on 2027-04-10', 'it goes on to the end of the month');
select * from tests.refuses($$select app_public.subscribe_organization(tests.id('atlas'), tests.id('plus'), 'monthly')$$, 'CONFLICT', 'clinic_already_subscribed', 'and is live until then');
select is(pg_temp.resume(), 'active', 'it is taken back');
select * from tests.refuses('select pg_temp.resume()', 'STATE', 'subscription_does_not_end', 'once');
select is(pg_temp.cancel(), 'active on 2027-04-10', 'and canceled once more');
select tests.act_as('the database');
select results_eq($$select * from tests.until('2027-06-01 09:00+03')$$, $$values ('2027-04-10 00:00 canceled until 2027-04-10')$$, 'at the midnight it ends');
select is((select count(*) from app_public.billing_periods where closed_at is not null), 1::bigint, 'its month is billed, no other began');
select is(app_private.tier_version_at(tests.id('atlas'), '2027-04-10 00:00+03'), null, 'and it has no tier from then on');
select is(app_private.tier_version_at(tests.id('atlas'), '2027-04-09 23:59+03'), tests.id('plus v2'), 'until then it had');
select is((app_private.billing_period_at(tests.id('atlas'), '2027-04-10 00:00+03')).position, null, 'nor a period');
select is(tests.events_of(tests.id('subscription of atlas')),
  '{subscription.pending,subscription.active,subscription.tier_changed,subscription.tier_changed,subscription.tier_changed,subscription.tier_changed,subscription.end_planned,subscription.resumed,subscription.end_planned,subscription.canceled}',
  'all of it is told');
select tests.act_as('olga');
select * from tests.refuses('select pg_temp.resume()', 'NOT_FOUND', 'clinic_not_subscribed', 'what has ended is not resumed');

-- A year goes on to its end; a trial to its own; and at once is at once.
select is((app_public.subscribe_organization(tests.id('atlas'), tests.id('plus'), 'annual')).status, 'active', 'subscribed anew, by the year');
select tests.act_as('the database');
select is((select count(*) from tests.until('2027-09-15 09:00+03')), 0::bigint, 'three months later');
select tests.act_as('olga');
select is(pg_temp.cancel(), 'active on 2028-06-01', 'it goes on to the end of the year');
select is(pg_temp.cancel(at_period_end => false), 'canceled on 2028-06-01', 'or ends at once');
select tests.act_as('the database');
select is((select count(*) from app_public.billing_periods where closed_at is null), 0::bigint, 'with the month under way billed');
select tests.clinic('cedru'), tests.billing_details(), tests.clinic_subscribed('tried'), tests.staff('cora', 'owner');
select tests.act_as('cora');
select is((app_public.cancel_organization_subscription(tests.id('cedru'))).cancels_on, '2027-10-15', 'a trial ends with the trial');
select tests.act_as('the database');
select results_eq($$select * from tests.until('2027-11-01 09:00+02')$$, $$values ('2027-10-15 00:00 canceled until 2027-10-15')$$, 'and is never paid for');

-- While something due is unpaid the plan stays; leaving is free.
select tests.clinic('delta'), tests.billing_details(), tests.clinic_subscribed('plus', status => 'past_due'), tests.staff('dora', 'owner');
select tests.bill('unpaid', '2027-10-20');
select tests.act_as('dora');
select * from tests.refuses($$select app_public.change_organization_tier(tests.id('delta'), tests.id('max'))$$, 'STATE', 'tier_cannot_change', 'a debtor changes no plan');
select is((app_public.cancel_organization_subscription(tests.id('delta'))).cancels_on, '2027-12-01', 'and may leave');

-- A move that is none is refused, whoever writes.
select tests.act_as('the database');
select throws_ok($$update app_public.organization_subscriptions set status = 'trialing' where status = 'past_due'$$, 'RX412', 'illegal_move', 'a debt does not go on trial');
select throws_ok($$update app_public.organization_subscriptions set status = 'active', ended_at = null where id = tests.id('subscription of cedru')$$, 'RX412', 'illegal_move', 'what has ended does not begin again');
select * from finish();
rollback;
