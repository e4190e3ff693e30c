-- What a recording comes to: kept until the worker has written it as metrics, and told by an event, in one transaction. Once for each version of the
-- algorithm: told again, also late, nothing changes, and a new version adds to what the old one said. TEL-04, TEL-05.

set role app_engine;

create or replace function app_telemetry.publish_aggregated(sid uuid, result jsonb) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_recording app_public.exercise_sessions;
begin
  if jsonb_typeof(result -> 'exercises') is distinct from 'array' or jsonb_typeof(result -> 'media') is distinct from 'array'
    or not coalesce(result ->> 'algorithmVersion' ~ '^[1-9][0-9]{0,5}$', false) then
    perform app_hidden.refuse('VALIDATION', 'session_result_not_valid', '{"field": "result"}');
  end if;
  insert into app_private.session_aggregates (organization_id, exercise_session_id, algorithm_version, result, told_at)
  select recordings.organization_id, recordings.id, (result ->> 'algorithmVersion')::int, publish_aggregated.result, app_hidden.now()
  from app_public.exercise_sessions as recordings
  where recordings.id = publish_aggregated.sid
  on conflict on constraint session_aggregates_pkey do nothing;
  -- Of a recording that was erased, and of what was told before, nothing is told.
  if not found then
    return;
  end if;
  select recordings.* into strict v_recording
  from app_public.exercise_sessions as recordings where recordings.id = publish_aggregated.sid;
  perform app_private.publish(
    'session.aggregated', v_recording.organization_id, v_recording.id, jsonb_build_object(
      'exerciseSessionId', v_recording.id, 'patientSessionId', v_recording.patient_session_id,
      'patientProfileId', v_recording.patient_profile_id, 'algorithmVersion', (result ->> 'algorithmVersion')::int));
end;
$$;

comment on function app_telemetry.publish_aggregated is
  'Takes what a recording comes to, once for each version of the algorithm, and publishes session.aggregated. VALIDATION session_result_not_valid.';
grant execute on function app_telemetry.publish_aggregated to app_telemetry;

reset role;
