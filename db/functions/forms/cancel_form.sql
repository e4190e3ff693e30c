-- Staff take back a form that nobody has answered: it was given to the wrong patient, or is not needed. FRM-04, FRM-08.
-- Links and the kiosk of it are over, and no appointment asks for it any more; an appointment that moves to another time, service
-- or calendar asks anew. What was answered is not taken back, so that nobody loses it.

set role app_engine;

create or replace function app_public.cancel_form(form_id uuid) returns app_public.forms
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_form app_public.forms := app_private.own_form(form_id, 'cancelled');
begin
  perform app_private.end_signature_links(v_form.organization_id, v_form.id, 'staff');
  delete from app_public.appointment_forms as linked
  where linked.organization_id = v_form.organization_id and linked.form_id = v_form.id;
  update app_public.forms set status = 'cancelled'
  where forms.id = v_form.id
  returning * into v_form;
  return v_form;
end;
$$;

comment on function app_public.cancel_form is
  'Takes back a form that nobody has answered; its links and its kiosk are over, and appointments do not ask for it any more. Needs '
  'forms.fill; STATE illegal_move once it is answered, IMMUTABLE form_is_signed.';
grant execute on function app_public.cancel_form to app_member;

reset role;

create or replace function app_private.require_form_stands(form app_public.forms) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if (form).status = 'cancelled' then
    perform app_hidden.refuse('STATE', 'form_is_cancelled', jsonb_build_object('formId', (form).id));
  end if;
end;
$$;

comment on function app_private.require_form_stands is 'STATE form_is_cancelled for a form that staff took back.';
grant execute on function app_private.require_form_stands to app_engine;
