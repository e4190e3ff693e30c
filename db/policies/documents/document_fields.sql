-- What text in documents is bound to; changed by migrations only. DOC-01.

select app_private.classify('app_private.document_fields', home => 'platform', retention => 'reference', classes =>
  '{"public": ["code", "collection", "kinds", "type", "label_ro", "label_en", "sample"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.document_fields', engine => 'select');
