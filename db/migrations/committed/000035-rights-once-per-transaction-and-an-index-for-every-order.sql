--! Previous: sha1:0a429e3cd01e6e10b3f548834f8b5c564b277ad0
--! Hash: sha1:bce2de1d1647bae4a4eeca21e8bb784376f09414
--! Message: rights once per transaction, and an index for every order

--! split: 200-orders.sql
-- Every order that the API offers has an index that leads with the clinic, or with the person whose rows they are, and ends
-- with the key (FND-29).
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.appointment_moves_moved_idx;
-- squawk-ignore require-concurrent-index-creation
create index appointment_moves_moved_idx on app_public.appointment_moves (organization_id, moved_at, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.appointment_transfers_created_idx;
-- squawk-ignore require-concurrent-index-creation
create index appointment_transfers_created_idx on app_public.appointment_transfers (organization_id, created_at, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.booking_requests_created_idx;
-- squawk-ignore require-concurrent-index-creation
create index booking_requests_created_idx on app_public.booking_requests (organization_id, created_at, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.booking_requests_starts_at_idx;
-- squawk-ignore require-concurrent-index-creation
create index booking_requests_starts_at_idx on app_public.booking_requests (organization_id, starts_at, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.calendar_hours_weekday_idx;
-- squawk-ignore require-concurrent-index-creation
create index calendar_hours_weekday_idx on app_public.calendar_hours (organization_id, weekday, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.humans_email_idx;
-- squawk-ignore require-concurrent-index-creation
create index humans_email_idx on app_public.humans (email, principal_id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.inbox_items_human_id_created_at_idx;
-- squawk-ignore require-concurrent-index-creation
create index inbox_items_human_id_created_at_idx on app_public.inbox_items (human_id, created_at, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.invitations_created_idx;
-- squawk-ignore require-concurrent-index-creation
create index invitations_created_idx on app_public.invitations (organization_id, created_at, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.messages_created_idx;
-- squawk-ignore require-concurrent-index-creation
create index messages_created_idx on app_public.messages (organization_id, created_at, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.patient_merges_created_idx;
-- squawk-ignore require-concurrent-index-creation
create index patient_merges_created_idx on app_public.patient_merges (organization_id, created_at, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.patients_created_idx;
-- squawk-ignore require-concurrent-index-creation
create index patients_created_idx on app_public.patients (organization_id, created_at, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.push_subscriptions_human_idx;
-- squawk-ignore require-concurrent-index-creation
create index push_subscriptions_human_idx on app_public.push_subscriptions (human_id, created_at, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.specialist_schedule_overrides_starts_on_idx;
-- squawk-ignore require-concurrent-index-creation
create index specialist_schedule_overrides_starts_on_idx on app_public.specialist_schedule_overrides (organization_id, starts_on, id);
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.specialist_weekly_hours_weekday_idx;
-- squawk-ignore require-concurrent-index-creation
create index specialist_weekly_hours_weekday_idx on app_public.specialist_weekly_hours (organization_id, weekday, id);

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/audit/audit_entries.sql
-- The audit log as the API shows it: to a clinic its own, to superadmins the platform's. FND-08.
-- The rows are under the policies of audit.entries. What may be personal is asked for by `values`, entry by entry.

create or replace view app_public.audit_entries with (security_invoker = true) as
select entries.id, entries.organization_id, entries.occurred_at, entries.actor_id, entries.impersonator_id,
       entries.session_role, entries.request_id, entries.action, entries.table_name, entries.row_key, entries.person_id,
       entries.changed, entries.scope_id
from audit.entries;

-- The key as the index has it, by time: a page reads a month, not the log.
comment on view app_public.audit_entries is
  E'@primaryKey occurred_at,id\n'
  '@foreignKey (actor_id) references app_public.humans (principal_id)|@fieldName actor|@foreignFieldName auditEntries\n'
  '@behavior -query:resource:single\n'
  'What was done at the clinic, by whom, to which row, and who read what. For members with audit.view; superadmins see the platform''s.';
comment on column app_public.audit_entries.id is E'@behavior -attribute:filterBy -attribute:orderBy\nThe key of the entry.';
comment on column app_public.audit_entries.occurred_at is 'When it was done.';
comment on column app_public.audit_entries.organization_id is E'@nullable\n@behavior -attribute:orderBy\nNull: what belongs to no clinic.';
comment on column app_public.audit_entries.actor_id is E'@nullable\n@behavior -attribute:orderBy\nWho did it; null for a visitor.';
comment on column app_public.audit_entries.impersonator_id is
  E'@nullable\n@behavior -attribute:filterBy -attribute:orderBy\nWho acted in the name of the actor, if somebody did.';
comment on column app_public.audit_entries.session_role is
  E'@behavior -attribute:filterBy -attribute:orderBy\napp_authenticator for the API, app_worker for what goes by the clock.';
comment on column app_public.audit_entries.request_id is E'@nullable\n@behavior -attribute:filterBy -attribute:orderBy\nAs in X-Request-Id.';
comment on column app_public.audit_entries.action is E'@behavior -attribute:orderBy\ninsert, update, delete, truncate, read or erase.';
comment on column app_public.audit_entries.table_name is E'@behavior -attribute:orderBy\nWith its schema: app_public.services.';
comment on column app_public.audit_entries.row_key is
  E'@nullable\n@behavior -attribute:orderBy\nThe id of the row; keys of several columns are joined by "/".';
comment on column app_public.audit_entries.person_id is
  E'@nullable\n@behavior -attribute:orderBy\nThe person the row is about: a patient profile, or a human.';
comment on column app_public.audit_entries.changed is
  E'@nullable\n@behavior -attribute:filterBy -attribute:orderBy\nColumns that changed; of a new or deleted row those with a value. '
  'Secrets are named here and shown nowhere.';
comment on column app_public.audit_entries.scope_id is E'@behavior -*\nThe clinic as the key has it; zeros for what belongs to none.';
grant select on app_public.audit_entries to app_member;
-- end of source: functions/audit/audit_entries.sql

-- source: functions/identity/asker.sql
-- Whom a kept answer is about, and when: another person, another clinic, another transaction, or a change of what rights
-- rest on makes it nobody's. Without settings of its own, so that the planner puts its body in place. FND-04.

create or replace function app_hidden.asker() returns text
language sql stable
return concat(
  pg_catalog.current_setting('app.principal_id', true), '/', pg_catalog.current_setting('app.organization_id', true), '/',
  app_hidden.now(), '/', pg_catalog.current_setting('app.rights_changes', true), ' ');

comment on function app_hidden.asker is
  'The caller, the clinic that the request names, the transaction, and the last change of rights in it.';
grant execute on function app_hidden.asker to app_member, app_anonymous, app_engine;
-- end of source: functions/identity/asker.sql

-- source: functions/identity/keep_rights.sql
-- Volatile, so that it sees what the transaction has done until now: an answer out of the snapshot of a statement that
-- changed rights itself would be kept for those that come after it. FND-04.

set role app_engine;

create or replace function app_hidden.keep_rights(question text) returns uuid[]
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_ids uuid[] := case question
    when 'staff' then app_hidden.current_staff_organization_ids()
    when 'patient' then app_hidden.current_patient_organization_ids()
    when 'people' then app_hidden.current_human_patient_profile_ids()
    when 'specialist' then app_hidden.current_specialist_ids()
    when 'colleagues' then app_hidden.current_colleague_ids()
    else app_hidden.organization_ids_where(question)
  end;
begin
  perform set_config('rights.' || question, app_hidden.asker() || v_ids::text, true);
  return v_ids;
end;
$$;

comment on function app_hidden.keep_rights is 'Finds the answer to a question about the caller, and keeps it for the transaction.';
grant execute on function app_hidden.keep_rights to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/keep_rights.sql

-- source: functions/identity/rights.sql
-- What policies ask about the caller. A statement asks up to ten times, and each answer is a query, so it is found once
-- and kept in a setting that ends with the transaction, behind whom it is about. Policies alone ask so: verbs ask the
-- functions below keep_rights themselves, since they may have waited for a lock meanwhile. FND-04, FND-29.

create or replace function app_hidden.rights(question text) returns uuid[]
language plpgsql stable
set search_path = ''
as $$
declare
  v_asker text := app_hidden.asker();
  v_kept text := current_setting('rights.' || question, true);
begin
  if starts_with(v_kept, v_asker) then
    return substr(v_kept, length(v_asker) + 1)::uuid[];
  end if;
  return app_hidden.keep_rights(question);
end;
$$;

comment on function app_hidden.rights is
  'The answer to one question about the caller (staff, patient, people, specialist, colleagues, or a permission), kept for '
  'the transaction until something that it rests on changes.';
grant execute on function app_hidden.rights to app_member, app_anonymous;
-- end of source: functions/identity/rights.sql

-- source: functions/files/admit_file_owners.sql
-- What follows from a kind of owner: the policies that make files readable where their owner is, and right and class of
-- the column that refers to it. Run by migrations only, whenever the kinds or the rights to files are written. FND-13, FND-12.
-- Of what a clinic has few, the readable ones are read once per query. Of what it has many (patient_column says so), staff
-- look theirs up by key, one look-up a row, and a patient's own are few again.

create or replace function app_private.admit_file_owners() returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_kind record;
  v_policy name;
begin
  for v_policy in
    select pg_policy.polname
    from pg_catalog.pg_policy
    where pg_policy.polrelid = 'app_public.files'::regclass and pg_policy.polname ~ '^files_select_of_'
  loop
    execute format('drop policy %I on app_public.files', v_policy);
  end loop;

  for v_kind in
    select file_owner_kinds.*, pg_constraint.confrelid::regclass as owners
    from app_private.file_owner_kinds
    left join pg_catalog.pg_attribute
      on pg_attribute.attrelid = 'app_public.files'::regclass and pg_attribute.attname = file_owner_kinds.column_name
    left join pg_catalog.pg_constraint
      on pg_constraint.conrelid = pg_attribute.attrelid and pg_constraint.contype = 'f'
      and pg_attribute.attnum = any (pg_constraint.conkey)
    order by file_owner_kinds.key
  loop
    if v_kind.owners is null then
      raise exception 'files of the kind % need a column % with a foreign key to their owner', v_kind.key, v_kind.column_name;
    end if;

    if v_kind.patient_column is null then
      execute format(
        'create policy %I on app_public.files for select to app_member using (
           status = ''confirmed'' and deleted_at is null and %I in (select owner.id from %s as owner))',
        'files_select_of_' || v_kind.key, v_kind.column_name, v_kind.owners);
    else
      execute format(
        'create policy %I on app_public.files for select to app_member using (
           status = ''confirmed'' and deleted_at is null and %I in (
             select owner.id from %s as owner
             where owner.%I = any ((select app_hidden.rights(''people''))::uuid[])))',
        'files_select_of_' || v_kind.key || '_of_patient', v_kind.column_name, v_kind.owners, v_kind.patient_column);
      execute format(
        'create policy %I on app_public.files for select to app_member using (
           status = ''confirmed'' and deleted_at is null and %I is not null
           and organization_id = any ((select app_hidden.rights(''staff''))::uuid[])
           and exists (
             select from %s as owner where owner.organization_id = files.organization_id and owner.id = files.%I))',
        'files_select_of_' || v_kind.key, v_kind.column_name, v_kind.owners, v_kind.column_name);
    end if;

    execute format('grant select (%I) on app_public.files to app_member', v_kind.column_name);
    insert into app_private.classified_columns (table_name, column_name, class, retention)
    select classified_tables.table_name, v_kind.column_name, 'operational', classified_tables.retention
    from app_private.classified_tables
    where classified_tables.table_name = 'app_public.files'
    on conflict do nothing;
  end loop;
end;
$$;

comment on function app_private.admit_file_owners is
  'Writes policies, grants and classes of app_public.files for every row of file_owner_kinds, and drops what no row asks for.';

create or replace function app_private.tg_file_owner_kinds__admit() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.admit_file_owners();
  return null;
end;
$$;

comment on function app_private.tg_file_owner_kinds__admit is 'Rights to files follow the kinds of their owners.';
-- end of source: functions/files/admit_file_owners.sql

-- source: functions/identity/reach_of.sql
-- Where the rows are that somebody may see, for statements to begin there (FND-29): it decides nothing about rights, which
-- policies ask for every row. FND-04.

set role app_engine;

create or replace function app_hidden.reach_of(principal_id uuid, organization_id uuid, out is_staff boolean, out only_clinic uuid)
returns record
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_staff uuid[];
begin
  perform set_config('app.principal_id', principal_id::text, true);
  perform set_config('app.organization_id', coalesce(organization_id::text, ''), true);
  v_staff := app_hidden.current_staff_organization_ids();
  is_staff := cardinality(v_staff) > 0;
  -- The platform's rows are a superadmin's as well.
  if cardinality(v_staff) = 1 and app_hidden.current_patient_organization_ids() <@ v_staff and not app_hidden.is_superadmin() then
    only_clinic := v_staff[1];
  end if;
end;
$$;

comment on function app_hidden.reach_of is
  'Whether the person works at this clinic, or at any where none is named; and the clinic, where they belong to no other.';
grant execute on function app_hidden.reach_of to app_authenticator;

reset role;
-- end of source: functions/identity/reach_of.sql

-- source: functions/identity/tg_forget_rights.sql
-- On every table that an answer about the caller rests on: what was kept counts no more. Taken back with a savepoint, the
-- change takes the mark back as well. FND-04.

create or replace function app_private.tg_forget_rights() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform set_config('app.rights_changes', gen_random_uuid()::text, true);
  return null;
end;
$$;

comment on function app_private.tg_forget_rights is 'Marks a change of what rights rest on, so that answers of before are asked for anew.';
-- end of source: functions/identity/tg_forget_rights.sql

-- source: policies/appointments/appointment_moves.sql
-- The history of an appointment: staff with appointments.view. Append-only: nobody holds update or delete. APT-01.

select app_private.classify('app_public.appointment_moves', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "appointment_id", "moved_by", "moved_at", "overridden_rules"],
    "phi": ["from_status", "to_status", "reason"]}',
  unaudited => 'Is itself a ledger; each move is also in the audit, as the change of its appointment.');
select app_private.protect('app_public.appointment_moves', engine => 'select, insert');

grant select on app_public.appointment_moves to app_member;

create policy appointment_moves_select_staff on app_public.appointment_moves for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('appointments.view'))::uuid[])
    -- One look-up a row, and the appointment's own policies hide what was deleted.
    and exists (select from app_public.appointments where appointments.id = appointment_moves.appointment_id)
  );
-- end of source: policies/appointments/appointment_moves.sql

-- source: policies/appointments/appointment_transfers.sql
-- Staff with appointments.view see from which chart to which an appointment moved; no patient does, since it names
-- another one. Append-only: nobody holds update or delete. FND-34.

select app_private.classify('app_public.appointment_transfers', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "appointment_id", "moved_by", "created_at"],
    "phi": ["patient_profile_id", "from_profile_id", "reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.appointment_transfers', 'patient_profile_id', 'stays', 'A ledger: it names whom it named.');
select app_private.on_merge('app_public.appointment_transfers', 'from_profile_id', 'stays', 'A ledger: it names whom it named.');
select app_private.protect('app_public.appointment_transfers', engine => 'select, insert');

grant select on app_public.appointment_transfers to app_member;

create policy appointment_transfers_select_staff on app_public.appointment_transfers for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('appointments.view'))::uuid[])
    -- One look-up a row, and the appointment's own policies hide what was deleted.
    and exists (select from app_public.appointments where appointments.id = appointment_transfers.appointment_id)
  );
-- end of source: policies/appointments/appointment_transfers.sql

-- source: policies/appointments/appointments.sql
-- Staff with appointments.view at the clinic; the patient and those who care for the patient. Written by verbs only.
-- APT-01, APT-02.

select app_private.classify('app_public.appointments', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "booking_request_id", "claim_id", "locale", "overridden_rules", "created_by",
                    "created_at", "updated_at", "deleted_at"],
    "public": ["organizer_email"],
    "pii_basic": ["contact_email", "contact_phone", "contact_name"],
    "phi": ["patient_profile_id", "calendar_id", "service_id", "specialist_id", "status", "starts_at",
            "ends_at", "modality", "price_amount", "currency", "cancellation_reason", "override_reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.appointments', 'patient_profile_id', 'moves');
select app_private.allow_soft_delete('app_public.appointments', 'appointments.manage',
  'r.contact_name || '', '' || to_char(r.starts_at at time zone
     (select timezone from app_public.organizations where id = r.organization_id), ''YYYY-MM-DD HH24:MI'')',
  follows => 'app_public.patients');
select app_private.protect('app_public.appointments', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, patient_profile_id, calendar_id, service_id, specialist_id, booking_request_id, status,
              starts_at, ends_at, modality, price_amount, currency, contact_email, contact_phone, contact_name, locale,
              cancellation_reason, created_by, created_at, updated_at)
   on app_public.appointments to app_member;

create policy appointments_select_staff on app_public.appointments for select to app_member
  using (organization_id = any ((select app_hidden.rights('appointments.view'))::uuid[]) and deleted_at is null);

create policy appointments_select_patient on app_public.appointments for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and deleted_at is null
  );
-- end of source: policies/appointments/appointments.sql

-- source: policies/appointments/booking_requests.sql
-- Staff with appointments.view; the guest only through the token of the request. APT-09.

select app_private.classify('app_public.booking_requests', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "claim_id", "locale", "respond_by", "decided_at", "decided_by",
                    "created_at", "updated_at"],
    "pii_basic": ["given_name", "family_name", "email", "phone"],
    "public": ["organizer_email"],
    "phi": ["calendar_id", "service_id", "specialist_id", "status", "message", "starts_at", "ends_at",
            "price_amount", "currency", "rejection_reason"],
    "auth_secret": ["token_hash"]}',
  protected => '{"digest": ["token_hash"]}');
