-- Whoever watches a calendar is told that a time is kept. SCH-06, FND-14.

create or replace function app_private.publish_held(claim app_private.time_claims) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.publish('slot.held', claim.organization_id, claim.id, jsonb_build_object(
    'calendarId', claim.calendar_id,
    'specialistId', claim.specialist_id,
    'startsAt', lower(claim.during),
    'endsAt', upper(claim.during)));
end;
$$;

comment on function app_private.publish_held is 'Publishes slot.held for a claim.';

grant execute on function app_private.publish_held to app_engine;
