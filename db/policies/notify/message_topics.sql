-- What one can switch on and off is no secret to whoever signs in. FND-15.

select app_private.classify('app_public.message_topics', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "kind", "name", "name_ro"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.message_topics');

grant select on app_public.message_topics to app_member, app_engine;

create policy message_topics_select_everyone on app_public.message_topics for select to app_member, app_engine
  using (true);
