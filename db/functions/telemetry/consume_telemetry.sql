-- The consumer "telemetry": what a recording comes to is written as metrics, and beside what the patient says in the log of the session. A repeated or
-- late event changes nothing; another version of the algorithm adds rows, and the log says what the newest says. TEL-04, TEL-05, TEL-11.

set role app_engine;

create or replace function app_private.consume_telemetry(event_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_event app_private.events;
  v_recording app_public.exercise_sessions;
  v_session app_public.patient_sessions;
  v_version int;
  v_result jsonb;
begin
  select events.* into strict v_event from app_private.events where events.id = consume_telemetry.event_id;
  v_version := (v_event.payload ->> 'algorithmVersion')::int;
  select recordings.* into v_recording
  from app_public.exercise_sessions as recordings
  where recordings.organization_id = v_event.organization_id and recordings.id = v_event.subject_id;
  -- It was erased meanwhile.
  if not found then
    return;
  end if;
  select sessions.* into strict v_session
  from app_public.patient_sessions as sessions
  where sessions.organization_id = v_recording.organization_id and sessions.id = v_recording.patient_session_id;
  -- The patient may be writing into the log at this moment.
  v_session := app_private.lock_session(v_session);
  select aggregates.result into v_result
  from app_private.session_aggregates as aggregates
  where aggregates.organization_id = v_recording.organization_id and aggregates.exercise_session_id = v_recording.id
    and aggregates.algorithm_version = v_version and aggregates.written_at is null;
  if not found then
    return;
  end if;

  perform app_private.open_metrics_month(v_recording.started_at);
  perform app_private.write_pose_metrics(v_recording, v_session, v_version, v_result);
  perform app_private.write_media_metrics(v_recording, v_session, v_version, v_result);
  perform app_private.log_what_was_recorded(v_session);
  update app_private.session_aggregates as aggregates set result = null, written_at = app_hidden.now()
  where aggregates.organization_id = v_recording.organization_id and aggregates.exercise_session_id = v_recording.id
    and aggregates.algorithm_version = v_version;
end;
$$;

comment on function app_private.consume_telemetry is
  'Writes what a recording comes to as metrics, once for each version of the algorithm, and into the log of its session.';
grant execute on function app_private.consume_telemetry to app_worker;
reset role;
