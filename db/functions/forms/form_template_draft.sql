-- The draft of a template is for staff; whoever has a form of it sees what was published. FRM-02.

set role app_engine;

create or replace function app_public.form_template_draft(template_id uuid) returns jsonb
language plpgsql stable strict security definer
set search_path = ''
as $$
declare
  v_content jsonb;
begin
  select form_templates.content into v_content
  from app_public.form_templates
  where form_templates.id = form_template_draft.template_id
    and form_templates.organization_id = any (app_hidden.current_staff_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return v_content;
end;
$$;

comment on function app_public.form_template_draft is
  'What the next version of a template is to ask, in the language of templates (docs/form-content.schema.json). For staff of the '
  'clinic; NOT_FOUND for anybody else.';
grant execute on function app_public.form_template_draft to app_member;

reset role;
