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
comment on column app_public.audit_entries.action is
  E'@behavior -attribute:orderBy\n@words own audit_action\nWhat was done.\n'
  'insert: A row was made.\n'
  'update: A row was changed.\n'
  'delete: A row was taken away.\n'
  'truncate: A table was emptied.\n'
  'read: Something was read.\n'
  'erase: What identified a person was erased.';
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
