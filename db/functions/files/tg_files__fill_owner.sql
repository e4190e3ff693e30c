-- A file names its owner by kind and id, and refers to it by the column of the kind, so that a key holds both to the same
-- clinic. The trigger fills that column and leaves the others empty, and nothing can be said against it later. FND-13, FND-06.

create or replace function app_private.tg_files__fill_owner() returns trigger
language plpgsql stable
set search_path = ''
as $$
declare
  v_columns jsonb;
begin
  select jsonb_object_agg(file_owner_kinds.column_name, case when file_owner_kinds.key = new.owner_kind then new.owner_id end)
  into v_columns
  from app_private.file_owner_kinds;

  if tg_op = 'INSERT' then
    return jsonb_populate_record(new, v_columns);
  elsif not to_jsonb(new) @> v_columns then
    raise exception 'a file has one owner: the row of owner_kind with owner_id' using errcode = 'check_violation';
  end if;
  return new;
end;
$$;

comment on function app_private.tg_files__fill_owner is
  'Fills the column that refers to the owner of a file, and refuses a change that names another one beside it.';
