-- What rules count of a patient. SEG-02.

select app_private.own_rows('app_private.rule_collections', rows => '
code: appointments
label_en: Appointments
label_ro: Programări
source: appointments
permission: appointments.view
table_name: app_public.appointments
person_sql: r.patient_profile_id = p.patient_profile_id and r.deleted_at is null
time_sql: r.starts_at
event_property: appointmentId
==========
code: forms
label_en: Forms
label_ro: Formulare
source: forms
permission: forms.view
table_name: app_public.forms
person_sql: r.patient_id = p.id and r.deleted_at is null
time_sql: coalesce(r.completed_at, r.created_at)
event_property: formId
==========
code: plans
label_en: Service plans
label_ro: Planuri de servicii
source: plans
permission: patient_plans.view
table_name: app_public.patient_service_plans
person_sql: r.patient_profile_id = p.patient_profile_id
time_sql: r.starts_at
');
