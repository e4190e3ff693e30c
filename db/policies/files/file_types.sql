-- Types whose bytes can be checked; changed by migrations only. FND-13.

select app_private.classify('app_private.file_types', home => 'platform', retention => 'reference', classes =>
  '{"public": ["content_type", "extensions"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.file_types', engine => 'select');
