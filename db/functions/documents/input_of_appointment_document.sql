-- What an issued document of an appointment is rendered from, as everything stands at that moment. DOC-03, DOC-04.

create or replace function app_private.input_of_appointment_document(document app_public.appointment_documents) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_version app_public.pdf_template_versions;
  v_head jsonb;
begin
  select version.* into strict v_version
  from app_public.pdf_template_versions as version
  where version.organization_id = (document).organization_id and version.id = (document).version_id;
  v_head := app_private.document_head(
    (document).organization_id, (document).id, (document).kind, (document).number_year || '/' || (document).number, (document).title,
    (document).locale, (document).issued_at);
  return app_private.compose_document(
    (document).organization_id, v_version.editor_state, v_version.layout_config, app_private.pinned_parts(v_version), v_head,
    app_private.data_of_appointment(
      (document).organization_id, (document).appointment_id, (document).specialist_id, v_head, (document).content),
    (
      select jsonb_build_object(
        'objectKey', files.object_key, 'contentType', files.content_type, 'sha256', files.sha256,
        'name', concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name),
        'signedAt', app_private.instant_text((document).issued_at))
      from app_public.specialist_signatures as signature
      join app_public.files on files.organization_id = signature.organization_id and files.id = signature.file_id
      join app_public.specialists on specialists.organization_id = signature.organization_id and specialists.id = signature.specialist_id
      where signature.organization_id = (document).organization_id and signature.id = (document).signature_id
        and signature.specialist_id = (document).specialist_id
    ), null);
end;
$$;

comment on function app_private.input_of_appointment_document is 'The input of the renderer for a document of an appointment, with the signature that it carries.';
grant execute on function app_private.input_of_appointment_document to app_engine;

create or replace function app_private.document_head(
  organization_id uuid, id uuid, kind text, number text, title text, locale text, issued_at timestamptz
) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'id', document_head.id, 'kind', document_head.kind, 'number', document_head.number, 'title', document_head.title,
    'locale', document_head.locale, 'timezone', organizations.timezone, 'issuedAt', app_private.instant_text(document_head.issued_at))
  from app_public.organizations where organizations.id = document_head.organization_id;
end;

comment on function app_private.document_head is 'What the input of the renderer says of the document itself.';
grant execute on function app_private.document_head to app_engine;

-- What every document can say, whatever it is of.
create or replace function app_private.data_of_patient(organization_id uuid, patient_profile_id uuid, head jsonb) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'document', jsonb_build_object('title', head -> 'title', 'number', head -> 'number', 'issued_at', head -> 'issuedAt'),
    'clinic', jsonb_build_object(
      'name', organizations.name, 'address', nullif(concat_ws(', ', organizations.street, organizations.city), ''),
      'phone', organizations.contact_phone, 'email', organizations.contact_email),
    'patient', jsonb_build_object(
      'name', concat_ws(' ', person.given_name, person.family_name), 'given_name', person.given_name, 'family_name', person.family_name,
      'birth_date', to_char(person.birth_date, 'YYYY-MM-DD'), 'phone', person.phone, 'email', person.email))
  from app_public.organizations
  cross join app_public.patient_profiles as person
  where organizations.id = data_of_patient.organization_id and person.id = data_of_patient.patient_profile_id;
end;

comment on function app_private.data_of_patient is 'The fields of document, clinic and patient.';
grant execute on function app_private.data_of_patient to app_engine;

create or replace function app_private.data_of_appointment(
  organization_id uuid, appointment_id uuid, specialist_id uuid, head jsonb, content jsonb
) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select app_private.data_of_patient(visit.organization_id, visit.patient_profile_id, head) || jsonb_build_object(
    'appointment', jsonb_build_object(
      'starts_at', app_private.instant_text(visit.starts_at), 'ends_at', app_private.instant_text(visit.ends_at),
      'service', coalesce(services.translations #>> array[head ->> 'locale', 'name'], services.name),
      'price', jsonb_build_object('amount', visit.total_amount, 'currency', visit.currency)),
    'specialist', jsonb_build_object(
      'name', concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name), 'title', specialists.title,
      'registration_number', specialists.registration_number),
    'sessions', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'starts_at', app_private.instant_text(done.starts_at), 'service', done.service, 'specialist', done.specialist) order by done.starts_at, done.id), '[]')
      from (
        select earlier.id, earlier.starts_at, coalesce(given.translations #>> array[head ->> 'locale', 'name'], given.name) as service,
               concat_ws(' ', who.title, who.given_name, who.family_name) as specialist
        from app_public.appointments as earlier
        join app_public.services as given on given.organization_id = earlier.organization_id and given.id = earlier.service_id
        join app_public.specialists as who on who.organization_id = earlier.organization_id and who.id = earlier.specialist_id
        where earlier.organization_id = visit.organization_id and earlier.patient_profile_id = visit.patient_profile_id
          and earlier.status = 'done' and earlier.deleted_at is null and earlier.starts_at <= visit.starts_at
        order by earlier.starts_at desc, earlier.id desc
        limit 100) as done),
    'input', content)
  from app_public.appointments as visit
  join app_public.services on services.organization_id = visit.organization_id and services.id = visit.service_id
  join app_public.specialists
    on specialists.organization_id = visit.organization_id and specialists.id = data_of_appointment.specialist_id
  where visit.organization_id = data_of_appointment.organization_id and visit.id = data_of_appointment.appointment_id;
end;

comment on function app_private.data_of_appointment is
  'The fields of a document of an appointment: what every document says, the appointment, the specialist, sessions done until then, and what was written.';
grant execute on function app_private.data_of_appointment to app_engine;
