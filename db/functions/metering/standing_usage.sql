-- How much a clinic has of what stands: counted where it stands, so that no counter can be wrong. FND-20.
-- Against a limit, counting ends where the limit is passed, however much there is.

create or replace function app_private.standing_usage(organization_id uuid, meter text, most bigint default null) returns bigint
language plpgsql stable
set search_path = ''
as $$
begin
  case standing_usage.meter
    when 'specialists' then
      return (select count(*) from (
        select from app_public.specialists
        where specialists.organization_id = standing_usage.organization_id and specialists.deleted_at is null
        limit most + 1) as counted);
    when 'active_patients' then
      return (select count(*) from (
        select from app_public.patients
        where patients.organization_id = standing_usage.organization_id and patients.deleted_at is null
        limit most + 1) as counted);
    when 'storage_bytes' then
      return (
        select coalesce(sum(files.size_bytes), 0) from app_public.files
        where files.organization_id = standing_usage.organization_id and files.status = 'confirmed');
  end case;
end;
$$;

comment on function app_private.standing_usage is
  'What the clinic has of a standing meter; of what is counted by rows, one more than most at the most.';
grant execute on function app_private.standing_usage to app_engine;

-- What a meter stands at now: of what is used, in the period that runs.
create or replace function app_private.usage_now(organization_id uuid, meter text, most bigint default null) returns numeric
language plpgsql stable
set search_path = ''
as $$
begin
  if (select meters.is_standing from app_public.meters where meters.key = usage_now.meter) then
    return app_private.standing_usage(usage_now.organization_id, usage_now.meter, usage_now.most);
  end if;
  return coalesce((
    select summaries.quantity
    from app_private.usage_period_at(usage_now.organization_id, app_hidden.now()) as span (during)
    join app_public.usage_summaries as summaries
      on summaries.organization_id = usage_now.organization_id and summaries.meter = usage_now.meter
      and summaries.period_starts_at = lower(span.during)), 0);
end;
$$;

comment on function app_private.usage_now is 'What the clinic has of a meter, or used of it in the period that runs.';
grant execute on function app_private.usage_now to app_engine;
