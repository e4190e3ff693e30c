-- Patients are shown videos by the catalog and by plans, where those are open to them; staff of clinics prescribe by them, and
-- superadmins see how they are made. Written by request_render() and by what the worker says. EXL-01, EXL-03.

select app_private.classify('app_public.exercise_renders', home => 'platform', retention => 'reference', classes =>
  '{"public": ["id", "exercise_id", "recipe_hash", "language", "recipe", "asset_version", "status", "provider", "video_id",
               "duration_s"],
    "operational": ["source_key", "surface", "object_key", "progress", "problem", "requested_at", "rendered_at"]}');
select app_private.protect('app_public.exercise_renders', engine => 'select, insert, update', guard => true);

grant select on app_public.exercise_renders to app_member;

create policy exercise_renders_select_superadmin on app_public.exercise_renders for select to app_member
  using ((select app_hidden.is_superadmin()));

create policy exercise_renders_select_staff on app_public.exercise_renders for select to app_member
  using ((select cardinality(app_hidden.rights('staff')) > 0));

create or replace trigger _150_fixed_id before insert on app_public.exercise_renders
  for each row execute function app_private.tg_fixed_id('exercise_id', 'recipe_hash', 'language');
