--! Previous: sha1:e7074ce99bfd0612a5afe4fb08d57cb005b31c7b
--! Hash: sha1:d477f2a85a9e3a5e221187699a192e249053daf5
--! Message: audit entries and seals in one statement each

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/audit/append.sql
-- Writes an entry, hashed onto the one before it in this transaction and chain. FND-08, FND-09.
-- No lock and no look at other transactions: what is open stands in transaction-local settings, one per chain, which go
-- back with a savepoint exactly as the entries do. The commit seals what is open (tg_entries__seal).
-- Every audited write pays for this function. plpgsql prepares each of its expressions anew in every transaction, so
-- there are few: one statement makes the entry, step by step, and writes it.

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
  -- The seals that are open in this chain, [id, entries, hash of the last, time] each: one, in all but odd cases.
  v_slot text := 'audit.open_' || replace(coalesce(append.organization_id, '00000000-0000-0000-0000-000000000000')::text, '-', '');
  v_open jsonb := nullif(pg_catalog.current_setting(v_slot, true), '');
  v_last jsonb := v_open -> -1;
  v_id uuid;
  v_set text;
begin
  -- All of a seal is of one time, and so of one month, also where a test moves the clock between two statements.
  if (v_last ->> 3)::timestamptz = app_hidden.now() then
    v_open := v_open - -1;
  else
    v_last := null;
    if not audit.month_is_open(app_hidden.now()) then
      perform audit.open_month(app_hidden.now());
    end if;
    if v_open is null then
      v_set := pg_catalog.set_config(
        'audit.open', concat_ws(' ', nullif(pg_catalog.current_setting('audit.open', true), ''), v_slot), true);
    end if;
  end if;

  -- `offset 0` keeps each step from being computed again for every place that names it.
  insert into audit.entries
    (id, organization_id, occurred_at, seal_id, "position", actor_id, impersonator_id, session_role, request_id, action,
     table_name, row_key, person_id, changed, old, new, ip, user_agent, key, digest, bytes, hash)
  select hashed.id, append.organization_id, hashed.occurred_at, hashed.seal_id, hashed."position", hashed.actor_id,
         hashed.impersonator_id, session_user, hashed.request_id, append.action, append.table_name, append.row_key,
         append.person_id, append.changed, append.old, append.new, hashed.ip, hashed.user_agent, hashed.key, hashed.digest,
         hashed.bytes, hashed.hash
  from (
    select written.*, sha256(written.bytes) as hash
    from (
      select placed.*, audit.entry_bytes(
               (v_last ->> 2)::bytea, placed.seal_id, placed."position", placed.id, append.organization_id,
               placed.occurred_at, placed.actor_id, placed.impersonator_id, session_user, placed.request_id, append.action,
               append.table_name, append.row_key, append.person_id, append.changed, placed.digest) as bytes
      from (
        select asked.*, coalesce((v_last ->> 0)::uuid, asked.id) as seal_id, coalesce((v_last -> 1)::int, 0) + 1 as "position",
               audit.entry_digest(append.old, append.new, asked.ip, asked.user_agent, asked.key) as digest
        from (
          select uuidv7() as id, app_hidden.now() as occurred_at,
                 coalesce(nullif(pg_catalog.current_setting('app.principal_id', true), '')::uuid,
                          app_private.current_actor_id()) as actor_id,
                 nullif(pg_catalog.current_setting('app.impersonator_id', true), '')::uuid as impersonator_id,
                 nullif(pg_catalog.current_setting('app.request_id', true), '') as request_id,
                 nullif(pg_catalog.current_setting('app.ip', true), '') as ip,
                 nullif(pg_catalog.current_setting('app.user_agent', true), '') as user_agent,
                 extensions.gen_random_bytes(32) as key
          offset 0
        ) as asked
        offset 0
      ) as placed
      offset 0
    ) as written
    offset 0
  ) as hashed
  -- Before the row is written: with constraints immediate, the insert seals at once.
  where pg_catalog.set_config(v_slot, (coalesce(v_open, '[]') || jsonb_build_array(
    jsonb_build_array(hashed.seal_id, hashed."position", hashed.hash, hashed.occurred_at)))::text, true) is not null
  returning entries.id into v_id;
  return v_id;
end;
$$;

comment on function audit.append is
  'Writes an entry of the present caller into the chain of the clinic, or of the platform for null; sealed at commit.';

grant execute on function audit.append to app_engine;
-- end of source: functions/audit/append.sql

-- source: functions/audit/tg_entries__seal.sql
-- Seals what a transaction wrote, at its commit: a link onto the chain of every clinic it touched. FND-09.
-- Deferred, so the chain's end is locked for nothing but this; the first entry of each seal fires it, and the first
-- firing seals all. Chains are locked in the order of their names, so two transactions never wait for each other.
-- After `set constraints all immediate` it runs at once, and what follows opens a new seal.

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
    loop
      -- The update locks the head and moves it: who waited computes from what it has become. Who looked at the clock
      -- before waiting is not earlier than the seal before.
      with opened as materialized (
        select (v_open -> 0 ->> 0)::uuid as id, (v_open -> 0 -> 1)::int as entries, (v_open -> 0 ->> 2)::bytea as entries_hash,
               (v_open -> 0 ->> 3)::timestamptz as occurred_at, clock_timestamp() as looked_at
      ), head as (
        update audit.heads
        set sequence = heads.sequence + 1,
            sealed_at = greatest(heads.sealed_at, opened.looked_at),
            hash = sha256(audit.seal_bytes(
              heads.hash, heads.scope_id, heads.sequence + 1, opened.id, opened.occurred_at,
              greatest(heads.sealed_at, opened.looked_at), opened.entries, opened.entries_hash))
        from opened
        where heads.scope_id = v_scope_id
        returning with (old as was) was.hash as previous, heads.scope_id, heads.sequence, heads.sealed_at, heads.hash, opened.*
      )
      insert into audit.seals
        (id, scope_id, sequence, occurred_at, sealed_at, entries, entries_hash, bytes, hash)
      select head.id, head.scope_id, head.sequence, head.occurred_at, head.sealed_at, head.entries, head.entries_hash,
             audit.seal_bytes(head.previous, head.scope_id, head.sequence, head.id, head.occurred_at, head.sealed_at,
                              head.entries, head.entries_hash),
             head.hash
      from head;
      if not found then
        -- The first seal of this clinic. Two at once begin the same chain.
        insert into audit.heads (scope_id, sequence, hash, sealed_at)
        values (v_scope_id, 0, decode(repeat('00', 32), 'hex'), clock_timestamp())
        on conflict on constraint heads_pkey do nothing;
        continue;
      end if;
      v_open := v_open - 0;
      exit when v_open = '[]';
    end loop;
  end loop;
  return null;
end;
$$;

comment on function audit.tg_entries__seal is 'Seals the open entries of the transaction. Trigger _900_seal, deferred.';
reset role;

-- Made once: a constraint trigger cannot be replaced, and dropping it would forget what the migration that runs this file
-- wrote before. A change of it needs the drop in migrations/current, in a migration that writes nothing.
do $$
begin
  if not exists (
    select from pg_catalog.pg_trigger where tgrelid = 'audit.entries'::regclass and tgname = '_900_seal'
  ) then
    create constraint trigger _900_seal after insert on audit.entries
      deferrable initially deferred
      for each row when (new."position" = 1) execute function audit.tg_entries__seal();
  end if;
end
$$;
-- end of source: functions/audit/tg_entries__seal.sql
