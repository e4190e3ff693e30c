-- A form that staff want signed outside of the portal, locked: of their clinic, not signed yet, of this mode, and with a
-- caregiver of its patient where one is named. CNS-05, CNS-06.

create or replace function app_private.locked_form_to_send(form_id uuid, mode text, caregiver_id uuid)
returns app_public.forms
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms;
  v_mode text;
begin
  select forms.* into v_form
  from app_public.forms
  where forms.id = locked_form_to_send.form_id and forms.deleted_at is null
    and forms.organization_id = any (app_hidden.current_staff_organization_ids())
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
  end if;
  perform app_private.require_permission(v_form.organization_id, 'forms.fill');
  perform app_private.require_form_stands(v_form);
  if v_form.status = 'signed' then
    perform app_hidden.refuse('STATE', 'already_signed', jsonb_build_object('signedAt', v_form.signed_at));
  end if;
  select form_template_versions.signature_mode into strict v_mode
  from app_public.form_template_versions
  where form_template_versions.organization_id = v_form.organization_id and form_template_versions.id = v_form.version_id;
  if v_mode <> locked_form_to_send.mode then
    perform app_hidden.refuse('STATE', 'signed_in_another_way', jsonb_build_object('mode', v_mode));
  end if;
  if locked_form_to_send.caregiver_id is not null and not exists (
    select from app_public.caregivers
    where caregivers.id = locked_form_to_send.caregiver_id and caregivers.patient_profile_id = v_form.patient_profile_id
      and caregivers.revoked_at is null
      and (caregivers.ends_on is null or caregivers.ends_on > (app_hidden.now() at time zone 'Europe/Bucharest')::date)
  ) then
    perform app_hidden.refuse('VALIDATION', 'no_caregiver_of_the_patient', '{"field": "caregiverId"}');
  end if;
  return v_form;
end;
$$;

comment on function app_private.locked_form_to_send is
  'Locks a form for whoever may have it signed by a link or kiosk; NOT_FOUND, FORBIDDEN, STATE or VALIDATION otherwise.';
grant execute on function app_private.locked_form_to_send to app_engine;
