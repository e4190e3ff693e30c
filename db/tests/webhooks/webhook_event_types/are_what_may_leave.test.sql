-- Test: webhook_event_types - a subscription can ask for the events that may leave, and is told of their data; what stays here is not offered. WHK-01.
begin;
select plan(4);
select tests.clinic('atlas'), tests.staff('olga', 'owner');
select tests.act_as('olga');
select is((select count(*) from app_public.webhook_event_types() t where t.name = 'form.signed' and t.description <> '' and t.payload_schema ->> 'type' = 'object'), 1::bigint, 'each with what it means and the schema of its data, once');
select is((select array_agg(t.name) from app_public.webhook_event_types() t where t.name in ('slot.held', 'webhook_subscription.disabled')), null, 'what others here are told of stays here');
select tests.act_as('the database');
select is((select array_agg(distinct t.name order by t.name) from app_public.webhook_event_types() t), (select array_agg(distinct s.event_name order by s.event_name) from app_private.event_subscriptions s where s.consumer = 'webhooks'), 'what is offered is what a delivery can be of');
select ok((select count(distinct s.event_name) > (select count(*) from app_public.webhook_event_types()) from app_private.event_subscriptions s), 'and not all that happens');
select * from finish();
rollback;
