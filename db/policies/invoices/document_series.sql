-- What this server numbers documents by; nobody but the verbs sees it. BIL-07.

select app_private.classify('app_private.document_series', home => 'cell', retention => 'billing', classes =>
  '{"operational": ["series", "kind", "is_current", "next_number", "created_at"]}',
  unaudited => 'Counts on with each document, which is audited.');
select app_private.protect('app_private.document_series', engine => 'select, insert, update');
