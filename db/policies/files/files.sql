-- A checked file is readable exactly where its owner row is: each policy asks the owner's own. Until then its uploader
-- sees the row, so that it can be uploaded and confirmed. Written by verbs only. FND-13.
-- Clinics, services, specialists and a patient's own appointments are few, so they are read once per query. A clinic's
-- appointments are many: one look-up by their key a row.

select app_private.classify('app_public.files', home => 'clinic', retention => 'medical_record', classes =>
  '{"phi": ["filename", "sha256"],
    "operational": ["id", "organization_id", "surface", "audience", "service_id", "specialist_id", "appointment_id",
                    "owner_organization_id", "owner_kind", "content_type", "size_bytes", "object_key", "uploaded_key", "status", "rejection", "uploaded_by", "expires_at",
                    "confirmed_at", "created_at", "updated_at", "deleted_at", "objects_removed_at"]}');
select app_private.protect('app_public.files', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, surface, service_id, specialist_id, appointment_id, owner_organization_id, filename,
              content_type, size_bytes, sha256, object_key, uploaded_key, status, rejection, uploaded_by, expires_at,
              confirmed_at, created_at, updated_at)
   on app_public.files to app_member;

create policy files_select_uploader on app_public.files for select to app_member
  using (
    uploaded_by = (select app_hidden.current_principal_id())
    and status in ('pending', 'rejected') and deleted_at is null
    and (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[])
         or organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]))
  );

create policy files_select_of_organization on app_public.files for select to app_member
  using (
    status = 'confirmed' and deleted_at is null
    and owner_organization_id in (select organizations.id from app_public.organizations)
  );

create policy files_select_of_service on app_public.files for select to app_member
  using (status = 'confirmed' and deleted_at is null and service_id in (select services.id from app_public.services));

create policy files_select_of_specialist on app_public.files for select to app_member
  using (status = 'confirmed' and deleted_at is null and specialist_id in (select specialists.id from app_public.specialists));

create policy files_select_of_patient on app_public.files for select to app_member
  using (
    status = 'confirmed' and deleted_at is null
    and appointment_id in (
      select appointments.id from app_public.appointments
      where appointments.patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
    )
  );

create policy files_select_of_appointment on app_public.files for select to app_member
  using (
    status = 'confirmed' and deleted_at is null and appointment_id is not null
    and organization_id = any ((select app_hidden.organization_ids_where('appointments.view'))::uuid[])
    and exists (
      select from app_public.appointments
      where appointments.organization_id = files.organization_id and appointments.id = files.appointment_id
    )
  );

create policy files_select_audience on app_public.files
  as restrictive for select to app_member
  using (
    audience = 'owner_readers'
    or organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[])
  );
