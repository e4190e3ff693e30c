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
  v_looked_at timestamptz;
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
      v_looked_at := clock_timestamp();
      with head as (
        update audit.heads
        set sequence = heads.sequence + 1,
            sealed_at = greatest(heads.sealed_at, v_looked_at),
            hash = sha256(audit.seal_bytes(
              heads.hash, heads.scope_id, heads.sequence + 1, (v_open -> 0 ->> 0)::uuid, (v_open -> 0 ->> 3)::timestamptz,
              greatest(heads.sealed_at, v_looked_at), (v_open -> 0 -> 1)::int, (v_open -> 0 ->> 2)::bytea))
        where heads.scope_id = v_scope_id
        returning with (old as was) was.hash as previous, heads.scope_id, heads.sequence, heads.sealed_at, heads.hash,
          (v_open -> 0 ->> 0)::uuid as id, (v_open -> 0 ->> 3)::timestamptz as occurred_at, (v_open -> 0 -> 1)::int as entries,
          (v_open -> 0 ->> 2)::bytea as entries_hash
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
