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
  v_open text := pg_catalog.current_setting('audit.open', true);
  v_aside text := pg_catalog.current_setting('audit.aside', true);
  v_id uuid := new.seal_id;
  v_scope_id uuid := new.scope_id;
  v_occurred_at timestamptz := new.occurred_at;
  v_entries int;
  v_entries_hash bytea;
  v_seals text[];
  v_looked_at timestamptz;
  v_set text;
begin
  if v_open is null or v_open = '' then
    return null; -- the trigger of an earlier entry sealed them all
  end if;
  if v_aside <> '' or split_part(v_open, '|', 2) <> v_id::text then
    v_seals := audit.take_seals(v_open);
  end if;
  v_set := pg_catalog.set_config('audit.open', '', true);
  loop
    if v_seals is not null then
      v_open := v_seals[1];
      v_seals := v_seals[2:];
      v_scope_id := split_part(v_open, '|', 1);
      v_id := split_part(v_open, '|', 2);
      v_occurred_at := to_timestamp(split_part(v_open, '|', 5)::double precision);
    end if;
    v_entries := split_part(v_open, '|', 3);
    v_entries_hash := decode(split_part(v_open, '|', 4), 'hex');
    loop
      -- The update locks the head and moves it: who waited computes from what it has become. Who looked at the clock
      -- before waiting is not earlier than the seal before.
      v_looked_at := clock_timestamp();
      with head as (
        update audit.heads
        set sequence = heads.sequence + 1,
            sealed_at = greatest(heads.sealed_at, v_looked_at),
            hash = sha256(audit.seal_bytes(
              heads.hash, heads.scope_id, heads.sequence + 1, v_id, v_occurred_at, greatest(heads.sealed_at, v_looked_at),
              v_entries, v_entries_hash))
        where heads.scope_id = v_scope_id
        returning with (old as was) was.hash as previous, heads.sequence, heads.sealed_at, heads.hash
      )
      insert into audit.seals
        (id, scope_id, sequence, occurred_at, sealed_at, entries, entries_hash, bytes, hash)
      select v_id, v_scope_id, head.sequence, v_occurred_at, head.sealed_at, v_entries, v_entries_hash,
             audit.seal_bytes(head.previous, v_scope_id, head.sequence, v_id, v_occurred_at, head.sealed_at, v_entries,
                              v_entries_hash),
             head.hash
      from head;
      exit when found;
      -- The first seal of this clinic. Two at once begin the same chain.
      insert into audit.heads (scope_id, sequence, hash, sealed_at)
      values (v_scope_id, 0, decode(repeat('00', 32), 'hex'), clock_timestamp())
      on conflict on constraint heads_pkey do nothing;
    end loop;
    exit when v_seals is null or v_seals = '{}';
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
