-- A hard limit of the clinic's tier, asked where what it counts is made. FND-20.
-- One after the other, by the lock of the clinic's usage: two at once count each other, and cannot both be the last. A clinic
-- without a live subscription has no limits, and a meter without a hard limit is not locked.

create or replace function app_private.require_within_limit(organization_id uuid, meter text, adding bigint default 1) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_limit constant bigint := app_private.hard_limit(require_within_limit.organization_id, require_within_limit.meter);
  v_used numeric;
begin
  if v_limit is null then
    return;
  end if;
  perform app_private.usage_watermark(require_within_limit.organization_id);
  v_used := app_private.usage_now(require_within_limit.organization_id, require_within_limit.meter, v_limit);
  if v_used + adding > v_limit then
    perform app_hidden.refuse('ENTITLEMENT_EXHAUSTED', 'tier_limit_reached', jsonb_build_object(
      'meter', require_within_limit.meter, 'limit', v_limit, 'used', least(v_used, v_limit)));
  end if;
end;
$$;

comment on function app_private.require_within_limit is
  'Passes while the clinic''s tier allows so many more, and holds the lock until the transaction ends; adding 0 where they are counted '
  'already. ENTITLEMENT_EXHAUSTED tier_limit_reached.';
grant execute on function app_private.require_within_limit to app_engine;

create or replace function app_private.hard_limit(organization_id uuid, meter text) returns bigint
language sql stable
set search_path = ''
begin atomic
  select limits.included
  from app_public.platform_tier_limits as limits
  where limits.tier_version_id = app_private.tier_version_at(hard_limit.organization_id, app_hidden.now())
    and limits.meter = hard_limit.meter and limits.enforcement = 'hard';
end;

comment on function app_private.hard_limit is 'The hard limit of a meter that the tier of a clinic has now; null where it has none.';
grant execute on function app_private.hard_limit to app_engine;
