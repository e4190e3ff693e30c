-- What each table holds. FND-12.

select app_private.classify('app_private.classified_tables', home => 'platform', retention => 'reference', classes =>
  '{"public": ["table_name", "home", "retention", "person_column", "unaudited"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.classified_tables', engine => 'select');
