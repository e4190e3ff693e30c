-- Everyone may read what an error code means; only migrations write it. FND-29.

select app_private.classify('app_hidden.error_codes', home => 'platform', retention => 'reference', classes =>
  '{"public": ["code", "sqlstate", "http_status", "meaning"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_hidden.error_codes');

grant select on app_hidden.error_codes to app_anonymous, app_member, app_link, app_authenticator, app_worker, app_engine;

create policy error_codes_select_everyone on app_hidden.error_codes
  for select to app_anonymous, app_member, app_link, app_authenticator, app_worker, app_engine
  using (true);
