-- Read when something is told, added to by what a clinic's own vendor reports, taken from when it is lifted. FND-35.

select app_private.classify('app_private.clinic_suppressed_addresses', home => 'clinic', retention => 'clinic', classes =>
  '{"pii_basic": ["address"], "operational": ["organization_id", "channel", "reason", "since"]}',
  unaudited => 'Each row is the record of one report; when it is lifted, lifted_suppressions says so, on record.');
select app_private.protect('app_private.clinic_suppressed_addresses', engine => 'select, insert, delete');
