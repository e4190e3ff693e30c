-- Verbs remember and repeat through functions; nobody else sees what was answered. FND-26.

select app_private.classify('app_private.remembered_mutations', home => 'cell', retention => 'idempotency_keys', classes =>
  '{"auth_secret": ["request_digest", "arguments_digest", "response"], "operational": ["operation", "created_at"]}',
  protected => '{"digest": ["request_digest", "arguments_digest"], "ciphertext": ["response"]}',
  unaudited => 'Kept for a day, unreadable without the caller''s key; the mutation itself is audited.');
select app_private.protect('app_private.remembered_mutations', engine => 'select, insert, update, delete');
select app_private.retain('app_private.remembered_mutations', 'idempotency_keys', 'delete', kept_from => 'created_at');
