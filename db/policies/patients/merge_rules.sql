-- What a merge of two patients does with each table that names one. FND-34.

select app_private.classify('app_private.merge_rules', home => 'platform', retention => 'reference', classes =>
  '{"public": ["table_name", "column_name", "rule", "reason", "merge_function"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.merge_rules', engine => 'select');

create or replace trigger _200_guard_function before insert or update on app_private.merge_rules
  for each row execute function app_private.tg_guard_function(
    'merge_function', 'app_public.patients, app_public.patients, boolean', 'jsonb');
