-- What the document of a signed form is rendered from: what was kept as it was signed, and nothing that may have changed since but
-- the names of clinic and patient. DOC-05, CNS-07.

create or replace function app_private.input_of_form_document(
  document app_public.form_documents, form app_public.forms, signature app_public.form_signatures, version app_public.pdf_template_versions
) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_kept app_private.signature_documents;
  v_head jsonb;
begin
  select signature_documents.* into strict v_kept
  from app_private.signature_documents
  where signature_documents.organization_id = (form).organization_id and signature_documents.form_id = (form).id;
  v_head := app_private.document_head(
    (form).organization_id, (document).id, 'form', null, (document).title, (signature).locale, (signature).signed_at);
  return app_private.compose_document(
    (form).organization_id, (version).editor_state, (version).layout_config, app_private.pinned_parts(version), v_head,
    app_private.data_of_patient((form).organization_id, (form).patient_profile_id, v_head)
      || jsonb_build_object('form', app_private.data_of_form(form, v_kept.answers::jsonb, signature)),
    app_private.drawn_signature(v_kept, signature),
    app_private.printed_proof(v_kept.proof::jsonb, (signature).proof_sha256));
end;
$$;

comment on function app_private.input_of_form_document is 'The input of the renderer for a signed form: answers, signature, and the proof with its hash.';
grant execute on function app_private.input_of_form_document to app_engine;

create or replace function app_private.data_of_form(form app_public.forms, answers jsonb, signature app_public.form_signatures) returns jsonb
language sql stable
set search_path = ''
return jsonb_build_object(
  'title', app_private.words_in((form).snapshot -> 'title', (signature).locale),
  'intro', app_private.words_in((form).snapshot -> 'intro', (signature).locale),
  'intent', app_private.words_in((form).snapshot -> 'intent', (signature).locale),
  'signed_at', app_private.instant_text((signature).signed_at), 'signer_name', (signature).signer_name,
  'sections', app_private.form_sections((form).organization_id, (form).snapshot -> 'items', answers, '{}', (signature).locale, null));

comment on function app_private.data_of_form is 'The fields of a signed form, with its questions and answers in sections.';
grant execute on function app_private.data_of_form to app_engine;

create or replace function app_private.drawn_signature(kept app_private.signature_documents, signature app_public.form_signatures) returns jsonb
language sql stable
set search_path = ''
return jsonb_strip_nulls(jsonb_build_object(
  'name', (signature).signer_name, 'signedAt', app_private.instant_text((signature).signed_at), 'typedName', (signature).typed_name,
  'svg', case when (kept).path is not null then jsonb_build_object(
    'path', (kept).path, 'width', (kept).proof::jsonb #> '{signature,path,width}', 'height', (kept).proof::jsonb #> '{signature,path,height}') end,
  'sha256', app_private.hex_digest((kept).path)));

comment on function app_private.drawn_signature is 'A signature of a form as the renderer draws it: its strokes, or the name that was typed.';
grant execute on function app_private.drawn_signature to app_engine;

create or replace function app_private.printed_proof(proof jsonb, proof_sha256 text) returns jsonb
language sql stable
set search_path = ''
return jsonb_build_object(
  'sha256', proof_sha256, 'format', proof -> 'format', 'level', proof -> 'level', 'mode', proof #> '{signature,mode}',
  'signature', proof #> '{signature,kind}', 'typedName', proof #> '{signature,typedName}', 'signer', proof #> '{signer,name}',
  'identifiedBy', proof #> '{signer,identifiedBy}', 'relationship', proof #> '{signer,relationship}', 'signedAt', proof -> 'signedAt',
  'address', proof -> 'address', 'userAgent', proof -> 'userAgent', 'formId', proof #> '{form,id}', 'templateVersion', proof #> '{form,version}',
  'contentSha256', proof #> '{content,sha256}', 'textSha256', proof #> '{text,sha256}', 'answersSha256', proof #> '{answers,sha256}',
  'attachments', coalesce(jsonb_path_query_array(proof, 'lax $.attachments[*]'), '[]'),
  'purposes', coalesce(jsonb_path_query_array(proof, 'lax $.purposes[*]'), '[]'), 'events', proof -> 'events');

comment on function app_private.printed_proof is 'What of a proof is printed on the document of a form, its hash first.';
grant execute on function app_private.printed_proof to app_engine;
