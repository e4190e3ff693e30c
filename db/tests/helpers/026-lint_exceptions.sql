-- What the lint would report and we mean, with the reason. An exception that excuses nothing any more is reported.

drop table if exists tests.lint_exceptions;
create table tests.lint_exceptions (
  rule text not null,
  object text not null,
  reason text not null,
  primary key (rule, object)
);
grant select on tests.lint_exceptions to public;

insert into tests.lint_exceptions (rule, object, reason) values
  ('retentions', 'app_public.platform_service_providers', 'Rows come by migrations; superadmins only choose which of them serves.'),
  ('owned_rows', 'app_private.classified_tables', 'Every policy file says what its own table holds, by classify().'),
  ('owned_rows', 'app_private.classified_columns', 'Every policy file says what its own table holds, by classify().'),
  ('owned_rows', 'app_private.retention_rules', 'The policy file of a table says how its rows age, by retain().'),
  ('owned_rows', 'app_private.soft_deletes', 'The policy file of a table says that its rows may be deleted, by allow_soft_delete().'),
  ('owned_rows', 'app_private.owned_rows', 'Written by own_rows() itself.'),
  ('owned_rows', 'app_public.service_accounts', 'Accounts of processes: each is the child of a principal that a migration makes.'),
  ('owned_rows', 'app_public.time_zones', 'The zones that the server''s own time zone database knows: a migration asked it.'),
  ('reference_keys', 'app_private.classified_columns.classified_columns_table_name_fkey', 'Said anew, by the same call, whenever the table is.'),
  ('reference_keys', 'app_private.soft_deletes.soft_deletes_table_name_fkey', 'A table that is gone cannot be restored from.'),
  ('remembered_rights', 'app_public.move_hold(text,timestamp with time zone,uuid)',
   'Whoever holds the token of a hold may move it, signed in or not.'),
  ('remembered_rights', 'app_public.request_booking(text,text,text,text,text,text,text)',
   'Whoever holds the token of a hold may book it, signed in or not, and the receipt is about what they sent.'),
  ('json_columns', 'app_private.dead_letter_decisions.payload', 'A job''s payload carries ids only.'),
  ('column_types', 'app_private.dead_letter_decisions.job_id', 'The queue numbers its jobs.'),
  ('folding', 'app_public.services_name_is_unique_per_organization: name', 'Names that people read: alike but for capitals is alike.'),
  ('folding', 'app_public.organization_integrations_label_is_unique: label', 'Names that people read: alike but for capitals is alike.'),
  ('folding', 'app_public.messages.recipient: recipient_email', 'ASCII by messages_recipient_email_is_valid; the table is not rewritten for it.'),
  ('folding', 'app_hidden.search_text(text): (NORMALIZE(translate($1, ''´''::text, ''''::text', 'What people look for, found however they write it: no identity is compared by it.'),
  ('folding', 'app_hidden.domain_label(text): translate(v_label, ''ς'', U&''\E000''', 'Domains are folded as IDNA says, after what it does not allow was refused.'),
  ('folding', 'app_private.tg_read_facts(): left(v_column, 1', 'The name of a column, as the API writes it.'),
  ('folding', 'app_private.tg_read_facts(): v_column', 'The name of a column, as the API writes it.'),
  ('folding', 'app_private.require_no_link(text,text): translate(normalize(require_no_link.text, NFKC', 'Looks for whatever may be read as a link: no identity is compared.'),
  ('folding', 'app_public.overlapping_hours(uuid): one.stretch', 'The bound of a range.'),
  ('folding', 'app_public.overlapping_hours(uuid): other.stretch', 'The bound of a range.'),
  ('folding', 'app_private.timetables(uuid,timestamp with time zone,timestamp with time zone,uuid,boolean,uuid,interval,timestamp with time zone): piece.local', 'The bound of a range.'),
  ('soft_delete', 'app_public.organizations_slug_is_unique',
   'A link to a clinic that closed must never lead to another one.'),
  ('soft_delete', 'app_public.appointments_request_becomes_one_appointment',
   'A request was answered once, whether or not its appointment is deleted later.'),
  ('soft_delete', 'app_public.appointments_claim_is_used_once',
   'A claim belongs to its appointment for good.'),
  ('soft_delete', 'app_public.patients_profile_is_patient_once',
   'A person who comes back gets the same record: admit_patient() takes the deletion back.'),
  ('tenant_uniques', 'app_private.time_claims_token_is_unique', 'A digest of 256 random bits: it tells nobody anything.'),
  ('tenant_uniques', 'app_public.booking_requests_token_is_unique', 'A digest of 256 random bits: it tells nobody anything.'),
  ('tenant_uniques', 'app_private.provider_organizations_stands_for_one_clinic', 'Written by the platform alone, which sees every clinic.'),
  ('tenant_uniques', 'app_private.events_identity_in_scope', 'scope_id is the clinic, or zero for the platform.'),
  ('tenant_uniques', 'app_private.events_are_numbered_by_subject', 'A subject is a row of one clinic; the number counts its events.'),
  ('positions', 'app_private.event_deliveries.position', 'Copied from its event.'),
  ('positions', 'audit.entries.position', 'Within its seal; audit.verify() names what stands there twice.'),
  ('tenant_foreign_keys', 'app_public.files (files_owner_organization_id_fkey)', 'Generated from organization_id.'),
  ('tenant_uniques', 'app_public.specialties_identity', 'scope_id is the clinic, or zero for the platform.'),
  ('tenant_identity', 'app_private.lifted_suppressions', 'Nothing references it, and the platform''s have no clinic.'),
  ('tenant_identity', 'app_public.specialties', 'Platform rows have no clinic: scope_id stands for it in the key.'),
  ('policies_run_once', 'app_public.patient_profiles.patient_profiles_select_staff',
   'One index look-up a row, measured; the alternative, an array of every patient of the clinic, grows with the clinic.'),
  ('policies_run_once', 'app_public.patient_profiles.patient_profiles_update_staff',
   'One index look-up a row, measured; the alternative, an array of every patient of the clinic, grows with the clinic.'),
  ('policies_run_once', 'app_public.caregivers.caregivers_select_staff',
   'One index look-up a row, measured; the alternative, an array of every patient of the clinic, grows with the clinic.'),
  ('policies_run_once', 'app_public.appointment_transfers.appointment_transfers_select_staff',
   'One index look-up a row: the transfers of a deleted appointment are hidden with it.'),
  ('policies_run_once', 'app_public.appointment_moves.appointment_moves_select_staff',
   'One index look-up a row: the moves of a deleted appointment are hidden with it.'),
  ('policies_run_once', 'app_public.files.files_select_of_appointment',
   'One index look-up a row, measured; the alternative, every appointment of the clinic, grows with the clinic.'),
  ('references', 'app_private.events.subject_id', 'An event is about a row of any table.'),
  ('references', 'app_public.files.owner_id', 'The column of its kind has the key; tg_files__fill_owner keeps both alike.'),
  ('references', 'app_public.inbox_items.message_id', 'What is read may stay when the message''s own trace is deleted.'),
  ('references', 'app_private.webhook_receipts.integration_id', 'A trace of who was called, kept when the integration is gone.'),
  ('references', 'app_public.messages.integration_id', 'A trace of whose account carried it, kept when the integration is gone.'),
  ('references', 'app_private.message_reports.integration_id', 'A trace of who reported, kept when the integration is gone.'),
  ('references', 'app_private.event_deliveries.subject_id', 'Copied from its event.'),
  ('references', 'app_private.events.scope_id', 'Generated from organization_id, which has its key.'),
  ('references', 'app_public.specialties.scope_id', 'Generated from organization_id, which has its key.'),
  ('tenant_rows', 'app_public.specialties', 'The platform''s specialties, which every clinic may use.'),
  ('tenant_rows', 'app_private.data_keys', 'The platform''s own data key.'),
  ('tenant_rows', 'app_private.lifted_suppressions', 'What the platform''s own vendors had reported.'),
  ('tenant_rows', 'app_private.events', 'Events of the platform itself.'),
  ('class_names', 'app_public.organizations.contact_email', 'The clinic''s own address, on its booking page.'),
  ('class_names', 'app_public.organizations.contact_phone', 'The clinic''s own number, on its booking page.'),
  ('class_names', 'app_public.booking_requests.organizer_email', 'The clinic''s own address, or that of the platform.'),
  ('class_names', 'app_public.appointments.organizer_email', 'The clinic''s own address, or that of the platform.'),
  ('class_names', 'app_public.organizations.street', 'Where the clinic is.'),
  ('class_names', 'app_public.organizations.city', 'Where the clinic is.'),
  ('class_names', 'app_public.organization_integrations.credentials_bound_to', 'Says where the keys go, in settings that are no secret.'),
  ('class_names', 'app_public.service_providers.credential_fields', 'Says which keys an account has, and holds none.'),
  ('json_columns', 'app_public.organization_integrations.settings', 'Only what the provider declares: save_integration() refuses the rest.'),
  ('json_columns', 'app_public.organization_integrations.last_four', 'Four characters a field, by constraint.'),
  ('json_columns', 'app_public.services.translations', 'Names and descriptions of what a clinic offers, written for the public.'),
  ('json_columns', 'app_public.calendars.translations', 'Names and descriptions of what can be booked, written for the public.'),
  ('json_columns', 'app_public.specialties.translations', 'Names of specialties, written for the public.'),
  ('soft_delete_rights', 'app_public.files', 'Deleted by delete_file, brought back by restore_file: each surface has its permission.'),
  ('person_columns', 'audit.entries.person_id', 'Entries outlive the rows they speak of, so no key holds them.'),
  ('json_columns', 'app_private.effects.result', 'Written by finish_effect() alone: the vendor''s id of what was done.');

