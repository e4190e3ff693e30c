-- A billing period that begins, moves or goes where usage was summed up already: it is summed up anew. FND-24.
-- A period that follows another as its time comes finds no usage of its time, and nothing is counted. What is known of the period that
-- runs is forgotten each time: it may have another beside it now.

set role app_engine;

create or replace function app_private.tg_billing_periods__resummarize() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_organization_id uuid := case when tg_op = 'DELETE' then old.organization_id else new.organization_id end;
begin
  -- Whoever records usage meanwhile knows the periods of before, and comes first or afterwards.
  perform app_private.usage_watermark(v_organization_id);
  update app_private.usage_positions set period = null where usage_positions.organization_id = v_organization_id;
  if exists (
    select from app_public.usage_summaries as summaries
    where summaries.organization_id = v_organization_id
      and tstzrange(summaries.period_starts_at, summaries.period_ends_at)
        && case tg_op when 'INSERT' then new.during when 'DELETE' then old.during else range_merge(old.during, new.during) end
  ) then
    perform app_private.resummarize_usage(v_organization_id);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_billing_periods__resummarize is
  'Sums usage up anew where a billing period takes the place of a calendar month. Trigger _800_resummarize_usage.';

reset role;

create or replace trigger _800_resummarize_usage after insert or delete or update of during on app_public.billing_periods
  for each row execute function app_private.tg_billing_periods__resummarize();
