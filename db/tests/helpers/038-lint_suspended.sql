-- Nothing new begins at a clinic whose subscription is suspended (BIL-05). The rule reads the bodies of everything that callers and
-- the worker may execute, and of every step that they take: what makes a booking, a plan or a message asks require_not_suspended() or
-- is_suspended() on its way, or is declared (declared/<area>.sql) with the reason why it stays open. A table that is added to the
-- list brings its verbs along. That each of them refuses is tried in db/tests/subscriptions/suspended.

create or replace function tests.lint_suspended() returns table (object text, problem text)
language sql stable as $$
  with recursive bodies as materialized (
    select f.oid, f.name, f.proname, f.pronamespace::regnamespace::text as schema,
           coalesce(pg_get_function_sqlbody(f.oid), f.prosrc) as body
    from tests.app_functions f
    where f.prorettype <> 'trigger'::regtype
  ),
  makers as (
    select bodies.oid, made[1] as what
    from bodies
    cross join lateral regexp_matches(
      bodies.body,
      '\minsert into app_(?:public|private)\.(appointments|booking_requests|time_claims|waitlist_entries|waitlist_offers|messages|video_rooms'
      || '|patient_service_plans|patient_subscriptions|patient_treatment_plans|access_grants)\M', 'gi') as made
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
  ),
  asking as (
    select bodies.oid from bodies where bodies.proname in ('require_not_suspended', 'is_suspended')
    union
    select calls.caller from asking join calls on calls.step = asking.oid
  )
  select bodies.name, 'makes ' || string_agg(distinct making.what, ', ' order by making.what) || ' and does not ask whether the clinic is suspended'
  from bodies
  join making on making.oid = bodies.oid
  where (exists (
      select from unnest('{app_anonymous,app_member,app_link,app_authenticator,app_worker,app_telemetry}'::text[]) as role
      where has_function_privilege(role, bodies.oid, 'execute'))
    -- Called by what rows name.
    or bodies.proname ~ '^(act|messages_about)_')
    and bodies.oid not in (select asking.oid from asking)
  group by bodies.name
  union all
  select t.name, 'can be added to without a verb, so nobody asks whether the clinic is suspended'
  from tests.app_tables t
  where t.name ~ '\.(appointments|booking_requests|time_claims|waitlist_entries|waitlist_offers|messages|video_rooms|patient_service_plans|patient_subscriptions|patient_treatment_plans|access_grants)$'
    and exists (select from unnest(tests.api_roles()) as role where has_any_column_privilege(role, t.oid, 'insert'));
$$;

create or replace function tests.verbs_that_ask_for_suspension() returns setof text
language sql stable as $$
  with recursive bodies as materialized (
    select f.oid, f.proname, f.pronamespace::regnamespace::text as schema, coalesce(pg_get_function_sqlbody(f.oid), f.prosrc) as body
    from tests.app_functions f
  ),
  calls as materialized (
    select distinct bodies.oid as caller, called.oid as step
    from bodies
    cross join lateral regexp_matches(bodies.body, '\m(app_private|app_public|app_hidden)\.(\w+)\s*\(', 'g') as call
    join bodies as called on called.schema = call[1] and called.proname = call[2] and called.oid <> bodies.oid
  ),
  asking as (
    select bodies.oid from bodies where bodies.proname = 'require_not_suspended'
    union
    select calls.caller from asking join calls on calls.step = asking.oid
  )
  select bodies.proname
  from asking join bodies on bodies.oid = asking.oid
  where bodies.schema = 'app_public';
$$;
comment on function tests.verbs_that_ask_for_suspension is 'The verbs that refuse while the clinic is suspended, by what their bodies call.';
