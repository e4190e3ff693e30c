-- What a signature proves, as one canonical text whose hash stands in the signature: what was shown and answered, by hash;
-- who signed, and how that was known; when and from where, as the server saw it; and the chain of events until then. CNS-07.

create or replace function app_private.proof_of(
  form app_public.forms,
  version app_public.form_template_versions,
  signer app_private.signer,
  shown text,
  locale text,
  typed_name text,
  drawing app_private.drawing,
  location jsonb
) returns text
language sql volatile
set search_path = ''
begin atomic
  select app_private.canonical_json(jsonb_strip_nulls(jsonb_build_object(
    'format', 'restartix-signature-1',
    'level', 'simple',
    'form', jsonb_build_object(
      'id', form.id, 'amends', form.amends_form_id,
      'template', form.template_id, 'version', version.number, 'contentHash', encode(version.content_hash, 'hex')),
    'clinic', (select jsonb_build_object('id', organizations.id, 'name', organizations.name, 'timezone', organizations.timezone)
               from app_public.organizations where organizations.id = form.organization_id),
    'patient', (select jsonb_build_object('id', form.patient_id, 'person', form.patient_profile_id, 'birthDate', patient_profiles.birth_date,
                                          'name', concat_ws(' ', patient_profiles.given_name, patient_profiles.family_name))
                from app_public.patient_profiles where patient_profiles.id = form.patient_profile_id),
    'signer', jsonb_build_object(
      'name', app_private.signer_name(form, signer), 'account', signer.human_id, 'identifiedBy', signer.identified_by,
      'caregiver', signer.caregiver_id,
      'relationship', coalesce(
        (select caregivers.relationship from app_public.caregivers where caregivers.id = signer.caregiver_id), 'patient')),
    'link', (select jsonb_build_object('id', signature_links.id, 'kind', signature_links.kind, 'device', signature_links.device,
                                       'createdBy', signature_links.created_by, 'createdAt', app_private.instant_text(signature_links.created_at))
             from app_public.signature_links where signature_links.id = signer.link_id),
    'signedAt', app_private.instant_text(app_hidden.now()),
    'address', nullif(current_setting('app.ip', true), ''),
    'userAgent', nullif(current_setting('app.user_agent', true), ''),
    'location', location,
    'intent', app_private.words_in(form.snapshot -> 'intent', proof_of.locale),
    'content', jsonb_build_object('sha256', app_private.hex_digest(form.snapshot::text)),
    'text', jsonb_build_object('sha256', app_private.hex_digest(shown), 'locale', proof_of.locale),
    'answers', jsonb_build_object('sha256', app_private.hex_digest(app_private.canonical_json(form.answers))),
    'attachments', coalesce(
      (select jsonb_agg(jsonb_build_object('id', files.id, 'name', files.filename, 'contentType', files.content_type,
                                           'size', files.size_bytes, 'sha256', files.sha256) order by files.id)
       from app_public.files
       where files.organization_id = form.organization_id and files.form_id = form.id and files.status = 'confirmed'), '[]'),
    'purposes', coalesce(
      (select jsonb_agg(jsonb_build_object('id', purpose.version_id, 'code', purpose.code, 'version', purpose.version,
                                           'contentHash', encode(purpose.content_hash, 'hex')) order by purpose.code)
       from app_private.purposes_of_form(form, proof_of.locale) as purpose), '[]'),
    'signature', jsonb_build_object(
      'mode', signer.mode, 'kind', signer.signature, 'typedName', btrim(typed_name),
      'image', case when drawing.image is not null then jsonb_build_object(
        'sha256', encode(sha256(drawing.image), 'hex'), 'width', drawing.image_width, 'height', drawing.image_height) end,
      'path', case when drawing.path is not null then jsonb_build_object(
        'sha256', app_private.hex_digest(drawing.path), 'width', drawing.width, 'height', drawing.height) end),
    'events', (select jsonb_build_object(
                 'count', count(*),
                 'head', coalesce(encode((array_agg(signature_events.hash order by signature_events.position desc))[1], 'hex'), repeat('0', 64)))
               from app_public.signature_events
               where signature_events.organization_id = form.organization_id and signature_events.form_id = form.id)
  )));
end;

comment on function app_private.proof_of is 'The canonical text of what a signature proves, made in the transaction that signs.';
grant execute on function app_private.proof_of to app_engine;
