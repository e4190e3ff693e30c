-- What makes money, bookings, messages or what opens something repeats its first answer to an idempotency key. FND-26.
-- The rule reads the bodies of what callers are offered and of every step that they take: a table that is added to the list
-- brings its verbs along. What a repeat cannot do twice is declared (declared/<area>.sql), with the reason.

create or replace function tests.lint_remembered_verbs() returns table (object text, problem text)
language sql stable as $$
  with recursive bodies as materialized (
    select f.oid, f.name, f.proname, f.pronamespace::regnamespace::text as schema,
           coalesce(pg_get_function_sqlbody(f.oid), f.prosrc) as body
    from tests.app_functions f
    where f.provolatile = 'v' and f.prorettype <> 'trigger'::regtype
  ),
  makers as (
    select bodies.oid, made[1] as what
    from bodies
    cross join lateral regexp_matches(
      bodies.body,
      '\minsert into app_(?:public|private)\.(appointments|booking_requests|messages|invoices|invoice_lines|payments|invitations'
      || '|subscriptions|patient_subscriptions|patient_service_plans|time_claims|signature_links|codes)\M', 'gi') as made
  ),
  calls as materialized (
    select distinct bodies.oid as caller, called.oid as step
    from bodies
    cross join lateral regexp_matches(bodies.body, '\m(app_private|app_public|app_hidden)\.(\w+)\s*\(', 'g') as call
    join bodies as called on called.schema = call[1] and called.proname = call[2] and called.oid <> bodies.oid
  ),
  making as (
    select makers.oid, makers.what from makers
    union
    select calls.caller, making.what from making join calls on calls.step = making.oid
  )
  select bodies.name, 'makes ' || string_agg(distinct making.what, ', ') || ' and does not begin with remembered() and end with remember()'
  from bodies
  join making on making.oid = bodies.oid
  where bodies.schema in ('app_public', 'app_hidden')
    and exists (
      select from unnest('{app_anonymous,app_member,app_link,app_authenticator}'::text[]) as role
      where has_function_privilege(role, bodies.oid, 'execute'))
    and not (bodies.body ~ format('app_private\.remembered\(\s*''%s''', bodies.proname)
             and bodies.body ~ format('app_private\.remember\(\s*''%s''', bodies.proname))
  group by bodies.name;
$$;

-- And none gives it without asking first whether the caller still may have it: somebody who was removed since, or
-- whose role was taken away, repeats an old key too.
create or replace function tests.lint_remembered_rights() returns table (object text, problem text)
language sql stable as $$
  select f.name, 'gives a remembered answer without asking for the caller''s rights'
  from tests.app_functions f
  where f.prosrc ~ '\mapp_private\.(remembered|recalled)\s*\('
    and f.proname not in ('remembered', 'recalled')
    and f.prosrc !~ 'if v_remembered is not null then\s+(perform app_private\.\w+\([^;]+;\s+)+return\M'
    -- Or before it looks whether it remembers anything.
    and f.prosrc !~ '\m(app_private\.(require_permission|locked_invitation|require_key_owner|use_service_key)\s*\([^;]+;|if not app_hidden\.is_superadmin\(\) then\s+perform app_hidden\.refuse\().*\mapp_private\.(remembered|recalled)\s*\(';
$$;
