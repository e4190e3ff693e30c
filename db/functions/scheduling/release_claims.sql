-- Time becomes free again, and whoever watches is told, once. SCH-06.
-- requires: functions/core/now.sql
-- requires: functions/events/publish.sql

create or replace function app_private.release_claims(claim_ids uuid[]) returns int
language plpgsql volatile
set search_path = ''
as $$
declare
  v_released int;
begin
  if cardinality(claim_ids) = 0 then
    return 0;
  end if;

  with released as (
    update app_private.time_claims as tc
    set released_at = app_hidden.now()
    where tc.id = any (claim_ids) and tc.released_at is null
    returning tc.*
  )
  select count(app_private.publish('slot.released', released.organization_id, released.id, jsonb_build_object(
    'calendarId', released.calendar_id,
    'specialistId', released.specialist_id,
    'startsAt', lower(released.during),
    'endsAt', upper(released.during))))
  into v_released
  from released;
  return v_released;
end;
$$;

comment on function app_private.release_claims(uuid[]) is
  'Frees the time of these claims and publishes slot.released for each; how many were not free already.';

grant execute on function app_private.release_claims(uuid[]) to app_engine;
