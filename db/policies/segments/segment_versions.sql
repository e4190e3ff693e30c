-- Staff with segments.view; written with the segment and never changed. SEG-01.

select app_private.classify('app_public.segment_versions', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "segment_id", "number", "written_by", "written_at"],
    "phi": ["rule"]}');
select app_private.protect('app_public.segment_versions', engine => 'select, insert');

grant select on app_public.segment_versions to app_member;

create policy segment_versions_select_staff on app_public.segment_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('segments.view'))::uuid[]));

create or replace trigger _200_frozen before update or delete or truncate on app_public.segment_versions
  for each statement execute function app_private.tg_frozen();
