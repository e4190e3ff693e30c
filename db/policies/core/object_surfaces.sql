-- What processes keep in the object store; written by migrations. FND-12.

select app_private.classify('app_private.object_surfaces', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "prefix", "description", "class", "retention"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.object_surfaces', engine => 'select');