select app_private.protect('app_public.booking_requests',
  engine => 'select, insert, update',
  guard => true,
  facts => '{person given_name, person family_name, email email, phone phone}');

grant select (id, organization_id, calendar_id, service_id, specialist_id, status, given_name, family_name, email, phone, message,
              locale, starts_at, ends_at, price_amount, currency, respond_by, decided_at, decided_by, rejection_reason,
              created_at, updated_at)
   on app_public.booking_requests to app_member;

create policy booking_requests_select_staff on app_public.booking_requests for select to app_member
  using (organization_id = any ((select app_hidden.rights('appointments.view'))::uuid[]));
-- end of source: policies/appointments/booking_requests.sql

-- source: policies/audit/entries.sql
-- A clinic's log is read by whoever has audit.view there, the platform's by superadmins; values are asked for one entry
-- at a time (audit_entries_values). Written by audit.append(), changed by erasure only. FND-08.

select app_private.classify('audit.entries', home => 'clinic', retention => 'ledger', classes => '{
  "operational": ["id", "organization_id", "scope_id", "occurred_at", "seal_id", "position", "actor_id", "impersonator_id",
                  "session_role", "request_id", "action", "table_name", "row_key", "changed", "key", "digest", "bytes",
                  "hash"],
  "phi": ["old", "new"],
  "pii_basic": ["person_id", "ip", "user_agent"]}',
  person_column => 'person_id', unaudited => 'The audit log itself.');
