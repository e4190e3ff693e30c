-- The approved texts of a clinic, for whoever may edit its messages. FND-15.

alter table app_public.whatsapp_templates enable row level security;
alter table app_public.whatsapp_templates force row level security;

grant select, delete on app_public.whatsapp_templates to app_member;
drop policy if exists whatsapp_templates_select_staff on app_public.whatsapp_templates;
create policy whatsapp_templates_select_staff on app_public.whatsapp_templates
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('message_templates.manage'))::uuid[]));
drop policy if exists whatsapp_templates_delete_staff on app_public.whatsapp_templates;
create policy whatsapp_templates_delete_staff on app_public.whatsapp_templates
  for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('message_templates.manage'))::uuid[]));

grant select, insert, update on app_public.whatsapp_templates to app_engine;
drop policy if exists whatsapp_templates_all_engine on app_public.whatsapp_templates;
create policy whatsapp_templates_all_engine on app_public.whatsapp_templates
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _100_stamp before insert or update on app_public.whatsapp_templates
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.whatsapp_templates', 'clinic',
  '{"operational": ["organization_id", "template_key", "locale", "content_sid", "variables", "created_at", "updated_at"]}');
