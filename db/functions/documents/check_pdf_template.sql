-- Tells an editor what is wrong with what is drafted, before it is saved: the same check, without a refusal. DOC-01.

set role app_engine;

create or replace function app_public.check_pdf_template(
  organization_id uuid, kind text, editor_state jsonb, layout_config jsonb default '{}'
) returns jsonb
language plpgsql stable strict security definer
set search_path = ''
as $$
begin
  if check_pdf_template.organization_id <> all (app_hidden.current_staff_organization_ids()) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return (
    select coalesce(jsonb_agg(to_jsonb(problem)), '[]')
    from app_private.template_problems(
      check_pdf_template.organization_id, check_pdf_template.kind, check_pdf_template.editor_state, check_pdf_template.layout_config) as problem);
end;
$$;

comment on function app_public.check_pdf_template is
  E'@arg kind report, prescription, form; or letterhead, footer, signature for a component.\n'
  '@arg editorState The blocks and inputs, as they would be saved.\n'
  '@arg layoutConfig Paper, margins, size and colour, as they would be saved.\n'
  'What is wrong with a drafted template or component: a list of {path, reason, details}, empty where it could be saved. For staff.';
grant execute on function app_public.check_pdf_template to app_member;

reset role;
