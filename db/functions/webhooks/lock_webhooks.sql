-- Before subscriptions of a clinic are changed, and as its events are given out: first in the order of locks of this area,
-- before the subscription, its endpoint and its deliveries. WHK-01.

create or replace function app_private.lock_webhooks(organization_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  insert into app_private.webhook_clinics (organization_id) values (lock_webhooks.organization_id)
  on conflict on constraint webhook_clinics_one_of_a_clinic do nothing;
  perform from app_private.webhook_clinics
  where webhook_clinics.organization_id = lock_webhooks.organization_id
  for update;
end;
$$;

comment on function app_private.lock_webhooks is 'Whoever changes the webhooks of a clinic does it one after the other.';
grant execute on function app_private.lock_webhooks to app_engine;
