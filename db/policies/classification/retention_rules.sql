-- How the rows of a table age. FND-12, GDP-03.

select app_private.classify('app_private.retention_rules', home => 'platform', retention => 'reference', classes =>
  '{"public": ["table_name", "retention", "act", "kept_from", "only_if", "not_while"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.retention_rules', engine => 'select');
