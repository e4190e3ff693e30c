-- Test: consume_notifications - the owner is welcomed when the clinic opens, never while it is a draft. FND-01, FND-15.
begin;
select plan(5);
select tests.person('the platform', superadmin => true);

select tests.act_as('the platform');
select tests.remember('nova', (app_public.create_organization(
  'nova-clinic', 'Nova', 'Owner@Nova.test', 'Ana Nova', locale => 'en', draft => true)).id);
select tests.act_as('the database');
select is_empty(
  $$select from app_private.event_deliveries join app_private.events on events.id = event_id
    where organization_id = tests.id('nova') and consumer = 'notifications'$$,
  'a draft clinic queues no mail to its owner');

select tests.act_as('the platform');
select lives_ok($$select app_public.activate_organization(tests.id('nova'))$$, 'the platform opens it');

select tests.act_as('the database');
select app_private.consume_notifications(events.id)
from app_private.events where organization_id = tests.id('nova') and name = 'organization.activated';
select results_eq(
  $$select template_key, address, recipient_name, locale, data from app_public.messages
    where organization_id = tests.id('nova') and channel = 'email'$$,
  $$values ('organization_activated', 'owner@nova.test', 'Ana Nova', 'en', '{"clinicSlug": "nova-clinic"}'::jsonb)$$,
  'the owner is welcomed, in the clinic''s language');
select results_eq(
  $$select channel, account_id = recipient_human_id, status from app_public.messages
    where organization_id = tests.id('nova') and channel <> 'email'$$,
  $$values ('in_app', true, 'queued')$$,
  'in their inbox too');
select is_empty(
  $$select from app_public.messages where organization_id = tests.id('nova') and recipient_email <> 'owner@nova.test'$$,
  'and nobody else');
select * from finish();
rollback;
