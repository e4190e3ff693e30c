-- What links in messages open; changed by migrations only. APT-05.

select app_private.classify('app_private.link_kinds', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "data_key", "url_name", "target_function"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.link_kinds', engine => 'select');

create or replace trigger _200_guard_function before insert or update on app_private.link_kinds
  for each row execute function app_private.tg_guard_function('target_function', 'uuid,uuid', 'app_private.link_target');
