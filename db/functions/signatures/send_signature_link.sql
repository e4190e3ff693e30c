-- Makes a link and tells the person of it, by mail and SMS. What opens it comes sealed for this row and is opened once more, as
-- the message leaves. A link that was sent before is over. CNS-06, FND-15.

set role app_engine;

create or replace function app_hidden.send_signature_link(
  id uuid,
  form_id uuid,
  token_hash bytea,
  sealed_token bytea,
  code_hash bytea,
  identify_by text,
  caregiver_id uuid default null,
  request jsonb default null,
  sealed_answer text default null
) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('send_signature_link', request);
  v_answer constant jsonb := jsonb_build_object('id', send_signature_link.id, 'sealed', sealed_answer);
  v_form app_public.forms;
  v_link app_public.signature_links;
  v_person record;
begin
  if v_remembered is not null then
    perform app_private.require_to_send_again(send_signature_link.form_id);
    return v_remembered;
  end if;
  v_form := app_private.locked_form_to_send(send_signature_link.form_id, 'remote_link', send_signature_link.caregiver_id);
  if (
    select count(*) from app_public.signature_links
    where signature_links.organization_id = v_form.organization_id and signature_links.form_id = v_form.id
      and signature_links.kind = 'link' and signature_links.created_at > app_hidden.now() - interval '1 day'
  ) >= 5 then
    perform app_hidden.refuse('RATE_LIMITED', 'link_sent_often', '{"retryAfterSeconds": 86400}');
  end if;
  -- A caregiver has an account, and with it an address.
  select patient_profiles.birth_date, humans.principal_id as reader, coalesce(humans.email, patient_profiles.email) as email,
         patient_profiles.phone
  into strict v_person
  from app_public.patient_profiles
  left join app_public.caregivers on caregivers.id = send_signature_link.caregiver_id
  left join app_public.humans on humans.principal_id = caregivers.human_id
  where patient_profiles.id = v_form.patient_profile_id;
  if v_person.email is null and v_person.phone is null then
    perform app_hidden.refuse('STATE', 'nowhere_to_send');
  elsif send_signature_link.identify_by = 'birth_date' and v_person.birth_date is null then
    perform app_hidden.refuse('VALIDATION', 'no_birth_date', '{"field": "identifyBy"}');
  end if;

  perform app_private.end_signature_links(v_form.organization_id, v_form.id, 'sent_again', 'link');
  insert into app_public.signature_links
    (id, organization_id, form_id, kind, signature, identify_by, caregiver_id, token_hash, sealed_token, code_hash, created_by,
     expires_at, created_at)
  select send_signature_link.id, v_form.organization_id, v_form.id, 'link', form_template_versions.link_inner_mode,
         send_signature_link.identify_by, send_signature_link.caregiver_id, send_signature_link.token_hash,
         send_signature_link.sealed_token, send_signature_link.code_hash, app_private.current_actor_id(),
         app_hidden.now() + make_interval(mins => form_template_versions.link_expires_minutes), app_hidden.now()
  from app_public.form_template_versions
  where form_template_versions.organization_id = v_form.organization_id and form_template_versions.id = v_form.version_id
  returning * into v_link;
  perform app_private.record_signature_event(
    v_form.organization_id, v_form.id, 'link_created', v_link.id,
    jsonb_build_object('identifyBy', v_link.identify_by, 'expiresAt', app_private.instant_text(v_link.expires_at),
                       'caregiver', v_link.caregiver_id));
  perform app_private.notify(
    v_form.organization_id, 'form_to_sign',
    jsonb_build_object(
      'signatureLinkId', v_link.id, 'expiresAt', v_link.expires_at, 'timezone', organizations.timezone,
      'byCode', case v_link.identify_by when 'code' then 'yes' end),
    patient_profile_id => case when v_person.reader is null then v_form.patient_profile_id end,
    human_id => v_person.reader)
  from app_public.organizations
  where organizations.id = v_form.organization_id;
  perform app_private.remember('send_signature_link', v_answer);
  return v_answer;
end;
$$;

comment on function app_hidden.send_signature_link is
  'Makes a link that was sealed for this row and queues its messages; answers id and what was sealed of the answer. Needs forms.fill; STATE nowhere_to_send or '
  'signed_in_another_way, RATE_LIMITED link_sent_often.';
grant execute on function app_hidden.send_signature_link to app_member;

reset role;
