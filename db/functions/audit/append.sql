-- Writes an entry, hashed onto the one before it in this transaction and chain. FND-08, FND-09.
-- No lock and no look at other transactions: what is open stands in transaction-local settings, which go back with a
-- savepoint exactly as the entries do. The commit seals what is open (tg_entries__seal).
-- Every audited write pays for this function, and nearly every transaction writes into one chain: the setting audit.open
-- holds the seal that was written to last, and another chain sets it aside (docs/decisions/0202).

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
  -- 'chain|seal|entries|hash of the last, in hex|time in seconds'
  v_open text := pg_catalog.current_setting('audit.open', true);
  v_id uuid := uuidv7();
  v_now timestamptz := app_hidden.now();
  v_scope_id uuid := coalesce(append.organization_id, '00000000-0000-0000-0000-000000000000');
  v_seal_id uuid := v_id;
  v_position int := 1;
  v_previous bytea;
  v_actor_id uuid := nullif(pg_catalog.current_setting('app.principal_id', true), '');
  v_impersonator_id uuid := nullif(pg_catalog.current_setting('app.impersonator_id', true), '');
  v_request_id text := nullif(pg_catalog.current_setting('app.request_id', true), '');
  v_ip text := nullif(pg_catalog.current_setting('app.ip', true), '');
  v_user_agent text := nullif(pg_catalog.current_setting('app.user_agent', true), '');
  v_key bytea := extensions.gen_random_bytes(32);
  v_digest bytea := audit.entry_digest(append.old, append.new, v_ip, v_user_agent, v_key);
  v_bytes bytea;
  v_hash bytea;
begin
  -- All of a seal is of one time, and so of one month, also where a test moves the clock between two statements.
  if v_open <> '' then
    if not starts_with(v_open, v_scope_id::text) or split_part(v_open, '|', 5) <> extract(epoch from v_now)::text then
      v_open := audit.set_aside(v_open, v_scope_id, extract(epoch from v_now)::text);
    end if;
    if v_open <> '' then
      v_seal_id := split_part(v_open, '|', 2);
      v_position := split_part(v_open, '|', 3)::int + 1;
      v_previous := decode(split_part(v_open, '|', 4), 'hex');
    end if;
  end if;
  if v_position = 1 and not audit.month_is_open(v_now) then
    perform audit.open_month(v_now);
  end if;
  if v_actor_id is null then
    v_actor_id := app_private.current_actor_id();
  end if;

  v_bytes := audit.entry_bytes(
    v_previous, v_seal_id, v_position, v_id, append.organization_id, v_now, v_actor_id, v_impersonator_id, session_user,
    v_request_id, append.action, append.table_name, append.row_key, append.person_id, append.changed, v_digest);
  v_hash := sha256(v_bytes);
  -- Before the row is written: with constraints immediate, the insert seals at once.
  v_open := pg_catalog.set_config(
    'audit.open', concat_ws('|', v_scope_id, v_seal_id, v_position, encode(v_hash, 'hex'), extract(epoch from v_now)), true);
  insert into audit.entries
    (id, organization_id, occurred_at, seal_id, "position", actor_id, impersonator_id, session_role, request_id, action,
     table_name, row_key, person_id, changed, old, new, ip, user_agent, key, digest, bytes, hash)
  values
    (v_id, append.organization_id, v_now, v_seal_id, v_position, v_actor_id, v_impersonator_id, session_user, v_request_id,
     append.action, append.table_name, append.row_key, append.person_id, append.changed, append.old, append.new, v_ip,
     v_user_agent, v_key, v_digest, v_bytes, v_hash);
  return v_id;
end;
$$;

comment on function audit.append is
  'Writes an entry of the present caller into the chain of the clinic, or of the platform for null; sealed at commit.';

grant execute on function audit.append to app_engine;
