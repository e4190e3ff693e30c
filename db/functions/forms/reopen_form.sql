-- A complete form is opened again, with a reason that its history keeps. What is signed is not: a correction amends it. FRM-04.

set role app_engine;

create or replace function app_public.reopen_form(form_id uuid, reason text) returns app_public.forms
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_form app_public.forms := app_private.own_form(form_id, 'in_progress');
begin
  if v_form.status <> 'completed' then
    perform app_hidden.refuse('STATE', 'illegal_move', jsonb_build_object(
      'entity', 'forms', 'from', v_form.status, 'to', 'in_progress', 'legal', app_private.legal_moves('forms', v_form.status)));
  end if;
  update app_public.forms set
    status = 'in_progress', completed_at = null, valid_until = null, reopen_reason = app_private.require_reason(reason)
  where forms.id = v_form.id
  returning * into v_form;
  return v_form;
end;
$$;

comment on function app_public.reopen_form is
  E'@arg reason Why, kept in the history of the form.\n'
  'Opens a complete form again. For the patient, a caregiver, or staff with forms.fill. IMMUTABLE once it is signed.';
grant execute on function app_public.reopen_form to app_member;

reset role;
