-- Written at commit, read by verification. FND-09.

select app_private.classify('audit.seals', home => 'clinic', retention => 'ledger', classes =>
  '{"operational": ["id", "scope_id", "sequence", "occurred_at", "sealed_at", "entries", "entries_hash", "bytes", "hash"]}',
  unaudited => 'The audit log itself.');
select app_private.protect('audit.seals', engine => 'select, insert');
