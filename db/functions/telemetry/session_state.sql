-- What telemetry may know of a recording: whose it is, what may be sent of it, and since when not any more. Asked of all that run every second,
-- so it reads one row and the answers of one person. TEL-05, TEL-06.

set role app_engine;

create or replace function app_telemetry.session_state(sid uuid)
returns table (organization_id uuid, scopes text[], withdrawn_at jsonb, ended_at timestamptz, exercises jsonb)
language sql stable security definer rows 1
set search_path = ''
begin atomic
  select recordings.organization_id, recordings.scopes, app_private.withdrawals_since(recordings), recordings.ended_at, recordings.tracked
  from app_public.exercise_sessions as recordings
  where recordings.id = session_state.sid;
end;

comment on function app_telemetry.session_state is
  'How a recording stands now: its clinic, its scopes, when each was withdrawn, when it ended, and what its exercises look at. No row: unknown.';
grant execute on function app_telemetry.session_state to app_telemetry;

reset role;
