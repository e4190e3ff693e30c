-- What a published version asks consent for, for staff; written by publish_form_template() and never changed. FRM-02.

select app_private.classify('app_public.form_template_version_purposes', home => 'clinic', retention => 'medical_record', classes =>
  '{"public": ["organization_id", "version_id", "purpose_scope_id", "purpose_version_id"]}');
select app_private.protect('app_public.form_template_version_purposes', engine => 'select, insert');

grant select on app_public.form_template_version_purposes to app_member;

create policy form_template_version_purposes_select_staff on app_public.form_template_version_purposes for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create or replace trigger _200_frozen before update or delete or truncate on app_public.form_template_version_purposes
  for each statement execute function app_private.tg_frozen();
