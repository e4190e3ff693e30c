-- The one mechanism: every row of an audited table leaves an entry of what was done to it. FND-08.
-- classify() attaches it and passes what the registry knows, so that a write looks nothing up:
--   0 the column that names the clinic, '' for what is the platform's   1 the key columns that name nobody
--   2 the column that names the person, '' for none                     3 columns whose values are never shown
--   4 key columns that name somebody: always among the values, so that it is known which row it was
-- Times as UTC, whatever the session shows.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/audit/append.sql

set role app_engine;

create or replace function audit.tg_audit() returns trigger
language plpgsql security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
  v_table constant text := tg_table_schema || '.' || tg_table_name;
  v_key constant text[] := tg_argv[1];
  v_masked constant text[] := tg_argv[3];
  v_naming constant text[] := tg_argv[4];
  v_old jsonb;
  v_new jsonb;
  v_row jsonb;
  v_row_key text;
  v_changed text[];
  v_before jsonb;
  v_after jsonb;
  v_id uuid;
begin
  if tg_op = 'TRUNCATE' then
    v_id := audit.append(null, 'truncate', v_table, null, null, null, null, null);
    return null;
  end if;
  if tg_op <> 'INSERT' then
    v_old := to_jsonb(old);
  end if;
  if tg_op <> 'DELETE' then
    v_new := to_jsonb(new);
  end if;
  v_row := coalesce(v_new, v_old);

  if tg_op = 'UPDATE' then
    select array_agg(now.key),
           coalesce(jsonb_object_agg(now.key, v_old -> now.key) filter (where now.key <> all (v_masked)), '{}'),
           coalesce(jsonb_object_agg(now.key, now.value) filter (where now.key <> all (v_masked)), '{}')
    into v_changed, v_before, v_after
    from jsonb_each(v_new) as now
    where now.value <> v_old -> now.key and now.key <> 'updated_at';
    if v_changed is null then
      return null;
    end if;
  else
    select array_agg(held.key) into v_changed from jsonb_each(v_row) as held where held.value <> 'null';
    v_before := v_old - v_masked;
    v_after := v_new - v_masked;
  end if;

  v_row_key := v_row ->> v_key[1];
  for v_place in 2 .. cardinality(v_key) loop
    v_row_key := v_row_key || '/' || (v_row ->> v_key[v_place]);
  end loop;
  for v_place in 1 .. cardinality(v_naming) loop
    v_before := v_before || jsonb_build_object(v_naming[v_place], v_old -> v_naming[v_place]);
    v_after := v_after || jsonb_build_object(v_naming[v_place], v_new -> v_naming[v_place]);
  end loop;

  v_id := audit.append((v_row ->> tg_argv[0])::uuid, app_hidden.ascii_lower(tg_op), v_table, v_row_key, (v_row ->> tg_argv[2])::uuid,
                       v_changed, v_before, v_after);
  return null;
end;
$$;

comment on function audit.tg_audit() is
  'Writes an entry per row: changed columns with old and new values, masked ones by name only. An update that '
  'changes nothing but updated_at leaves none. Trigger _500_audit.';

revoke all on function audit.tg_audit() from public;
grant execute on function audit.tg_audit() to app_owner;
reset role;
