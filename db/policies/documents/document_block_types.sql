-- What documents are built of; changed by migrations only. DOC-01.

select app_private.classify('app_private.document_block_types', home => 'platform', retention => 'reference', classes =>
  '{"public": ["type", "place", "kinds", "label_ro", "label_en", "schema"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.document_block_types', engine => 'select');
