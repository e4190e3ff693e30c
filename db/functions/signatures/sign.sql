-- The one way in which a form is signed, whoever signs and wherever: completes it where that is left, writes the proof, locks
-- the form, gives the consents, ends what else could sign it, and adds the last event. All of it or nothing. CNS-02, CNS-04..07.

create or replace function app_private.sign(
  form_id uuid,
  signer app_private.signer,
  answers jsonb,
  text_hash text,
  locale text,
  agreed boolean,
  typed_name text default null,
  drawing app_private.drawing default null,
  location jsonb default null
) returns app_public.form_signatures
language plpgsql volatile
set search_path = ''
as $$
declare
  v_form app_public.forms;
  v_version app_public.form_template_versions;
  v_text text;
  v_proof text;
  v_signature app_public.form_signatures;
  v_purposes uuid[];
begin
  -- No key: an appointment that is just booked may refer to the form, and holds the patient whom consents wait for.
  select forms.* into v_form
  from app_public.forms
  where forms.id = sign.form_id and forms.deleted_at is null
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'form_not_found');
  end if;
  perform app_private.require_own_hand();
  perform app_private.require_form_stands(v_form);
  if v_form.status = 'signed' then
    perform app_hidden.refuse('STATE', 'already_signed', jsonb_build_object('signedAt', v_form.signed_at));
  end if;
  select form_template_versions.* into strict v_version
  from app_public.form_template_versions
  where form_template_versions.organization_id = v_form.organization_id and form_template_versions.id = v_form.version_id;
  perform app_private.require_signature(v_version, signer, agreed, typed_name, drawing, location);

  if v_form.status <> 'completed' then
    v_form := app_private.complete(v_form, sign.answers);
  elsif app_private.merged_answers(v_form, sign.answers) <> v_form.answers then
    v_form := app_private.answer_form(v_form, sign.answers); -- which refuses: what is complete is not answered anew
  end if;
  v_text := app_private.shown_text(v_form, sign.locale);
  if app_private.hex_digest(v_text) is distinct from sign.text_hash then
    perform app_hidden.refuse('CONFLICT', 'text_is_another', jsonb_build_object('field', 'textHash'));
  end if;

  perform app_private.end_signature_links(v_form.organization_id, v_form.id, 'signed_elsewhere');
  v_proof := app_private.proof_of(
    v_form, v_version, signer, v_text, sign.locale, typed_name, drawing, location);
  insert into app_public.form_signatures
    (organization_id, form_id, mode, signature, signer_name, typed_name, signer_human_id, caregiver_id, link_id, identified_by,
     locale, proof_sha256, signed_at)
  values
    (v_form.organization_id, v_form.id, signer.mode, signer.signature, app_private.signer_name(v_form, signer),
     btrim(typed_name), signer.human_id, signer.caregiver_id, signer.link_id, signer.identified_by, sign.locale,
     app_private.hex_digest(v_proof), app_hidden.now())
  returning * into v_signature;
  insert into app_private.signature_documents (organization_id, form_id, proof, content, shown, answers, image, path)
  values (v_form.organization_id, v_form.id, v_proof, v_form.snapshot::text, v_text, app_private.canonical_json(v_form.answers),
          drawing.image, drawing.path);
  perform app_private.record_signature_event(
    v_form.organization_id, v_form.id, 'signed', signer.link_id, jsonb_build_object('proofHash', v_signature.proof_sha256));

  update app_public.forms
  set status = 'signed', signed_at = app_hidden.now(),
      valid_until = app_hidden.now() + make_interval(months => v_version.validity_months)
  where forms.id = v_form.id;
  perform app_private.publish(
    'form.signed', v_form.organization_id, v_form.id,
    app_private.form_event_payload(v_form) || jsonb_build_object('signatureMode', signer.mode));
  if v_version.pdf_version_id is not null then
    perform app_private.make_form_document(v_form);
  end if;
  select array_agg(purpose.version_id order by purpose.version_id) into v_purposes
  from app_private.purposes_of_form(v_form, sign.locale) as purpose;
  if v_purposes is not null then
    perform app_private.grant_by_form(
      v_form.organization_id, v_form.patient_id, v_form.id, v_purposes, 'granted', decode(v_signature.proof_sha256, 'hex'),
      signer.human_id, signer.caregiver_id, app_hidden.now());
  end if;
  return v_signature;
end;
$$;

comment on function app_private.sign is
  'Signs a form: STATE already_signed or signed_in_another_way, VALIDATION for what is missing, CONFLICT text_is_another for a '
  'text that is not the present one.';
grant execute on function app_private.sign to app_engine;
