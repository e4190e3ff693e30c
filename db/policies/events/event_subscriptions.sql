-- Read when an event is published; changed by migrations only. FND-14.

select app_private.classify('app_private.event_subscriptions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["consumer", "event_name"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.event_subscriptions', engine => 'select');
