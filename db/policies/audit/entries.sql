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
