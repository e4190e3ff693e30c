-- Read by the engine; changed by migrations only. FND-14.

select app_private.classify('app_private.event_consumers', home => 'platform', retention => 'reference', classes =>
  '{"public": ["name", "description", "on_demand"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.event_consumers', engine => 'select');
