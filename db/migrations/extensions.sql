-- What a database needs before its first migration. Run by the administrator in that database (all
-- extensions are trusted, so the database's owner can create them); safe to run again.
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
