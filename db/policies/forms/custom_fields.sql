-- Staff read them, whoever edits templates defines them. The key and what it belongs to never change. FRM-01.

select app_private.classify('app_public.custom_fields', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "entity_type", "system_key", "definition"],
    "operational": ["version", "published", "created_at", "updated_at"]}');
select app_private.protect('app_public.custom_fields', engine => 'select, insert, update');

grant select on app_public.custom_fields to app_member;
grant insert (organization_id, entity_type, system_key, definition), update (definition, published) on app_public.custom_fields to app_member;

create policy custom_fields_select_staff on app_public.custom_fields for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy custom_fields_insert_manager on app_public.custom_fields for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]));

create policy custom_fields_update_manager on app_public.custom_fields for update to app_member
  using (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]));

create or replace trigger _300_check before insert or update of system_key, entity_type, definition on app_public.custom_fields
  for each row execute function app_private.tg_custom_fields__check();
