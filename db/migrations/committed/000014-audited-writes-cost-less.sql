--! Previous: sha1:4758d21408094e2264f137ff78dbebb4d6f9fbc4
--! Hash: sha1:6f368150126c7dbf08567fd3db8a4a9c14d43845
--! Message: audited writes cost less

--! split: 500-audited-writes-cost-less.sql
-- The commit moves the head and takes its lock in one statement; the first entry asks for its month in an expression.
drop function if exists audit.locked_head(uuid);
drop function if exists audit.require_month(timestamptz);
-- retired: functions/audit/locked_head.sql

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions and db/policies: change those, not this file.

-- source: functions/audit/open_month.sql
-- Partitions of a month, for entries and seals. FND-08.
-- The task makes them ahead. Should it have slept for months, the first write of a new month makes its own: no write
-- is lost at the turn of a month, and no default partition collects what later has to be moved.
-- Only the owner of a partitioned table may attach to it, so these two are the owner's, the one exception to 0002:
-- they take a time and no text, and row level security leaves the owner no row of the log.

create or replace function audit.open_month(month timestamptz) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_first timestamptz := date_trunc('month', open_month.month, 'UTC');
  v_next timestamptz := date_trunc('month', date_trunc('month', open_month.month, 'UTC') + interval '40 days', 'UTC');
  v_parent text;
  v_partition text;
