-- Read when something is told, added to by bounces and complaints, taken from when it is lifted. FND-15, FND-35.

select app_private.classify('app_private.suppressed_addresses', home => 'cell', retention => 'clinic', classes =>
  '{"pii_basic": ["address"], "operational": ["channel", "reason", "since"]}',
  unaudited => 'Each row is the record of one report; when it is lifted, lifted_suppressions says so, on record.');
select app_private.protect('app_private.suppressed_addresses', engine => 'select, insert, delete');