select app_private.protect('audit.entries', engine => 'select, insert, update (old, new, ip, user_agent, key)');

grant select (id, organization_id, scope_id, occurred_at, actor_id, impersonator_id, session_role, request_id, action,
              table_name, row_key, person_id, changed)
   on audit.entries to app_member;

create policy entries_select_auditor on audit.entries for select to app_member
  using (scope_id = any ((select app_hidden.rights('audit.view'))::uuid[]));

create policy entries_select_superadmin on audit.entries for select to app_member
  using (scope_id = '00000000-0000-0000-0000-000000000000' and (select app_hidden.is_superadmin())
         -- Who names a clinic is answered about that clinic, and a page of its log is one walk through the key.
         and (select app_hidden.current_organization_id()) is null);
-- end of source: policies/audit/entries.sql

-- source: policies/catalog/service_specialists.sql
-- Who can provide what: staff and patients of the clinic. CAT-02, SPC-05.

select app_private.classify('app_public.service_specialists', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["organization_id", "service_id", "specialist_id"], "operational": ["created_at"]}');
select app_private.protect('app_public.service_specialists', engine => 'select');

grant select on app_public.service_specialists to app_member;
grant insert (organization_id, service_id, specialist_id), delete on app_public.service_specialists to app_member;

create policy service_specialists_select_staff on app_public.service_specialists for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy service_specialists_select_patient on app_public.service_specialists for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and service_id in (select services.id from app_public.services)
    and specialist_id in (select specialists.id from app_public.specialists)
  );

create policy service_specialists_insert_manager on app_public.service_specialists for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('services.manage'))::uuid[]));

create policy service_specialists_delete_manager on app_public.service_specialists for delete to app_member
  using (organization_id = any ((select app_hidden.rights('services.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.service_specialists
  for each row execute function app_private.tg_clinic_of('app_public.services', 'service_id');
-- end of source: policies/catalog/service_specialists.sql

-- source: policies/catalog/services.sql
-- Staff see all, patients of the clinic the active ones, guests only through `clinic_by_slug`. CAT-01, SPC-05.

select app_private.classify('app_public.services', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "name", "description", "translations", "duration_minutes",
               "price_amount", "currency", "modality"],
    "operational": ["is_active", "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.services', 'services.manage', 'r.name');
select app_private.protect('app_public.services', engine => 'select, update (deleted_at)', facts => '{name name}');

grant select on app_public.services to app_member;
grant insert (organization_id, name, description, translations, duration_minutes, price_amount, currency, modality, is_active),
      update (name, description, translations, duration_minutes, price_amount, currency, modality, is_active)
   on app_public.services to app_member;

create policy services_select_staff on app_public.services for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]) and deleted_at is null);

create policy services_select_patient on app_public.services for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[]) and is_active and deleted_at is null);

