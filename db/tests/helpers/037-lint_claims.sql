-- A function that writes claims has locked their days before, or is a step of functions that have: read as text, the first
-- lock of a body stands before its first write, and before its first call of such a step. SCH-06.
-- tests.guard_claims() asks the same of the locks themselves, row by row.

create or replace function tests.lint_claim_writers() returns table (object text, problem text)
language sql stable as $$
  with recursive functions as (
    select f.oid, f.name, f.proname, f.prorettype = 'trigger'::regtype
        or exists (
          select from aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) as a
          where a.grantee = 0 or a.grantee = any (tests.api_roles())) as is_reached,
      written.body,
      -- The locks themselves, and the step that begins with them.
      nullif(regexp_instr(written.body, '\mapp_private\.(lock_specialist_days|lock_claims|take_hold)\s*\('), 0) as locks_at,
      nullif(regexp_instr(
        written.body, '\m(insert\s+into|update|delete\s+from|merge\s+into)\s+(app_private\.)?time_claims\M', 1, 1, 0, 'i'),
        0) as writes_at
    from tests.app_functions f
    cross join lateral (select regexp_replace(pg_get_functiondef(f.oid), '--[^\n]*', '', 'g') as body) as written
    where f.prokind = 'f'
  ), unlocked as (
    select functions.oid, functions.name, functions.proname, functions.is_reached
    from functions
    where writes_at < coalesce(locks_at, writes_at + 1)
    union
    select caller.oid, caller.name, caller.proname, caller.is_reached
    from unlocked
    join functions as caller on caller.oid <> unlocked.oid
    cross join lateral (
      select nullif(regexp_instr(caller.body, '\mapp_(?:private|public|hidden)\.' || unlocked.proname || '\s*\('), 0) as place
    ) as call
    where call.place < coalesce(caller.locks_at, call.place + 1)
  )
  select unlocked.name, 'writes claims, itself or by a step, before it has locked their days'
  from unlocked
  where unlocked.is_reached;
$$;
