-- What files may belong to; changed by migrations only. FND-13.

select app_private.classify('app_private.file_owner_kinds', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "column_name", "patient_column", "owner_function"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.file_owner_kinds', engine => 'select');

create or replace trigger _200_guard_function before insert or update on app_private.file_owner_kinds
  for each row execute function app_private.tg_guard_function('owner_function', 'uuid', 'app_private.owner_of_file');

create or replace trigger _900_admit after insert or update or delete on app_private.file_owner_kinds
  for each statement execute function app_private.tg_file_owner_kinds__admit();
