-- A form that somebody does not want to sign: an event of the chain, a no for each purpose, an end to links and kiosks. The form
-- stays, and may be signed another day. CNS-07, CNS-01.

create or replace function app_private.refuse_form(
  form_id uuid,
  link_id uuid,
  human_id uuid,
  caregiver_id uuid,
  reason text
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms;
  v_purposes uuid[];
begin
  select forms.* into v_form
  from app_public.forms
  where forms.id = refuse_form.form_id and forms.deleted_at is null
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
  end if;
  perform app_private.require_own_hand();
  perform app_private.require_form_stands(v_form);
  if v_form.status = 'signed' then
    perform app_hidden.refuse('STATE', 'already_signed', jsonb_build_object('signedAt', v_form.signed_at));
  elsif length(refuse_form.reason) > 500 then
    perform app_hidden.refuse('VALIDATION', 'refusal_too_long', '{"field": "reason", "most": 500}');
  end if;
  perform app_private.record_signature_event(
    v_form.organization_id, v_form.id, 'refused', refuse_form.link_id,
    jsonb_build_object('reason', nullif(btrim(refuse_form.reason), ''), 'caregiver', refuse_form.caregiver_id));
  perform app_private.end_signature_links(v_form.organization_id, v_form.id, 'refused');
  select array_agg(purpose.version_id order by purpose.version_id) into v_purposes
  from app_private.purposes_of_form(v_form, v_form.locale) as purpose;
  if v_purposes is not null then
    perform app_private.grant_by_form(
      v_form.organization_id, v_form.patient_id, v_form.id, v_purposes, 'refused', null, refuse_form.human_id,
      refuse_form.caregiver_id, app_hidden.now());
  end if;
end;
$$;

comment on function app_private.refuse_form is 'Records that somebody does not want to sign a form; STATE already_signed once it is.';
grant execute on function app_private.refuse_form to app_engine;
