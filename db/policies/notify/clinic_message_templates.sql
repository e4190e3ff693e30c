-- A clinic's own words and every earlier version, for whoever may edit them. FND-15.

alter table app_public.clinic_message_templates enable row level security;
alter table app_public.clinic_message_templates force row level security;

grant select on app_public.clinic_message_templates to app_member;
drop policy if exists clinic_message_templates_select_staff on app_public.clinic_message_templates;
create policy clinic_message_templates_select_staff on app_public.clinic_message_templates
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('message_templates.manage'))::uuid[]));

grant select, insert on app_public.clinic_message_templates to app_engine;
drop policy if exists clinic_message_templates_all_engine on app_public.clinic_message_templates;
create policy clinic_message_templates_all_engine on app_public.clinic_message_templates
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_public.clinic_message_templates', 'clinic',
  '{"operational": ["id", "organization_id", "template_key", "channel", "locale", "version", "title", "body", "created_by",
                    "created_at"]}');
