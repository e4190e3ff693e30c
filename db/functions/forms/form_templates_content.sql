-- The draft of a template is for staff; whoever has a form of it sees what was published. FRM-02.

set role app_engine;

create or replace function app_public.form_templates_content(template app_public.form_templates) returns jsonb
language sql stable security definer
set search_path = ''
begin atomic
  select form_templates.content
  from app_public.form_templates
  where form_templates.id = (form_templates_content.template).id
    and form_templates.organization_id = any (app_hidden.current_staff_organization_ids());
end;

comment on function app_public.form_templates_content is
  E'@nullable\nWhat the next version is to ask, in the language of templates (docs/form-content.schema.json); null for who works elsewhere.';
grant execute on function app_public.form_templates_content to app_member;

reset role;
