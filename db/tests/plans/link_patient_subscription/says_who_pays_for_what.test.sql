-- Test: link_patient_subscription, unlink_patient_subscription, apply_again - staff say which subscription at the provider it is; what came before is applied. BIL-09.
begin;
select plan(39);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('olga', 'admin', 'boreal');
select tests.integration('stripe of boreal', 'stripe', 'boreal');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('sorin', 'specialist');
select tests.patient('ana');
select tests.patient('bogdan');
select tests.tier('gold');
select tests.subscribed('ana', 'gold', 'pending');
select tests.subscribed('bogdan', 'gold', 'pending');
select tests.integration('stripe of atlas', 'stripe');
create function pg_temp.link(whose text, reference text, provider text default 'stripe') returns app_public.patient_subscription_links language sql as $$
  select app_public.link_patient_subscription(tests.id(whose || '''s gold'), provider, reference)
$$;
create function pg_temp.receive(event_id text, body text, outcome text default 'unknown_subscription', integration text default 'stripe of atlas') returns void
language plpgsql security definer as $$
declare
  v_id uuid;
begin
  select tests.remember(event_id, receipt_id) into v_id
  from app_hidden.receive_webhook('stripe', tests.id(integration), event_id, 'customer.subscription.created', app_hidden.now(), '{}', convert_to(body, 'UTF8'));
  if outcome is not null then
    perform app_hidden.record_webhook_processed(v_id, outcome);
  end if;
end;
$$;
select pg_temp.receive('evt_1', '{"id": "evt_1", "data": {"object": {"id": "sub_ana"}}}');
select pg_temp.receive('evt_2', '{"id": "evt_2", "data": {"object": {"id": "sub_ana_2"}}}');
select pg_temp.receive('evt_3', '{"id": "evt_3", "data": {"object": {"id": "sub_ana"}}}', 'applied');
select pg_temp.receive('evt_4', '{"id": "evt_4", "data": {"object": {"id": "sub_ana"}}}', integration => 'stripe of boreal');
select pg_temp.receive('evt_5', '{"id": "evt_5", "data": {"object": {"id": "sub_ana"}}}');
update app_private.webhook_receipts set raw_body = null where id = tests.id('evt_5');
delete from graphile_worker._private_jobs;

select tests.act_as('sorin');
select * from tests.refuses($$select pg_temp.link('ana', 'sub_ana')$$, 'FORBIDDEN', 'permission_missing', 'a specialist links nothing');
select tests.act_as('olga');
select * from tests.refuses($$select pg_temp.link('ana', 'sub_ana')$$, 'NOT_FOUND', 'not_found', 'for another clinic the subscription is not there');
select tests.act_as('adrian');
select * from tests.refuses($$select app_public.link_patient_subscription(uuidv7(), 'stripe', 'sub_ana')$$, 'NOT_FOUND', 'not_found', 'nor one that nobody has');
select * from tests.refuses($$select pg_temp.link('ana', 'sub_ana', 'paypal')$$, 'VALIDATION', 'payment_provider_unknown', 'a provider that nobody has explained');
select * from tests.refuses($$select pg_temp.link('ana', 'sub ana')$$, 'VALIDATION', 'external_reference_malformed', 'a reference is one word');
select * from tests.refuses($$select pg_temp.link('ana', repeat('x', 201))$$, 'VALIDATION', 'external_reference_malformed', 'and short');
select * from tests.refuses($$select pg_temp.link('ana', '')$$, 'VALIDATION', 'external_reference_malformed', 'and not empty');
select tests.remember('link', (pg_temp.link('ana', ' sub_ana ')).id);
select results_eq('select subscription_id, provider, external_reference, created_by, created_at from app_public.patient_subscription_links',
  $$values (tests.id('ana''s gold'), 'stripe', 'sub_ana', tests.id('adrian'), '2027-03-01 08:00+02'::timestamptz)$$, 'it is linked');
select is((pg_temp.link('ana', 'sub_ana')).id, tests.id('link'), 'once');
select * from tests.refuses($$select pg_temp.link('ana', 'sub_other')$$, 'CONFLICT', 'subscription_is_linked', 'a subscription is paid at one place');
select * from tests.refuses($$select pg_temp.link('ana', 'sub_ana', 'own')$$, 'CONFLICT', 'subscription_is_linked', 'of one provider');
select * from tests.refuses($$select pg_temp.link('bogdan', 'sub_ana')$$, 'CONFLICT', 'reference_is_linked', 'and what is paid there is one patient''s');
select lives_ok($$select pg_temp.link('bogdan', 'sub_ana', 'own')$$, 'another provider may call another so');

select tests.act_as('the database');
select results_eq($$select r.event_id, r.status from app_private.webhook_receipts r where r.event_id like 'evt%' order by 1$$,
  $$values ('evt_1', 'received'), ('evt_2', 'processed'), ('evt_3', 'processed'), ('evt_4', 'processed'), ('evt_5', 'processed')$$,
  'what came of it before anybody knew it is applied now: of this account, of this reference, as far as it is kept');
select results_eq($$select (payload ->> 'receiptId')::uuid from graphile_worker._private_jobs$$, $$values (tests.id('evt_1'))$$, 'by a job');

select tests.act_as('sorin');
select is((select count(*) from app_public.patient_subscription_links),
  (select count(*) from app_public.patient_subscription_links where app_hidden.has_permission(organization_id, 'patient_plans.view')),
  'who may see plans sees what they are paid by');
select * from tests.refuses($$select app_public.unlink_patient_subscription(tests.id('link'))$$, 'FORBIDDEN', 'permission_missing', 'a specialist does not undo it');
select tests.act_as('olga');
select is_empty('select 1 from app_public.patient_subscription_links', 'another clinic sees nothing');
select * from tests.refuses($$select app_public.unlink_patient_subscription(tests.id('link'))$$, 'NOT_FOUND', 'not_found', 'and undoes nothing');

select tests.act_as('the worker');
select is(app_private.record_payment_report(tests.id('stripe of atlas'), 'sub_ana', 'active', app_hidden.now()), 'applied', 'reports are taken');
select tests.act_as('adrian');
select is(app_public.unlink_patient_subscription(tests.id('link')), tests.id('link'), 'until it is unlinked');
select * from tests.refuses($$select app_public.unlink_patient_subscription(tests.id('link'))$$, 'NOT_FOUND', 'not_found', 'once');
select is_empty($$select 1 from app_public.patient_subscription_reports$$, 'its reports go with it');
select is((select status from app_public.patient_subscriptions where id = tests.id('ana''s gold')), 'active', 'the subscription stays as it is');
select tests.act_as('the worker');
select is(app_private.record_payment_report(tests.id('stripe of atlas'), 'sub_ana', 'canceled', app_hidden.now()), 'unknown_subscription', 'no more are taken');
select tests.act_as('the database');
select ok(exists (select from tests.entries_of('app_public.patient_subscription_links', tests.id('link')) where action = 'delete' and actor_id = tests.id('adrian')),
  'the trail says who linked and unlinked');
select * from finish();
rollback;
