-- What a file belongs to, or is to belong to: the function of the kind tells. FND-13, FND-04.

create or replace function app_private.file_owner(kind text, id uuid) returns app_private.owner_of_file
language plpgsql stable
set search_path = ''
as $$
declare
  v_function text;
  v_owner app_private.owner_of_file;
begin
  select file_owner_kinds.owner_function into strict v_function
  from app_private.file_owner_kinds
  where file_owner_kinds.key = file_owner.kind;
  execute format('select * from app_private.%I($1)', v_function) into v_owner using file_owner.id;
  return v_owner;
end;
$$;

comment on function app_private.file_owner is 'The owner of files of this kind, as the caller stands to it; null when there is none.';
grant execute on function app_private.file_owner to app_engine;
