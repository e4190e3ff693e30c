-- Test: report_patient_subscription, record_payment_report - the clinic's payment provider moves a subscription, and what it brings follows. BIL-09, CAT-06.
begin;
select plan(43);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient('ana');
select tests.plan('four sessions', 4);
select tests.tier('gold');
select tests.includes('gold', 'four sessions');
select tests.subscribed('ana', 'gold', 'pending');
select tests.integration('stripe of atlas', 'stripe');
select tests.linked('ana''s gold', 'sub_ana', 'stripe');
create function pg_temp.reports(provider_word text, at timestamptz default app_hidden.now(), charged_at timestamptz default null, trial_ends_at timestamptz default null)
returns text language sql as $$
  select app_private.record_payment_report(tests.id('stripe of atlas'), 'sub_ana', provider_word, at, charged_at, trial_ends_at)
$$;
create function pg_temp.open_now(patient text) returns boolean language sql as $$
  select exists (
    select from app_public.patient_service_plans p
    join app_public.patient_subscriptions s on s.id = p.source_tier_subscription_id
    where p.patient_profile_id = tests.id(patient) and p.ended_at is null and s.status in ('trialing', 'active'))
$$;
create function pg_temp.standing() returns text language sql security definer as $$
  select concat_ws(' ', s.status, tests.left_of('ana', 'four sessions'), case when pg_temp.open_now('ana') then 'open' else 'closed' end)
  from app_public.patient_subscriptions s where s.id = tests.id('ana''s gold')
$$;

select tests.act_as('the worker');
select is(pg_temp.reports('incomplete'), 'unchanged', 'a first payment is awaited');
select is(pg_temp.standing(), 'pending closed', 'nothing has begun');
select tests.freeze_time('2027-03-01 09:00+02');
select is(pg_temp.reports('trialing', trial_ends_at => '2027-03-08 09:00+02'), 'applied', 'on trial');
select is(pg_temp.standing(), 'trialing 4 open', 'it gives what the tier includes');
select is(pg_temp.reports('trialing', '2027-03-01 09:00+02'), 'applied', 'the same report again is answered as the first time');
select tests.freeze_time('2027-03-02 09:00+02');
select is(pg_temp.reports('trialing', trial_ends_at => '2027-03-15 09:00+02'), 'applied', 'the trial is longer now');
select tests.freeze_time('2027-03-10 09:00+02');
select is(pg_temp.reports('active'), 'applied', 'paid');
select is(pg_temp.standing(), 'active 4 open', 'it goes on');
select is(pg_temp.reports('invoice.paid', charged_at => '2027-03-10 08:59+02'), 'superseded', 'the payment of that very instant says the same');
select tests.freeze_time('2027-03-12 09:00+02');
select is(pg_temp.reports('invoice.payment_failed', charged_at => '2027-03-12 08:59+02'), 'applied', 'a payment fails');
select is(pg_temp.standing(), 'past_due 4 closed', 'it is closed, and nothing is taken');
select is(pg_temp.reports('past_due'), 'unchanged', 'the subscription itself says so too');
select tests.freeze_time('2027-03-13 09:00+02');
select is(pg_temp.reports('invoice.paid', charged_at => '2027-02-12 08:59+02'), 'superseded', 'an older bill that is paid opens nothing');
select is(pg_temp.standing(), 'past_due 4 closed', 'it stays closed');
select is(pg_temp.reports('invoice.paid', '2027-03-13 08:59+02', '2027-03-12 08:59+02'), 'applied', 'the bill itself is paid');
select is(pg_temp.standing(), 'active 4 open', 'it is open again, with what it had');
select is(pg_temp.reports('past_due', '2027-03-12 09:00:01+02'), 'superseded', 'what was so before is known too late');
select is(pg_temp.standing(), 'active 4 open', 'and changes nothing');
select tests.freeze_time('2027-03-14 09:00+02');
select is(pg_temp.reports('paused_for_the_moon'), 'unknown_status', 'a word that nobody knows');
select is(pg_temp.standing(), 'active 4 open', 'moves nothing');
select is(pg_temp.reports('unpaid', '2027-03-13 10:00+02'), 'applied', 'and hides nothing that is older');
select is(pg_temp.reports('trialing', trial_ends_at => '2027-03-20 09:00+02'), 'applied', 'the provider gives time again');
select is(pg_temp.standing(), 'trialing 4 open', 'it is open again');
select tests.freeze_time('2027-03-15 09:00+02');
select is(pg_temp.reports('canceled'), 'applied', 'it is cancelled');
select is(pg_temp.standing(), 'canceled 0 closed', 'what it brings ends');
select tests.freeze_time('2027-03-16 09:00+02');
select is(pg_temp.reports('invoice.paid', charged_at => '2027-03-14 08:59+02'), 'unchanged', 'a last bill is paid after the end');
select is(pg_temp.reports('active'), 'illegal_move', 'it does not come back');
select is(pg_temp.reports('canceled'), 'unchanged', 'nor end twice');
select is(pg_temp.standing(), 'canceled 0 closed', 'it stays ended');

