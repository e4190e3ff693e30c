-- A report or a prescription of an appointment is begun, with the version of the template that is published now; it stays with it.
-- By the specialist of the appointment, or with documents.manage. DOC-04.

set role app_engine;

create or replace function app_public.draft_document(
  appointment_id uuid, template_id uuid, content jsonb default '{}', file_ids uuid[] default '{}'
) returns app_public.appointment_documents
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_appointment constant app_public.appointments := app_private.lock_appointment(app_private.own_appointment(draft_document.appointment_id));
  v_version app_public.pdf_template_versions;
  v_document app_public.appointment_documents;
begin
  perform app_private.require_right_to_document(v_appointment.organization_id, v_appointment.specialist_id);
  v_version := app_private.published_pdf_version(v_appointment.organization_id, draft_document.template_id, '{report,prescription}');
  perform app_private.require_document_content(v_version.editor_state, draft_document.content, false);
  insert into app_public.appointment_documents
    (organization_id, appointment_id, patient_profile_id, specialist_id, kind, template_id, version_id, title, locale, content, created_by)
  values (v_appointment.organization_id, v_appointment.id, v_appointment.patient_profile_id, v_appointment.specialist_id, v_version.kind,
          v_version.template_id, v_version.id, v_version.title, v_version.locale, draft_document.content, app_private.current_actor_id())
  returning * into v_document;
  perform app_private.set_document_files(v_document, draft_document.file_ids);
  return v_document;
end;
$$;

comment on function app_public.draft_document is
  E'@arg content What is written into the inputs of the template, by the key of each.\n'
  '@arg fileIds Files of the appointment that go with it.\n'
  'Begins a report or a prescription of an appointment. For its specialist, or with documents.manage. NOT_FOUND; VALIDATION '
  'template_not_published, answers_not_valid, not_a_file_of_the_appointment.';
grant execute on function app_public.draft_document to app_member;

reset role;

create or replace function app_private.require_right_to_document(organization_id uuid, specialist_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if require_right_to_document.specialist_id <> all (app_hidden.current_specialist_ids()) then
    perform app_private.require_permission(require_right_to_document.organization_id, 'documents.manage');
  end if;
end;
$$;

comment on function app_private.require_right_to_document is
  'Passes for the specialist whose document it is, and with documents.manage; FORBIDDEN permission_missing otherwise.';
grant execute on function app_private.require_right_to_document to app_engine;

create or replace function app_private.published_pdf_version(organization_id uuid, template_id uuid, kinds text[])
returns app_public.pdf_template_versions
language plpgsql stable
set search_path = ''
as $$
declare
  v_version app_public.pdf_template_versions;
begin
  select version.* into v_version
  from app_public.pdf_templates
  join app_public.pdf_template_versions as version
    on version.organization_id = pdf_templates.organization_id and version.template_id = pdf_templates.id
   and version.number = pdf_templates.version
  where pdf_templates.organization_id = published_pdf_version.organization_id and pdf_templates.id = published_pdf_version.template_id
    and pdf_templates.published and version.kind = any (published_pdf_version.kinds);
  if not found then
    perform app_hidden.refuse('VALIDATION', 'template_not_published', '{"field": "templateId"}');
  end if;
  return v_version;
end;
$$;

comment on function app_private.published_pdf_version is
  'The present version of a published template of the clinic, of one of these kinds; VALIDATION template_not_published.';
grant execute on function app_private.published_pdf_version to app_engine;

create or replace function app_private.set_document_files(document app_public.appointment_documents, file_ids uuid[]) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if exists (
    select from unnest(set_document_files.file_ids) as named (id)
    where not exists (
      select from app_public.files
      where files.organization_id = (document).organization_id and files.id = named.id and files.appointment_id = (document).appointment_id
        and files.surface = 'appointment_files' and files.status = 'confirmed')
  ) or cardinality(set_document_files.file_ids) > 50 then
    perform app_hidden.refuse('VALIDATION', 'not_a_file_of_the_appointment', '{"field": "fileIds"}');
  end if;
  delete from app_public.appointment_document_files as attached
  where attached.organization_id = (document).organization_id and attached.document_id = (document).id
    and attached.file_id <> all (set_document_files.file_ids);
  insert into app_public.appointment_document_files (organization_id, document_id, file_id)
  select distinct (document).organization_id, (document).id, named.id from unnest(set_document_files.file_ids) as named (id)
  on conflict do nothing;
end;
$$;

comment on function app_private.set_document_files is
  'The files that go with a document are these: confirmed ones of its appointment that the patient may see; VALIDATION otherwise.';
grant execute on function app_private.set_document_files to app_engine;
