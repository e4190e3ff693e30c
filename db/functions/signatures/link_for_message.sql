-- The link of a message that asks for a form: whoever reads it opens the form by it, without an account. An open link serves every
-- message about its form; where there is none it is made as the message leaves, by the worker, which seals its token first. AUT-02,
-- CNS-06, docs/decisions/0150.
-- Only for a patient of age, whose own address the message goes to: what they answer before the form is shown is their date of birth.

set role app_engine;

create or replace function app_private.link_for_message(message_id uuid)
returns table (link_id uuid, is_open boolean, organization_id uuid, form_id uuid, patient_id uuid)
language sql stable strict security definer rows 1
set search_path = ''
begin atomic
  select coalesce(links.id, uuidv7()), links.id is not null, forms.organization_id, forms.id, forms.patient_id
  from app_public.messages
  join app_public.forms
    on forms.organization_id = messages.organization_id
    and forms.id = case when starts_with(messages.data ->> 'asked', 'form:') then substr(messages.data ->> 'asked', 6)::uuid end
    and forms.patient_profile_id = messages.patient_profile_id
  join app_public.form_template_versions as versions
    on versions.organization_id = forms.organization_id and versions.id = forms.version_id
  join app_public.patient_profiles on patient_profiles.id = forms.patient_profile_id
  left join app_public.signature_links as links
    on links.organization_id = forms.organization_id and links.form_id = forms.id and links.kind = 'link'
    and links.status = 'open' and links.sealed_token is not null and links.expires_at > app_hidden.now()
  where messages.id = link_for_message.message_id
    and app_private.caregiver_ends_on(patient_profiles.birth_date) <= (app_hidden.now() at time zone 'Europe/Bucharest')::date
    and versions.signature_mode = 'remote_link'
    and forms.status <> 'signed' and forms.deleted_at is null;
end;

comment on function app_private.link_for_message is
  'The open link of the form that a message asks for, or what a new one is made of; no row where it is not to be opened by a link.';
grant execute on function app_private.link_for_message to app_worker;

create or replace function app_private.keep_link_for_message(message_id uuid, link_id uuid, token_hash bytea, sealed_token bytea)
returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_asked record;
  v_link app_public.signature_links;
begin
  select asked.* into v_asked from app_private.link_for_message(keep_link_for_message.message_id) as asked;
  if not found or v_asked.is_open then
    return false;
  end if;
  perform app_private.end_signature_links(v_asked.organization_id, v_asked.form_id, 'sent_again', 'link');
  insert into app_public.signature_links
    (id, organization_id, form_id, kind, signature, identify_by, token_hash, sealed_token, created_by, expires_at, created_at)
  select keep_link_for_message.link_id, forms.organization_id, forms.id, 'link', versions.link_inner_mode, 'birth_date',
         keep_link_for_message.token_hash, keep_link_for_message.sealed_token, app_private.current_actor_id(),
         app_hidden.now() + make_interval(mins => versions.link_expires_minutes), app_hidden.now()
  from app_public.forms
  join app_public.form_template_versions as versions
    on versions.organization_id = forms.organization_id and versions.id = forms.version_id
  where forms.organization_id = v_asked.organization_id and forms.id = v_asked.form_id
  on conflict do nothing
  returning * into v_link;
  if not found then
    return false;
  end if;
  perform app_private.record_signature_event(
    v_link.organization_id, v_link.form_id, 'link_created', v_link.id,
    jsonb_build_object('identifyBy', v_link.identify_by, 'expiresAt', app_private.instant_text(v_link.expires_at), 'caregiver', null));
  return true;
end;
$$;

comment on function app_private.keep_link_for_message is
  'Keeps the link that was made for a message; false where somebody was faster, or the form is not to be opened by a link any more.';
grant execute on function app_private.keep_link_for_message to app_worker;

reset role;
