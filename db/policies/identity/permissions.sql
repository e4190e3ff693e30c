-- What can be allowed is no secret to whoever edits roles. FND-04.

select app_private.classify('app_public.permissions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["name", "description", "description_ro"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.permissions');

grant select on app_public.permissions to app_member, app_engine;

create policy permissions_select_everyone on app_public.permissions for select to app_member, app_engine
  using (true);
