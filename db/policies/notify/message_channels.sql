-- Read when something is told; changed by migrations only. FND-15.

select app_private.classify('app_private.message_channels', home => 'platform', retention => 'reference', classes =>
  '{"public": ["template_key", "channel", "route", "rank", "is_default"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.message_channels', engine => 'select');
