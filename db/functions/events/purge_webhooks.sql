-- What act_on_retention() does with deliveries, for workers of the version before, which go on by the clock while a new
-- version is migrated. Goes with the version after. FND-25, FND-12.

set role app_engine;

create or replace function app_private.purge_webhooks() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_private.act_on_retention('app_private.webhook_receipts', 'operations');
  return app_private.act_on_retention('app_private.webhook_receipts', 'webhook_bodies');
end;
$$;

comment on function app_private.purge_webhooks is
  'Deletes bodies of deliveries that were applied 30 days ago, and every trace of what came before the retention of '
  'operations; answers how many bodies.';
grant execute on function app_private.purge_webhooks to app_worker;

reset role;
