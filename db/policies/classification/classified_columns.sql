-- What each column holds. FND-12.

select app_private.classify('app_private.classified_columns', home => 'platform', retention => 'reference', classes =>
  '{"public": ["table_name", "column_name", "class", "retention", "protection"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.classified_columns', engine => 'select');
