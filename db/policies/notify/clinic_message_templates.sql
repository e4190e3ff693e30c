-- A clinic's own words and every earlier version, for whoever may edit them. FND-15.

select app_private.classify('app_public.clinic_message_templates', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "template_key", "channel", "locale", "version", "title", "body", "created_by",
                    "created_at"]}');
select app_private.protect('app_public.clinic_message_templates', engine => 'select, insert');

grant select on app_public.clinic_message_templates to app_member;

create policy clinic_message_templates_select_staff on app_public.clinic_message_templates for select to app_member
  using (organization_id = any ((select app_hidden.rights('message_templates.manage'))::uuid[]));
