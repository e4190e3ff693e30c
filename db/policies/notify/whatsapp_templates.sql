-- The approved texts of a clinic, for whoever may edit its messages. FND-15.

select app_private.classify('app_public.whatsapp_templates', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "template_key", "locale", "content_sid", "variables", "created_at", "updated_at"]}');
select app_private.protect('app_public.whatsapp_templates', engine => 'select, insert, update');

grant select, delete on app_public.whatsapp_templates to app_member;

create policy whatsapp_templates_select_staff on app_public.whatsapp_templates for select to app_member
  using (organization_id = any ((select app_hidden.rights('message_templates.manage'))::uuid[]));

create policy whatsapp_templates_delete_staff on app_public.whatsapp_templates for delete to app_member
  using (organization_id = any ((select app_hidden.rights('message_templates.manage'))::uuid[]));
