-- Everything that can be allowed. FND-04. What the system roles have of it stands in system_roles.sql.

select app_private.own_rows('app_public.permissions', rows => '
  name                      | description
  --------------------------+-------------------------------------------------------------------------------
  appointments.conduct      | Start and finish appointments, record no-shows
  appointments.manage       | Book, confirm, cancel; answer booking requests
  appointments.view         | See the clinic''s appointments and booking requests
  audit.view                | Read the clinic''s audit log
  automations.manage        | Edit the clinic''s automations, switch them on and off
  automations.view          | See the clinic''s automations and what they did
  calendars.manage          | Edit bookable calendars
  consent_texts.manage      | Publish the clinic''s consent texts and privacy notices
  consents.override         | Go on without a consent in an emergency, with a reason
  consents.record           | Record what patients accept, refuse and withdraw, on evidence
  document_templates.manage | Edit and publish templates of documents, letterheads and footers
  documents.manage          | Write and issue the documents of every specialist
  documents.view            | See documents of appointments
  exercise_sessions.view    | See what was recorded of patients'' sessions at home, and play it again
  form_templates.manage     | Edit and publish templates of forms and the clinic''s own fields
  forms.fill                | Make forms for patients, fill them in, complete and reopen them
  forms.view                | See the patients'' forms and what was answered
  integrations.manage       | Choose vendors and enter the keys of the clinic''s own accounts
  members.manage            | Add and remove members, give and take roles
  message_templates.manage  | Edit the words of the clinic''s messages
  messages.view             | See which messages the clinic''s patients were sent
  organization.manage       | Change the clinic''s details and booking settings
  owners.manage             | Name and remove owners of the clinic
  patient_plans.manage      | Sell plans to patients, open access, change subscriptions, adjust what is left
  patient_plans.view        | See the plans and subscriptions of the clinic''s patients
  patient_tiers.manage      | Edit tiers and what they include
  patients.block            | Keep patients from booking by themselves, and decide about it
  patients.manage           | Add and edit patients and their caregivers
  patients.merge            | Merge two patients who are one person, and undo it
  patients.view             | See the clinic''s patients
  reviews.alerted           | Be told at once of reviews with few stars
  reviews.view              | Read patients'' reviews and the specialists'' ratings
  roles.manage              | Define the clinic''s own roles
  schedules.manage          | Edit every specialist''s hours
  schedules.manage_own      | Edit one''s own hours as a specialist
  segments.manage           | Make segments of patients, edit and remove them
  segments.view             | See segments, and who is in them
  service_plans.manage      | Edit service plans and products
  services.manage           | Edit services and who provides them
  specialists.manage        | Add, edit and remove specialists
  specialists.view_org      | See specialists'' accounts and contacts
  specialties.manage        | Edit the clinic''s own specialties
  suppressions.lift         | Let the clinic write again to an address that was reported as dead
  treatment_plans.approve   | Approve treatment plans that others wrote
  treatment_plans.assign    | Assign treatment plans to patients, and look after them
  treatment_plans.manage    | Write treatment plans and submit them
  treatment_plans.view      | See treatment plans, and how patients get on with them
  webhooks.manage           | Have the clinic''s own software told of events, and replay them
  webhooks.view             | See what the clinic''s own software was told
');
