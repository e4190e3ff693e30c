-- A function that runs with its caller's rights belongs to the migrator, whoever calls it. The engine cannot give away what
-- it owns, so what it owns of that kind goes and is made anew by the sources of this same migration, with all that names it.
set role app_engine;
do $$
declare
  v_function regprocedure;
begin
  for v_function in
    select pg_proc.oid
    from pg_catalog.pg_proc
    join pg_catalog.pg_namespace on pg_namespace.oid = pronamespace
    where proowner = 'app_engine'::regrole and not prosecdef
      and nspname in ('app_public', 'app_hidden', 'app_private', 'audit')
  loop
    -- One may have gone with another.
    if exists (select from pg_catalog.pg_proc where oid = v_function) then
      execute format('drop function %s cascade', v_function);
    end if;
  end loop;
end
$$;
reset role;
