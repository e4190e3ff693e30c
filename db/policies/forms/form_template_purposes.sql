-- What the next version of a template asks consent for: staff see it, form_templates.manage edits it. FRM-02.

select app_private.classify('app_public.form_template_purposes', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["organization_id", "template_id", "purpose_scope_id", "purpose_version_id"], "operational": ["created_at"]}');
select app_private.protect('app_public.form_template_purposes', engine => 'select, insert');

grant select on app_public.form_template_purposes to app_member;
grant insert (organization_id, template_id, purpose_version_id), delete on app_public.form_template_purposes to app_member;

create policy form_template_purposes_select_staff on app_public.form_template_purposes for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy form_template_purposes_insert_manager on app_public.form_template_purposes for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]));

create policy form_template_purposes_delete_manager on app_public.form_template_purposes for delete to app_member
  using (organization_id = any ((select app_hidden.rights('form_templates.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.form_template_purposes
  for each row execute function app_private.tg_clinic_of('app_public.form_templates', 'template_id');

create or replace trigger _150_scope before insert on app_public.form_template_purposes
  for each row execute function app_private.tg_form_template_purposes__scope();
