-- The audit log as the API shows it: to a clinic its own, to superadmins the platform's. FND-08.
-- The rows are under the policies of audit.entries. What may be personal is asked for by `values`, entry by entry.
-- requires: policies/audit/entries.sql
-- requires: policies/identity/humans.sql

create or replace view app_public.audit_entries with (security_invoker = true) as
select entries.id, entries.organization_id, entries.occurred_at, entries.actor_id, entries.impersonator_id,
       entries.session_role, entries.request_id, entries.action, entries.table_name, entries.row_key, entries.person_id,
       entries.changed
from audit.entries;

comment on view app_public.audit_entries is
  E'@name audit_entries\n@primaryKey id\n@foreignKey (actor_id) references app_public.humans (principal_id)|@fieldName actor\n'
  'What was done at the clinic, by whom, to which row, and who read what.';
comment on column app_public.audit_entries.session_role is 'app_authenticator for the API, app_worker for what goes by the clock.';
comment on column app_public.audit_entries.row_key is 'The id of the row; keys of several columns are joined by "/".';
comment on column app_public.audit_entries.person_id is 'The person the row is about: a patient profile, or a human.';
comment on column app_public.audit_entries.changed is
  'Columns that changed; of a new or deleted row those with a value. Secrets are named here and shown nowhere.';
grant select on app_public.audit_entries to app_member;
