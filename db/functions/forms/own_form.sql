-- Every verb on a form begins here: whose it is, the lock, and whether the move is the caller's. FRM-04, FND-04.

create or replace function app_private.own_form(form_id uuid, to_status text) returns app_public.forms
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms;
begin
  select forms.* into v_form
  from app_public.forms
  where forms.id = form_id
    and forms.deleted_at is null
    and (forms.organization_id = any (app_hidden.organization_ids_where('forms.view'))
         or (forms.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and forms.organization_id = any (app_hidden.current_patient_organization_ids())))
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
  end if;
  perform app_private.require_open_form(v_form, to_status);
  perform app_private.authorize_move(
    'forms', case when v_form.status = to_status then 'pending' else v_form.status end, to_status,
    v_form.organization_id, v_form.patient_profile_id);
  return v_form;
end;
$$;

comment on function app_private.own_form is
  'Locks a form that the caller may move to this status; NOT_FOUND form_not_found, IMMUTABLE, FORBIDDEN, or STATE.';
grant execute on function app_private.own_form to app_engine;

-- What is signed stays; what is complete is opened again before it changes.
create or replace function app_private.require_open_form(form app_public.forms, to_status text) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform app_private.require_form_stands(form);
  if (form).status = 'signed' then
    perform app_hidden.refuse('IMMUTABLE', 'form_is_signed', jsonb_build_object('formId', (form).id));
  elsif (form).status = 'completed' and to_status = 'completed' then
    perform app_hidden.refuse('IMMUTABLE', 'form_is_completed', jsonb_build_object('formId', (form).id));
  end if;
end;
$$;

comment on function app_private.require_open_form is 'STATE form_is_cancelled, IMMUTABLE form_is_signed, or form_is_completed for what would complete it again.';
grant execute on function app_private.require_open_form to app_engine;
