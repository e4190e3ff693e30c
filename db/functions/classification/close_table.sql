-- Takes everything off a table that its policy file puts there, so that the file, which runs again whenever it changes,
-- is all there is: a policy or a grant that was deleted from it is gone. FND-05.
-- Rights of roles that are not ours stay; whoever runs the server gave them.

create or replace function app_private.close_table(closing regclass) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_statement text;
begin
  for v_statement in
    select format('drop policy %I on %s', polname, closing) from pg_catalog.pg_policy where polrelid = closing
    union all
    select format('drop trigger %I on %s', tgname, closing)
    from pg_catalog.pg_trigger
    where tgrelid = closing and tgname in ('_050_read_facts', '_100_stamp', '_200_guard_state')
    union all
    select format('revoke all on %s from public, %s', closing, string_agg(quote_ident(rolname), ', '))
    from pg_catalog.pg_roles
    where rolname like 'app\_%' and oid <> (select relowner from pg_catalog.pg_class where pg_class.oid = closing)
  loop
    execute v_statement;
  end loop;

  execute format('alter table %s enable row level security', closing);
  execute format('alter table %s force row level security', closing);
end;
$$;

comment on function app_private.close_table is
  'Enables and forces row security on a table, and takes away its policies, the rights of PUBLIC and of the roles app_…, and '
  'the triggers that protect() makes.';
