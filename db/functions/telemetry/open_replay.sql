-- The movement of a recording is played by a link of minutes, which the API signs once this has passed: whoever may see the recording, now, and on record
-- before the link is made. TEL-07, FND-08.

set role app_engine;

create or replace function app_hidden.open_replay(exercise_session_id uuid)
returns table (organization_id uuid, object_key text)
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_recording app_public.exercise_sessions;
begin
  select recordings.* into v_recording
  from app_public.exercise_sessions as recordings
  where recordings.id = open_replay.exercise_session_id
    and (recordings.organization_id = any (app_hidden.organization_ids_where('exercise_sessions.view'))
         or (recordings.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and recordings.organization_id = any (app_hidden.current_patient_organization_ids())));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'exercise_session_not_found');
  elsif v_recording.ended_at is null then
    perform app_hidden.refuse('STATE', 'replay_not_ready');
  elsif v_recording.replay_state = 'archived' then
    perform app_hidden.refuse('STATE', 'replay_archived');
  elsif v_recording.replay_state = 'removed' then
    perform app_hidden.refuse('GONE', 'replay_removed');
  elsif v_recording.replay_state = 'none' then
    perform app_hidden.refuse('NOT_FOUND', 'nothing_to_replay');
  end if;
  perform audit.record_read(
    v_recording.organization_id, 'app_public.exercise_sessions', v_recording.id::text, 'replay', v_recording.patient_profile_id);
  return query select v_recording.organization_id, v_recording.replay_object_key;
end;
$$;

comment on function app_hidden.open_replay is
  'Where the movement of a recording lies, for the person and for staff with exercise_sessions.view; who asked is on record. NOT_FOUND '
  'exercise_session_not_found, nothing_to_replay; STATE replay_not_ready, replay_archived; GONE replay_removed.';
grant execute on function app_hidden.open_replay to app_member;

reset role;
