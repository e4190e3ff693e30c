-- The roles that every clinic has, and what each allows in a clinic that is new. FND-04.
-- A clinic that is there already keeps what its roles have: give it more in a file of db/migrations/current that is
-- numbered above 900, under set role app_engine; take away before, in one that is numbered below.

select app_private.own_rows('app_public.system_roles', rows => '
  key        | name          | name_ro
  -----------+---------------+--------------
  owner      | Owner         | Proprietar
  admin      | Administrator | Administrator
  specialist | Specialist    | Specialist
  front_desk | Front desk    | Recepție
  billing    | Billing       | Facturare
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "owner"}', rows => '
  permission
  -------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  automations.manage
  automations.view
  billing.manage
  billing.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  document_templates.manage
  documents.manage
  documents.view
  exercise_sessions.view
  form_templates.manage
  forms.fill
  forms.view
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  owners.manage
  patient_plans.manage
  patient_plans.view
  patient_tiers.manage
  patients.block
  patients.manage
  patients.merge
  patients.view
  reviews.alerted
  reviews.view
  roles.manage
  schedules.manage
  schedules.manage_own
  segments.manage
  segments.view
  service_plans.manage
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
  treatment_plans.approve
  treatment_plans.assign
  treatment_plans.manage
  treatment_plans.view
  webhooks.manage
  webhooks.view
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "admin"}', rows => '
  permission
  -------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  automations.manage
  automations.view
  billing.manage
  billing.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  document_templates.manage
  documents.manage
  documents.view
  exercise_sessions.view
  form_templates.manage
  forms.fill
  forms.view
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  patient_plans.manage
  patient_plans.view
  patient_tiers.manage
  patients.block
  patients.manage
  patients.merge
  patients.view
  reviews.alerted
  reviews.view
  roles.manage
  schedules.manage
  schedules.manage_own
  segments.manage
  segments.view
  service_plans.manage
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
  treatment_plans.approve
  treatment_plans.assign
  treatment_plans.manage
  treatment_plans.view
  webhooks.manage
  webhooks.view
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "specialist"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.view
  consents.override
  consents.record
  documents.view
  exercise_sessions.view
  forms.fill
  forms.view
  patient_plans.view
  patients.view
  schedules.manage_own
  segments.view
  specialists.view_org
  treatment_plans.assign
  treatment_plans.manage
  treatment_plans.view
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "front_desk"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.manage
  appointments.view
  consents.record
  forms.fill
  forms.view
  messages.view
  patient_plans.manage
  patient_plans.view
  patients.block
  patients.manage
  patients.view
  schedules.manage
  specialists.view_org
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "billing"}', rows => '
  permission
  --------------------
  billing.manage
  billing.view
  patient_plans.manage
  patient_plans.view
  specialists.view_org
');
