-- Staff with segments.view; written by verbs. SEG-01.

select app_private.classify('app_public.segments', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "kind", "version", "revision", "filled_version", "found_wrong", "created_by", "created_at", "updated_at", "deleted_at"],
    "phi": ["name", "description", "rule"]}');
select app_private.allow_soft_delete('app_public.segments', 'segments.manage', 'r.name');
select app_private.protect('app_public.segments', engine => 'select, insert, update', facts => '{name name}');

grant select on app_public.segments to app_member;

create policy segments_select_staff on app_public.segments for select to app_member
  using (organization_id = any ((select app_hidden.rights('segments.view'))::uuid[]) and deleted_at is null);

create or replace trigger _200_revision before update of name, description, rule, revision on app_public.segments
  for each row execute function app_private.tg_revision();