create policy services_insert_manager on app_public.services for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('services.manage'))::uuid[]));

create policy services_update_manager on app_public.services for update to app_member
  using (organization_id = any ((select app_hidden.rights('services.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.rights('services.manage'))::uuid[]));
-- end of source: policies/catalog/services.sql

-- source: policies/catalog/specialist_specialties.sql
-- Part of the listing: staff and patients of the clinic. SPC-03, SPC-05.

select app_private.classify('app_public.specialist_specialties', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["organization_id", "specialist_id", "specialty_id", "specialty_scope_id"],
    "operational": ["created_at"]}');
select app_private.protect('app_public.specialist_specialties', engine => 'select');

grant select (organization_id, specialist_id, specialty_id, created_at) on app_public.specialist_specialties to app_member;
grant insert (organization_id, specialist_id, specialty_id), delete on app_public.specialist_specialties to app_member;

create policy specialist_specialties_select_staff on app_public.specialist_specialties for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy specialist_specialties_select_patient on app_public.specialist_specialties for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and specialist_id in (select specialists.id from app_public.specialists)
  );

create policy specialist_specialties_insert_manager on app_public.specialist_specialties for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('specialists.manage'))::uuid[]));

create policy specialist_specialties_delete_manager on app_public.specialist_specialties for delete to app_member
  using (organization_id = any ((select app_hidden.rights('specialists.manage'))::uuid[]));

create or replace trigger _150_scope before insert on app_public.specialist_specialties
  for each row execute function app_private.tg_specialist_specialties__scope();

create or replace trigger _010_clinic before insert on app_public.specialist_specialties
  for each row execute function app_private.tg_clinic_of('app_public.specialists', 'specialist_id');
-- end of source: policies/catalog/specialist_specialties.sql

-- source: policies/catalog/specialists.sql
-- Staff see their clinic's specialists, patients those of their clinics, guests none. The listing columns are
-- all that is granted: account, contact and the rest come from `specialist_details`, to staff only. SPC-05, SPC-06.

select app_private.classify('app_public.specialists', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "scheduling_timezone", "scheduling_active", "created_at",
                    "updated_at", "deleted_at"],
    "pii_basic": ["human_id", "title", "given_name", "family_name", "registration_number", "contact_email",
                  "contact_phone"]}',
  person_column => 'human_id');
select app_private.allow_soft_delete('app_public.specialists', 'specialists.manage',
  'concat_ws('' '', r.title, r.given_name, r.family_name)');
select app_private.protect('app_public.specialists',
  engine => 'select, update',
  facts => '{name title, person given_name, person family_name, email contact_email, phone contact_phone}');

grant select (id, organization_id, title, given_name, family_name, scheduling_active, created_at, updated_at) on app_public.specialists to app_member;
grant insert (organization_id, human_id, title, given_name, family_name, registration_number,
              contact_email, contact_phone, scheduling_timezone, scheduling_active),
      update (human_id, title, given_name, family_name, registration_number,
              contact_email, contact_phone, scheduling_timezone, scheduling_active)
   on app_public.specialists to app_member;

create policy specialists_select_staff on app_public.specialists for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]) and deleted_at is null);

create policy specialists_select_patient on app_public.specialists for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[]) and deleted_at is null);

create policy specialists_insert_manager on app_public.specialists for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('specialists.manage'))::uuid[]));

create policy specialists_update_manager on app_public.specialists for update to app_member
  using (organization_id = any ((select app_hidden.rights('specialists.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.rights('specialists.manage'))::uuid[]));

create or replace trigger _900_forget_rights after insert or update or delete on app_public.specialists
  for each statement execute function app_private.tg_forget_rights();
-- end of source: policies/catalog/specialists.sql

-- source: policies/catalog/specialties.sql
-- The platform's specialties are everyone's to read; a clinic adds its own with specialties.manage. SPC-01.

select app_private.classify('app_public.specialties', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "scope_id", "slug", "name", "translations"],
    "operational": ["created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.specialties', 'specialties.manage', 'r.name');
select app_private.protect('app_public.specialties', engine => 'select, update (deleted_at)', facts => '{name name}');

grant select (id, organization_id, slug, name, translations, created_at, updated_at) on app_public.specialties to app_member;
grant insert (organization_id, slug, name, translations),
      update (slug, name, translations)
   on app_public.specialties to app_member;

create policy specialties_select_everyone on app_public.specialties for select to app_member
  using (organization_id is null and deleted_at is null);

create policy specialties_select_staff on app_public.specialties for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]) and deleted_at is null);

create policy specialties_select_patient on app_public.specialties for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[]) and deleted_at is null);

create policy specialties_insert_manager on app_public.specialties for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('specialties.manage'))::uuid[]));

