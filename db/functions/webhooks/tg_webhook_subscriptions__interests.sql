-- What a clinic's subscriptions want to hear, all together: so that an event that nobody wants costs nothing. WHK-01, FND-14.

set role app_engine;

create or replace function app_private.tg_webhook_subscriptions__interests() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_organization_id uuid := case when tg_op = 'DELETE' then old.organization_id else new.organization_id end;
begin
  perform app_private.lock_webhooks(v_organization_id);
  perform app_private.keep_interests(v_organization_id, 'webhooks', array(
    select distinct wanted
    from app_public.webhook_subscriptions as subscriptions, unnest(subscriptions.event_names) as wanted
    where subscriptions.organization_id = v_organization_id and subscriptions.status = 'active'));
  return null;
end;
$$;

comment on function app_private.tg_webhook_subscriptions__interests is
  'Keeps event_interests of the consumer "webhooks". Trigger _700_interests.';
reset role;
