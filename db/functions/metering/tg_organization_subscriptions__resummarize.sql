-- Usage is counted into a period before the clock has opened it. Where the subscription ends meanwhile, that period never is: what was
-- counted for it is summed up anew. FND-24.

set role app_engine;

create or replace function app_private.tg_organization_subscriptions__resummarize() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_private.usage_watermark(new.organization_id);
  if exists (
    select from app_public.usage_summaries as summaries
    where summaries.organization_id = new.organization_id
      and summaries.period_ends_at > app_hidden.now() - interval '3 months'
      and tstzrange(summaries.period_starts_at, summaries.period_ends_at)
        <> app_private.usage_period_at(summaries.organization_id, summaries.last_occurred_at)
  ) then
    perform app_private.resummarize_usage(new.organization_id);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_organization_subscriptions__resummarize is
  'Sums usage up anew where a subscription has no such periods any more. Trigger _800_resummarize_usage.';

reset role;

create or replace trigger _800_resummarize_usage after update of status, cancels_on, ended_at on app_public.organization_subscriptions
  for each row when ((old.status, old.cancels_on, old.ended_at) is distinct from (new.status, new.cancels_on, new.ended_at))
  execute function app_private.tg_organization_subscriptions__resummarize();
