-- What a draft of a treatment plan says is written as a whole, and who wrote it is noted: nobody approves what they wrote. TPL-01, TPL-02.

create or replace function app_private.write_treatment_sessions(version app_public.treatment_plan_versions, sessions jsonb) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_problem text := app_private.treatment_content_problem(sessions);
begin
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'sessions_not_valid', jsonb_build_object('field', 'sessions', 'path', v_problem));
  end if;
  delete from app_public.treatment_plan_sessions as written
  where written.scope_id = version.scope_id and written.version_id = version.id;
  insert into app_public.treatment_plan_sessions (organization_id, version_id, position, titles, place, after_days)
  select version.organization_id, version.id, listed.number, listed.value -> 'title', listed.value ->> 'place',
         (listed.value ->> 'afterDays')::int
  from jsonb_array_elements(sessions) with ordinality as listed (value, number);
  perform app_private.require_exercises(sessions);
  insert into app_public.treatment_plan_exercises (organization_id, version_id, session_position, position, exercise_id, prescription)
  select version.organization_id, version.id, listed.number, exercise.number, (exercise.value ->> 'exerciseId')::uuid,
         app_private.full_prescription(exercise.value -> 'prescription')
  from jsonb_array_elements(sessions) with ordinality as listed (value, number)
  cross join lateral jsonb_array_elements(listed.value -> 'exercises') with ordinality as exercise (value, number);
  insert into app_private.treatment_plan_authors (scope_id, version_id, author_id)
  values (version.scope_id, version.id, app_private.current_actor_id())
  on conflict do nothing;
end;
$$;

comment on function app_private.write_treatment_sessions is
  'Writes the sessions of a draft anew; VALIDATION sessions_not_valid with the path, exercise_not_published. The caller has locked the plan.';
grant execute on function app_private.write_treatment_sessions to app_engine;

-- All six parts, and whole numbers as such, so that the same prescription is the same text wherever it is hashed.
create or replace function app_private.full_prescription(prescription jsonb) returns jsonb
language sql immutable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'sets', (prescription ->> 'sets')::numeric::int, 'reps', (prescription ->> 'reps')::numeric::int,
    'seconds', (prescription ->> 'seconds')::numeric::int, 'restSeconds', (prescription ->> 'restSeconds')::numeric::int,
    'tempo', case when prescription ->> 'tempo' is not null then jsonb_build_object(
      'up', (prescription -> 'tempo' ->> 'up')::numeric::int, 'hold', (prescription -> 'tempo' ->> 'hold')::numeric::int,
      'down', (prescription -> 'tempo' ->> 'down')::numeric::int) end,
    'side', prescription ->> 'side');
end;

comment on function app_private.full_prescription is 'A prescription that was checked, with what was left out.';
grant execute on function app_private.full_prescription to app_engine;

-- Repetitions are prescribed of what is counted, seconds of what is held.
create or replace function app_private.require_exercises(sessions jsonb) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_wrong uuid;
begin
  select (exercise.value ->> 'exerciseId')::uuid into v_wrong
  from jsonb_array_elements(sessions) with ordinality as listed (value, number)
  cross join lateral jsonb_array_elements(listed.value -> 'exercises') with ordinality as exercise (value, number)
  left join app_public.exercises on exercises.id = (exercise.value ->> 'exerciseId')::uuid
  where (exercises.status = 'published') is not true
    or (exercises.kind = 'reps_based') <> (exercise.value -> 'prescription' ->> 'reps' is not null)
  order by listed.number, exercise.number
  limit 1;
  if v_wrong is not null then
    perform app_hidden.refuse('VALIDATION', 'exercise_not_published', jsonb_build_object('field', 'sessions', 'exerciseId', v_wrong));
  end if;
end;
$$;

comment on function app_private.require_exercises is
  'Passes when every exercise is published and prescribed as its kind wants it; VALIDATION exercise_not_published with the first that is not.';
grant execute on function app_private.require_exercises to app_engine;