begin
  -- Two at once would make the same table; the second finds it.
  perform pg_advisory_xact_lock(hashtextextended('audit: open_month', 0));
  foreach v_parent in array array['entries', 'seals'] loop
    v_partition := format('%s_%s', v_parent, to_char(v_first at time zone 'UTC', 'YYYY_MM'));
    continue when to_regclass('audit.' || v_partition) is not null;
    -- Made beside and then attached: that locks out nobody who writes.
    execute format('create table audit.%I (like audit.%I including all)', v_partition, v_parent);
    execute format('alter table audit.%I enable row level security', v_partition);
    execute format('alter table audit.%I force row level security', v_partition);
    execute format(
      'create trigger _200_refuse_change before update or delete or truncate on audit.%I
         for each statement execute function audit.tg_refuse_change()', v_partition);
    execute format('alter table audit.%I attach partition audit.%I for values from (%L) to (%L)',
      v_parent, v_partition, v_first, v_next);
  end loop;
end;
$$;

comment on function audit.open_month(timestamptz) is 'Makes the partitions of the month of this instant, in UTC, unless they are there.';

revoke all on function audit.open_month(timestamptz) from public;
grant execute on function audit.open_month(timestamptz) to app_engine;

create or replace function audit.month_is_open(at timestamptz) returns boolean
language sql stable
return pg_catalog.to_regclass('audit.seals_' || pg_catalog.to_char(at at time zone 'UTC', 'YYYY_MM')) is not null;

comment on function audit.month_is_open(timestamptz) is 'Whether the partitions of the month of this instant, in UTC, are there.';

revoke all on function audit.month_is_open(timestamptz) from public;
grant execute on function audit.month_is_open(timestamptz) to app_engine;
-- end of source: functions/audit/open_month.sql

-- source: functions/audit/append.sql
-- Writes an entry, hashed onto the one before it in this transaction and chain. FND-08, FND-09.
-- No lock and no look at other transactions: what is open stands in transaction-local settings, one per chain, which go
-- back with a savepoint exactly as the entries do. The commit seals what is open (tg_entries__seal).
-- Every audited write pays for this function. plpgsql prepares each of its expressions anew in every transaction, so
-- there are few; and an assignment costs a fraction of a `perform`.
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/audit/entry_bytes.sql
-- requires: functions/audit/entry_digest.sql
-- requires: functions/audit/open_month.sql

create or replace function audit.append(
  organization_id uuid,
  action text,
  table_name text,
  row_key text,
  person_id uuid,
  changed text[],
  old jsonb,
  new jsonb
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_id uuid := uuidv7();
  v_at timestamptz := app_hidden.now();
  v_actor_id uuid := nullif(pg_catalog.current_setting('app.principal_id', true), '');
  v_impersonator_id uuid := nullif(pg_catalog.current_setting('app.impersonator_id', true), '');
  v_request_id text := nullif(pg_catalog.current_setting('app.request_id', true), '');
  v_ip text := nullif(pg_catalog.current_setting('app.ip', true), '');
  v_user_agent text := nullif(pg_catalog.current_setting('app.user_agent', true), '');
  v_key bytea := extensions.gen_random_bytes(32);
  v_digest bytea := audit.entry_digest(append.old, append.new, v_ip, v_user_agent, v_key);
  -- The seals that are open in this chain, [id, entries, hash of the last, time] each: one, in all but odd cases.
  v_slot text := 'audit.open_' || replace(coalesce(append.organization_id, '00000000-0000-0000-0000-000000000000')::text, '-', '');
  v_open jsonb := nullif(pg_catalog.current_setting(v_slot, true), '');
  v_last jsonb := v_open -> -1;
  v_seal_id uuid := v_id;
  v_position int := 1;
  v_bytes bytea;
  v_hash bytea;
  v_set text;
begin
  if v_actor_id is null then
    v_actor_id := app_private.current_actor_id();
  end if;

  -- All of a seal is of one time, and so of one month, also where a test moves the clock between two statements.
  if (v_last ->> 3)::timestamptz = v_at then
    v_seal_id := v_last ->> 0;
    v_position := (v_last -> 1)::int + 1;
    v_open := v_open - -1;
  else
    v_last := null;
    if not audit.month_is_open(v_at) then
      perform audit.open_month(v_at);
    end if;
    if v_open is null then
      v_set := pg_catalog.set_config(
        'audit.open', concat_ws(' ', nullif(pg_catalog.current_setting('audit.open', true), ''), v_slot), true);
    end if;
  end if;
  v_bytes := audit.entry_bytes(
    (v_last ->> 2)::bytea, v_seal_id, v_position, v_id, append.organization_id, v_at, v_actor_id, v_impersonator_id,
    session_user, v_request_id, append.action, append.table_name, append.row_key, append.person_id, append.changed, v_digest);
  v_hash := sha256(v_bytes);
  -- Before the insert: with constraints immediate, the insert seals at once.
  v_set := pg_catalog.set_config(v_slot, (coalesce(v_open, '[]') || jsonb_build_array(
    jsonb_build_array(v_seal_id, v_position, v_hash, v_at)))::text, true);

  insert into audit.entries
    (id, organization_id, occurred_at, seal_id, "position", actor_id, impersonator_id, session_role, request_id, action,
     table_name, row_key, person_id, changed, old, new, ip, user_agent, key, digest, bytes, hash)
  values
    (v_id, append.organization_id, v_at, v_seal_id, v_position, v_actor_id, v_impersonator_id, session_user, v_request_id,
     append.action, append.table_name, append.row_key, append.person_id, append.changed, append.old, append.new, v_ip,
     v_user_agent, v_key, v_digest, v_bytes, v_hash);
  return v_id;
end;
$$;

comment on function audit.append(uuid, text, text, text, uuid, text[], jsonb, jsonb) is
  'Writes an entry of the present caller into the chain of the clinic, or of the platform for null; sealed at commit.';

revoke all on function audit.append(uuid, text, text, text, uuid, text[], jsonb, jsonb) from public;
grant execute on function audit.append(uuid, text, text, text, uuid, text[], jsonb, jsonb) to app_engine;
-- end of source: functions/audit/append.sql

-- source: functions/audit/tg_audit.sql
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
  v_naming text;
  v_row jsonb;
  v_row_key text;
  v_changed text[];
  v_before jsonb;
  v_after jsonb;
  v_id uuid;
begin
  if tg_op = 'UPDATE' then
    v_row := to_jsonb(new);
    select array_agg(now.key),
           coalesce(jsonb_object_agg(now.key, was -> now.key) filter (where now.key <> all (v_masked)), '{}'),
           coalesce(jsonb_object_agg(now.key, now.value) filter (where now.key <> all (v_masked)), '{}')
    into v_changed, v_before, v_after
    from to_jsonb(old) as was
    cross join jsonb_each(v_row) as now
    where now.value <> was -> now.key and now.key <> 'updated_at';
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

comment on function audit.tg_audit() is
  'Writes an entry per row: changed columns with old and new values, masked ones by name only. An update that '
  'changes nothing but updated_at leaves none. Trigger _500_audit.';

revoke all on function audit.tg_audit() from public;
grant execute on function audit.tg_audit() to app_owner;
reset role;
-- end of source: functions/audit/tg_audit.sql

-- source: functions/audit/open_months.sql
-- The months to come have their partitions before anybody needs them. FND-08.
-- requires: functions/core/now.sql
-- requires: functions/audit/open_month.sql

set role app_engine;

create or replace function audit.open_months(ahead int default 3) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  for v_month in 0 .. open_months.ahead loop
    perform audit.open_month(app_hidden.now() + make_interval(months => v_month));
  end loop;
end;
$$;

comment on function audit.open_months(int) is 'Makes the partitions of this month and of those ahead.';

revoke all on function audit.open_months(int) from public;
grant execute on function audit.open_months(int) to app_worker;
reset role;
-- end of source: functions/audit/open_months.sql

-- source: functions/audit/tg_entries__seal.sql
-- Seals what a transaction wrote, at its commit: a link onto the chain of every clinic it touched. FND-09.
-- Deferred, so the chain's end is locked for nothing but this; the first entry of each seal fires it, and the first
-- firing seals all. Chains are locked in the order of their names, so two transactions never wait for each other.
-- After `set constraints all immediate` it runs at once, and what follows opens a new seal.
-- requires: functions/audit/seal_bytes.sql

set role app_engine;

create or replace function audit.tg_entries__seal() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_slots text[] := string_to_array(nullif(pg_catalog.current_setting('audit.open', true), ''), ' ');
  v_slot text;
  v_scope_id uuid;
  v_open jsonb;
  v_now timestamptz;
  v_previous bytea;
  v_head audit.heads;
  v_set text;
begin
  if v_slots is null then
    return null; -- the trigger of an earlier entry sealed them all
  end if;
  v_set := pg_catalog.set_config('audit.open', '', true);
  if cardinality(v_slots) > 1 then
    v_slots := array(select slot from unnest(v_slots) as slot order by slot);
  end if;

  foreach v_slot in array v_slots loop
    v_scope_id := substr(v_slot, length('audit.open_') + 1);
    v_open := pg_catalog.current_setting(v_slot);
    v_set := pg_catalog.set_config(v_slot, '', true);
    v_now := clock_timestamp();
    loop
      -- One statement locks the head and moves it: who waited computes from what it has become. Who looked at the clock
      -- before waiting is not earlier than the seal before.
      update audit.heads
      set sequence = heads.sequence + 1,
          sealed_at = greatest(heads.sealed_at, v_now),
          hash = sha256(audit.seal_bytes(
            heads.hash, heads.scope_id, heads.sequence + 1, (v_open -> 0 ->> 0)::uuid, (v_open -> 0 ->> 3)::timestamptz,
            greatest(heads.sealed_at, v_now), (v_open -> 0 -> 1)::int, (v_open -> 0 ->> 2)::bytea))
      where heads.scope_id = v_scope_id
      returning with (old as was) was.hash, heads.scope_id, heads.sequence, heads.hash, heads.sealed_at
      into v_previous, v_head.scope_id, v_head.sequence, v_head.hash, v_head.sealed_at;
      if not found then
        -- The first seal of this clinic. Two at once begin the same chain.
        insert into audit.heads (scope_id, sequence, hash, sealed_at)
        values (v_scope_id, 0, decode(repeat('00', 32), 'hex'), v_now)
        on conflict on constraint heads_pkey do nothing;
        continue;
      end if;
      insert into audit.seals
        (id, scope_id, sequence, occurred_at, sealed_at, entries, entries_hash, bytes, hash)
      values
        ((v_open -> 0 ->> 0)::uuid, v_scope_id, v_head.sequence, (v_open -> 0 ->> 3)::timestamptz, v_head.sealed_at,
         (v_open -> 0 -> 1)::int, (v_open -> 0 ->> 2)::bytea,
         audit.seal_bytes(
           v_previous, v_scope_id, v_head.sequence, (v_open -> 0 ->> 0)::uuid, (v_open -> 0 ->> 3)::timestamptz,
           v_head.sealed_at, (v_open -> 0 -> 1)::int, (v_open -> 0 ->> 2)::bytea),
         v_head.hash);
      v_open := v_open - 0;
      exit when v_open = '[]';
    end loop;
  end loop;
  return null;
end;
$$;

comment on function audit.tg_entries__seal() is 'Seals the open entries of the transaction. Trigger _900_seal, deferred.';

revoke all on function audit.tg_entries__seal() from public;
grant execute on function audit.tg_entries__seal() to app_owner;
reset role;

-- Not "or replace": a constraint trigger cannot be replaced.
drop trigger if exists _900_seal on audit.entries;
create constraint trigger _900_seal after insert on audit.entries
  deferrable initially deferred
  for each row when (new."position" = 1) execute function audit.tg_entries__seal();
-- end of source: functions/audit/tg_entries__seal.sql
