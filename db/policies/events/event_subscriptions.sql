-- Read when an event is published; changed by migrations only. FND-14.

alter table app_private.event_subscriptions enable row level security;
alter table app_private.event_subscriptions force row level security;

grant select on app_private.event_subscriptions to app_engine;

drop policy if exists event_subscriptions_all_engine on app_private.event_subscriptions;
drop policy if exists event_subscriptions_select_engine on app_private.event_subscriptions;
create policy event_subscriptions_select_engine on app_private.event_subscriptions
  for select to app_engine
  using (true);

drop policy if exists event_subscriptions_all_migrator on app_private.event_subscriptions;
create policy event_subscriptions_all_migrator on app_private.event_subscriptions
  to app_owner using (true) with check (true);

select app_private.classify('app_private.event_subscriptions', 'reference',
  '{"public": ["consumer", "event_name"]}',
  unaudited => 'Reference data that only migrations change.');