create policy specialties_update_manager on app_public.specialties for update to app_member
  using (organization_id = any ((select app_hidden.rights('specialties.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.rights('specialties.manage'))::uuid[]));

create policy specialties_all_migrator on app_public.specialties for all to app_owner
  using (organization_id is null)
  with check (organization_id is null);

create or replace trigger _150_fixed_id before insert on app_public.specialties
  for each row when (new.organization_id is null) execute function app_private.tg_fixed_id('slug');
-- end of source: policies/catalog/specialties.sql

-- source: policies/files/files.sql
-- A checked file is readable exactly where its owner row is: a policy for each kind of owner asks the owner's own, written
-- by admit_file_owners() from the rows of file_owner_kinds, with right and class of the column. Until then its uploader
-- sees the row, so that it can be uploaded and confirmed. Written by verbs only. FND-13.

select app_private.classify('app_public.files', home => 'clinic', retention => 'medical_record', classes =>
  '{"phi": ["filename", "sha256"],
    "operational": ["id", "organization_id", "surface", "audience", "owner_kind", "owner_id", "content_type", "size_bytes",
                    "object_key", "uploaded_key", "status", "rejection", "uploaded_by", "expires_at", "confirmed_at",
                    "created_at", "updated_at", "deleted_at", "objects_removed_at"]}');
select app_private.protect('app_public.files', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, surface, filename, content_type, size_bytes, sha256, object_key,
              uploaded_key, status, rejection, uploaded_by, expires_at, confirmed_at, created_at, updated_at)
   on app_public.files to app_member;

create policy files_select_uploader on app_public.files for select to app_member
  using (
    uploaded_by = (select app_hidden.current_principal_id())
    and status in ('pending', 'rejected') and deleted_at is null
    and (organization_id = any ((select app_hidden.rights('staff'))::uuid[])
         or organization_id = any ((select app_hidden.rights('patient'))::uuid[]))
  );

create policy files_select_audience on app_public.files
  as restrictive for select to app_member
  using (
    audience = 'owner_readers'
    or organization_id = any ((select app_hidden.rights('staff'))::uuid[])
  );

create or replace trigger _050_fill_owner before insert or update on app_public.files
  for each row execute function app_private.tg_files__fill_owner();

select app_private.admit_file_owners();
-- end of source: policies/files/files.sql

-- source: policies/identity/humans.sql
-- One sees oneself and one's colleagues; a patient's account is the patient's own. FND-02.

select app_private.classify('app_public.humans', home => 'person', retention => 'account', classes =>
  '{"operational": ["provider_org_id", "email_verified_at", "closed_at", "locale", "created_at", "updated_at"],
    "pii_basic": ["principal_id", "email", "display_name"]}',
  person_column => 'principal_id');
select app_private.protect('app_public.humans', engine => 'select, insert, update', facts => '{name display_name}');

grant select (principal_id, email, email_verified_at, display_name, locale, created_at, updated_at) on app_public.humans to app_member;
grant update (display_name, locale) on app_public.humans to app_member;

create policy humans_select_self on app_public.humans for select to app_member
  using (principal_id = (select app_hidden.current_account_id()));

create policy humans_select_colleague on app_public.humans for select to app_member
  using (principal_id = any ((select app_hidden.rights('colleagues'))::uuid[]));

create policy humans_update_self on app_public.humans for update to app_member
  using (principal_id = (select app_hidden.current_account_id()))
  with check (principal_id = (select app_hidden.current_account_id()));
-- end of source: policies/identity/humans.sql

-- source: policies/identity/invitation_roles.sql
-- Seen by whoever may invite, written by `invite_member`. FND-04.

select app_private.classify('app_public.invitation_roles', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "invitation_id", "role_id", "created_at"]}');
select app_private.protect('app_public.invitation_roles', engine => 'select, insert');

grant select on app_public.invitation_roles to app_member;

create policy invitation_roles_select_staff on app_public.invitation_roles for select to app_member
  using (organization_id = any ((select app_hidden.rights('members.manage'))::uuid[]));
-- end of source: policies/identity/invitation_roles.sql

-- source: policies/identity/invitations.sql
-- What the clinic typed, for whoever may invite. The invited person reads `my_invitations`. FND-04, FND-07.

select app_private.classify('app_public.invitations', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "kind", "status", "invited_by", "sent_times", "expires_at", "created_at", "updated_at"],
    "pii_basic": ["email", "name", "patient_profile_id"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.invitations', 'patient_profile_id', 'on_merge_invitations');
select app_private.protect('app_public.invitations',
  engine => 'select, insert, update', guard => true, facts => '{person name, email email}');

grant select on app_public.invitations to app_member;

create policy invitations_select_staff on app_public.invitations for select to app_member
  using (
    case kind
      when 'member' then organization_id = any ((select app_hidden.rights('members.manage'))::uuid[])
      else organization_id = any ((select app_hidden.rights('patients.manage'))::uuid[])
    end
  );
-- end of source: policies/identity/invitations.sql

-- source: policies/identity/membership_roles.sql
-- Who holds which role: seen by colleagues, written by `grant_role` and `revoke_role`. FND-04.

select app_private.classify('app_public.membership_roles', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "membership_id", "role_id", "granted_by", "created_at"]}');
select app_private.protect('app_public.membership_roles', engine => 'select, insert, delete');

grant select on app_public.membership_roles to app_member;

create policy membership_roles_select_staff on app_public.membership_roles for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create or replace trigger _900_forget_rights after insert or update or delete on app_public.membership_roles
  for each statement execute function app_private.tg_forget_rights();
-- end of source: policies/identity/membership_roles.sql

-- source: policies/identity/memberships.sql
-- Who works where: seen by colleagues and by oneself, written by `accept_invitation` and `end_membership`. FND-04.

select app_private.classify('app_public.memberships', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "created_at", "updated_at", "ended_at"],
    "pii_basic": ["human_id", "member_name"]}',
  person_column => 'human_id');
select app_private.protect('app_public.memberships', engine => 'select, insert, update');

grant select on app_public.memberships to app_member;

create policy memberships_select_staff on app_public.memberships for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create or replace trigger _900_forget_rights after insert or update or delete on app_public.memberships
  for each statement execute function app_private.tg_forget_rights();
-- end of source: policies/identity/memberships.sql

-- source: policies/identity/principals.sql
-- One sees oneself and one's colleagues. FND-02.

select app_private.classify('app_public.principals', home => 'person', retention => 'account', classes =>
  '{"operational": ["kind", "platform_role", "disabled_at", "created_at"], "pii_basic": ["id"]}',
  person_column => 'id');
select app_private.protect('app_public.principals', engine => 'select, insert, update');

grant select (id, kind, disabled_at, created_at) on app_public.principals to app_member;

create policy principals_select_self on app_public.principals for select to app_member
  using (id = (select app_hidden.current_account_id()));

create policy principals_select_colleague on app_public.principals for select to app_member
  using (id = any ((select app_hidden.rights('colleagues'))::uuid[]));

create policy principals_select_superadmin on app_public.principals for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _900_forget_rights after insert or update or delete on app_public.principals
  for each statement execute function app_private.tg_forget_rights();
-- end of source: policies/identity/principals.sql

-- source: policies/identity/role_permissions.sql
-- What a clinic's roles allow, seen by its members, written by `define_role`. FND-04.

select app_private.classify('app_public.role_permissions', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "role_id", "permission"]}');
select app_private.protect('app_public.role_permissions', engine => 'select, insert, delete');

grant select on app_public.role_permissions to app_member;

create policy role_permissions_select_staff on app_public.role_permissions for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create or replace trigger _900_forget_rights after insert or update or delete on app_public.role_permissions
  for each statement execute function app_private.tg_forget_rights();
-- end of source: policies/identity/role_permissions.sql

-- source: policies/identity/roles.sql
-- A clinic's roles, seen by its members and written by `define_role`, which keeps anyone from granting above themselves. FND-04.

select app_private.classify('app_public.roles', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "key", "name", "system_role_key", "created_at", "updated_at"]}');
select app_private.protect('app_public.roles', engine => 'select, insert, update', facts => '{name name}');

grant select on app_public.roles to app_member;

create policy roles_select_staff on app_public.roles for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));
-- end of source: policies/identity/roles.sql

-- source: policies/notify/clinic_message_templates.sql
-- A clinic's own words and every earlier version, for whoever may edit them. FND-15.

select app_private.classify('app_public.clinic_message_templates', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "template_key", "channel", "locale", "version", "title", "body", "created_by",
                    "created_at"]}');
select app_private.protect('app_public.clinic_message_templates', engine => 'select, insert');

grant select on app_public.clinic_message_templates to app_member;

create policy clinic_message_templates_select_staff on app_public.clinic_message_templates for select to app_member
  using (organization_id = any ((select app_hidden.rights('message_templates.manage'))::uuid[]));
-- end of source: policies/notify/clinic_message_templates.sql

-- source: policies/notify/messages.sql
-- Queued by notify(), worked off through functions. What was sent to whom is seen by staff with messages.view and by the
-- patient; what it said and how it was carried by neither. FND-15.

select app_private.classify('app_public.messages', home => 'clinic', retention => 'correspondence', classes =>
  '{"operational": ["id", "organization_id", "template_key", "channel", "route", "rank", "locale", "template_version",
                    "clinic_template_id", "event_id", "calendar_uid", "calendar_sequence", "is_urgent", "not_before",
                    "expires_at", "status", "attempts", "attempted_at", "integration_id", "vendor", "vendor_id", "sent_at", "delivered_at",
                    "created_at", "updated_at"],
    "pii_basic": ["patient_profile_id", "recipient_human_id", "account_id", "recipient_name", "recipient_email",
                  "recipient_phone", "recipient", "address", "mailbox", "reason"],
    "phi": ["data"]}',
  person_column => 'patient_profile_id',
  unaudited => 'What leaves, and what became of it: each row is the record of one message.');
