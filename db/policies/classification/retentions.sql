-- How long things are kept. FND-12.

select app_private.classify('app_private.retentions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "description", "keep_for", "citation", "confirmed_by", "with_health_data", "held_because"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.retentions', engine => 'select');
