-- The platform's library, at no clinic: whoever is signed in reads what is published; superadmins read all of it and write it
-- by verbs. EXL-01, EXL-06.

select app_private.classify('app_public.exercises', home => 'platform', retention => 'reference', classes =>
  '{"public": ["id", "slug", "kind", "status", "asset_version", "difficulty", "translations", "tracking", "catalog_render_id",
               "video_provider"],
    "operational": ["bunny_collection_id", "created_at", "updated_at"]}');
select app_private.protect('app_public.exercises', engine => 'select, insert, update', guard => true);

grant select on app_public.exercises to app_member;

create policy exercises_select_everyone on app_public.exercises for select to app_member
  using (status = 'published');

create policy exercises_select_superadmin on app_public.exercises for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _150_fixed_id before insert on app_public.exercises
  for each row execute function app_private.tg_fixed_id('slug');
