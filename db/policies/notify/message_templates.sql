-- Read when something is told and when it leaves; changed by migrations only. FND-15.

alter table app_private.message_templates enable row level security;
alter table app_private.message_templates force row level security;

grant select on app_private.message_templates to app_engine;
drop policy if exists message_templates_all_engine on app_private.message_templates;
drop policy if exists message_templates_select_engine on app_private.message_templates;
create policy message_templates_select_engine on app_private.message_templates
  for select to app_engine
  using (true);

drop policy if exists message_templates_all_migrator on app_private.message_templates;
create policy message_templates_all_migrator on app_private.message_templates
  to app_owner using (true) with check (true);

select app_private.classify('app_private.message_templates', 'reference',
  '{"public": ["template_key", "channel", "locale", "version", "title", "body"]}',
  unaudited => 'Reference data that only migrations change.');
