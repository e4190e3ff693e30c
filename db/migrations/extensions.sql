-- What a database needs before its first migration: extensions, and rights taken from everybody. Run by the
-- administrator in that database (all extensions are trusted, so the database's owner can create them); safe to run
-- again.
--
-- Extensions live in their own schema: functions with an empty search_path name it, and nothing of
-- theirs is exposed by the API.
revoke create on schema public from public;

create schema if not exists extensions authorization app_owner;
grant usage on schema extensions to public;

create extension if not exists btree_gist with schema extensions; -- exclusion constraints: (specialist, time range)
create extension if not exists pgcrypto with schema extensions; -- digest, hmac, gen_random_bytes
create extension if not exists pg_trgm with schema extensions; -- search by part of a name
create extension if not exists unaccent with schema extensions; -- ș, ş and s find each other

-- A new function can be called by nobody until its file grants it.
set role app_owner;
alter default privileges revoke execute on functions from public;
set role app_engine;
alter default privileges revoke execute on functions from public;
-- The owner attaches engine functions to its tables as triggers, which takes the right to execute them.
alter default privileges grant execute on functions to app_owner;
reset role;

-- Large objects lie beside all tables: no policy, no class and no audit would see what somebody keeps there, and
-- PostgreSQL lets everybody. Only a superuser may take that away; where the administrator is none, it stays as the
-- host made it: reached only by somebody who already runs SQL of their own.
do $$
declare
  v_function regprocedure;
begin
  if not (select rolsuper from pg_catalog.pg_roles where rolname = session_user) then
    raise notice 'not a superuser: the functions of large objects stay open to PUBLIC';
    return;
  end if;
  for v_function in
    select oid from pg_catalog.pg_proc
    where pronamespace = 'pg_catalog'::regnamespace and proname ~ '^(lo_|loread$|lowrite$)'
  loop
    execute format('revoke execute on function %s from public', v_function);
  end loop;
end
$$;
