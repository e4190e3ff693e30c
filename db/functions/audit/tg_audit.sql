-- The one mechanism: every row of an audited table leaves an entry of what was done to it. FND-08.
-- classify() attaches it and passes what the registry knows, so that a write looks nothing up:
--   0 the column that names the clinic, '' for what is the platform's   1 the key columns that name nobody
--   2 the column that names the person, '' for none                     3 columns whose values are never shown
--   4 key columns that name somebody: always among the values, so that it is known which row it was
-- Times as UTC, whatever the session shows.

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
  v_naming text;
  v_row jsonb;
  v_was jsonb;
  v_row_key text;
  v_changed text[];
  v_before jsonb;
  v_after jsonb;
  v_id uuid;
begin
  if tg_op = 'UPDATE' then
    v_row := to_jsonb(new);
    v_was := to_jsonb(old);
    select array_agg(now.key),
           coalesce(jsonb_object_agg(now.key, v_was -> now.key) filter (where now.key <> all (v_masked)), '{}'),
           coalesce(jsonb_object_agg(now.key, now.value) filter (where now.key <> all (v_masked)), '{}')
    into v_changed, v_before, v_after
    from jsonb_each(v_row) as now
    where now.value <> v_was -> now.key and now.key <> 'updated_at';
    if v_changed is null then
      return null;
    end if;
  elsif tg_op = 'TRUNCATE' then
    v_id := audit.append(null, 'truncate', v_table, null, null, null, null, null);
    return null;
  else
    v_row := to_jsonb(coalesce(new, old));
    v_changed := array(select held.key from jsonb_each(v_row) as held where held.value <> 'null');
    if tg_op = 'INSERT' then
      v_after := v_row - v_masked;
    else
      v_before := v_row - v_masked;
    end if;
  end if;

  v_row_key := v_row ->> v_key[1];
  if cardinality(v_key) > 1 then
    v_row_key := array_to_string(array(select v_row ->> key.name from unnest(v_key) with ordinality as key (name, place) order by key.place), '/');
  end if;
  if tg_argv[4] <> '{}' then
    foreach v_naming in array tg_argv[4]::text[] loop
      v_before := v_before || jsonb_build_object(v_naming, to_jsonb(old) -> v_naming);
      v_after := v_after || jsonb_build_object(v_naming, v_row -> v_naming);
    end loop;
  end if;

  v_id := audit.append((v_row ->> tg_argv[0])::uuid, app_hidden.ascii_lower(tg_op), v_table, v_row_key, (v_row ->> tg_argv[2])::uuid,
                       v_changed, v_before, v_after);
  return null;
end;
$$;

comment on function audit.tg_audit is
  'Writes an entry per row: changed columns with old and new values, masked ones by name only. An update that '
  'changes nothing but updated_at leaves none. Trigger _500_audit.';
reset role;
