-- What a session asks for, as it was prescribed: read from the version that it is pinned to, and from nowhere else. EXE-01.

create or replace function app_public.patient_sessions_exercises(session app_public.patient_sessions) returns jsonb
language sql stable
set search_path = ''
return coalesce((
  select versions.sessions_snapshot -> ((session).position - 1) -> 'exercises'
  from app_public.treatment_plan_versions as versions
  where versions.id = (session).version_id), '[]');

comment on function app_public.patient_sessions_exercises is
  'Its exercises in order: exerciseId, slug, assetVersion, names, prescription, and contraindications with their severity.';
grant execute on function app_public.patient_sessions_exercises to app_member, app_engine;

create or replace function app_public.patient_sessions_title(session app_public.patient_sessions) returns jsonb
language sql stable
set search_path = ''
return coalesce((
  select versions.sessions_snapshot -> ((session).position - 1) -> 'title'
  from app_public.treatment_plan_versions as versions
  where versions.id = (session).version_id), '{}');

comment on function app_public.patient_sessions_title is 'What patients read above it, by language: ro and en.';
grant execute on function app_public.patient_sessions_title to app_member, app_engine;

-- What the library warns of today and the version does not: a warning that is found later reaches whoever is already doing the exercise.
set role app_engine;

create or replace function app_public.patient_sessions_later_contraindications(session app_public.patient_sessions) returns jsonb
language sql stable security definer
set search_path = ''
begin atomic
  select coalesce(
    jsonb_agg(jsonb_build_object('exerciseId', harms.exercise_id, 'id', harms.id, 'severity', harms.severity, 'text', harms.text)
      order by array_position('{absolute,relative,caution}'::text[], harms.severity), harms.id), '[]')
  from app_public.exercise_contraindications as harms
  where harms.exercise_id in (
      select (exercise.value ->> 'exerciseId')::uuid
      from jsonb_array_elements(app_public.patient_sessions_exercises(session)) as exercise)
    and not exists (
      select
      from jsonb_array_elements(app_public.patient_sessions_exercises(session)) as exercise
      cross join lateral jsonb_array_elements(exercise.value -> 'contraindications') as known
      where (known.value ->> 'id')::uuid = harms.id);
end;

comment on function app_public.patient_sessions_later_contraindications is
  'Contraindications of its exercises that the library has today and the version does not: exerciseId, id, severity and text. Those that '
  'are absolute are acknowledged before it starts, as those of the version.';
grant execute on function app_public.patient_sessions_later_contraindications to app_member;

reset role;
