-- What was published, for staff; written by publish_custom_field() and never changed. FRM-01.

select app_private.classify('app_public.custom_field_versions', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "custom_field_id", "number", "definition"],
    "operational": ["published_by", "published_at"]}');
select app_private.protect('app_public.custom_field_versions', engine => 'select, insert');

grant select on app_public.custom_field_versions to app_member;

create policy custom_field_versions_select_staff on app_public.custom_field_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create or replace trigger _200_frozen before update or delete or truncate on app_public.custom_field_versions
  for each statement execute function app_private.tg_frozen();
