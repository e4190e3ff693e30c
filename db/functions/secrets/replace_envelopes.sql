-- Puts new envelopes in the place of those that were read; what somebody changed meanwhile stays as they wrote it.
-- FND-11.

set role app_engine;

create or replace function app_private.replace_envelopes(
  table_name text, column_name text, row_ids text[], was bytea[], envelopes bytea[]
) returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_place record;
  v_replaced int;
begin
  select place.* into strict v_place
  from app_private.ciphertext_places() as place
  where place.table_name = replace_envelopes.table_name and place.column_name = replace_envelopes.column_name;

  execute format(
    $q$update %1$s as sealed
       set %2$I = replaced.envelope::app_private.ciphertext
       from unnest($1, $2, $3) as replaced (row_id, was, envelope)
       where sealed.%3$I = replaced.row_id::%4$s and sealed.%2$I::bytea = replaced.was$q$,
    v_place.table_name, v_place.column_name, v_place.key_column, v_place.key_type)
  using replace_envelopes.row_ids, replace_envelopes.was, replace_envelopes.envelopes;
  get diagnostics v_replaced = row_count;
  return v_replaced;
end;
$$;

comment on function app_private.replace_envelopes is
  'Stores each new envelope where the old one still is; answers how many.';
grant execute on function app_private.replace_envelopes to app_worker;

reset role;
