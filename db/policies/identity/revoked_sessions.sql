-- Sessions ended before their token: read at every request. FND-03.

-- A session's id opens nothing, since tokens are signed; but it follows a person around.
select app_private.classify('app_private.revoked_sessions', home => 'cell', retention => 'operations', classes =>
  '{"pii_basic": ["session_id"], "operational": ["revoked_at"]}',
  unaudited => 'Written once for each session that ends early: the row is the record.');
select app_private.protect('app_private.revoked_sessions', engine => 'select, insert');
