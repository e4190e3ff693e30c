-- Which rows the files of db/reference own: migrations write it, nobody else reads it. FND-05.

select app_private.classify('app_private.owned_rows', home => 'platform', retention => 'reference', classes =>
  '{"public": ["table_name", "scope", "columns", "given_once", "pending"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.owned_rows');
