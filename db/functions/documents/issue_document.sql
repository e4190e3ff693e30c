-- A document is issued: everything that it asks is written, it gets its number, what it is rendered from is frozen, and the job that
-- renders it is queued, all in one transaction. The signature of the specialist goes onto it only where they issue it themselves;
-- the key appointment_documents_are_signed_by_their_specialist lets no other one in. DOC-03, DOC-04.

set role app_engine;

create or replace function app_public.issue_document(document_id uuid) returns app_public.appointment_documents
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_document app_public.appointment_documents := app_private.locked_document(issue_document.document_id);
  v_replaced app_public.appointment_documents;
begin
  perform app_private.require_draft(v_document);
  perform app_private.require_document_content((
    select version.editor_state from app_public.pdf_template_versions as version
    where version.organization_id = v_document.organization_id and version.id = v_document.version_id), v_document.content, true);
  if v_document.replaces_id is not null then
    update app_public.appointment_documents set status = 'replaced'
    where appointment_documents.organization_id = v_document.organization_id and appointment_documents.id = v_document.replaces_id
    returning * into v_replaced;
    perform app_private.publish('document.replaced', v_document.organization_id, v_replaced.id,
      app_private.document_event_payload(v_replaced) || jsonb_build_object('replacedById', v_document.id));
  end if;

  -- Two of one clinic at once would get one number.
  perform pg_advisory_xact_lock(hashtextextended('documents of ' || v_document.organization_id, 0));
  update app_public.appointment_documents
  set status = 'issued', issued_at = app_hidden.now(), issued_by = app_private.current_actor_id(),
      number_year = year.of_issue,
      number = 1 + coalesce((
        select max(earlier.number) from app_public.appointment_documents as earlier
        where earlier.organization_id = v_document.organization_id and earlier.number_year = year.of_issue), 0),
      signature_id = case when v_document.specialist_id = any (app_hidden.current_specialist_ids()) then (
        select signature.id
        from (
          select newest.id, newest.file_id from app_public.specialist_signatures as newest
          where newest.organization_id = v_document.organization_id and newest.specialist_id = v_document.specialist_id
          order by newest.created_at desc, newest.id desc limit 1) as signature
        where signature.file_id is not null) end
  from (
    select extract(year from app_hidden.now() at time zone organizations.timezone)::int as of_issue
    from app_public.organizations where organizations.id = v_document.organization_id) as year
  where appointment_documents.id = v_document.id
  returning appointment_documents.* into v_document;
  perform app_private.freeze_document_input(v_document.organization_id, v_document.id, null, app_private.input_of_appointment_document(v_document));
  perform app_private.publish('document.issued', v_document.organization_id, v_document.id, app_private.document_event_payload(v_document));
  return v_document;
end;
$$;

comment on function app_public.issue_document is
  'Issues a draft: from then on it never changes, and the patient sees it once it is rendered. It carries the signature of its '
  'specialist where they issue it themselves. For its specialist, or with documents.manage. NOT_FOUND; IMMUTABLE document_is_issued; '
  'VALIDATION answers_not_valid; STATE illegal_move where what it replaces was cancelled meanwhile.';
grant execute on function app_public.issue_document to app_member;

reset role;

create or replace function app_private.document_event_payload(document app_public.appointment_documents) returns jsonb
language sql stable
set search_path = ''
return jsonb_strip_nulls(jsonb_build_object(
  'documentId', (document).id, 'kind', (document).kind, 'appointmentId', (document).appointment_id,
  'patientProfileId', (document).patient_profile_id, 'replacesId', (document).replaces_id));

comment on function app_private.document_event_payload is 'The payload of the events of a document of an appointment; nothing of what it says.';
grant execute on function app_private.document_event_payload to app_engine;