-- The audit log outlives the rows it is about, and has no clinic for what is the platform's.
insert into tests.lint_exceptions (rule, object, reason) values
  ('definer_functions', 'audit.open_month(timestamp with time zone)',
   'Only the owner of a partitioned table may attach to it; it takes a time and no text, and row security leaves the owner no row.'),
  ('tenant_rows', 'audit.entries', 'What has no clinic is in the platform''s chain.'),
  ('tenant_identity', 'audit.entries', 'scope_id is the clinic, or zero for the platform; nothing references an entry.'),
  ('tenant_uniques', 'audit.entries_pkey', 'scope_id is the clinic, or zero for the platform.'),
  ('references', 'audit.entries.organization_id', 'A clinic may go; what was done there stays.'),
  ('references', 'audit.entries.scope_id', 'Generated from organization_id.'),
  ('references', 'audit.entries.seal_id', 'The seal is written at commit, after its entries; verification looks for it.'),
  ('references', 'audit.entries.actor_id', 'Whoever acted may be erased; that they acted stays.'),
  ('references', 'audit.entries.impersonator_id', 'Whoever acted may be erased; that they acted stays.'),
  ('references', 'audit.entries.person_id', 'A patient profile or a human, who may be erased.'),
  ('references', 'audit.seals.scope_id', 'A clinic, or zero for the platform; the chain outlives both.'),
  ('references', 'audit.heads.scope_id', 'A clinic, or zero for the platform; the chain outlives both.'),
  ('references', 'audit.anchored_heads.scope_id', 'A clinic, or zero for the platform; the chain outlives both.');

