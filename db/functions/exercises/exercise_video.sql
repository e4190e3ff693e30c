-- Where a video of an exercise is, for whoever may see it: superadmins and staff any, patients those of exercises that they are to do,
-- and what is published while the library is open to them. A video that is made again plays as it was until then. EXL-04, CAT-08.

set role app_engine;

create or replace function app_hidden.exercise_video(render_id uuid, out provider text, out video_id text)
language plpgsql stable strict security definer
set search_path = ''
as $$
declare
  v_people constant uuid[] := app_hidden.current_human_patient_profile_ids();
  v_clinics constant uuid[] := app_hidden.current_patient_organization_ids();
begin
  select video.provider, video.video_id into provider, video_id
  from app_public.exercise_renders as video
  join app_public.exercises on exercises.id = video.exercise_id
  where video.id = exercise_video.render_id
    and video.video_id is not null
    and (
      app_hidden.is_superadmin()
      or cardinality(app_hidden.current_staff_organization_ids()) > 0
      or exists (
        select from app_public.patient_sessions as sessions
        join app_public.treatment_plan_exercises as prescribed
          on prescribed.scope_id = sessions.plan_scope_id and prescribed.version_id = sessions.version_id
          and prescribed.session_position = sessions.position
        where sessions.patient_profile_id = any (v_people) and sessions.organization_id = any (v_clinics)
          and sessions.status in ('due', 'started')
          and prescribed.exercise_id = video.exercise_id)
      or exercises.status = 'published' and exists (
        select from app_public.patients
        where patients.patient_profile_id = any (v_people) and patients.organization_id = any (v_clinics)
          and app_hidden.has_access(patients.organization_id, patients.id, 'library_access')));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'exercise_video_not_found');
  end if;
end;
$$;

comment on function app_hidden.exercise_video is
  'Provider and id of a video of an exercise that the caller may see; NOT_FOUND exercise_video_not_found otherwise.';
grant execute on function app_hidden.exercise_video to app_member;

reset role;
