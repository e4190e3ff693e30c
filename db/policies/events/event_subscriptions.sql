-- Read when an event is published; changed by migrations only. FND-14.

select app_private.classify('app_private.event_subscriptions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["consumer", "event_name", "messages_function"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.event_subscriptions', engine => 'select');

create or replace trigger _200_guard_function before insert or update on app_private.event_subscriptions
  for each row execute function app_private.tg_guard_function('messages_function', 'app_private.events', 'void');
