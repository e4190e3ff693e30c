-- Read when a vendor reports; changed by migrations only. FND-15, FND-35.

select app_private.classify('app_private.message_moves', home => 'platform', retention => 'reference', classes =>
  '{"public": ["report", "from_state", "to_state", "unless_reported"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.message_moves', engine => 'select');
