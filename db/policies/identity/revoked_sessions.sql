-- Sessions ended before their token: read at every request. FND-03.

alter table app_private.revoked_sessions enable row level security;
alter table app_private.revoked_sessions force row level security;

-- To lock a row, one must be allowed to update some column of it.
grant select, insert, delete, update (session_id) on app_private.revoked_sessions to app_engine;
drop policy if exists revoked_sessions_all_engine on app_private.revoked_sessions;
create policy revoked_sessions_all_engine on app_private.revoked_sessions
  for all to app_engine
  using (true)
  with check (true);

-- A session's id opens nothing, since tokens are signed; but it follows a person around.
select app_private.classify('app_private.revoked_sessions', 'operations',
  '{"pii_basic": ["session_id"], "operational": ["revoked_at"]}',
  unaudited => 'Written once for each session that ends early: the row is the record.');
-- The door takes no token that lives for longer than 30 days, so after that a revocation holds nobody off any more.
select app_private.retain('app_private.revoked_sessions', 'operations', 'delete', kept_from => 'revoked_at');
