-- A signed form becomes a document: its answers as they were shown, the signature, and the proof with its hash. With the signature
-- where the template of the form has a template of documents, and for any other signed form when somebody asks. DOC-05, CNS-07.

set role app_engine;

create or replace function app_public.request_form_document(form_id uuid) returns app_public.form_documents
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_form constant app_public.forms := app_private.form_of_reader(request_form_document.form_id);
begin
  if v_form.status <> 'signed' then
    perform app_hidden.refuse('STATE', 'not_signed');
  end if;
  return app_private.make_form_document(v_form);
end;
$$;

comment on function app_public.request_form_document is
  'Makes the document of a signed form, by the template that the form was published with or else the one that the product gave the '
  'clinic; the one that is there already is answered again. For its patient, and with forms.view. NOT_FOUND form_not_found; STATE '
  'not_signed; VALIDATION template_not_published.';
grant execute on function app_public.request_form_document to app_member;

reset role;

create or replace function app_private.make_form_document(form app_public.forms) returns app_public.form_documents
language plpgsql volatile
set search_path = ''
as $$
declare
  v_signature app_public.form_signatures;
  v_version app_public.pdf_template_versions;
  v_document app_public.form_documents;
begin
  select form_signatures.* into strict v_signature
  from app_public.form_signatures
  where form_signatures.organization_id = (form).organization_id and form_signatures.form_id = (form).id;
  select version.* into v_version
  from app_public.form_template_versions as asked
  join app_public.pdf_template_versions as version
    on version.organization_id = asked.organization_id and version.id = asked.pdf_version_id
  where asked.organization_id = (form).organization_id and asked.id = (form).version_id;
  if not found then
    v_version := app_private.published_pdf_version((form).organization_id, (
      select pdf_templates.id from app_public.pdf_templates
      where pdf_templates.organization_id = (form).organization_id and pdf_templates.key = 'signed_form_' || v_signature.locale), '{form}');
  end if;
  insert into app_public.form_documents (organization_id, form_id, version_id, title, requested_by, created_at)
  values ((form).organization_id, (form).id, v_version.id,
          coalesce(nullif(regexp_replace(left(app_private.words_in((form).snapshot -> 'title', v_signature.locale), 150), '[[:cntrl:]]+', ' ', 'g'), ''), v_version.title),
          case when (form).status = 'signed' then app_private.current_actor_id() end, app_hidden.now())
  on conflict on constraint form_documents_form_has_one do nothing
  returning * into v_document;
  if not found then
    select form_documents.* into strict v_document
    from app_public.form_documents
    where form_documents.organization_id = (form).organization_id and form_documents.form_id = (form).id;
    return v_document;
  end if;
  perform app_private.freeze_document_input(
    (form).organization_id, null, v_document.id, app_private.input_of_form_document(v_document, form, v_signature, v_version));
  perform app_private.publish('document.issued', (form).organization_id, v_document.id, app_private.form_document_event_payload(v_document));
  return v_document;
end;
$$;

comment on function app_private.make_form_document is
  'The document of a signed form, made and queued where it is not there yet; VALIDATION template_not_published.';
grant execute on function app_private.make_form_document to app_engine;

create or replace function app_private.form_document_event_payload(document app_public.form_documents) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select jsonb_build_object('documentId', (document).id, 'kind', 'form', 'formId', forms.id, 'patientProfileId', forms.patient_profile_id)
  from app_public.forms
  where forms.organization_id = (document).organization_id and forms.id = (document).form_id;
end;

comment on function app_private.form_document_event_payload is 'The payload of the events of a document of a form.';
grant execute on function app_private.form_document_event_payload to app_engine;