select tests.act_as('the database');
select is((select anchor_on from app_public.patient_subscriptions where id = tests.id('ana''s gold')), '2027-03-01'::date, 'it counts from the day that it began');
select results_eq(
  $$select e.payload ->> 'reason', e.payload ->> 'provider' from app_private.events e
    where e.name = 'patient_subscription.report_unclear' and e.subject_id = tests.id('ana''s gold') order by e.occurred_at$$,
  $$values ('unknown_status', 'stripe'), ('illegal_move', 'stripe')$$, 'what was not understood is told');
select app_private.consume_notifications(id) from app_private.events where name = 'patient_subscription.report_unclear';
select results_eq(
  $$select m.channel, m.locale, count(*) from app_public.messages m where m.template_key = 'subscription_report_unclear' group by 1, 2 order by 1$$,
  $$values ('email', 'ro', 2::bigint), ('in_app', 'ro', 2::bigint)$$, 'those who manage plans are written to, each time');
select is((select count(*) from app_public.patient_subscription_reports where subscription_status is null and provider_word = 'paused_for_the_moon'), 1::bigint, 'and kept in the provider''s word');
select is(tests.ledger('ana', 'four sessions'), array['grant 4 = 4', 'expire 4 = 0'], 'sessions were given once');

select tests.freeze_time('2027-03-16 10:00+02');
select * from tests.refuses($$select pg_temp.reports('active', '2027-03-16 10:05:01+02')$$, 'VALIDATION', 'in_the_future', 'no report is of the future');
select is(app_private.record_payment_report(uuidv7(), 'sub_ana', 'active', app_hidden.now()), 'unknown_account', 'an account that is nobody''s');
select is(app_private.record_payment_report(tests.id('stripe of atlas'), 'sub_other', 'active', app_hidden.now()), 'unknown_subscription', 'a subscription that is nobody''s');

-- Another clinic's account speaks of its own subscriptions alone.
select tests.clinic('boreal');
select tests.integration('stripe of boreal', 'stripe', 'boreal');
select is(app_private.record_payment_report(tests.id('stripe of boreal'), 'sub_ana', 'canceled', app_hidden.now()), 'unknown_subscription',
  'the account of another clinic does not reach it');
select is((select count(*) from app_public.patient_subscription_reports where as_of = app_hidden.now()), 0::bigint, 'and leaves nothing');
select tests.act_as('adrian');
select throws_ok($$select pg_temp.reports('active')$$, '42501', null, 'nobody reports by themselves');
select throws_ok($$insert into app_public.patient_subscription_reports (organization_id, link_id, provider_word, as_of, outcome)
  select organization_id, id, 'active', app_hidden.now(), 'applied' from app_public.patient_subscription_links$$, '42501', null, 'nor writes a report');
select is((select count(*) from app_public.patient_subscription_reports), 17::bigint, 'staff read them');
select * from finish();
rollback;
