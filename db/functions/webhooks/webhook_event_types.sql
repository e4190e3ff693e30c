-- What may leave: the events that the consumer "webhooks" is subscribed to. WHK-01.

set role app_engine;

create or replace function app_public.webhook_event_types(out name text, out description text, out payload_schema jsonb)
returns setof record
language sql stable security definer
set search_path = ''
begin atomic
  select distinct on (event_types.name) event_types.name, event_types.description, event_types.payload_schema
  from app_private.event_subscriptions
  join app_private.event_types on event_types.name = event_subscriptions.event_name
  where event_subscriptions.consumer = 'webhooks'
  order by event_types.name, event_types.version desc;
end;

comment on function app_public.webhook_event_types is
  'The events that a subscription can ask for, with the JSON Schema of their data.';
grant execute on function app_public.webhook_event_types to app_member;

reset role;
