-- Moved at every commit that leaves an entry. FND-09.

select app_private.classify('audit.heads', home => 'clinic', retention => 'ledger', classes =>
  '{"operational": ["scope_id", "sequence", "hash", "sealed_at"]}',
  unaudited => 'The audit log itself.');
select app_private.protect('audit.heads', engine => 'select, insert, update');