-- Rows that point at what may be on another server.
insert into tests.lint_exceptions (rule, object, reason) values
  ('homes', 'audit.anchored_heads', 'What an anchor says of a clinic''s chain; anchors are kept where they were made.'),
  ('homes', 'app_private.dead_letter_decisions (dead_letter_decisions_decided_by_fkey)',
   'Superadmins decide, and they have an account on every server.'),
  ('homes', 'app_public.service_accounts (service_accounts_principal_id_fkey)', 'The principals of the platform''s processes come with it.');

-- Columns with a number, an address or a name that tg_read_facts does not read.
insert into tests.lint_exceptions (rule, object, reason) values
  ('facts', 'app_private.events.name', 'The name of a type of event.'),
  ('facts', 'audit.entries.table_name', 'The name of a table.'),
  ('facts', 'app_private.retention_runs.table_name', 'The name of a table.'),
  ('facts', 'app_private.identities.provider_name', 'What the provider said, kept to see whether it says something else.'),
  ('facts', 'app_public.humans.email', 'Folded by the functions that look for it before they write it.'),
  ('facts', 'app_public.appointments.contact_name', 'Copied from a booking request or a profile, which were read.'),
  ('facts', 'app_public.appointments.contact_email', 'Copied from a booking request or a profile, which were read.'),
  ('facts', 'app_public.appointments.contact_phone', 'Copied from a booking request, which was read.'),
  ('facts', 'app_public.appointments.organizer_email', 'Copied from the clinic, or the sender of its mails.'),
  ('facts', 'app_public.booking_requests.organizer_email', 'Copied from the clinic, or the sender of its mails.'),
  ('facts', 'app_public.memberships.member_name', 'Copied from the account, which was read.'),
  ('facts', 'app_public.messages.recipient_name', 'Copied from whom it is for.'),
  ('facts', 'app_public.messages.recipient_email', 'Copied from whom it is for.'),
  ('facts', 'app_public.messages.recipient_phone', 'Copied from whom it is for.'),
  ('facts', 'app_public.inbox_items.title', 'Rendered from a template.'),
  ('facts', 'app_public.clinic_message_templates.title', 'A text with placeholders, which edit_message_template() judges.');

