-- What files may belong to, and the function of app_private that tells of such an owner. FND-13.

select app_private.own_rows('app_private.file_owner_kinds', rows => '
  key                  | column_name             | patient_column     | owner_function
  ---------------------+-------------------------+--------------------+--------------------------------
  appointment          | appointment_id          | patient_profile_id | file_owner_appointment
  appointment_document | appointment_document_id | patient_profile_id | file_owner_appointment_document
  form                 | form_id                 | patient_profile_id | file_owner_form
  organization         | owner_organization_id   |                    | file_owner_organization
  service              | service_id              |                    | file_owner_service
  specialist           | specialist_id           |                    | file_owner_specialist
');
