-- Read when something is told; changed by migrations only. FND-15.

select app_private.classify('app_private.message_types', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "topic", "variables", "sample", "calendar_status", "urgent_within", "expires_with", "lasts", "visitor_limit", "carries_code"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.message_types', engine => 'select');