insert into tests.lint_exceptions (rule, object, reason) values
  ('pooling', 'app_private.claim_effect(text,text)', 'The worker''s, which goes past any pooler (WORKER_DATABASE_URL) and holds it while it is outside.'),
  ('pooling', 'app_private.release_effect(text)', 'The worker''s, which goes past any pooler (WORKER_DATABASE_URL) and lets go what claim_effect() held.');

-- What grows and is neither partitioned nor purged.
insert into tests.lint_exceptions (rule, object, reason)
select 'growth', unnest(bounded.tables), bounded.reason
from (values
  ('A clinic''s own list, written by verbs: it grows with the clinic, and not with its appointments.', '{
    app_public.organizations, app_public.memberships, app_public.membership_roles, app_public.roles, app_public.role_permissions,
    app_public.organization_integrations, app_public.organization_service_providers, app_private.provider_organizations,
    app_public.clinic_message_templates, app_public.whatsapp_templates, app_private.specialist_assignment_tracking,
    app_private.data_keys}'::text[]),
  ('A few a person, as long as the account exists.', '{
    app_public.principals, app_public.humans, app_private.identities, app_public.push_subscriptions,
    app_public.notification_preferences, app_public.quiet_hours}'),
  ('The patient''s file. It grows with the appointments; how long the law asks for it is for counsel to confirm.', '{
    app_public.patients, app_public.patient_profiles, app_private.patient_search, app_public.patient_merges,
    app_public.caregivers, app_private.caregiver_evidence, app_public.appointments, app_public.appointment_moves,
    app_public.appointment_transfers, app_public.files}'),
  ('What became a request or an appointment stays with it, in the patient''s file; what lapsed goes by a rule.', '{
    app_private.time_claims}'),
  ('Says who asked for which treatment, or whom a clinic invited: three years for claims, which counsel has not confirmed.', '{
    app_public.booking_requests, app_public.invitations, app_public.invitation_roles}'),
  ('Proves the entries of the audit, and is kept as long as they are: anchors every hour, a head of each clinic that moved.', '{
    audit.anchors, audit.anchored_heads}'),
  ('One row a clinic.', '{audit.heads}'),
  ('A few a year.', '{app_private.key_rotations, app_private.lifted_suppressions}'),
  ('One row an address, which says for as long as it stands that nobody writes there.', '{
    app_private.suppressed_addresses, app_private.clinic_suppressed_addresses, app_private.opt_outs}'),
  ('forget_spent_allowances() deletes what says nothing any more, minutes later: nothing is retained.', '{app_private.spent_allowances}'),
  ('reap_silent_workers() deletes what was silent for a day.', '{app_private.worker_heartbeats}'),
  ('One row a rule.', '{app_private.retention_runs}')
) as bounded (reason, tables);
