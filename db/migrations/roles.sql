-- The roles of the cluster. Run by an administrator (superuser, or createrole + createdb) before any
-- migration; safe to run again. Passwords are set elsewhere: db/migrating/prepare.ts, or by the operator.
--
-- app_owner          migrates, owns everything but engine functions
-- app_authenticator  what the API connects as; has nothing itself, becomes one of the next three
-- app_anonymous      a visitor; app_member: anybody signed in; app_link: holder of a signing link
-- app_worker         runs the jobs; app_telemetry: may execute its few functions
-- app_analyst        reads the analytics schema
-- app_engine         owns the security definer functions; nobody inherits it, nobody logs in as it
do $$
declare
  r record;
begin
  for r in
    select *
    from (values
      ('app_owner',         'login   noinherit'),
      ('app_authenticator', 'login   noinherit'),
      ('app_anonymous',     'nologin noinherit'),
      ('app_member',        'nologin noinherit'),
      ('app_link',          'nologin noinherit'),
      ('app_worker',        'login   noinherit'),
      ('app_telemetry',     'login   noinherit'),
      ('app_analyst',       'nologin noinherit'),
      ('app_engine',        'nologin noinherit')
    ) as wanted (name, attributes)
  loop
    if not exists (select from pg_catalog.pg_roles where rolname = r.name) then
      execute format('create role %I', r.name);
    end if;
    execute format('alter role %I %s', r.name, r.attributes);
  end loop;

  -- Row level security means nothing to these, so nobody may have given them to a role of ours.
  for r in
    select rolname
    from pg_catalog.pg_roles
    where rolname ~ '^app_(owner|authenticator|anonymous|member|link|worker|telemetry|analyst|engine)$'
      and (rolsuper or rolbypassrls or rolcreaterole or rolreplication)
  loop
    raise exception 'role % must not be superuser, bypassrls, createrole or replication', r.rolname;
  end loop;

  -- An administrator who is no superuser works on our objects through membership.
  if not (select rolsuper from pg_catalog.pg_roles where rolname = session_user) then
    execute format('grant app_owner to %I with inherit true, set true', session_user);
    execute format('grant app_engine to %I with inherit false, set true', session_user);
  end if;
end
$$;

grant app_anonymous, app_member, app_link to app_authenticator with inherit false, set true;
-- The owner becomes the engine for the length of one `create function`, and never acts with its rights otherwise.
grant app_engine to app_owner with inherit false, set true;

-- A migration that cannot have a lock gives up, rather than queue everybody else behind it.
alter role app_owner set lock_timeout = '10s';
-- What the API relies on in every session (FND-29). It stands with the role because a pooler in transaction mode takes
-- none of it from a client that connects.
alter role app_authenticator set statement_timeout = '5s';
alter role app_authenticator set lock_timeout = '2s';
alter role app_authenticator set idle_in_transaction_session_timeout = '10s';
alter role app_authenticator set timezone = 'UTC';
alter role app_authenticator set jit = off;

comment on role app_owner is
  'Migrates and owns. Row security is forced on it too: it sees no row of any table, and count(*) says 0.';
comment on role app_analyst is 'Reads the schema analytics; everything else is refused. Give it to the logins of people.';
