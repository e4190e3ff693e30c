-- Everyone may read what an error code means; only migrations write it. FND-29.

alter table app_hidden.error_codes enable row level security;
alter table app_hidden.error_codes force row level security;

grant select on app_hidden.error_codes to app_anonymous, app_member, app_link, app_authenticator, app_worker, app_engine;

drop policy if exists error_codes_select_everyone on app_hidden.error_codes;
create policy error_codes_select_everyone on app_hidden.error_codes
  for select to app_anonymous, app_member, app_link, app_authenticator, app_worker, app_engine
  using (true);

drop policy if exists error_codes_all_migrator on app_hidden.error_codes;
create policy error_codes_all_migrator on app_hidden.error_codes
  to app_owner using (true) with check (true);

select app_private.classify('app_hidden.error_codes', 'reference',
  '{"public": ["code", "sqlstate", "http_status", "meaning"]}',
  unaudited => 'Reference data that only migrations change.');
