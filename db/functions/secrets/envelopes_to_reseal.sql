-- The next envelopes of a column that an older key sealed, or that are not bound to their destination yet. FND-11, FND-35.

set role app_engine;

create or replace function app_private.envelopes_to_reseal(table_name text, column_name text, after text, batch int)
returns table (row_id text, organization_id uuid, envelope bytea, bound_to text, sealed_for text)
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_place record;
begin
  -- The names are taken from the classification, never from the caller.
  select place.* into strict v_place
  from app_private.ciphertext_places() as place
  where place.table_name = envelopes_to_reseal.table_name and place.column_name = envelopes_to_reseal.column_name;

  return query execute format(
    $q$select sealed.%1$I::text, sealed_for.organization_id, sealed.%2$I::bytea, %6$s, %8$s
       from %3$s as sealed
       cross join lateral (select %4$s as organization_id) as sealed_for
       join app_private.data_keys
         on data_keys.status = 'active'
        and coalesce(data_keys.organization_id, '00000000-0000-0000-0000-000000000000')
          = coalesce(sealed_for.organization_id, '00000000-0000-0000-0000-000000000000')
        and (app_private.key_version(sealed.%2$I) < data_keys.version or %7$s)
       where sealed.%2$I is not null and ($1 is null or sealed.%1$I > $1::%5$s)
       order by sealed.%1$I
       limit $2$q$,
    v_place.key_column, v_place.column_name, v_place.table_name,
    case when v_place.has_organization then 'sealed.organization_id' else 'null::uuid' end, v_place.key_type,
    case when v_place.bound_column is null then 'null::text' else format('sealed.%I', v_place.bound_column) end,
    -- Format 1 knows no destination.
    case when v_place.bound_column is null then 'false' else format('get_byte(sealed.%I, 3) = 1', v_place.column_name) end,
    case when v_place.sealed_for_column is null then 'null::text' else format('sealed.%I', v_place.sealed_for_column) end)
  using envelopes_to_reseal.after, envelopes_to_reseal.batch;
end;
$$;

comment on function app_private.envelopes_to_reseal is
  'Rows after this key whose envelope is not sealed with the present data key of their clinic or not bound to its '
  'destination, in the order of their keys.';
grant execute on function app_private.envelopes_to_reseal to app_worker;

reset role;
