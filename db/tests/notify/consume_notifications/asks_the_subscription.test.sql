-- Test: consume_notifications - the subscription for messages says which function writes them; without one nobody is told. FND-14, FND-15.
begin;
select plan(4);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
create function pg_temp.told() returns setof text language plpgsql as $$
declare v_event uuid;
begin
  insert into app_private.events (organization_id, name, version, subject_type, subject_id, payload, occurred_at)
  values (tests.id('atlas'), 'organization.activated', 1, 'organization', tests.id('atlas'), '{"slug": "atlas"}', app_hidden.now())
  returning id into v_event;
  perform app_private.consume_notifications(v_event);
  return query select distinct template_key from app_public.messages where event_id = v_event;
end;
$$;

-- Another consumer hears of it, too, and its row is found first, by the key as in the order of the table.
set local enable_bitmapscan = off;
insert into app_private.event_consumers (name, description) values ('ledger', 'A toy.');
insert into app_private.event_subscriptions (consumer, event_name) values ('ledger', 'organization.activated');
update app_private.event_subscriptions set event_name = event_name where consumer = 'notifications';
select results_eq('select pg_temp.told()', $$values ('organization_activated')$$, 'whoever else hears of it');

set local role app_owner;
create function app_private.messages_about_toys(event app_private.events) returns void language sql as
  $$select app_private.notify(event.organization_id, 'organization_activated', '{"clinicSlug": "toys"}', email => 'toys@people.test', name => 'Toys', event_id => event.id)$$;
grant execute on function app_private.messages_about_toys to app_engine;
reset role;
update app_private.event_subscriptions set messages_function = 'messages_about_toys'
where consumer = 'notifications' and event_name = 'organization.activated';
select results_eq('select pg_temp.told()', $$values ('organization_activated')$$, 'the function that is named');
select is((select count(*) from app_public.messages where recipient_email = 'toys@people.test' and channel = 'email'), 1::bigint, '… and it alone');

delete from app_private.event_subscriptions where consumer = 'notifications' and event_name = 'organization.activated';
select is_empty('select pg_temp.told()', 'who unsubscribed after the event is not told of it');
select * from finish();
rollback;