select app_private.on_merge('app_public.messages', 'patient_profile_id', 'moves');
select app_private.protect('app_public.messages', engine => 'select, insert, update, delete', guard => true);
select app_private.retain('app_public.messages', 'correspondence', 'delete', kept_from => 'created_at', not_while => $sql$ status = 'queued' $sql$);

grant select (id, organization_id, template_key, channel, locale, patient_profile_id, recipient_name, address, status, reason,
              not_before, expires_at, sent_at, delivered_at, created_at, updated_at)
  on app_public.messages to app_member;

create policy messages_select_staff on app_public.messages for select to app_member
  using (organization_id = any ((select app_hidden.rights('messages.view'))::uuid[]));

create policy messages_select_person on app_public.messages for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[]));
-- end of source: policies/notify/messages.sql

-- source: policies/notify/notification_preferences.sql
-- One's own, and those of whom one cares for. The clinic neither sees nor changes them. FND-15, FND-07.

select app_private.classify('app_public.notification_preferences', home => 'person', retention => 'account', classes =>
  '{"pii_basic": ["human_id", "patient_profile_id"],
    "operational": ["id", "topic", "channel", "is_enabled", "created_at", "updated_at"]}',
  person_column => 'human_id');
select app_private.on_merge('app_public.notification_preferences', 'patient_profile_id', 'moves');
select app_private.protect('app_public.notification_preferences', engine => 'select, insert, update');

grant select on app_public.notification_preferences to app_member;

create policy notification_preferences_select_person on app_public.notification_preferences for select to app_member
  using (
    human_id = (select app_hidden.current_account_id())
    or patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]));
-- end of source: policies/notify/notification_preferences.sql

-- source: policies/notify/quiet_hours.sql
-- One's own, and those of whom one cares for. The clinic neither sees nor changes them. FND-15, FND-07.

select app_private.classify('app_public.quiet_hours', home => 'person', retention => 'account', classes =>
  '{"pii_basic": ["human_id", "patient_profile_id"],
    "operational": ["id", "quiet_from", "quiet_until", "timezone", "created_at", "updated_at"]}',
  person_column => 'human_id');
select app_private.on_merge('app_public.quiet_hours', 'patient_profile_id', 'moves');
select app_private.protect('app_public.quiet_hours', engine => 'select, insert, update');

grant select on app_public.quiet_hours to app_member;

create policy quiet_hours_select_person on app_public.quiet_hours for select to app_member
  using (
    human_id = (select app_hidden.current_account_id())
    or patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]));
-- end of source: policies/notify/quiet_hours.sql

-- source: policies/notify/whatsapp_templates.sql
-- The approved texts of a clinic, for whoever may edit its messages. FND-15.

select app_private.classify('app_public.whatsapp_templates', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "template_key", "locale", "content_sid", "variables", "created_at", "updated_at"]}');
select app_private.protect('app_public.whatsapp_templates', engine => 'select, insert, update');

grant select, delete on app_public.whatsapp_templates to app_member;

create policy whatsapp_templates_select_staff on app_public.whatsapp_templates for select to app_member
  using (organization_id = any ((select app_hidden.rights('message_templates.manage'))::uuid[]));

create policy whatsapp_templates_delete_staff on app_public.whatsapp_templates for delete to app_member
  using (organization_id = any ((select app_hidden.rights('message_templates.manage'))::uuid[]));
-- end of source: policies/notify/whatsapp_templates.sql

-- source: policies/organizations/organizations.sql
-- Clinics as their members, their patients and the platform see them. Visitors only meet active ones, through
-- `clinic_by_slug`. FND-01.

