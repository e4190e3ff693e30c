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
