-- What can be deleted and brought back, and who may: read by the engine, written by migrations. FND-10.

select app_private.classify('app_private.soft_deletes', home => 'platform', retention => 'reference', classes =>
  '{"public": ["table_name", "permission", "label", "follows"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.soft_deletes', engine => 'select');