-- How to reach a clinic stands on its booking page.
select app_private.classify('app_public.organizations', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "slug", "name", "locale", "timezone", "currency", "country", "calling_code",
               "contact_email", "contact_phone", "street", "city"],
    "operational": ["tenancy_mode", "activated_at", "booking_response_hours", "response_lead_hours",
                    "start_lead_minutes", "hold_minutes",
                    "holds_per_visitor", "holds_per_address", "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.organizations', null, 'r.name');
select app_private.protect('app_public.organizations',
  engine => 'select, insert, update',
  facts => '{name name, name street, name city, email contact_email, phone contact_phone}');

grant select on app_public.organizations to app_member;
grant update (name, locale, timezone, contact_email, contact_phone, street, city, booking_response_hours,
              response_lead_hours, start_lead_minutes, hold_minutes, holds_per_visitor, holds_per_address)
   on app_public.organizations to app_member;

create policy organizations_select_staff on app_public.organizations for select to app_member
  using (id = any ((select app_hidden.rights('staff'))::uuid[]) and deleted_at is null);

create policy organizations_select_patient on app_public.organizations for select to app_member
  using (id = any ((select app_hidden.rights('patient'))::uuid[]) and activated_at is not null and deleted_at is null);

create policy organizations_select_superadmin on app_public.organizations for select to app_member
  using ((select app_hidden.is_superadmin()) and deleted_at is null);

create policy organizations_update_manager on app_public.organizations for update to app_member
  using (id = any ((select app_hidden.rights('organization.manage'))::uuid[]) and deleted_at is null)
  with check (id = any ((select app_hidden.rights('organization.manage'))::uuid[]));

create or replace trigger _900_forget_rights after insert or update or delete on app_public.organizations
  for each statement execute function app_private.tg_forget_rights();
-- end of source: policies/organizations/organizations.sql

-- source: policies/patients/caregivers.sql
-- Who acts for whom: the caregiver, the person, and staff of a clinic of the person. FND-07.

select app_private.classify('app_public.caregivers', home => 'person', retention => 'medical_record', classes =>
  '{"operational": ["id", "added_by", "ends_on", "revoked_at", "created_at", "updated_at"],
    "pii_basic": ["patient_profile_id", "human_id", "relationship"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.caregivers', 'patient_profile_id', 'on_merge_caregivers');
select app_private.protect('app_public.caregivers', engine => 'select, insert, update');

grant select on app_public.caregivers to app_member;

create policy caregivers_select_self on app_public.caregivers for select to app_member
  using (human_id = (select app_hidden.current_account_id()));

create policy caregivers_select_person on app_public.caregivers for select to app_member
  using (patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]));

create policy caregivers_select_staff on app_public.caregivers for select to app_member
  using (
    exists (
      select from app_public.patients
      where patients.patient_profile_id = caregivers.patient_profile_id
        and patients.organization_id = any ((select app_hidden.rights('patients.view'))::uuid[])
        and patients.deleted_at is null
    )
  );

create or replace trigger _900_forget_rights after insert or update or delete on app_public.caregivers
  for each statement execute function app_private.tg_forget_rights();
-- end of source: policies/patients/caregivers.sql

-- source: policies/patients/patient_merges.sql
-- Staff with patients.merge see what was merged at their clinic, and what to undo. Written by verbs only. FND-34.

select app_private.classify('app_public.patient_merges', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "merged_by", "created_at", "undone_at", "undone_by"],
    "phi": ["patient_profile_id", "merged_profile_id", "reason", "moved", "undo_reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.patient_merges', 'patient_profile_id', 'stays', 'A ledger: it names whom it named.');
select app_private.on_merge('app_public.patient_merges', 'merged_profile_id', 'stays', 'A ledger: it names whom it named.');
select app_private.protect('app_public.patient_merges', engine => 'select, insert, update');

grant select (id, organization_id, patient_profile_id, merged_profile_id, reason, merged_by, created_at, undone_at, undone_by,
              undo_reason)
   on app_public.patient_merges to app_member;

create policy patient_merges_select_staff on app_public.patient_merges for select to app_member
  using (organization_id = any ((select app_hidden.rights('patients.merge'))::uuid[]));
-- end of source: policies/patients/patient_merges.sql

-- source: policies/patients/patient_profiles.sql
-- The person and those who care for them; staff of the clinics where the person is a patient. The test for
-- staff is one index look-up a row, never a list of every patient. FND-07.

select app_private.classify('app_public.patient_profiles', home => 'person', retention => 'medical_record', classes =>
  '{"operational": ["locale", "created_at", "updated_at"],
    "pii_basic": ["id", "human_id", "given_name", "family_name", "email", "phone", "birth_date"]}',
  person_column => 'id');
select app_private.protect('app_public.patient_profiles',
  engine => 'select, insert, update', facts => '{person given_name, person family_name, email email, phone phone}');

grant select on app_public.patient_profiles to app_member;

-- What an address may become is said by tg_patient_profiles__email_proof().
grant update (given_name, family_name, email, phone, birth_date, locale) on app_public.patient_profiles to app_member;

create policy patient_profiles_select_person on app_public.patient_profiles for select to app_member
  using (id = any ((select app_hidden.rights('people'))::uuid[]));

create policy patient_profiles_select_staff on app_public.patient_profiles for select to app_member
  using (
    exists (
      select from app_public.patients
      where patients.patient_profile_id = patient_profiles.id
        and patients.organization_id = any ((select app_hidden.rights('patients.view'))::uuid[])
        and patients.deleted_at is null
    )
  );

create policy patient_profiles_update_person on app_public.patient_profiles for update to app_member
  using (id = any ((select app_hidden.rights('people'))::uuid[]))
  with check (id = any ((select app_hidden.rights('people'))::uuid[]));

-- Until the person has an account, the clinic that made the profile keeps it.
create policy patient_profiles_update_staff on app_public.patient_profiles for update to app_member
  using (
    human_id is null and exists (
      select from app_public.patients
      where patients.patient_profile_id = patient_profiles.id
        and patients.organization_id = any ((select app_hidden.rights('patients.manage'))::uuid[])
        and patients.deleted_at is null
    )
  )
  with check (
    human_id is null and exists (
      select from app_public.patients
      where patients.patient_profile_id = patient_profiles.id
        and patients.organization_id = any ((select app_hidden.rights('patients.manage'))::uuid[])
        and patients.deleted_at is null
    )
  );

create or replace trigger _900_forget_rights after insert or update or delete on app_public.patient_profiles
  for each statement execute function app_private.tg_forget_rights();
-- end of source: policies/patients/patient_profiles.sql

-- source: policies/patients/patients.sql
-- A clinic's patients: staff with patients.view, and the person. FND-07.

select app_private.classify('app_public.patients', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "created_at", "updated_at", "deleted_at"],
    "phi": ["patient_profile_id"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.patients', 'patient_profile_id', 'stays', 'The record of the duplicate itself: the merge ends it.');
select app_private.allow_soft_delete('app_public.patients', 'patients.manage',
  '(select concat_ws('' '', given_name, family_name) from app_public.patient_profiles where id = r.patient_profile_id)');
select app_private.protect('app_public.patients', engine => 'select, insert, update');

grant select on app_public.patients to app_member;

create policy patients_select_staff on app_public.patients for select to app_member
  using (organization_id = any ((select app_hidden.rights('patients.view'))::uuid[]) and deleted_at is null);

create policy patients_select_person on app_public.patients for select to app_member
  using (patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]) and organization_id = any ((select app_hidden.rights('patient'))::uuid[]) and deleted_at is null);

create or replace trigger _900_forget_rights after insert or update or delete on app_public.patients
  for each statement execute function app_private.tg_forget_rights();
-- end of source: policies/patients/patients.sql

-- source: policies/providers/organization_integrations.sql
-- Seen by whoever may manage them, without the keys; written through verbs. FND-23.

select app_private.classify('app_public.organization_integrations', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "provider", "label", "settings", "credentials_bound_to", "credentials_version", "last_four", "status",
                    "disabled_reason", "disabled_at", "consecutive_auth_failures", "last_tested_at", "last_test_passed",
                    "last_test_reason", "last_used_at", "created_by", "created_at", "updated_at"],
    "auth_secret": ["credentials"]}',
  protected => '{"ciphertext": ["credentials"]}');
select app_private.protect('app_public.organization_integrations',
  engine => 'select, insert, update, delete', guard => true, facts => '{name label}');

grant select (id, organization_id, provider, label, settings, credentials_version, last_four, status, disabled_reason,
              disabled_at, consecutive_auth_failures, last_tested_at, last_test_passed, last_test_reason, last_used_at,
              created_by, created_at, updated_at)
   on app_public.organization_integrations to app_member;

create policy organization_integrations_select_manager on app_public.organization_integrations for select to app_member
  using (organization_id = any ((select app_hidden.rights('integrations.manage'))::uuid[]));

create or replace trigger _250_bind_keys before insert or update of provider, settings, credentials_bound_to on app_public.organization_integrations
  for each row execute function app_private.tg_organization_integrations__bind_keys();

create or replace trigger _300_key_in_use before insert or update of credentials on app_public.organization_integrations
  for each row execute function app_private.tg_ciphertext__key_in_use('credentials');
-- end of source: policies/providers/organization_integrations.sql

-- source: policies/providers/organization_service_providers.sql
-- What a clinic chose, seen by whoever may choose; written through verbs. FND-22.

select app_private.classify('app_public.organization_service_providers', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "capability", "provider", "integration_id", "created_at", "updated_at"]}');
select app_private.protect('app_public.organization_service_providers', engine => 'select, insert, update, delete');

grant select on app_public.organization_service_providers to app_member;

create policy organization_service_providers_select_manager on app_public.organization_service_providers
  for select to app_member
  using (organization_id = any ((select app_hidden.rights('integrations.manage'))::uuid[]));
-- end of source: policies/providers/organization_service_providers.sql

-- source: policies/scheduling/calendar_hours.sql
-- Staff see a calendar's own hours, calendars.manage edits them. SCH-02, SCH-03.

select app_private.classify('app_public.calendar_hours', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "calendar_id", "specialist_id", "weekday", "starts", "ends",
                    "created_at", "updated_at"]}');
select app_private.protect('app_public.calendar_hours', engine => 'select');

grant select, delete on app_public.calendar_hours to app_member;
grant insert (organization_id, calendar_id, specialist_id, weekday, starts, ends),
      update (specialist_id, weekday, starts, ends)
   on app_public.calendar_hours to app_member;

