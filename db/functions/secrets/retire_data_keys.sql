-- Retires the keys that no envelope uses. Writers take their key's lock before they store, we take it before we look:
-- whatever they stored is seen, and who comes later is refused. FND-11.
-- A process that has not noticed yet seals with the old key for a while, hence the grace.

set role app_engine;

create or replace function app_private.retire_data_keys(grace interval) returns table (retired int, waiting int)
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_ids uuid[];
  v_place record;
begin
  select coalesce(array_agg(locked.id), '{}') into v_ids
  from (
    select data_keys.id from app_private.data_keys
    where data_keys.status = 'retiring' and data_keys.updated_at <= clock_timestamp() - retire_data_keys.grace
    order by data_keys.id
    for update
  ) as locked;

  for v_place in select * from app_private.ciphertext_places() loop
    exit when v_ids = '{}';
    execute format(
      $q$select coalesce(array_agg(data_keys.id), '{}')
         from app_private.data_keys
         where data_keys.id = any ($1)
           and (coalesce(data_keys.organization_id, '00000000-0000-0000-0000-000000000000'), data_keys.version) not in (
             select coalesce(%1$s, '00000000-0000-0000-0000-000000000000'), app_private.key_version(sealed.%2$I)
             from %3$s as sealed
             where sealed.%2$I is not null)$q$,
      case when v_place.has_organization then 'sealed.organization_id' else 'null::uuid' end,
      v_place.column_name, v_place.table_name)
    into v_ids using v_ids;
  end loop;

  update app_private.data_keys set status = 'retired' where data_keys.id = any (v_ids);
  return query
    select cardinality(v_ids), count(*)::int from app_private.data_keys where data_keys.status = 'retiring';
end;
$$;

comment on function app_private.retire_data_keys is
  'Retires data keys that were replaced at least this long ago and are in no row; answers how many, and how many still wait.';
grant execute on function app_private.retire_data_keys to app_worker;

reset role;
