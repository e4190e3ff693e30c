-- Sessions ended before their token: read at every request. FND-03.

-- A session's id opens nothing, since tokens are signed; but it follows a person around.
select app_private.classify('app_private.revoked_sessions', home => 'cell', retention => 'operations', classes =>
  '{"pii_basic": ["session_id"], "operational": ["revoked_at"]}',
  unaudited => 'Written once for each session that ends early: the row is the record.');
-- To lock a row, one must be allowed to update some column of it.
select app_private.protect('app_private.revoked_sessions', engine => 'select, insert, delete, update (session_id)');
-- The door takes no token that lives for longer than 30 days, so after that a revocation holds nobody off any more.
select app_private.retain('app_private.revoked_sessions', 'operations', 'delete', kept_from => 'revoked_at');
