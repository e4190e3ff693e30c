-- Read by publish(); changed by migrations only. FND-14.

select app_private.classify('app_private.event_types', home => 'platform', retention => 'reference', classes =>
  '{"public": ["name", "version", "description", "subject_type", "payload_schema"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.event_types', engine => 'select');
