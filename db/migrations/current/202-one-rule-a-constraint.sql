-- A text that is too long is told so, and not that it is blank: a constraint says one thing, because its name is what
-- people read. FND-29.

alter table app_public.booking_requests
  drop constraint if exists booking_requests_given_name_is_not_blank,
  drop constraint if exists booking_requests_given_name_is_at_most_100_characters_long,
  add constraint booking_requests_given_name_is_not_blank check (given_name ~ '[[:alnum:]]'),
  add constraint booking_requests_given_name_is_at_most_100_characters_long check (length(given_name) <= 100);
alter table app_public.booking_requests
  drop constraint if exists booking_requests_family_name_is_not_blank,
  drop constraint if exists booking_requests_family_name_is_at_most_100_characters_long,
  add constraint booking_requests_family_name_is_not_blank check (family_name ~ '[[:alnum:]]'),
  add constraint booking_requests_family_name_is_at_most_100_characters_long check (length(family_name) <= 100);
alter table app_public.calendars
  drop constraint if exists calendars_name_is_not_blank,
  drop constraint if exists calendars_name_is_at_most_200_characters_long,
  add constraint calendars_name_is_not_blank check (name ~ '[[:alnum:]]'),
  add constraint calendars_name_is_at_most_200_characters_long check (length(name) <= 200);
alter table app_public.humans
  drop constraint if exists humans_display_name_is_not_blank,
  drop constraint if exists humans_display_name_is_at_most_200_characters_long,
  add constraint humans_display_name_is_not_blank check (display_name ~ '[[:alnum:]]'),
  add constraint humans_display_name_is_at_most_200_characters_long check (length(display_name) <= 200);
alter table app_public.inbox_items
  drop constraint if exists inbox_items_title_is_not_blank,
  drop constraint if exists inbox_items_title_is_at_most_200_characters_long,
  add constraint inbox_items_title_is_not_blank check (title ~ '[[:alnum:]]'),
  add constraint inbox_items_title_is_at_most_200_characters_long check (length(title) <= 200);
alter table app_public.inbox_items
  drop constraint if exists inbox_items_body_is_not_blank,
  drop constraint if exists inbox_items_body_is_at_most_10000_characters_long,
  add constraint inbox_items_body_is_not_blank check (body ~ '[[:alnum:]]'),
  add constraint inbox_items_body_is_at_most_10000_characters_long check (length(body) <= 10000);
alter table app_public.organizations
  drop constraint if exists organizations_name_is_not_blank,
  drop constraint if exists organizations_name_is_at_most_200_characters_long,
  add constraint organizations_name_is_not_blank check (name ~ '[[:alnum:]]'),
  add constraint organizations_name_is_at_most_200_characters_long check (length(name) <= 200);
alter table app_public.patient_profiles
  drop constraint if exists patient_profiles_given_name_is_not_blank,
  drop constraint if exists patient_profiles_given_name_is_at_most_100_characters_long,
  add constraint patient_profiles_given_name_is_not_blank check (given_name ~ '[[:alnum:]]'),
  add constraint patient_profiles_given_name_is_at_most_100_characters_long check (length(given_name) <= 100);
alter table app_public.patient_profiles
  drop constraint if exists patient_profiles_family_name_is_not_blank,
  drop constraint if exists patient_profiles_family_name_is_at_most_100_characters_long,
  add constraint patient_profiles_family_name_is_not_blank check (family_name ~ '[[:alnum:]]'),
  add constraint patient_profiles_family_name_is_at_most_100_characters_long check (length(family_name) <= 100);
alter table app_public.roles
  drop constraint if exists roles_name_is_not_blank,
  drop constraint if exists roles_name_is_at_most_100_characters_long,
  add constraint roles_name_is_not_blank check (name ~ '[[:alnum:]]'),
  add constraint roles_name_is_at_most_100_characters_long check (length(name) <= 100);
alter table app_public.services
  drop constraint if exists services_name_is_not_blank,
  drop constraint if exists services_name_is_at_most_200_characters_long,
  add constraint services_name_is_not_blank check (name ~ '[[:alnum:]]'),
  add constraint services_name_is_at_most_200_characters_long check (length(name) <= 200);
alter table app_public.specialists
  drop constraint if exists specialists_given_name_is_not_blank,
  drop constraint if exists specialists_given_name_is_at_most_100_characters_long,
  add constraint specialists_given_name_is_not_blank check (given_name ~ '[[:alnum:]]'),
  add constraint specialists_given_name_is_at_most_100_characters_long check (length(given_name) <= 100);
alter table app_public.specialists
  drop constraint if exists specialists_family_name_is_not_blank,
  drop constraint if exists specialists_family_name_is_at_most_100_characters_long,
  add constraint specialists_family_name_is_not_blank check (family_name ~ '[[:alnum:]]'),
  add constraint specialists_family_name_is_at_most_100_characters_long check (length(family_name) <= 100);
alter table app_public.specialties
  drop constraint if exists specialties_name_is_not_blank,
  drop constraint if exists specialties_name_is_at_most_200_characters_long,
  add constraint specialties_name_is_not_blank check (name ~ '[[:alnum:]]'),
  add constraint specialties_name_is_at_most_200_characters_long check (length(name) <= 200);
alter table app_public.specialists
  drop constraint if exists specialists_title_is_short,
  drop constraint if exists specialists_title_is_not_blank,
  drop constraint if exists specialists_title_is_at_most_50_characters_long,
  add constraint specialists_title_is_not_blank check (title ~ '[[:alnum:]]'),
  add constraint specialists_title_is_at_most_50_characters_long check (length(title) <= 50);
alter table app_public.caregivers
  drop constraint if exists caregivers_evidence_is_not_blank,
  drop constraint if exists caregivers_evidence_is_at_most_500_characters_long,
  add constraint caregivers_evidence_is_not_blank check (length(btrim(evidence)) >= 3),
  add constraint caregivers_evidence_is_at_most_500_characters_long check (length(btrim(evidence)) <= 500);
alter table app_public.organization_integrations
  drop constraint if exists organization_integrations_label_is_one_line,
  drop constraint if exists organization_integrations_label_is_not_blank,
  drop constraint if exists organization_integrations_label_is_at_most_100_characters_long,
  add constraint organization_integrations_label_is_one_line check (label !~ '[[:cntrl:]]'),
  add constraint organization_integrations_label_is_not_blank check (label ~ '[[:alnum:]]'),
  add constraint organization_integrations_label_is_at_most_100_characters_long check (length(label) <= 100);
