-- What the clinic noted of a patient is for whoever sees its patients, of a service or specialist for its staff.
-- Written by set_custom_field_value() and by forms. FRM-01.

select app_private.classify('app_public.custom_field_values', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "custom_field_id", "entity_type", "service_id", "specialist_id", "version",
                    "source_form_id", "updated_by", "created_at", "updated_at"],
    "phi": ["patient_profile_id", "value"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.custom_field_values', 'patient_profile_id', 'moves');
select app_private.protect('app_public.custom_field_values', engine => 'select, insert, update, delete');

grant select on app_public.custom_field_values to app_member;

create policy custom_field_values_select_of_patient on app_public.custom_field_values for select to app_member
  using (
    entity_type = 'patient'
    and organization_id = any ((select app_hidden.rights('patients.view'))::uuid[])
    -- One look-up a row: what is noted of a removed patient is hidden with them.
    and exists (
      select from app_public.patients
      where patients.organization_id = custom_field_values.organization_id
        and patients.patient_profile_id = custom_field_values.patient_profile_id)
  );

create policy custom_field_values_select_of_catalog on app_public.custom_field_values for select to app_member
  using (entity_type in ('service', 'specialist') and organization_id = any ((select app_hidden.rights('staff'))::uuid[]));
