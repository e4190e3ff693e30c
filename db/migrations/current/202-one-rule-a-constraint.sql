-- A text that is too long is told so, and not that it is blank: a constraint says one thing, because its name is what
-- people read. FND-29.

alter table app_public.booking_requests
  drop constraint if exists booking_requests_given_name_is_not_blank,
  drop constraint if exists booking_requests_given_name_is_at_most_100_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint booking_requests_given_name_is_not_blank check (given_name ~ '[[:alnum:]]'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint booking_requests_given_name_is_at_most_100_characters_long check (length(given_name) <= 100);
alter table app_public.booking_requests
  drop constraint if exists booking_requests_family_name_is_not_blank,
  drop constraint if exists booking_requests_family_name_is_at_most_100_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint booking_requests_family_name_is_not_blank check (family_name ~ '[[:alnum:]]'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint booking_requests_family_name_is_at_most_100_characters_long check (length(family_name) <= 100);
alter table app_public.calendars
  drop constraint if exists calendars_name_is_not_blank,
  drop constraint if exists calendars_name_is_at_most_200_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint calendars_name_is_not_blank check (name ~ '[[:alnum:]]'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint calendars_name_is_at_most_200_characters_long check (length(name) <= 200);
alter table app_public.humans
  drop constraint if exists humans_display_name_is_not_blank,
  drop constraint if exists humans_display_name_is_at_most_200_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint humans_display_name_is_not_blank check (display_name ~ '[[:alnum:]]'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint humans_display_name_is_at_most_200_characters_long check (length(display_name) <= 200);
alter table app_public.inbox_items
  drop constraint if exists inbox_items_title_is_not_blank,
  drop constraint if exists inbox_items_title_is_at_most_200_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint inbox_items_title_is_not_blank check (title ~ '[[:alnum:]]'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint inbox_items_title_is_at_most_200_characters_long check (length(title) <= 200);
alter table app_public.inbox_items
  drop constraint if exists inbox_items_body_is_not_blank,
  drop constraint if exists inbox_items_body_is_at_most_10000_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint inbox_items_body_is_not_blank check (body ~ '[[:alnum:]]'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint inbox_items_body_is_at_most_10000_characters_long check (length(body) <= 10000);
alter table app_public.organizations
  drop constraint if exists organizations_name_is_not_blank,
  drop constraint if exists organizations_name_is_at_most_200_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint organizations_name_is_not_blank check (name ~ '[[:alnum:]]'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint organizations_name_is_at_most_200_characters_long check (length(name) <= 200);
alter table app_public.patient_profiles
  drop constraint if exists patient_profiles_given_name_is_not_blank,
  drop constraint if exists patient_profiles_given_name_is_at_most_100_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint patient_profiles_given_name_is_not_blank check (given_name ~ '[[:alnum:]]'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint patient_profiles_given_name_is_at_most_100_characters_long check (length(given_name) <= 100);
alter table app_public.patient_profiles
  drop constraint if exists patient_profiles_family_name_is_not_blank,
  drop constraint if exists patient_profiles_family_name_is_at_most_100_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint patient_profiles_family_name_is_not_blank check (family_name ~ '[[:alnum:]]'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint patient_profiles_family_name_is_at_most_100_characters_long check (length(family_name) <= 100);
alter table app_public.roles
  drop constraint if exists roles_name_is_not_blank,
  drop constraint if exists roles_name_is_at_most_100_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint roles_name_is_not_blank check (name ~ '[[:alnum:]]'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint roles_name_is_at_most_100_characters_long check (length(name) <= 100);
alter table app_public.services
  drop constraint if exists services_name_is_not_blank,
  drop constraint if exists services_name_is_at_most_200_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint services_name_is_not_blank check (name ~ '[[:alnum:]]'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint services_name_is_at_most_200_characters_long check (length(name) <= 200);
alter table app_public.specialists
  drop constraint if exists specialists_given_name_is_not_blank,
  drop constraint if exists specialists_given_name_is_at_most_100_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint specialists_given_name_is_not_blank check (given_name ~ '[[:alnum:]]'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint specialists_given_name_is_at_most_100_characters_long check (length(given_name) <= 100);
alter table app_public.specialists
  drop constraint if exists specialists_family_name_is_not_blank,
  drop constraint if exists specialists_family_name_is_at_most_100_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint specialists_family_name_is_not_blank check (family_name ~ '[[:alnum:]]'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint specialists_family_name_is_at_most_100_characters_long check (length(family_name) <= 100);
alter table app_public.specialties
  drop constraint if exists specialties_name_is_not_blank,
  drop constraint if exists specialties_name_is_at_most_200_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint specialties_name_is_not_blank check (name ~ '[[:alnum:]]'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint specialties_name_is_at_most_200_characters_long check (length(name) <= 200);
alter table app_public.specialists
  drop constraint if exists specialists_title_is_short,
  drop constraint if exists specialists_title_is_not_blank,
  drop constraint if exists specialists_title_is_at_most_50_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint specialists_title_is_not_blank check (title ~ '[[:alnum:]]'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint specialists_title_is_at_most_50_characters_long check (length(title) <= 50);
alter table app_private.caregiver_evidence
  drop constraint if exists caregivers_evidence_is_not_blank,
  drop constraint if exists caregivers_evidence_is_at_most_500_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint caregivers_evidence_is_not_blank check (length(btrim(evidence)) >= 3),
  -- squawk-ignore constraint-missing-not-valid
  add constraint caregivers_evidence_is_at_most_500_characters_long check (length(btrim(evidence)) <= 500);
alter table app_public.organization_integrations
  drop constraint if exists organization_integrations_label_is_one_line,
  drop constraint if exists organization_integrations_label_is_not_blank,
  drop constraint if exists organization_integrations_label_is_at_most_100_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint organization_integrations_label_is_one_line check (label !~ '[[:cntrl:]]'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint organization_integrations_label_is_not_blank check (label ~ '[[:alnum:]]'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint organization_integrations_label_is_at_most_100_characters_long check (length(label) <= 100);
alter table app_private.message_templates
  drop constraint if exists message_templates_body_is_not_blank,
  drop constraint if exists message_templates_body_is_at_most_20000_characters_long,
  drop constraint if exists message_templates_title_is_one_line,
  drop constraint if exists message_templates_title_is_not_blank,
  drop constraint if exists message_templates_title_is_at_most_200_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint message_templates_body_is_not_blank check (length(btrim(body)) >= 1),
  -- squawk-ignore constraint-missing-not-valid
  add constraint message_templates_body_is_at_most_20000_characters_long check (length(btrim(body)) <= 20000),
  -- squawk-ignore constraint-missing-not-valid
  add constraint message_templates_title_is_one_line check (title !~ '[[:cntrl:]]'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint message_templates_title_is_not_blank check (length(btrim(title)) >= 1),
  -- squawk-ignore constraint-missing-not-valid
  add constraint message_templates_title_is_at_most_200_characters_long check (length(btrim(title)) <= 200);
alter table app_public.clinic_message_templates
  drop constraint if exists clinic_message_templates_title_is_one_line,
  drop constraint if exists clinic_message_templates_title_is_not_blank,
  drop constraint if exists clinic_message_templates_title_is_at_most_200_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint clinic_message_templates_title_is_one_line check (title !~ '[[:cntrl:]]'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint clinic_message_templates_title_is_not_blank check (length(btrim(title)) >= 1),
  -- squawk-ignore constraint-missing-not-valid
  add constraint clinic_message_templates_title_is_at_most_200_characters_long check (length(btrim(title)) <= 200);
alter table app_public.messages
  drop constraint if exists messages_recipient_name_is_one_line,
  drop constraint if exists messages_recipient_name_is_at_most_250_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint messages_recipient_name_is_one_line check (recipient_name !~ '[[:cntrl:]]'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint messages_recipient_name_is_at_most_250_characters_long check (length(recipient_name) <= 250);
alter table app_public.invitations
  drop constraint if exists invitations_name_is_not_blank,
  drop constraint if exists invitations_name_is_at_most_200_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint invitations_name_is_not_blank check (name ~ '[[:alnum:]]'),
  -- squawk-ignore constraint-missing-not-valid
  add constraint invitations_name_is_at_most_200_characters_long check (length(name) <= 200);
alter table app_public.patient_merges
  drop constraint if exists patient_merges_reason_is_not_blank,
  drop constraint if exists patient_merges_reason_is_at_most_500_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint patient_merges_reason_is_not_blank check (length(btrim(reason)) >= 3),
  -- squawk-ignore constraint-missing-not-valid
  add constraint patient_merges_reason_is_at_most_500_characters_long check (length(btrim(reason)) <= 500);
alter table app_public.appointment_transfers
  drop constraint if exists appointment_transfers_reason_is_not_blank,
  drop constraint if exists appointment_transfers_reason_is_at_most_500_characters_long,
  -- squawk-ignore constraint-missing-not-valid
  add constraint appointment_transfers_reason_is_not_blank check (length(btrim(reason)) >= 3),
  -- squawk-ignore constraint-missing-not-valid
  add constraint appointment_transfers_reason_is_at_most_500_characters_long check (length(btrim(reason)) <= 500);