create policy calendar_hours_select_staff on app_public.calendar_hours for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy calendar_hours_insert_manager on app_public.calendar_hours for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy calendar_hours_update_manager on app_public.calendar_hours for update to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy calendar_hours_delete_manager on app_public.calendar_hours for delete to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.calendar_hours
  for each row execute function app_private.tg_clinic_of('app_public.calendars', 'calendar_id');
-- end of source: policies/scheduling/calendar_hours.sql

-- source: policies/scheduling/calendar_specialists.sql
-- Who can be booked in a calendar: staff and patients of the clinic see it, calendars.manage edits it. SCH-03, SPC-05.

select app_private.classify('app_public.calendar_specialists', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "calendar_id", "specialist_id", "priority", "duration_minutes",
                    "created_at", "updated_at"]}');
select app_private.protect('app_public.calendar_specialists', engine => 'select');

grant select, delete on app_public.calendar_specialists to app_member;
grant insert (organization_id, calendar_id, specialist_id, priority, duration_minutes),
      update (priority, duration_minutes)
   on app_public.calendar_specialists to app_member;

create policy calendar_specialists_select_staff on app_public.calendar_specialists for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy calendar_specialists_select_patient on app_public.calendar_specialists for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('patient'))::uuid[])
    and calendar_id in (select calendars.id from app_public.calendars)
    and specialist_id in (select specialists.id from app_public.specialists)
  );

create policy calendar_specialists_insert_manager on app_public.calendar_specialists for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy calendar_specialists_update_manager on app_public.calendar_specialists for update to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy calendar_specialists_delete_manager on app_public.calendar_specialists for delete to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create or replace trigger _500_take_turns after insert on app_public.calendar_specialists
  for each row execute function app_private.tg_calendar_specialists__take_turns();

create or replace trigger _010_clinic before insert on app_public.calendar_specialists
  for each row execute function app_private.tg_clinic_of('app_public.calendars', 'calendar_id');
-- end of source: policies/scheduling/calendar_specialists.sql

-- source: policies/scheduling/calendars.sql
-- Who sees and edits calendars. Staff by membership, patients of the clinic those that are open to them; guests only
-- through `available_slots`. SCH-02, SPC-05.

select app_private.classify('app_public.calendars', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "service_id", "name", "translations", "timezone", "modality",
               "duration_minutes", "price_amount"],
    "operational": ["assignment_strategy", "allows_any_specialist", "step_minutes", "buffer_before_minutes",
                    "buffer_after_minutes", "notice_minutes", "horizon_days", "is_public", "is_active",
                    "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.calendars', 'calendars.manage', 'r.name', follows => 'app_public.services');
select app_private.protect('app_public.calendars', engine => 'select, update (deleted_at)', facts => '{name name}');

grant select on app_public.calendars to app_member;
grant insert (organization_id, service_id, name, translations, timezone, modality, assignment_strategy, allows_any_specialist,
              duration_minutes, step_minutes, buffer_before_minutes, buffer_after_minutes, notice_minutes, horizon_days,
              price_amount, is_public, is_active),
      update (name, translations, timezone, modality, assignment_strategy, allows_any_specialist,
              duration_minutes, step_minutes, buffer_before_minutes, buffer_after_minutes, notice_minutes, horizon_days,
              price_amount, is_public, is_active)
   on app_public.calendars to app_member;

create policy calendars_select_staff on app_public.calendars for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]) and deleted_at is null);

create policy calendars_select_patient on app_public.calendars for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[])
         and is_public and is_active and deleted_at is null);

create policy calendars_insert_manager on app_public.calendars for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create policy calendars_update_manager on app_public.calendars for update to app_member
  using (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.rights('calendars.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.calendars
  for each row execute function app_private.tg_clinic_of('app_public.services', 'service_id');
-- end of source: policies/scheduling/calendars.sql

-- source: policies/scheduling/specialist_schedule_overrides.sql
-- Staff see everybody's vacations and other hours; schedules.manage edits them, a specialist edits their own.
-- Visitors meet them only as free times. SCH-01.

-- A note may say why somebody is away: "concediu medical" is about health.
select app_private.classify('app_public.specialist_schedule_overrides', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "specialist_id", "kind", "starts_on", "ends_on", "starts",
                    "ends", "created_at", "updated_at"],
    "phi": ["note"]}');
select app_private.protect('app_public.specialist_schedule_overrides', engine => 'select');

grant select, delete on app_public.specialist_schedule_overrides to app_member;
grant insert (organization_id, specialist_id, kind, starts_on, ends_on, starts, ends, note),
      update (kind, starts_on, ends_on, starts, ends, note)
   on app_public.specialist_schedule_overrides to app_member;

create policy specialist_schedule_overrides_select_staff on app_public.specialist_schedule_overrides
  for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy specialist_schedule_overrides_insert_manager on app_public.specialist_schedule_overrides
  for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_schedule_overrides_insert_self on app_public.specialist_schedule_overrides
  for insert to app_member
  with check (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create policy specialist_schedule_overrides_update_manager on app_public.specialist_schedule_overrides
  for update to app_member
  using (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_schedule_overrides_update_self on app_public.specialist_schedule_overrides
  for update to app_member
  using (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  )
  with check (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create policy specialist_schedule_overrides_delete_manager on app_public.specialist_schedule_overrides
  for delete to app_member
  using (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_schedule_overrides_delete_self on app_public.specialist_schedule_overrides
  for delete to app_member
  using (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create or replace trigger _010_clinic before insert on app_public.specialist_schedule_overrides
  for each row execute function app_private.tg_clinic_of('app_public.specialists', 'specialist_id');
-- end of source: policies/scheduling/specialist_schedule_overrides.sql

-- source: policies/scheduling/specialist_weekly_hours.sql
-- Staff see everybody's usual hours; schedules.manage edits them, a specialist edits their own. Visitors meet them
-- only as free times. SCH-01.

select app_private.classify('app_public.specialist_weekly_hours', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "specialist_id", "weekday", "starts", "ends", "created_at",
                    "updated_at"]}');
select app_private.protect('app_public.specialist_weekly_hours', engine => 'select');

grant select, delete on app_public.specialist_weekly_hours to app_member;
grant insert (organization_id, specialist_id, weekday, starts, ends),
      update (weekday, starts, ends)
   on app_public.specialist_weekly_hours to app_member;

create policy specialist_weekly_hours_select_staff on app_public.specialist_weekly_hours for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy specialist_weekly_hours_insert_manager on app_public.specialist_weekly_hours for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_weekly_hours_insert_self on app_public.specialist_weekly_hours for insert to app_member
  with check (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create policy specialist_weekly_hours_update_manager on app_public.specialist_weekly_hours for update to app_member
  using (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_weekly_hours_update_self on app_public.specialist_weekly_hours for update to app_member
  using (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  )
  with check (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create policy specialist_weekly_hours_delete_manager on app_public.specialist_weekly_hours for delete to app_member
  using (organization_id = any ((select app_hidden.rights('schedules.manage'))::uuid[]));

create policy specialist_weekly_hours_delete_self on app_public.specialist_weekly_hours for delete to app_member
  using (
    organization_id = any ((select app_hidden.rights('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.rights('specialist'))::uuid[])
  );

create or replace trigger _010_clinic before insert on app_public.specialist_weekly_hours
  for each row execute function app_private.tg_clinic_of('app_public.specialists', 'specialist_id');
-- end of source: policies/scheduling/specialist_weekly_hours.sql
