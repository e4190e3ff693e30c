-- The catalog lint, pooling: no function leaves behind what only a session keeps. SCA-01.

-- Behind a pooler in transaction mode the next transaction has another session: a lock of the session stays with
-- somebody else, a setting or a temporary table is gone, and what is announced is not heard.
create or replace function tests.lint_pooling() returns table (object text, problem text)
language sql stable as $$
  select f.name, 'leaves something in the session (' || left_in[1] || '), which is another one in the next transaction'
  from tests.app_functions f
  cross join lateral coalesce(nullif(f.prosrc, ''), pg_catalog.pg_get_functiondef(f.oid)) as source
  cross join lateral regexp_match(lower(source),
    'pg_(?:try_)?advisory_(?:un)?lock(?:_shared|_all)?\M|set_config\s*\([^;]*,\s*false\s*\)|\m(?:un)?listen\M\s|\mcreate\s+(?:global\s+|local\s+)?temp'
    || '|\mwith\s+hold\M|\mdeallocate\M|\mdiscard\s|\mset\s+session\M|\m(?:currval|lastval)\s*\(') as left_in
  where left_in is not null
$$;
