-- What the patient did of an exercise, beside what was prescribed. A device that was without a network sends its entries again until they
-- are answered: the id that it gave each makes that harmless, and an older entry never takes the place of a newer one. What the camera counted
-- stands beside what the patient says, and neither overwrites the other. EXE-02, TEL-11.

set role app_engine;

create or replace function app_public.log_exercise(
  patient_session_id uuid,
  place int,
  client_id uuid,
  performed_at timestamptz,
  sets int default null,
  reps int default null,
  seconds int default null,
  note text default null
) returns app_public.patient_exercise_logs
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_session app_public.patient_sessions := app_private.locked_session(log_exercise.patient_session_id);
  v_exercise jsonb;
  v_log app_public.patient_exercise_logs;
begin
  perform app_private.require_own_session(v_session);
  select logs.* into v_log
  from app_public.patient_exercise_logs as logs
  where logs.organization_id = v_session.organization_id and logs.client_id = log_exercise.client_id;
  if v_log.patient_session_id = v_session.id and v_log.place = log_exercise.place then
    return v_log;
  elsif found then
    perform app_hidden.refuse('CONFLICT', 'client_id_is_used', '{"field": "clientId"}');
  end if;
  if v_session.started_at is null or v_session.status = 'cancelled' then
    perform app_hidden.refuse('STATE', 'session_not_started');
  end if;
  perform app_private.require_performed_in(v_session, log_exercise.performed_at);
  v_exercise := app_public.patient_sessions_exercises(v_session) -> (log_exercise.place - 1);
  if v_exercise is null or log_exercise.place < 1 then
    perform app_hidden.refuse('NOT_FOUND', 'exercise_not_in_the_session');
  elsif num_nonnulls(sets, reps, seconds) = 0
    or not coalesce(sets between 0 and 100, true) or not coalesce(reps between 0 and 10000, true)
    or not coalesce(seconds between 0 and 86400, true) then
    perform app_hidden.refuse('VALIDATION', 'amount_out_of_range', '{"field": "sets"}');
  end if;

  insert into app_public.patient_exercise_logs as logs
    (organization_id, patient_session_id, place, exercise_id, prescribed, client_id, entered_sets, entered_reps, entered_seconds,
     actual_sets, actual_reps, actual_seconds, actual_source, note, performed_at)
  values
    (v_session.organization_id, v_session.id, log_exercise.place, (v_exercise ->> 'exerciseId')::uuid, v_exercise -> 'prescription',
     log_exercise.client_id, log_exercise.sets, log_exercise.reps, log_exercise.seconds,
     log_exercise.sets, log_exercise.reps, log_exercise.seconds, 'patient', log_exercise.note, log_exercise.performed_at)
  on conflict on constraint patient_exercise_logs_place_is_used_once do update set
    client_id = excluded.client_id,
    entered_sets = excluded.entered_sets, entered_reps = excluded.entered_reps, entered_seconds = excluded.entered_seconds,
    actual_sets = case when logs.actual_source = 'pose' then logs.actual_sets else excluded.actual_sets end,
    actual_reps = case when logs.actual_source = 'pose' then logs.actual_reps else excluded.actual_reps end,
    actual_seconds = case when logs.actual_source = 'pose' then logs.actual_seconds else excluded.actual_seconds end,
    actual_source = coalesce(logs.actual_source, 'patient'),
    note = excluded.note, performed_at = excluded.performed_at
  where logs.client_id is null or excluded.performed_at >= logs.performed_at
  returning * into v_log;
  if v_log.id is null then
    select logs.* into strict v_log
    from app_public.patient_exercise_logs as logs
    where logs.organization_id = v_session.organization_id and logs.patient_session_id = v_session.id and logs.place = log_exercise.place;
  end if;
  return v_log;
end;
$$;

comment on function app_public.log_exercise is
  E'@arg place The place of the exercise in the session, counted from one.\n'
  '@arg clientId An id that the device gives the entry: sent again, it changes nothing.\n'
  '@arg performedAt When it was done; within a day of the start of the session.\n'
  '@arg sets Sets that were done.\n@arg reps Repetitions that were done, of all sets.\n@arg seconds Seconds that were done, of all sets.\n'
  '@arg note What the patient writes about it.\n'
  'Keeps what a patient did of an exercise. For the patient and who cares for them, in a session that was started. FORBIDDEN only_the_patient; '
  'NOT_FOUND exercise_not_in_the_session; STATE session_not_started; VALIDATION in_the_future, not_within_the_session, amount_out_of_range; '
  'CONFLICT client_id_is_used.';
grant execute on function app_public.log_exercise to app_member;

reset role;
