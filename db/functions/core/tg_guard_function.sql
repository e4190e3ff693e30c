-- A row that names a function names one that is there: of app_private, with these arguments and this result, granted to
-- the engine, and with no rights beside the caller's. So whoever calls by the name calls what the engine may call anyway.
-- FND-14, FND-13.
--   0 the column with the name   1 the types of the arguments   2 the type of the result

create or replace function app_private.is_engine_function(name text, arguments text, result text) returns boolean
language sql stable parallel safe
set search_path = ''
begin atomic
  select exists (
    select
    from pg_catalog.pg_proc
    where pg_proc.oid = to_regprocedure(format('app_private.%I(%s)', is_engine_function.name, is_engine_function.arguments))
      and pg_proc.prorettype = to_regtype(is_engine_function.result)
      and pg_proc.prokind = 'f' and not pg_proc.proretset and not pg_proc.prosecdef
      and pg_proc.proowner = to_regrole('app_owner')
      and has_function_privilege('app_engine', pg_proc.oid, 'execute')
  );
end;

comment on function app_private.is_engine_function is
  'Whether app_private has such a function that the engine may call and that brings no rights of its own.';
grant execute on function app_private.is_engine_function to app_engine;

create or replace function app_private.tg_guard_function() returns trigger
language plpgsql stable
set search_path = ''
as $$
declare
  v_name constant text := to_jsonb(new) ->> tg_argv[0];
begin
  if v_name is not null and not app_private.is_engine_function(v_name, tg_argv[1], tg_argv[2]) then
    raise exception 'there is no function app_private.%(%) returns % that app_engine may call', v_name, tg_argv[1], tg_argv[2]
      using errcode = 'check_violation',
            hint = 'Write the function, and grant it to app_engine.';
  end if;
  return new;
end;
$$;

comment on function app_private.tg_guard_function is
  'Refuses a row that names a function which is not there (arguments: the column, types of the arguments, type of the result).';
