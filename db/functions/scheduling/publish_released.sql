-- Whoever watches a calendar is told that a time is free again, and whoever waits for one may be offered it. SCH-06, SCH-10, FND-14.

create or replace function app_private.publish_released(claim app_private.time_claims) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.publish('slot.released', claim.organization_id, claim.id, jsonb_build_object(
    'calendarId', claim.calendar_id,
    'specialistId', claim.specialist_id,
    'startsAt', lower(claim.during),
    'endsAt', upper(claim.during)));
  perform app_private.wake_waitlist(claim.organization_id, claim.id);
end;
$$;

comment on function app_private.publish_released is 'Publishes slot.released for a claim.';

grant execute on function app_private.publish_released to app_engine;
