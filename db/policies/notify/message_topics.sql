-- What one can switch on and off is no secret to whoever signs in. FND-15.

alter table app_public.message_topics enable row level security;
alter table app_public.message_topics force row level security;

grant select on app_public.message_topics to app_member, app_engine;
drop policy if exists message_topics_select_everyone on app_public.message_topics;
create policy message_topics_select_everyone on app_public.message_topics
  for select to app_member, app_engine
  using (true);

drop policy if exists message_topics_all_migrator on app_public.message_topics;
create policy message_topics_all_migrator on app_public.message_topics
  to app_owner using (true) with check (true);

select app_private.classify('app_public.message_topics', 'reference',
  '{"public": ["key", "kind", "name", "name_ro"]}',
  unaudited => 'Reference data that only migrations change.');
