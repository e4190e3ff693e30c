-- Read when an event is published; changed by migrations only. FND-14.

alter table app_private.event_subscriptions enable row level security;
alter table app_private.event_subscriptions force row level security;

grant select on app_private.event_subscriptions to app_engine;

drop policy if exists event_subscriptions_all_engine on app_private.event_subscriptions;
create policy event_subscriptions_all_engine on app_private.event_subscriptions
  for all to app_engine
  using (true) with check (true);

create or replace trigger _200_guard_function before insert or update on app_private.event_subscriptions
  for each row execute function app_private.tg_guard_function('messages_function', 'app_private.events', 'void');

select app_private.classify('app_private.event_subscriptions', 'reference',
  '{"public": ["consumer", "event_name", "messages_function"]}',
  unaudited => 'Reference data that only migrations change.');
