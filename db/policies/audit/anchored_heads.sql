-- What verification compares a chain with. FND-09.

select app_private.classify('audit.anchored_heads', home => 'cell', retention => 'ledger', classes =>
  '{"operational": ["anchor_number", "scope_id", "sequence", "hash"]}',
  unaudited => 'The audit log itself.');
select app_private.protect('audit.anchored_heads', engine => 'select, insert');
