-- The role that backups are taken as. Run by an administrator in the database; safe to run again: npm run backup:role.
-- Not among the roles of the API, none of which passes row security by: a backup that sees only what policies show is none.
-- So this one reads everything, also over the replication protocol (pg_basebackup), and writes nothing.
do $$
begin
  if not exists (select from pg_catalog.pg_roles where rolname = 'app_backup') then
    create role app_backup;
  end if;
end
$$;
alter role app_backup login noinherit bypassrls replication nocreatedb nocreaterole connection limit 8;
alter role app_backup set default_transaction_read_only = on;
grant pg_read_all_data to app_backup with inherit true, set false;

do $$
begin
  execute format('grant connect on database %I to app_backup', current_database());
end
$$;

comment on role app_backup is
  'Backups are taken as this role: it passes row security by and reads everything. For no process and no person.';
