--! Previous: sha1:8b992e18e3785de7db0129bbc60c3099bb1bcea6
--! Hash: sha1:d887e3c354d8f11be4c40c64e610f535e3475456
--! Message: functions and policies say what they are in few words

--! split: 200-homes.sql
-- Every table says where its rows are at home. Which home each has stands in its policy file; until that has run in this
-- same migration, a table stays where it is. SCA-01.
alter table app_private.classified_tables
  add column if not exists home text not null default 'cell'
    constraint classified_tables_home_is_known check (home in ('clinic', 'person', 'platform', 'cell'));
alter table app_private.classified_tables alter column home drop default;
comment on column app_private.classified_tables.home is
  'Where its rows are at home: clinic (they move with their clinic; those of no clinic stay), person (they are wherever '
  'that person''s clinics are), platform (the same rows with the same ids everywhere), cell (they never move).';

-- It now asks for the home.
drop function if exists app_private.classify(text, text, jsonb, text, text, jsonb, jsonb);

--! split: 210-owners.sql
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

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions and db/policies: change those, not this file.

-- source: functions/analytics/what_i_see.sql
-- What whoever asks sees of each table, in words: row security hides rows without one, and 0 is taken for empty. FND-36.

create or replace function analytics.what_i_see() returns table (table_name text, sees text)
language sql stable
set search_path = ''
begin atomic
  select
    n.nspname || '.' || c.relname,
    case
      when not has_schema_privilege(n.oid, 'usage') or not has_any_column_privilege(c.oid, 'select') then 'nothing: permission is denied'
      when me.rolsuper or me.rolbypassrls or not c.relrowsecurity then 'every row'
      when exists (
        select from pg_catalog.pg_policy p
        where p.polrelid = c.oid and p.polcmd in ('r', '*')
          and exists (select from unnest(p.polroles) as named where named = 0 or pg_has_role(named, 'usage'))
      ) then 'the rows that its policies show ' || current_user
      else 'no row: row security holds, and no policy is for ' || current_user
    end
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  cross join (select * from pg_catalog.pg_roles where rolname = current_user) me
  where n.nspname in ('app_public', 'app_hidden', 'app_private', 'audit', 'analytics')
    and c.relkind in ('r', 'p') and not c.relispartition
  order by 1;
end;

comment on function analytics.what_i_see is 'For each table, what the role that asks sees of it: every row, those of its policies, none, or a refusal.';
grant execute on function analytics.what_i_see to app_analyst;
-- end of source: functions/analytics/what_i_see.sql

-- source: functions/core/now.sql
-- The one clock of the domain: the start of the transaction. Tests replace it to stand in another time.
-- Without settings of its own, so that the planner puts its body in place: a call that is none.

create or replace function app_hidden.now() returns timestamptz
language sql stable parallel safe
return pg_catalog.now();

comment on function app_hidden.now is 'The present, as every rule of the domain reads it.';

grant execute on function app_hidden.now to app_anonymous, app_member, app_link, app_worker, app_engine;
-- end of source: functions/core/now.sql

-- source: functions/appointments/advance_appointments.sql
-- A day before, a booked appointment is upcoming: by time, not by anyone's hand. The worker calls it every minute;
-- after a standstill the next call catches up. APT-01.

set role app_engine;

create or replace function app_private.advance_appointments() returns int
language sql volatile security definer
set search_path = ''
begin atomic
  with due as (
    select appointments.id
    from app_public.appointments
    where appointments.status = 'booked'
      and appointments.starts_at <= app_hidden.now() + interval '24 hours'
      and appointments.deleted_at is null
    order by appointments.starts_at
    limit 1000
    for update skip locked
  ), advanced as (
    update app_public.appointments set status = 'upcoming'
    from due
    where appointments.id = due.id
    returning appointments.id
  )
  select count(*)::int from advanced;
end;

comment on function app_private.advance_appointments is 'Moves up to 1,000 booked appointments of the next 24 hours to upcoming; returns how many.';
grant execute on function app_private.advance_appointments to app_worker;

reset role;
-- end of source: functions/appointments/advance_appointments.sql

-- source: functions/core/refuse.sql
-- Every refusal of the database leaves through here, so that its code is registered. FND-29.

create or replace function app_hidden.refuse(
  code text,
  reason text,
  details jsonb default '{}',
  hint text default null
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_sqlstate text;
begin
  select error_codes.sqlstate into strict v_sqlstate
  from app_hidden.error_codes
  where error_codes.code = refuse.code;

  raise exception using
    errcode = v_sqlstate,
    message = refuse.reason,
    detail = coalesce(refuse.details, '{}')::text,
    hint = coalesce(refuse.hint, '');
end;
$$;

comment on function app_hidden.refuse is
  'Raises a registered error: code from error_codes, reason in snake_case, details for programs, hint for people.';

grant execute on function app_hidden.refuse to app_anonymous, app_member, app_link, app_authenticator, app_worker, app_engine;
-- end of source: functions/core/refuse.sql

-- source: functions/scheduling/lock_specialist_days.sql
-- Whoever is about to take or free time of specialists first locks the days it touches: always all at once and in
-- the same order, so that nobody waits in a circle. Days are UTC dates; two spans that overlap share one. SCH-06.

create or replace function app_private.lock_specialist_days(spans app_private.free_start[]) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_key bigint;
begin
  for v_key in
    select distinct hashtextextended(
      span.specialist_id || ' ' || (lower(span.blocked) at time zone 'UTC')::date + n, 0) as key
    from unnest(spans) as span
    cross join lateral generate_series(
      0, (upper(span.blocked) at time zone 'UTC')::date - (lower(span.blocked) at time zone 'UTC')::date) as n
    order by key
  loop
    perform pg_advisory_xact_lock(v_key);
  end loop;
end;
$$;

comment on function app_private.lock_specialist_days is
  'Locks the days that these spans block for their specialists, until the transaction ends.';

grant execute on function app_private.lock_specialist_days to app_engine;
-- end of source: functions/scheduling/lock_specialist_days.sql

-- source: functions/scheduling/lock_claims.sql
-- Whoever changes claims first locks the days that they block, before any of their rows: every verb that writes claims
-- says this, or is told by its caller that it was said. Locks that are held already are not waited for, so a step may
-- say it again; all that a transaction touches is locked at the first time. SCH-06.

create or replace function app_private.lock_claims(claim_ids uuid[]) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.lock_specialist_days(array(
    select (tc.specialist_id, lower(tc.during), upper(tc.during), tc.blocked)::app_private.free_start
    from app_private.time_claims as tc
    where tc.id = any (claim_ids)));
end;
$$;

comment on function app_private.lock_claims is
  'Locks the specialist-days of these claims until the transaction ends. Call it once for all, before their rows.';

grant execute on function app_private.lock_claims to app_engine;
-- end of source: functions/scheduling/lock_claims.sql

-- source: functions/scheduling/convert_claim.sql
-- The held time becomes a request or an appointment, the requested time an appointment: the same claim, so nobody can
-- slip in between. SCH-06, APT-09.

create or replace function app_private.convert_claim(claim_id uuid, kind text) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  perform app_private.lock_claims(array[claim_id]);
  update app_private.time_claims as tc
  set kind = convert_claim.kind, expires_at = null
  where tc.id = convert_claim.claim_id
    and tc.released_at is null
    and (tc.kind, convert_claim.kind) in (('hold', 'request'), ('hold', 'appointment'), ('request', 'appointment'))
  returning * into v_claim;

  if not found then
    perform app_hidden.refuse(
      'STATE', 'claim_not_convertible', jsonb_build_object('kind', convert_claim.kind),
      'The time is no longer kept.');
  end if;
  return v_claim;
end;
$$;

comment on function app_private.convert_claim is
  'Turns a hold into a request or an appointment, a request into an appointment. It no longer expires. '
  'The caller has the claim from take_hold, which has checked that a hold is alive.';

grant execute on function app_private.convert_claim to app_engine;
-- end of source: functions/scheduling/convert_claim.sql

-- source: functions/scheduling/count_assignment.sql
-- The round robin moves when a booking is made, not when a time is held: who only looks costs nobody a turn. SCH-04.

create or replace function app_private.count_assignment(claim_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  perform app_private.lock_claims(array[claim_id]);
  update app_private.time_claims as tc
  set counted_at = app_hidden.now()
  where tc.id = count_assignment.claim_id and tc.counted_at is null
  returning * into v_claim;

  update app_private.specialist_assignment_tracking as t
  set assigned_count = t.assigned_count + 1,
      last_assigned_at = greatest(t.last_assigned_at, app_hidden.now())
  where t.organization_id = v_claim.organization_id
    and t.calendar_id = v_claim.calendar_id
    and t.specialist_id = v_claim.specialist_id;
end;
$$;

comment on function app_private.count_assignment is
  'Counts a claim in its calendar''s round robin, once however often it is called.';

grant execute on function app_private.count_assignment to app_engine;
-- end of source: functions/scheduling/count_assignment.sql

-- source: functions/core/current_principal_id.sql
-- Who acts, as the server says it for this transaction. FND-02.

create or replace function app_hidden.current_principal_id() returns uuid
language sql stable parallel safe
set search_path = ''
return nullif(pg_catalog.current_setting('app.principal_id', true), '')::uuid;

comment on function app_hidden.current_principal_id is 'The signed-in principal; null for a visitor and for the worker.';

grant execute on function app_hidden.current_principal_id to app_anonymous, app_member, app_link, app_worker, app_engine;
-- end of source: functions/core/current_principal_id.sql

-- source: functions/core/current_actor_id.sql
-- To whom a write is attributed: the signed-in principal, or the service account of the process. FND-02.

set role app_engine;

create or replace function app_private.current_actor_id() returns uuid
language sql stable security definer
set search_path = ''
begin atomic
  select coalesce(
    app_hidden.current_principal_id(),
    (select service_accounts.principal_id
     from app_public.service_accounts
     where 'app_' || service_accounts.name = session_user));
end;

comment on function app_private.current_actor_id is 'The principal a write is attributed to; null for a visitor.';
grant execute on function app_private.current_actor_id to app_worker;

reset role;
-- end of source: functions/core/current_actor_id.sql

-- source: functions/core/current_organization_id.sql
-- The clinic this request is about, if the caller chose one. It only ever narrows: membership is looked up
-- wherever rights are computed. FND-04.

create or replace function app_hidden.current_organization_id() returns uuid
language sql stable parallel safe
set search_path = ''
return nullif(pg_catalog.current_setting('app.organization_id', true), '')::uuid;

comment on function app_hidden.current_organization_id is 'The clinic the request names; null means every clinic of the caller.';

grant execute on function app_hidden.current_organization_id to app_anonymous, app_member, app_link, app_worker, app_engine;
-- end of source: functions/core/current_organization_id.sql

-- source: functions/identity/current_staff_organization_ids.sql
-- Where the caller works. Policies compare with it once per query. FND-04, FND-05.

set role app_engine;

create or replace function app_hidden.current_staff_organization_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(memberships.organization_id), '{}')
  from app_public.memberships
  join app_public.principals on principals.id = memberships.human_id and principals.disabled_at is null
  join app_public.organizations on organizations.id = memberships.organization_id and organizations.deleted_at is null
  where memberships.human_id = app_hidden.current_principal_id()
    and memberships.ended_at is null
    and (app_hidden.current_organization_id() is null
         or memberships.organization_id = app_hidden.current_organization_id());
end;

comment on function app_hidden.current_staff_organization_ids is
  'Clinics where the caller is a member, narrowed to the one the request names.';
grant execute on function app_hidden.current_staff_organization_ids to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/current_staff_organization_ids.sql

-- source: functions/scheduling/is_staff_of.sql
-- Staff of the clinic see further and are not limited like visitors. SCH-05, SCH-06.

create or replace function app_private.is_staff_of(organization_id uuid) returns boolean
language sql stable
set search_path = ''
return is_staff_of.organization_id = any (app_hidden.current_staff_organization_ids());

comment on function app_private.is_staff_of is 'Whether the caller works at this clinic.';

grant execute on function app_private.is_staff_of to app_engine;
-- end of source: functions/scheduling/is_staff_of.sql

-- source: functions/idempotency/under_idempotency_key.sql
-- Everything that is kept of an idempotency key is derived from it, one way: who holds the key can ask for the same
-- again and read the answer, and who holds the table cannot. FND-26.

create or replace function app_private.under_idempotency_key(purpose text, operation text, content text default '')
returns bytea
language sql stable
set search_path = ''
return extensions.hmac(
  concat_ws(
    e'\n',
    under_idempotency_key.purpose,
    under_idempotency_key.operation,
    -- Somebody else's key is another key. A visitor is who they say they are, and else where they come from; whoever
    -- has one IPv6 address has the 2^64 of its network.
    coalesce(
      'principal:' || app_hidden.current_principal_id(),
      'visitor:' || nullif(current_setting('app.visitor_id', true), ''),
      'address:' || (
        select case family(caller.address) when 6 then network(set_masklen(caller.address, 64)) else caller.address end
        from (select nullif(current_setting('app.ip', true), '')::inet) as caller (address)),
      'unknown'),
    under_idempotency_key.content),
  nullif(current_setting('app.idempotency_key', true), ''),
  'sha256');

comment on function app_private.under_idempotency_key is
  'A digest of caller, operation and content under the request''s idempotency key; null when the request has none.';

grant execute on function app_private.under_idempotency_key to app_engine;
-- end of source: functions/idempotency/under_idempotency_key.sql

-- source: functions/idempotency/remember.sql
-- The last line of every verb that begins with remembered(): keeps the answer for whoever repeats the request. Answers
-- hold tokens that are shown once, so they are encrypted under the caller's own key. FND-26.

create or replace function app_private.remember(operation text, response jsonb) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if nullif(current_setting('app.idempotency_key', true), '') is null then
    return;
  end if;
  update app_private.remembered_mutations as known
  set response = extensions.pgp_sym_encrypt(
    remember.response::text,
    encode(app_private.under_idempotency_key('response', remember.operation), 'hex'),
    -- The passphrase is a digest: stretching it would cost time and add nothing.
    'cipher-algo=aes256, s2k-mode=1')
  where known.request_digest = app_private.under_idempotency_key('request', remember.operation);
  if not found then
    raise exception 'remember: % did not begin with remembered()', remember.operation;
  end if;
end;
$$;

comment on function app_private.remember is
  'Keeps the result under the idempotency key that remembered() has claimed; does nothing when the request has no key.';

grant execute on function app_private.remember to app_engine;
-- end of source: functions/idempotency/remember.sql

-- source: functions/identity/current_account_id.sql
-- The caller as policies about one's own rows ask for it: a closed account owns nothing any more, inside a request
-- that is under way too. FND-03.

set role app_engine;

create or replace function app_hidden.current_account_id() returns uuid
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select principals.id
  from app_public.principals
  where principals.id = app_hidden.current_principal_id() and principals.disabled_at is null;
end;

comment on function app_hidden.current_account_id is
  'The signed-in principal while the account is open; null once it is closed, and for a visitor.';
grant execute on function app_hidden.current_account_id to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/current_account_id.sql

-- source: functions/idempotency/remembered.sql
-- The first line of every verb that creates money, bookings or messages: what it answered to this idempotency key
-- before. Null means: go on, nobody did this yet, and end with remember(). FND-26.
-- The key is claimed by an insert in the verb's own transaction. A second request with the key waits for the first, and
-- then reads its answer; when the first is rolled back its claim goes with it, and the second goes on.
-- What is remembered opens nothing by itself: a verb that got an answer here asks, before it gives it, for the rights
-- that it asks for when it does the thing (a lint looks). A closed account gets none, whatever the verb.

create or replace function app_private.remembered(operation text, arguments jsonb) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_request bytea;
  v_arguments bytea;
  v_known app_private.remembered_mutations;
begin
  if nullif(current_setting('app.idempotency_key', true), '') is null then
    return null;
  end if;

  v_request := app_private.under_idempotency_key('request', remembered.operation);
  -- jsonb has one text for one value, whatever order its keys came in.
  v_arguments := app_private.under_idempotency_key('arguments', remembered.operation, remembered.arguments::text);

  insert into app_private.remembered_mutations as known (request_digest, operation, arguments_digest, created_at)
  values (v_request, remembered.operation, v_arguments, app_hidden.now())
  on conflict on constraint remembered_mutations_pkey do update
    set arguments_digest = excluded.arguments_digest, response = null, created_at = excluded.created_at
    where known.created_at <= excluded.created_at - interval '24 hours';
  if found then
    return null;
  end if;

  if app_hidden.current_principal_id() is not null and app_hidden.current_account_id() is null then
    perform app_hidden.refuse('UNAUTHENTICATED', 'account_disabled', '{}', 'This account is closed. Ask the clinic.');
  end if;
  select known.* into strict v_known
  from app_private.remembered_mutations as known
  where known.request_digest = v_request;
  if v_known.arguments_digest <> v_arguments then
    perform app_hidden.refuse(
      'IDEMPOTENCY_MISMATCH', 'idempotency_key_reused', jsonb_build_object('header', 'Idempotency-Key'),
      'This key was sent with other values before. Take a new key for a new request.');
  elsif v_known.response is null then
    raise exception 'remembered: % claimed a key and never called remember()', remembered.operation;
  end if;
  return extensions.pgp_sym_decrypt(
    v_known.response, encode(app_private.under_idempotency_key('response', remembered.operation), 'hex'))::jsonb;
end;
$$;

comment on function app_private.remembered is
  'The first answer to this caller''s idempotency key for this operation; null when there is no key, or none such within '
  'a day, and then the key is claimed. IDEMPOTENCY_MISMATCH when the arguments are others than the first time.';

grant execute on function app_private.remembered to app_engine;
-- end of source: functions/idempotency/remembered.sql

-- source: functions/identity/organization_ids_where.sql
-- The permission check, in the form that policies use: once per query, as an array. FND-04.

set role app_engine;

create or replace function app_hidden.organization_ids_where(permission text) returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(distinct memberships.organization_id), '{}')
  from app_public.memberships
  join app_public.principals on principals.id = memberships.human_id and principals.disabled_at is null
  join app_public.organizations on organizations.id = memberships.organization_id and organizations.deleted_at is null
  join app_public.membership_roles
    on membership_roles.organization_id = memberships.organization_id
   and membership_roles.membership_id = memberships.id
  join app_public.role_permissions
    on role_permissions.organization_id = membership_roles.organization_id
   and role_permissions.role_id = membership_roles.role_id
   and role_permissions.permission = organization_ids_where.permission
  where memberships.human_id = app_hidden.current_principal_id()
    and memberships.ended_at is null
    and (app_hidden.current_organization_id() is null
         or memberships.organization_id = app_hidden.current_organization_id());
end;

comment on function app_hidden.organization_ids_where is
  'Clinics where one of the caller''s roles allows this permission, narrowed to the one the request names.';
grant execute on function app_hidden.organization_ids_where to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/organization_ids_where.sql

-- source: functions/identity/has_permission.sql
-- The permission check, in the form that functions use. FND-04.

create or replace function app_hidden.has_permission(organization_id uuid, permission text) returns boolean
language sql stable
set search_path = ''
return has_permission.organization_id = any (app_hidden.organization_ids_where(has_permission.permission));

comment on function app_hidden.has_permission is 'Whether the caller may do this at that clinic.';
grant execute on function app_hidden.has_permission to app_member, app_anonymous, app_engine;
-- end of source: functions/identity/has_permission.sql

-- source: functions/identity/require_permission.sql
-- What a verb says first. A stranger is told that there is no such clinic; a colleague is told what is missing.
-- FND-04.

create or replace function app_private.require_permission(organization_id uuid, permission text) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if app_hidden.has_permission(organization_id, permission) then
    return;
  end if;
  if organization_id = any (app_hidden.current_staff_organization_ids()) then
    perform app_hidden.refuse(
      'FORBIDDEN', 'permission_missing', jsonb_build_object('permission', permission),
      'Ask an administrator of your clinic for the permission ' || permission || '.');
  end if;
  perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
end;
$$;

comment on function app_private.require_permission is
  'Refuses with FORBIDDEN for a colleague without the permission, with NOT_FOUND for anyone else.';
grant execute on function app_private.require_permission to app_engine;
-- end of source: functions/identity/require_permission.sql

-- source: functions/scheduling/may_override.sql
-- Rules of time are the clinic's own: front desk may set them aside for a patient who stands there, and says why. SCH-06,
-- APT-01.

create or replace function app_private.may_override(organization_id uuid, override_reason text) returns boolean
language plpgsql stable
set search_path = ''
as $$
begin
  if override_reason is null then
    return false;
  end if;
  perform app_private.require_permission(may_override.organization_id, 'appointments.manage');
  if btrim(override_reason) = '' or length(override_reason) > 500 then
    perform app_hidden.refuse(
      'VALIDATION', 'reason_missing', jsonb_build_object('field', 'overrideReason'),
      'Say in up to 500 characters why the rules are set aside.');
  end if;
  return true;
end;
$$;

comment on function app_private.may_override is
  'Whether a reason was given to set rules aside; FORBIDDEN or NOT_FOUND for whoever may not, VALIDATION for a reason that is none.';

grant execute on function app_private.may_override to app_engine;
-- end of source: functions/scheduling/may_override.sql

-- source: functions/scheduling/refuse_taken.sql
-- The one way to say that somebody was faster. SCH-06.

create or replace function app_private.refuse_taken(calendar_id uuid, starts_at timestamptz) returns void
language sql stable
set search_path = ''
as $$
  select app_hidden.refuse(
    'SLOT_TAKEN', 'slot_taken',
    jsonb_build_object('calendarId', refuse_taken.calendar_id, 'startsAt', refuse_taken.starts_at),
    'Somebody else has just taken this time. Choose another.');
$$;

comment on function app_private.refuse_taken is 'Refuses with SLOT_TAKEN.';

grant execute on function app_private.refuse_taken to app_engine;
-- end of source: functions/scheduling/refuse_taken.sql

-- source: functions/scheduling/refuse_rule.sql
-- The one way to say which rule keeps a time from being booked, whoever asks: list and hold, book and confirm. SCH-05,
-- SCH-06.

create or replace function app_private.refuse_rule(rule text, calendar_id uuid, starts_at timestamptz) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if rule = 'taken' then
    perform app_private.refuse_taken(refuse_rule.calendar_id, refuse_rule.starts_at);
  end if;
  perform app_hidden.refuse(
    -- A start that is none is bad input; what was there and is switched off is over.
    case when rule in ('clinic_draft', 'calendar_inactive', 'calendar_private', 'service_inactive',
                       'specialist_inactive', 'not_in_calendar', 'not_providing_service') then 'GONE' else 'VALIDATION' end,
    rule,
    jsonb_build_object('rule', rule, 'calendarId', refuse_rule.calendar_id, 'startsAt', refuse_rule.starts_at),
    case rule
      when 'in_the_past' then 'This time has passed.'
      when 'inside_notice' then 'This time is too soon to book.'
      when 'beyond_horizon' then 'This time is too far ahead to book.'
      when 'outside_hours' then 'Nobody works at this time.'
      when 'closed' then 'This time is closed.'
      when 'off_the_grid' then 'Appointments do not start at this time.'
      when 'clinic_draft' then 'The clinic takes no bookings at the moment.'
      when 'calendar_inactive' then 'This calendar takes no bookings any more. Choose something else.'
      when 'calendar_private' then 'This calendar is no longer open to the public. Ask the clinic.'
      when 'service_inactive' then 'This service is no longer offered. Choose something else.'
      when 'specialist_inactive' then 'This specialist takes no appointments at the moment. Choose another time.'
      when 'not_in_calendar' then 'This specialist can no longer be booked here. Choose another time.'
      when 'not_providing_service' then 'This specialist no longer provides this service. Choose another time.'
      else 'Nobody can be booked in this calendar.'
    end);
end;
$$;

comment on function app_private.refuse_rule is
  'Refuses a start: SLOT_TAKEN, GONE for what is switched off, else VALIDATION; the reason is the rule.';

grant execute on function app_private.refuse_rule to app_engine;
-- end of source: functions/scheduling/refuse_rule.sql

-- source: functions/scheduling/switched_off.sql
-- What stands above hours and claims: clinic, calendar, service and specialist have to be there for a time to be booked.
-- Explaining, booking and confirming ask here; the listing joins the same rows. SCH-02, SCH-05, SCH-06.

create or replace function app_private.switched_off(
  organization_id uuid, calendar_id uuid, specialist_id uuid, for_the_public boolean
) returns text
language sql stable
set search_path = ''
begin atomic
  select case
    when for_the_public and o.activated_at is null then 'clinic_draft'
    when not c.is_active or c.deleted_at is not null then 'calendar_inactive'
    when not s.is_active or s.deleted_at is not null then 'service_inactive'
    when for_the_public and not c.is_public then 'calendar_private'
    when not sp.scheduling_active or sp.deleted_at is not null then 'specialist_inactive'
    when not exists (
      select from app_public.calendar_specialists as cs
      where cs.organization_id = c.organization_id and cs.calendar_id = c.id and cs.specialist_id = sp.id)
      then 'not_in_calendar'
    when not exists (
      select from app_public.service_specialists as ss
      where ss.organization_id = c.organization_id and ss.service_id = s.id and ss.specialist_id = sp.id)
      then 'not_providing_service'
  end
  from app_public.calendars as c
  join app_public.organizations as o on o.id = c.organization_id
  join app_public.services as s on s.organization_id = c.organization_id and s.id = c.service_id
  join app_public.specialists as sp on sp.organization_id = c.organization_id and sp.id = switched_off.specialist_id
  where c.organization_id = switched_off.organization_id and c.id = switched_off.calendar_id;
end;

comment on function app_private.switched_off is
  'The rule above hours and claims that keeps a specialist from being booked in a calendar; null when none does.';

grant execute on function app_private.switched_off to app_engine;
-- end of source: functions/scheduling/switched_off.sql

-- source: functions/scheduling/grid.sql
-- Where the grid of starts counts from. A window's grid counts from its start, whatever is asked, booked or closed.
-- Hours around the clock have no start: there the grid begins anew on the first Monday after a week without a gap,
-- and on every Monday after. So a start is on the grid or not, and no query can see it otherwise. SCH-05.
-- Plain SQL, so that PostgreSQL inlines it.

create or replace function app_private.grid(open tstzrange, timezone text)
returns table (anchor timestamptz, until timestamptz)
language sql immutable
begin atomic
  select lower(grid.open), upper(grid.open)
  where upper(grid.open) - lower(grid.open) <= interval '168 hours'
  union all
  select part.anchor, part.until
  from (
    select date_trunc('week', (lower(grid.open) + interval '168 hours') at time zone grid.timezone
                              - interval '1 microsecond') + interval '7 days' as monday
    where upper(grid.open) - lower(grid.open) > interval '168 hours'
  ) as first
  cross join lateral generate_series(
    0, ((upper(grid.open) at time zone grid.timezone)::date - first.monday::date) / 7 + 1
  ) as week
  cross join lateral (
    select
      case week when 0 then lower(grid.open)
        else (first.monday + (week - 1) * interval '7 days') at time zone grid.timezone
      end as anchor,
      least(upper(grid.open), (first.monday + week * interval '7 days') at time zone grid.timezone) as until
  ) as part
  where part.anchor < part.until;
end;

comment on function app_private.grid is
  'The stretches of an open window within which starts are counted from anchor: one, unless it is longer than a week.';

grant execute on function app_private.grid to app_engine;
-- end of source: functions/scheduling/grid.sql

-- source: functions/scheduling/on_clocks.sql
-- The instant at which clocks of a zone show a local time. Clocks that are put forward skip some: those are the instant
-- of the change, so that a window in the gap is empty and one that reaches into it is cut there. Of a time that comes
-- twice it is the second. SCH-05.
-- `at time zone` alone reads a skipped time an hour later, and would open 03:15 at 04:15.
-- Looked for minute by minute: the gap's start is not known, and a gap is met twice a year.

create or replace function app_private.on_clocks(local timestamp, timezone text) returns timestamptz
language sql immutable
return case
  when (on_clocks.local at time zone on_clocks.timezone) at time zone on_clocks.timezone = on_clocks.local
    then on_clocks.local at time zone on_clocks.timezone
  else (
    select min(minute)
    from generate_series(
      date_trunc('minute', on_clocks.local at time zone on_clocks.timezone, 'UTC')
        - ((on_clocks.local at time zone on_clocks.timezone) at time zone on_clocks.timezone - on_clocks.local),
      date_trunc('minute', on_clocks.local at time zone on_clocks.timezone, 'UTC'),
      interval '1 minute') as minute
    where minute at time zone on_clocks.timezone > on_clocks.local)
end;

comment on function app_private.on_clocks is
  'A local time as an instant; a time that the clocks skip is the instant of the change.';

grant execute on function app_private.on_clocks to app_engine;
-- end of source: functions/scheduling/on_clocks.sql

-- source: functions/scheduling/timetables.sql
-- Everything about time that a calendar's specialists bring to a window of instants, one row each: when they are
-- open, and which starts closings and claims rule out. The listing, the hold, the booking and the explanation all
-- read this, so they cannot disagree. SCH-01, SCH-02, SCH-03, SCH-05.
-- A holder's own claim stands aside: for whoever holds a time it is free. A claim that exists keeps its length, whatever
-- the settings say by now, and its notice is counted from when it was asked for.
-- Plain SQL without settings of its own, so that PostgreSQL inlines it into its callers.

create or replace function app_private.timetables(
  calendar_id uuid,
  "from" timestamptz,
  "to" timestamptz,
  specialist_id uuid,
  within_bounds boolean,
  own_claim_id uuid default null,
  own_length interval default null,
  asked_at timestamptz default null
) returns setof app_private.timetable
language sql stable
begin atomic
  with rules as materialized (
    select
      c.id, c.organization_id, c.service_id, c.timezone, c.step_minutes,
      coalesce(c.duration_minutes, s.duration_minutes) as duration_minutes,
      make_interval(mins => c.buffer_before_minutes) as before,
      make_interval(mins => c.buffer_after_minutes) as after,
      clock.now,
      coalesce(timetables.asked_at, clock.now) + make_interval(mins => c.notice_minutes) as bookable_from,
      ((clock.now at time zone c.timezone)::date + c.horizon_days + 1)::timestamp at time zone c.timezone as bookable_until
    from app_public.calendars as c
    join app_public.services as s on s.organization_id = c.organization_id and s.id = c.service_id
    cross join (select app_hidden.now() as now) as clock
    where c.id = timetables.calendar_id
  ),
  calendar as materialized (
    select
      rules.*,
      case when timetables.within_bounds then greatest(timetables."from", rules.bookable_from)
        else timetables."from" end as earliest,
      case when timetables.within_bounds then least(timetables."to", rules.bookable_until)
        else timetables."to" end as latest
    from rules
  ),
  candidates as materialized (
    select
      sp.id,
      sp.scheduling_timezone as timezone,
      coalesce(timetables.own_length,
        make_interval(mins => coalesce(cs.duration_minutes, calendar.duration_minutes))) as duration,
      make_interval(mins => coalesce(calendar.step_minutes, cs.duration_minutes, calendar.duration_minutes)) as step,
      -- The nearest hours count: the specialist's own in this calendar, else the calendar's, else the weekly ones.
      case
        when exists (select from app_public.calendar_hours as ch
                     where ch.organization_id = calendar.organization_id and ch.calendar_id = calendar.id
                       and ch.specialist_id = sp.id) then 'own'
        when exists (select from app_public.calendar_hours as ch
                     where ch.organization_id = calendar.organization_id and ch.calendar_id = calendar.id
                       and ch.specialist_id is null) then 'calendar'
        else 'weekly'
      end as hours
    from calendar
    join app_public.calendar_specialists as cs
      on cs.organization_id = calendar.organization_id and cs.calendar_id = calendar.id
    join app_public.service_specialists as ss
      on ss.organization_id = calendar.organization_id and ss.service_id = calendar.service_id
     and ss.specialist_id = cs.specialist_id
    join app_public.specialists as sp
      on sp.organization_id = calendar.organization_id and sp.id = cs.specialist_id
    where sp.scheduling_active
      and sp.deleted_at is null
      and (timetables.specialist_id is null or sp.id = timetables.specialist_id)
  ),
  zones as materialized (
    select k.timezone from candidates as k union select calendar.timezone from calendar
  ),
  hours as materialized (
    select k.id, k.timezone, h.weekday, h.starts, h.ends,
      h.ends <= h.starts or h.ends = time '24:00' as reaches_midnight
    from candidates as k
    cross join calendar
    join app_public.specialist_weekly_hours as h
      on h.organization_id = calendar.organization_id and h.specialist_id = k.id
    where k.hours = 'weekly'
    union all
    select k.id, calendar.timezone, h.weekday, h.starts, h.ends,
      h.ends <= h.starts or h.ends = time '24:00' or calendar.timezone <> k.timezone
    from candidates as k
    cross join calendar
    join app_public.calendar_hours as h
      on h.organization_id = calendar.organization_id and h.calendar_id = calendar.id
     and h.specialist_id is not distinct from case k.hours when 'own' then k.id end
    where k.hours <> 'weekly'
  ),
  -- Merged before days are made of them: a clinic may write the same vacation a thousand times.
  overrides as materialized (
    select o.id, o.timezone, o.kind, o.starts, o.ends, lower(span) as starts_on, upper(span) - 1 as ends_on
    from (
      select k.id, k.timezone, o.kind, o.starts, o.ends, range_agg(daterange(o.starts_on, o.ends_on, '[]')) as spans
      from candidates as k
      cross join calendar
      join app_public.specialist_schedule_overrides as o
        on o.organization_id = calendar.organization_id and o.specialist_id = k.id
       and o.starts_on <= (calendar.latest at time zone 'UTC')::date + 3
       and o.ends_on >= (calendar.earliest at time zone 'UTC')::date - 17
      group by k.id, k.timezone, o.kind, o.starts, o.ends
    ) as o
    cross join lateral unnest(o.spans) as span
  ),
  -- Local dates that can matter anywhere on earth: from the date of `earliest`, which west of Greenwich may be the day
  -- before, to the date on which a slot that starts last ends. Hours that touch at midnight make one window, whose
  -- start counts: then 16 days more are read, by when the grid has begun anew on a Monday (app_private.grid).
  span as materialized (
    select
      (calendar.earliest at time zone 'UTC')::date - 1 - case when
        exists (select from hours as h where h.reaches_midnight)
        or exists (select from overrides as o
                   where o.kind <> 'closed' and (o.ends <= o.starts or o.ends = time '24:00'))
        then 16 else 0 end as first_day,
      ((calendar.latest + (select max(k.duration) from candidates as k)) at time zone 'UTC')::date + 1 as last_day
    from calendar
    where calendar.earliest < calendar.latest
  ),
  -- On the night that clocks change, and the day before whose hours may reach into it, every time is looked at closely.
  days as materialized (
    select day.date, extract(isodow from day.date)::int as weekday,
      exists (
        select from zones
        where (day.date + 2)::timestamp at time zone zones.timezone - day.date::timestamp at time zone zones.timezone
              <> interval '48 hours'
      ) as clocks_change
    from span
    cross join lateral generate_series(0, span.last_day - span.first_day) as n
    cross join lateral (select span.first_day + n as date) as day
  ),
  override_days as materialized (
    select piece.id, piece.kind, piece.date,
      case when piece.clocks_change then app_private.on_clocks(lower(piece.local), piece.timezone)
        else lower(piece.local) at time zone piece.timezone end as opens,
      case when piece.clocks_change then app_private.on_clocks(upper(piece.local), piece.timezone)
        else upper(piece.local) at time zone piece.timezone end as closes
    from (
      select o.id, o.timezone, o.kind, days.date, days.clocks_change, unnest(range_agg(tsrange(
        days.date + o.starts, days.date + case when o.ends <= o.starts then 1 else 0 end + o.ends))) as local
      from overrides as o
      join days on days.date between o.starts_on and o.ends_on
      where o.starts is not null
      group by o.id, o.timezone, o.kind, days.date, days.clocks_change
    ) as piece
  ),
  -- Materialized, or the conversions to UTC would be done again for the comparison below.
  openings as materialized (
    select h.id,
      case when days.clocks_change then app_private.on_clocks(days.date + h.starts, h.timezone)
        else (days.date + h.starts) at time zone h.timezone end as opens,
      case when days.clocks_change
        then app_private.on_clocks(days.date + case when h.ends <= h.starts then 1 else 0 end + h.ends, h.timezone)
        else (days.date + case when h.ends <= h.starts then 1 else 0 end + h.ends) at time zone h.timezone end as closes
    from hours as h
    join days on days.weekday = h.weekday
    -- `not in` rather than `not exists`: it is hashed whatever the planner guesses about the number of overrides.
    where (h.id, days.date) not in (select o.id, o.date from override_days as o where o.kind = 'replace')
    union all
    select o.id, o.opens, o.closes from override_days as o where o.kind in ('replace', 'extra')
  ),
  -- Hours that fall into the gap of a spring night end when they start: no time, and no error.
  windows as materialized (
    select o.id, range_agg(tstzrange(o.opens, o.closes)) as windows
    from openings as o
    where o.opens < o.closes
    group by o.id
  ),
  closings as (
    select o.id,
      o.starts_on::timestamp at time zone o.timezone as closes,
      (o.ends_on + 1)::timestamp at time zone o.timezone as opens
    from overrides as o
    where o.kind = 'closed' and o.starts is null
    union all
    select o.id, o.opens, o.closes from override_days as o where o.kind = 'closed'
  ),
  -- A start is ruled out when its slot would overlap. Open at both ends: a slot may touch.
  closed as materialized (
    select c.id, range_agg(tstzrange(c.closes - k.duration, c.opens, '()')) as closed
    from closings as c
    join candidates as k on k.id = c.id
    where c.closes < c.opens
    group by c.id
  )
  select
    k.id, k.timezone, k.duration, k.step, calendar.before, calendar.after,
    calendar.now, calendar.bookable_from, calendar.bookable_until, calendar.earliest, calendar.latest,
    coalesce(w.windows, '{}'), coalesce(c.closed, '{}'), coalesce(t.taken, '{}'),
    coalesce(c.closed, '{}') + coalesce(t.taken, '{}')
  from candidates as k
  cross join calendar
  left join windows as w on w.id = k.id
  left join closed as c on c.id = k.id
  -- By specialist alone, who belongs to one clinic: so the index of the exclusion constraint serves.
  cross join lateral (
    select range_agg(tstzrange(lower(tc.blocked) - k.duration - calendar.after,
                               upper(tc.blocked) + calendar.before, '()')) as taken
    from app_private.time_claims as tc
    where tc.specialist_id = k.id
      and tc.blocked && tstzrange(calendar.earliest - calendar.before,
                                  greatest(calendar.earliest, calendar.latest) + k.duration + calendar.after)
      and tc.released_at is null
      and tc.id is distinct from timetables.own_claim_id
      and (tc.expires_at is null or tc.expires_at > calendar.now)
  ) as t;
end;

comment on function app_private.timetables is
  'Who can be booked in a calendar and when: open windows, and the starts that closings and claims rule out. '
  'within_bounds narrows the window by notice and horizon; own_claim_id stands aside, own_length and asked_at are its own.';

grant execute on function app_private.timetables to app_engine;
-- end of source: functions/scheduling/timetables.sql

-- source: functions/scheduling/verdicts.sql
-- What the rules say about one start, specialist by specialist: every rule that forbids it, in the order in which they
-- are told; none where it can be booked. Reads the same timetables as the listing; a property test holds the two
-- together. SCH-05, SCH-06.
-- Plain SQL without settings of its own, so that PostgreSQL inlines it into its callers.

create or replace function app_private.verdicts(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid default null,
  own_claim_id uuid default null,
  own_length interval default null,
  asked_at timestamptz default null
) returns setof app_private.verdict
language sql stable
begin atomic
  select
    t.specialist_id,
    verdicts.starts_at,
    verdicts.starts_at + t.duration,
    tstzrange(verdicts.starts_at - t.before, verdicts.starts_at + t.duration + t.after),
    array_remove(array[
      case when verdicts.starts_at < t.now then 'in_the_past' end,
      case when verdicts.starts_at < t.bookable_from then 'inside_notice' end,
      case when verdicts.starts_at >= t.bookable_until then 'beyond_horizon' end,
      case when not t.windows @> tstzrange(verdicts.starts_at, verdicts.starts_at + t.duration) then 'outside_hours' end,
      case when t.closed @> verdicts.starts_at then 'closed' end,
      case when not exists (
        select
        from unnest(t.windows) as w (open)
        cross join lateral app_private.grid(w.open, t.timezone) as g
        where g.anchor <= verdicts.starts_at and verdicts.starts_at < g.until
          and date_bin(t.step, verdicts.starts_at, g.anchor) = verdicts.starts_at
      ) then 'off_the_grid' end,
      case when t.taken @> verdicts.starts_at then 'taken' end], null)
  from app_private.timetables(
    verdicts.calendar_id, verdicts.starts_at, verdicts.starts_at + interval '1 microsecond', verdicts.specialist_id,
    false, verdicts.own_claim_id, verdicts.own_length, verdicts.asked_at) as t;
end;

comment on function app_private.verdicts is
  'For each specialist of a calendar, the rules that keep a start from being booked. A claim that exists asks with its '
  'id, its length and when it was made.';

grant execute on function app_private.verdicts to app_engine;
-- end of source: functions/scheduling/verdicts.sql

-- source: functions/scheduling/require_bookable.sql
-- The predicate of the listing, asked again of a time that is kept already: between the hold and the booking, or the
-- request and its confirmation, somebody may have closed the day, switched off the calendar, or let the start pass. SCH-06,
-- APT-01, APT-09.
-- The claim keeps its length, and its notice counts from when it was made: whoever fills the form for five minutes does
-- not come too late by them. Whether it is taken is the exclusion constraint's to say, under which the claim stands.
-- An override needs the permission and a reason; the caller records both. It sets aside everything but another claim, a
-- past longer than an hour (a walk-in is written down when there is time), and what is removed.

create or replace function app_private.require_bookable(
  claim app_private.time_claims,
  for_the_public boolean,
  override_reason text default null
) returns text[]
language plpgsql stable
set search_path = ''
as $$
declare
  v_rules text[];
  v_rule text;
begin
  v_rules := array_remove(
    array[app_private.switched_off(claim.organization_id, claim.calendar_id, claim.specialist_id, for_the_public)]
    || (select v.rules
        from app_private.verdicts(
          claim.calendar_id, lower(claim.during), claim.specialist_id, claim.id,
          upper(claim.during) - lower(claim.during), claim.created_at) as v),
    null);
  if app_private.may_override(claim.organization_id, override_reason) then
    -- Asked here, because of a specialist who is switched off the verdicts say nothing.
    v_rule := case when lower(claim.during) < app_hidden.now() - interval '1 hour' then 'in_the_past' end;
  else
    v_rule := v_rules[1];
  end if;
  if v_rule is not null then
    perform app_private.refuse_rule(v_rule, claim.calendar_id, lower(claim.during));
  end if;
  return v_rules;
end;
$$;

comment on function app_private.require_bookable is
  'Asks the rules again of a claim that is kept, as the public or as staff; refuses with the first one broken. With a '
  'reason of somebody who may override: the rules that were set aside.';

grant execute on function app_private.require_bookable to app_engine;
-- end of source: functions/scheduling/require_bookable.sql

-- source: functions/patients/current_human_patient_profile_ids.sql
-- The people the caller may act for: themselves, and those they care for while the link lasts. FND-07.

set role app_engine;

create or replace function app_hidden.current_human_patient_profile_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(profile.id), '{}')
  from (
    select patient_profiles.id
    from app_public.patient_profiles
    where patient_profiles.human_id = app_hidden.current_principal_id()
    union
    select caregivers.patient_profile_id
    from app_public.caregivers
    where caregivers.human_id = app_hidden.current_principal_id()
      and caregivers.revoked_at is null
      -- The law that sets the age is Romanian, so its days are.
      and (caregivers.ends_on is null or caregivers.ends_on > (app_hidden.now() at time zone 'Europe/Bucharest')::date)
  ) as profile
  where exists (
    select from app_public.principals
    where principals.id = app_hidden.current_principal_id() and principals.disabled_at is null
  );
end;

comment on function app_hidden.current_human_patient_profile_ids is
  'Patient profiles the caller may act for. Every patient-side policy is driven by it.';
grant execute on function app_hidden.current_human_patient_profile_ids to app_member, app_anonymous;

reset role;
-- end of source: functions/patients/current_human_patient_profile_ids.sql

-- source: functions/patients/current_patient_organization_ids.sql
-- Where the caller, or someone they care for, is a patient. A deleted patient is none, and a deleted clinic nobody's. FND-07, SPC-05.

set role app_engine;

create or replace function app_hidden.current_patient_organization_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(distinct patients.organization_id), '{}')
  from app_public.patients
  join app_public.organizations on organizations.id = patients.organization_id and organizations.deleted_at is null
  where patients.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
    and patients.deleted_at is null
    and (app_hidden.current_organization_id() is null
         or patients.organization_id = app_hidden.current_organization_id());
end;

comment on function app_hidden.current_patient_organization_ids is
  'Clinics of which the caller, or a person they care for, is a patient, narrowed to the one the request names.';
grant execute on function app_hidden.current_patient_organization_ids to app_member, app_anonymous;

reset role;
-- end of source: functions/patients/current_patient_organization_ids.sql

-- source: functions/core/legal_moves.sql
-- Where a state may go; refusals name it. APT-01.

create or replace function app_private.legal_moves(entity text, from_state text) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select coalesce(jsonb_agg(distinct transition.to_state), '[]')
  from app_private.state_transitions as transition
  where transition.entity = legal_moves.entity and transition.from_state = legal_moves.from_state;
end;

comment on function app_private.legal_moves is 'The states that may follow, as a JSON array.';

grant execute on function app_private.legal_moves to app_engine;
-- end of source: functions/core/legal_moves.sql

-- source: functions/core/authorize_move.sql
-- Who may make a legal move: staff by permission, the patient (or a caregiver) where the table says so.
-- Verbs call it after they have locked the row. APT-01, FND-04.

create or replace function app_private.authorize_move(
  entity text,
  from_state text,
  to_state text,
  organization_id uuid,
  patient_profile_id uuid default null
) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if exists (
    select
    from app_private.state_transitions as transition
    where transition.entity = authorize_move.entity
      and transition.from_state = authorize_move.from_state
      and transition.to_state = authorize_move.to_state
      and case transition.actor
            when 'staff' then app_hidden.has_permission(authorize_move.organization_id, transition.permission)
            when 'patient' then authorize_move.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
            else false
          end
  ) then
    return;
  end if;

  if exists (
    select
    from app_private.state_transitions as transition
    where transition.entity = authorize_move.entity
      and transition.from_state = authorize_move.from_state
      and transition.to_state = authorize_move.to_state
  ) then
    perform app_hidden.refuse(
      'FORBIDDEN', 'move_not_allowed',
      jsonb_build_object('entity', entity, 'from', from_state, 'to', to_state),
      'Ask someone at the clinic who may do this.');
  end if;

  perform app_hidden.refuse(
    'STATE', 'illegal_move',
    jsonb_build_object('entity', entity, 'from', from_state, 'to', to_state,
                       'legal', app_private.legal_moves(entity, from_state)),
    format('A move from "%s" to "%s" is not possible.', from_state, to_state));
end;
$$;

comment on function app_private.authorize_move is
  'Passes when the current principal may make this move; refuses with FORBIDDEN, or STATE naming the legal moves.';

grant execute on function app_private.authorize_move to app_engine;
-- end of source: functions/core/authorize_move.sql

-- source: functions/appointments/require_to_book.sql
-- Who may book for a patient of a clinic: staff, the patient, a caregiver. The lock makes remove_patient wait for the
-- booking. Asked before booking, and again before a remembered booking is told. APT-01, FND-07, FND-26.

create or replace function app_private.require_to_book(organization_id uuid, patient_profile_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.patients
  where patients.organization_id = require_to_book.organization_id
    and patients.patient_profile_id = require_to_book.patient_profile_id
    and patients.deleted_at is null
    and (patients.organization_id = any (app_hidden.organization_ids_where('patients.view'))
         or (patients.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and patients.organization_id = any (app_hidden.current_patient_organization_ids())))
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found', '{}', 'There is no such patient at the clinic of this time.');
  end if;
  perform app_private.authorize_move(
    'appointments', '', 'booked', require_to_book.organization_id, require_to_book.patient_profile_id);
end;
$$;

comment on function app_private.require_to_book is
  'Locks a patient whom the caller may book for at this clinic; NOT_FOUND patient_not_found, or FORBIDDEN.';
grant execute on function app_private.require_to_book to app_engine;
-- end of source: functions/appointments/require_to_book.sql

-- source: functions/scheduling/lock_hold.sql
-- A hold may move to another day, and then its days are others: whoever acts on a hold locks it before its days, so that
-- they are read once. SCH-06.

create or replace function app_private.lock_hold(claim_id uuid) returns void
language sql volatile
set search_path = ''
begin atomic
  select pg_advisory_xact_lock(hashtextextended('hold:' || lock_hold.claim_id, 0));
end;

comment on function app_private.lock_hold is 'Locks a hold until the transaction ends. Call it before the locks of days.';

grant execute on function app_private.lock_hold to app_engine;
-- end of source: functions/scheduling/lock_hold.sql

-- source: functions/scheduling/held_claim.sql
-- The hold of a token as it stands, before any of its days is locked: what a verb needs to know which days to lock. The
-- hold itself is locked, so nobody else moves it. SCH-06.

create or replace function app_private.held_claim(token text) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_hash bytea := sha256(convert_to(held_claim.token, 'UTF8'));
  v_claim app_private.time_claims;
begin
  select tc.* into v_claim
  from app_private.time_claims as tc
  where tc.token_hash = v_hash or tc.first_token_hash = v_hash;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'hold_not_found', '{}', 'No time is kept under this token.');
  end if;
  perform app_private.lock_hold(v_claim.id);
  select tc.* into strict v_claim from app_private.time_claims as tc where tc.id = v_claim.id;
  return v_claim;
end;
$$;

comment on function app_private.held_claim is
  'The claim of this token, the hold locked and its days not yet; NOT_FOUND for an unknown token. Whether it is alive is '
  'asked once the days are locked.';

grant execute on function app_private.held_claim to app_engine;
-- end of source: functions/scheduling/held_claim.sql

-- source: functions/scheduling/require_calendar.sql
-- A booking is in a calendar that still exists when it is written. The lock makes remove_calendar wait for it, so that
-- every booking is either counted there or refused here; a service that goes takes its calendars along. FND-10, SCH-02.

create or replace function app_private.require_calendar(organization_id uuid, calendar_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.calendars
  where calendars.organization_id = require_calendar.organization_id
    and calendars.id = require_calendar.calendar_id
    and calendars.deleted_at is null
  for share;
  if not found then
    perform app_hidden.refuse(
      'GONE', 'calendar_gone', '{}', 'This can no longer be booked. Choose something else.');
  end if;
end;
$$;

comment on function app_private.require_calendar is
  'Locks a calendar that is not removed; GONE calendar_gone otherwise.';
grant execute on function app_private.require_calendar to app_engine;
-- end of source: functions/scheduling/require_calendar.sql

-- source: functions/catalog/require_specialist.sql
-- A booking is for somebody who still takes appointments when it is written. The lock makes remove_specialist wait
-- for it, so that every booking is either counted there or refused here. SPC-06.

create or replace function app_private.require_specialist(organization_id uuid, specialist_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.specialists
  where specialists.organization_id = require_specialist.organization_id
    and specialists.id = require_specialist.specialist_id
    and specialists.deleted_at is null
  for share;
  if not found then
    perform app_hidden.refuse(
      'GONE', 'specialist_gone', '{}', 'This specialist takes no more appointments. Choose another time.');
  end if;
end;
$$;

comment on function app_private.require_specialist is
  'Locks a specialist who is not removed; GONE specialist_gone otherwise.';
grant execute on function app_private.require_specialist to app_engine;
-- end of source: functions/catalog/require_specialist.sql

-- source: functions/events/payload_problem.sql
-- Says where a payload leaves its schema. FND-14.
-- The subset of JSON Schema that the catalog uses, and nothing else: a closed object of scalars.

create or replace function app_private.payload_problem(schema jsonb, payload jsonb) returns text
language sql stable parallel safe
set search_path = ''
as $$
  select problem.path
  from (
    select '$' as path
    where jsonb_typeof(payload) is distinct from 'object'
    union all
    select required.name
    from jsonb_array_elements_text(schema -> 'required') as required (name)
    where not coalesce(payload ? required.name, false)
    union all
    select field.key
    from jsonb_each(case when jsonb_typeof(payload) = 'object' then payload else '{}' end) as field (key, value)
    left join lateral (select schema -> 'properties' -> field.key as rule) as property on true
    where property.rule is null
      or not (
        case jsonb_typeof(property.rule -> 'type')
          when 'array' then property.rule -> 'type'
          else jsonb_build_array(property.rule -> 'type')
        end
        @> to_jsonb(
          case
            when jsonb_typeof(field.value) = 'number' and property.rule @> '{"type": "integer"}'
              and (field.value)::numeric % 1 = 0 then 'integer'
            else jsonb_typeof(field.value)
          end
        )
      )
      or (property.rule ? 'enum' and not property.rule -> 'enum' @> jsonb_build_array(field.value))
      or (
        jsonb_typeof(field.value) = 'string'
        and case property.rule ->> 'format'
          when 'uuid' then field.value #>> '{}' !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
          when 'date-time' then
            field.value #>> '{}' !~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$'
            or not pg_catalog.pg_input_is_valid(field.value #>> '{}', 'timestamptz')
          else false
        end
      )
  ) as problem
  order by problem.path
  limit 1
$$;

comment on function app_private.payload_problem is
  'The first field that does not fit the schema ($ for the whole), or null when the payload fits.';

grant execute on function app_private.payload_problem to app_engine;
-- end of source: functions/events/payload_problem.sql

-- source: functions/events/publish.sql
-- Publishes an event in the transaction of the change: both happen or neither. FND-14.
-- The lock on the subject is held until commit, so positions within a subject are in the order of
-- commits and no consumer can be told the later of two events first.

set role app_engine;
create or replace function app_private.publish(
  name text,
  organization_id uuid,
  subject_id uuid,
  payload jsonb default '{}',
  cause_id uuid default null
) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_type app_private.event_types;
  v_problem text;
  v_id uuid;
begin
  select event_types.* into v_type
  from app_private.event_types
  where event_types.name = publish.name
  order by event_types.version desc
  limit 1;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'event_name_unknown', jsonb_build_object('name', publish.name),
      'event_types lists the events.');
  end if;

  v_problem := app_private.payload_problem(v_type.payload_schema, publish.payload);
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'event_payload_off_schema', jsonb_build_object(
      'name', v_type.name, 'version', v_type.version, 'path', v_problem), 'The payload must fit the schema in event_types.');
  end if;

  perform pg_advisory_xact_lock(hashtextextended('event:' || publish.subject_id, 0));

  insert into app_private.events
    (organization_id, name, version, subject_type, subject_id, payload, actor_id, request_id, cause_id, occurred_at)
  values
    (publish.organization_id, v_type.name, v_type.version, v_type.subject_type, publish.subject_id,
     publish.payload, app_private.current_actor_id(), nullif(current_setting('app.request_id', true), ''),
     publish.cause_id, app_hidden.now())
  returning id into v_id;
  return v_id;
end;
$$;

comment on function app_private.publish is
  'Writes an event of the catalog in the current transaction and queues its deliveries. An unknown name or '
  'a payload off its schema is refused, which takes the whole change back.';

reset role;
-- end of source: functions/events/publish.sql

-- source: functions/scheduling/publish_held.sql
-- Whoever watches a calendar is told that a time is kept. SCH-06, FND-14.

create or replace function app_private.publish_held(claim app_private.time_claims) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.publish('slot.held', claim.organization_id, claim.id, jsonb_build_object(
    'calendarId', claim.calendar_id,
    'specialistId', claim.specialist_id,
    'startsAt', lower(claim.during),
    'endsAt', upper(claim.during)));
end;
$$;

comment on function app_private.publish_held is 'Publishes slot.held for a claim.';

grant execute on function app_private.publish_held to app_engine;
-- end of source: functions/scheduling/publish_held.sql

-- source: functions/scheduling/publish_released.sql
-- Whoever watches a calendar is told that a time is free again. SCH-06, FND-14.

create or replace function app_private.publish_released(claim app_private.time_claims) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.publish('slot.released', claim.organization_id, claim.id, jsonb_build_object(
    'calendarId', claim.calendar_id,
    'specialistId', claim.specialist_id,
    'startsAt', lower(claim.during),
    'endsAt', upper(claim.during)));
end;
$$;

comment on function app_private.publish_released is 'Publishes slot.released for a claim.';

grant execute on function app_private.publish_released to app_engine;
-- end of source: functions/scheduling/publish_released.sql

-- source: functions/scheduling/let_go.sql
-- Time becomes free again, and whoever watches is told, once. A step of verbs that have locked the days. SCH-06.

create or replace function app_private.let_go(claim_ids uuid[]) returns int
language plpgsql volatile
set search_path = ''
as $$
declare
  v_released int;
begin
  with released as (
    update app_private.time_claims as tc
    set released_at = app_hidden.now()
    where tc.id = any (claim_ids) and tc.released_at is null
    returning tc.*
  )
  select count(app_private.publish_released(released))
  into v_released
  from released;
  return v_released;
end;
$$;

comment on function app_private.let_go is
  'Releases claims whose days the caller has locked, and publishes slot.released for each; how many were not free already.';

grant execute on function app_private.let_go to app_engine;
-- end of source: functions/scheduling/let_go.sql

-- source: functions/scheduling/release_expired_holds.sql
-- An expired hold is free to everybody who lists, but still trips the exclusion constraint, because now() cannot stand
-- in its predicate. Whoever finds one in the way releases it. SCH-06.
-- The caller has locked the days of the span. What somebody has locked all the same is being tidied by the worker.

create or replace function app_private.release_expired_holds(specialist_id uuid, span tstzrange) returns int
language plpgsql volatile
set search_path = ''
as $$
begin
  return app_private.let_go(array(
    select tc.id
    from app_private.time_claims as tc
    where tc.specialist_id = release_expired_holds.specialist_id
      and tc.blocked && span
      and tc.released_at is null
      and tc.expires_at <= app_hidden.now()
    order by tc.id
    for update skip locked));
end;
$$;

comment on function app_private.release_expired_holds is
  'Releases expired holds of a specialist that are in the way of a span, and says how many.';

grant execute on function app_private.release_expired_holds to app_engine;
-- end of source: functions/scheduling/release_expired_holds.sql

-- source: functions/scheduling/revive_hold.sql
-- A hold that expired a moment ago is honoured while its time is free; whoever took it meanwhile keeps it. SCH-06.
-- A step of take_hold, which has locked the days.

create or replace function app_private.revive_hold(hold app_private.time_claims) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims := hold;
begin
  if hold.released_at is null then
    -- It still stands under the constraint, so nobody took it.
    return hold;
  end if;
  perform app_private.release_expired_holds(hold.specialist_id, hold.blocked);
  update app_private.time_claims as tc
  set released_at = null
  where tc.id = hold.id
  returning tc.* into v_claim;
  -- Whoever watches was told that it was free.
  perform app_private.publish_held(v_claim);
  return v_claim;
exception when exclusion_violation then
  perform app_private.refuse_taken(hold.calendar_id, lower(hold.during));
end;
$$;

comment on function app_private.revive_hold is
  'Takes the time of an expired hold again; SLOT_TAKEN when somebody else has it.';

grant execute on function app_private.revive_hold to app_engine;
-- end of source: functions/scheduling/revive_hold.sql

-- source: functions/scheduling/take_hold.sql
-- The holder shows the token; the hold, then its specialist-days, then the claim are locked, so that booking, moving,
-- extending, releasing and expiry come one after the other. Who guesses learns nothing: an unknown token is one answer,
-- a dead one another. SCH-06.
-- Booking locks specialist and calendar too, before the days, as who removes them does. And it comes in time when the
-- hold expired a moment ago and nobody else took the time: the visitor pressed the button, the clock was faster.

create or replace function app_private.take_hold(token text, to_book boolean default false)
returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
  v_is_over boolean;
begin
  v_claim := app_private.held_claim(take_hold.token);
  if to_book then
    perform app_private.require_specialist(v_claim.organization_id, v_claim.specialist_id);
    perform app_private.require_calendar(v_claim.organization_id, v_claim.calendar_id);
  end if;
  perform app_private.lock_claims(array[v_claim.id]);
  select tc.* into strict v_claim
  from app_private.time_claims as tc
  where tc.id = v_claim.id
  for update;

  v_is_over := v_claim.released_at is not null or v_claim.expires_at <= app_hidden.now();
  if v_claim.kind = 'hold' and not v_is_over then
    return v_claim;
  elsif v_claim.kind = 'hold' and to_book
    -- Given back is given back: only who waited too long is waited for.
    and (v_claim.released_at is null or v_claim.released_at >= v_claim.expires_at)
    and v_claim.expires_at > app_hidden.now() - interval '60 seconds'
  then
    return app_private.revive_hold(v_claim);
  end if;
  perform app_hidden.refuse(
    'GONE', 'hold_expired', '{}', 'This time is no longer kept for you. Choose a time again.');
end;
$$;

comment on function app_private.take_hold is
  'The live hold of this token, locked with its days. An unknown token is NOT_FOUND; expired, released or booked is GONE. '
  'to_book honours a hold for 60 seconds more, unless somebody else took the time: SLOT_TAKEN.';

grant execute on function app_private.take_hold to app_engine;
-- end of source: functions/scheduling/take_hold.sql

-- source: functions/appointments/book_appointment.sql
-- A held time becomes an appointment: for a patient by the patient, a caregiver, or front desk. APT-01, APT-02.

set role app_engine;

create or replace function app_public.book_appointment(
  hold_token text,
  patient_profile_id uuid,
  override_reason text default null
)
returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('book_appointment', jsonb_build_array(
    hold_token, patient_profile_id, override_reason));
  v_claim app_private.time_claims;
  v_rules text[];
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    perform app_private.require_to_book((v_remembered ->> 'organization_id')::uuid, book_appointment.patient_profile_id);
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_claim := app_private.take_hold(hold_token, to_book => true);
  perform app_private.require_to_book(v_claim.organization_id, book_appointment.patient_profile_id);
  v_rules := app_private.require_bookable(
    v_claim, for_the_public => not app_private.is_staff_of(v_claim.organization_id), override_reason => override_reason);

  perform app_private.convert_claim(v_claim.id, 'appointment');
  perform app_private.count_assignment(v_claim.id);

  insert into app_public.appointments (
    organization_id, patient_profile_id, calendar_id, service_id, specialist_id, claim_id,
    starts_at, ends_at, modality, price_amount, currency, contact_email, contact_name, locale,
    organizer_email, created_by, override_reason, overridden_rules
  )
  select
    v_claim.organization_id, profile.id, calendars.id, services.id, v_claim.specialist_id, v_claim.id,
    lower(v_claim.during), upper(v_claim.during), calendars.modality,
    coalesce(calendars.price_amount, services.price_amount), services.currency,
    profile.email, profile.given_name || ' ' || profile.family_name, profile.locale,
    organizations.contact_email, app_private.current_actor_id(),
    case when v_rules <> '{}' then btrim(override_reason) end, nullif(v_rules, '{}')
  from app_public.calendars
  join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
  join app_public.organizations on organizations.id = calendars.organization_id
  join app_public.patient_profiles as profile on profile.id = book_appointment.patient_profile_id
  where calendars.organization_id = v_claim.organization_id and calendars.id = v_claim.calendar_id
  returning * into v_appointment;
  perform app_private.remember('book_appointment', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.book_appointment is
  'Books a held time for a patient of that clinic. For the patient, a caregiver, or staff with appointments.manage. '
  'When the time can no longer be booked, what holdSlot says of the rule; staff set it aside with overrideReason.';
grant execute on function app_public.book_appointment to app_member;

reset role;
-- end of source: functions/appointments/book_appointment.sql

-- source: functions/scheduling/is_thinkable.sql
-- Instants of the years 294276 and -4713 are real to PostgreSQL until something is added to them: then it raises its own
-- error. Whoever takes an instant, or a date, asks here first. SCH-05.

create or replace function app_private.is_thinkable(at timestamptz) returns boolean
language sql immutable
return is_thinkable.at between timestamptz '2000-01-01 00:00+00' and timestamptz '2200-01-01 00:00+00';

comment on function app_private.is_thinkable is
  'Whether an instant is in a year for which anybody plans appointments: 2000 to 2200. Infinity is not.';

grant execute on function app_private.is_thinkable to app_engine;
-- end of source: functions/scheduling/is_thinkable.sql

-- source: functions/scheduling/require_start.sql
-- The start that somebody names is a time of this world. SCH-05, SCH-06.

create or replace function app_private.require_start(at timestamptz, field text default 'startsAt') returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if at is null or not app_private.is_thinkable(at) then
    perform app_hidden.refuse(
      'VALIDATION', 'start_invalid', jsonb_build_object('rule', 'start_invalid', 'field', field),
      'Say which time, between the years 2000 and 2200.');
  end if;
end;
$$;

comment on function app_private.require_start is
  'VALIDATION start_invalid for a start that is missing, infinite or in no year that we plan for.';

grant execute on function app_private.require_start to app_engine;
-- end of source: functions/scheduling/require_start.sql

-- source: functions/scheduling/bookable.sql
-- The one predicate of list and hold: who can be booked at this start. It reads what the listing reads, so a hold succeeds
-- exactly when its start is listed; a time that is kept is asked again by require_bookable(). SCH-05, SCH-06.
-- override is for staff, who give a reason that the caller records: it sets notice, horizon, hours, closings and the grid
-- aside, never another claim, nor a past longer than an hour. It goes to those for whom least is set aside: nobody is
-- called back from a vacation while a colleague is there.

create or replace function app_private.bookable(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid default null,
  override boolean default false,
  own_claim_id uuid default null
) returns app_private.free_start[]
language plpgsql stable
set search_path = ''
-- Planned once per connection: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  -- Of several specialists the rule that came closest is told: who is merely taken says more than who is off. The same
  -- order says what is the least to set aside.
  c_closest constant text[] := array[
    'taken', 'off_the_grid', 'closed', 'outside_hours', 'beyond_horizon', 'inside_notice', 'in_the_past'];
  c_lightest constant text[] := array[
    'inside_notice', 'beyond_horizon', 'in_the_past', 'off_the_grid', 'outside_hours', 'closed'];
  v_free app_private.free_start[];
  v_rule text;
begin
  perform app_private.require_start(bookable.starts_at);

  select
    array_agg((v.specialist_id, v.starts_at, v.ends_at, v.blocked)::app_private.free_start)
      filter (where cardinality(v.rules) = 0),
    (array_agg(v.rules[1] order by array_position(c_closest, v.rules[1])))[1]
  into v_free, v_rule
  from app_private.verdicts(
    bookable.calendar_id, bookable.starts_at, bookable.specialist_id, bookable.own_claim_id) as v;

  if v_free is null and override then
    select array_agg((weighed.specialist_id, weighed.starts_at, weighed.ends_at, weighed.blocked)::app_private.free_start)
    into v_free
    from (
      select v.*, rank() over (order by heaviest.place) as place
      from app_private.verdicts(bookable.calendar_id, bookable.starts_at, bookable.specialist_id) as v
      cross join lateral (select max(array_position(c_lightest, broken)) as place from unnest(v.rules) as broken) as heaviest
      where not 'taken' = any (v.rules)
        and v.starts_at >= app_hidden.now() - interval '1 hour'
    ) as weighed
    where weighed.place = 1;
    if v_free is null and exists (
      select from app_private.verdicts(bookable.calendar_id, bookable.starts_at, bookable.specialist_id) as v
      where 'taken' = any (v.rules)
    ) then
      v_rule := 'taken';
    end if;
  end if;

  if v_free is null then
    perform app_private.refuse_rule(coalesce(v_rule, 'no_specialist'), bookable.calendar_id, bookable.starts_at);
  end if;
  return v_free;
end;
$$;

comment on function app_private.bookable is
  'Who can be booked at a start. Nobody: SLOT_TAKEN, or VALIDATION naming the rule.';

grant execute on function app_private.bookable to app_engine;
-- end of source: functions/scheduling/bookable.sql

-- source: functions/scheduling/assignment_order.sql
-- Whose turn it is in a calendar. Round robin: who was assigned least, then who waited longest (never comes first),
-- then by id; priority: the same inside each tier. SCH-02, SCH-04.
-- Counters move when a booking is counted. What is held or requested but not counted yet weighs in, or visitors who
-- fill their forms at the same time would all be given the same specialist.
-- Plain SQL, so that PostgreSQL inlines it.

create or replace function app_private.assignment_order(calendar_id uuid)
returns table (specialist_id uuid, turn bigint)
language sql stable
begin atomic
  select standing.specialist_id,
    row_number() over (
      order by standing.tier, standing.assigned, standing.last_assigned_at nulls first, standing.specialist_id)
  from (
    select
      cs.specialist_id,
      case when c.assignment_strategy = 'priority' then cs.priority else 1 end as tier,
      coalesce(t.assigned_count, 0) + pending.claims as assigned,
      greatest(t.last_assigned_at, pending.last_made_at) as last_assigned_at
    from app_public.calendars as c
    join app_public.calendar_specialists as cs
      on cs.organization_id = c.organization_id and cs.calendar_id = c.id
    left join app_private.specialist_assignment_tracking as t
      on t.organization_id = c.organization_id and t.calendar_id = c.id and t.specialist_id = cs.specialist_id
    cross join lateral (
      select count(*) as claims, max(tc.created_at) as last_made_at
      from app_private.time_claims as tc
      where tc.organization_id = c.organization_id and tc.calendar_id = c.id and tc.specialist_id = cs.specialist_id
        and tc.kind in ('hold', 'request') and tc.released_at is null and tc.counted_at is null
        and (tc.expires_at is null or tc.expires_at > (select app_hidden.now()))
    ) as pending
    where c.id = assignment_order.calendar_id
  ) as standing;
end;

comment on function app_private.assignment_order is
  'The specialists of a calendar, whose turn it is first, whether or not they are free.';

grant execute on function app_private.assignment_order to app_engine;
-- end of source: functions/scheduling/assignment_order.sql

-- source: functions/scheduling/by_turn.sql
-- Of those who are free, whose turn it is first. SCH-04.
-- Turns are read and taken one at a time, or two who book at once would both take the same turn: where there is a choice
-- the calendar is locked, before any day.

create or replace function app_private.by_turn(calendar_id uuid, free app_private.free_start[])
returns app_private.free_start[]
language plpgsql volatile
set search_path = ''
as $$
begin
  if cardinality(free) < 2 then
    return free;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('assignment:' || by_turn.calendar_id, 0));
  return array(
    select f
    from unnest(free) as f
    join app_private.assignment_order(by_turn.calendar_id) as o on o.specialist_id = f.specialist_id
    order by o.turn);
end;
$$;

comment on function app_private.by_turn is
  'These specialists in the order of their turns; the turns of the calendar are locked where there is a choice.';

grant execute on function app_private.by_turn to app_engine;
-- end of source: functions/scheduling/by_turn.sql

-- source: functions/scheduling/require_named.sql
-- Where the visitor picks the specialist and "any" is not offered, one has to be named. SCH-02, SCH-06.

create or replace function app_private.require_named(calendar app_public.calendars, specialist_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if require_named.specialist_id is null
    and calendar.assignment_strategy = 'specific' and not calendar.allows_any_specialist then
    perform app_hidden.refuse(
      'VALIDATION', 'specialist_required',
      jsonb_build_object('rule', 'specialist_required', 'field', 'specialistId'),
      'Choose a specialist.');
  end if;
end;
$$;

comment on function app_private.require_named is
  'VALIDATION specialist_required where the calendar offers no "any" and nobody is named.';

grant execute on function app_private.require_named to app_engine;
-- end of source: functions/scheduling/require_named.sql

-- source: functions/scheduling/place_claim.sql
-- Takes a specialist's time, for a hold and for a booking alike. SCH-04, SCH-06.
-- Nothing here checks for a free slot and then trusts it: the exclusion constraint decides, and "no row came back"
-- means taken, so the next specialist is tried. Locks come in one order everywhere (calendar, then specialist-days),
-- so nobody waits in a circle: 50 visitors on one slot end in one winner and 49 refusals.

create or replace function app_private.place_claim(
  calendar app_public.calendars,
  starts_at timestamptz,
  specialist_id uuid,
  draft app_private.time_claims,
  override boolean default false
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_free app_private.free_start[];
  v_try app_private.free_start;
  v_claim app_private.time_claims;
begin
  perform app_private.require_named(calendar, place_claim.specialist_id);

  -- Asked before any lock, so that whoever comes too late is told at once. What changes from here on is only who is
  -- taken, and that the constraint decides.
  v_free := app_private.bookable(calendar.id, place_claim.starts_at, place_claim.specialist_id, override);

  v_free := app_private.by_turn(calendar.id, v_free);
  perform app_private.lock_specialist_days(v_free);
  foreach v_try in array v_free loop
    -- The second attempt is for a time that only an expired hold blocked.
    for v_attempt in 1..2 loop
      insert into app_private.time_claims
        (organization_id, specialist_id, calendar_id, kind, during, blocked, expires_at,
         token_hash, visitor_id, address, created_by, created_at)
      values
        (calendar.organization_id, v_try.specialist_id, calendar.id, draft.kind,
         tstzrange(v_try.starts_at, v_try.ends_at), v_try.blocked, draft.expires_at,
         draft.token_hash, draft.visitor_id, draft.address, draft.created_by, app_hidden.now())
      on conflict do nothing
      returning * into v_claim;
      if found then
        return v_claim;
      end if;
      exit when app_private.release_expired_holds(v_try.specialist_id, v_try.blocked) = 0;
    end loop;
  end loop;

  perform app_private.refuse_taken(calendar.id, place_claim.starts_at);
end;
$$;

comment on function app_private.place_claim is
  'Claims a start for whose turn it is, or for the specialist named. draft brings kind, expiry and holder.';

grant execute on function app_private.place_claim to app_engine;
-- end of source: functions/scheduling/place_claim.sql

-- source: functions/scheduling/require_choice.sql
-- Who may name a specialist: the visitor where the calendar lets them pick, staff always. Elsewhere the clinic
-- assigns, and an answer per specialist would tell who is away. SCH-02, SCH-04.

create or replace function app_private.require_choice(
  calendar app_public.calendars,
  specialist_id uuid
) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if specialist_id is null then
    return;
  end if;

  if calendar.assignment_strategy <> 'specific' and not app_private.is_staff_of(calendar.organization_id) then
    perform app_hidden.refuse(
      'VALIDATION', 'specialist_is_assigned',
      jsonb_build_object('rule', 'specialist_is_assigned', 'field', 'specialistId'),
      'The clinic assigns the specialist here; ask without naming one.');
  end if;

  if not exists (
    select
    from app_public.calendar_specialists as cs
    join app_public.service_specialists as ss
      on ss.organization_id = cs.organization_id and ss.specialist_id = cs.specialist_id
     and ss.service_id = calendar.service_id
    join app_public.specialists as sp
      on sp.organization_id = cs.organization_id and sp.id = cs.specialist_id
     and sp.scheduling_active and sp.deleted_at is null
    where cs.organization_id = calendar.organization_id
      and cs.calendar_id = calendar.id
      and cs.specialist_id = require_choice.specialist_id
  ) then
    perform app_hidden.refuse(
      'VALIDATION', 'unknown_specialist',
      jsonb_build_object('rule', 'unknown_specialist', 'field', 'specialistId'),
      'This specialist cannot be booked in this calendar.');
  end if;
end;
$$;

comment on function app_private.require_choice is
  'Refuses a specialist whom the caller may not pick, or who cannot be booked in this calendar.';

grant execute on function app_private.require_choice to app_engine;
-- end of source: functions/scheduling/require_choice.sql

-- source: functions/scheduling/visible_calendar.sql
-- Which calendars a caller may ask about: everybody the public ones of open clinics, staff all of their own clinic.
-- Whatever is not theirs to see is the same "not found" as what does not exist. SCH-02, APT-05.

create or replace function app_private.visible_calendar(calendar_id uuid) returns app_public.calendars
language plpgsql stable
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
begin
  select c.* into v_calendar
  from app_public.calendars as c
  join app_public.organizations as o on o.id = c.organization_id and o.deleted_at is null
  join app_public.services as s on s.organization_id = c.organization_id and s.id = c.service_id
  where c.id = visible_calendar.calendar_id
    and c.is_active and c.deleted_at is null
    and s.is_active and s.deleted_at is null
    and ((c.is_public and o.activated_at is not null) or app_private.is_staff_of(c.organization_id));

  if not found then
    perform app_hidden.refuse(
      'NOT_FOUND', 'calendar_not_found', '{}', 'There is no such calendar, or it is not open for booking.');
  end if;
  return v_calendar;
end;
$$;

comment on function app_private.visible_calendar is
  'The calendar, when it is active and the caller may see it; else NOT_FOUND.';

grant execute on function app_private.visible_calendar to app_engine;
-- end of source: functions/scheduling/visible_calendar.sql

-- source: functions/scheduling/claim_slot.sql
-- Books a time directly, without a hold before it: the front desk on the phone, a signed-in patient. SCH-06, APT-01.
-- The caller has checked permission, and records the reason for an override. Whoever could be chosen is locked before the
-- days, as who removes a specialist does, so that a booking is either counted there or refused here.

create or replace function app_private.claim_slot(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid,
  kind text,
  override boolean default false
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_draft app_private.time_claims;
begin
  if claim_slot.kind is null or claim_slot.kind not in ('request', 'appointment') then
    perform app_hidden.refuse(
      'VALIDATION', 'claim_kind_invalid', '{"rule": "claim_kind_invalid"}', 'A time is first held or booked.');
  end if;
  v_calendar := app_private.visible_calendar(claim_slot.calendar_id);
  perform app_private.require_choice(v_calendar, claim_slot.specialist_id);
  perform app_private.require_specialist(v_calendar.organization_id, chosen.specialist_id)
  from (
    select cs.specialist_id
    from app_public.calendar_specialists as cs
    join app_public.specialists as sp
      on sp.organization_id = cs.organization_id and sp.id = cs.specialist_id and sp.deleted_at is null
    where cs.organization_id = v_calendar.organization_id and cs.calendar_id = v_calendar.id
      and (claim_slot.specialist_id is null or cs.specialist_id = claim_slot.specialist_id)
    order by cs.specialist_id
  ) as chosen;
  perform app_private.require_calendar(v_calendar.organization_id, v_calendar.id);
  v_draft.kind := claim_slot.kind;
  v_draft.created_by := app_hidden.current_principal_id();
  return app_private.place_claim(v_calendar, claim_slot.starts_at, claim_slot.specialist_id, v_draft, override);
end;
$$;

comment on function app_private.claim_slot is
  'Takes a start for a request or an appointment; the specialist by strategy when none is named. '
  'override sets notice, horizon, hours and grid aside, never another claim.';

grant execute on function app_private.claim_slot to app_engine;
-- end of source: functions/scheduling/claim_slot.sql

-- source: functions/appointments/book_directly.sql
-- Somebody stands at the desk, or is on the telephone: front desk books a time without holding it first. Notice, hours,
-- closings and the grid are the clinic's own rules and give way to a reason, which is kept with the appointment and its
-- first move; another claim never does. APT-01, SCH-06.

set role app_engine;

create or replace function app_public.book_directly(
  calendar_id uuid,
  starts_at timestamptz,
  patient_profile_id uuid,
  specialist_id uuid default null,
  override_reason text default null
) returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('book_directly', jsonb_build_array(
    calendar_id, starts_at, patient_profile_id, specialist_id, override_reason));
  v_calendar app_public.calendars;
  v_override boolean;
  v_claim app_private.time_claims;
  v_rules text[];
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'appointments.manage');
    perform app_private.require_to_book((v_remembered ->> 'organization_id')::uuid, book_directly.patient_profile_id);
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_calendar := app_private.visible_calendar(book_directly.calendar_id);
  perform app_private.require_permission(v_calendar.organization_id, 'appointments.manage');
  v_override := app_private.may_override(v_calendar.organization_id, override_reason);
  perform app_private.require_to_book(v_calendar.organization_id, book_directly.patient_profile_id);

  v_claim := app_private.claim_slot(
    v_calendar.id, book_directly.starts_at, book_directly.specialist_id, 'appointment', v_override);
  perform app_private.count_assignment(v_claim.id);
  if v_override then
    select nullif(v.rules, '{}') into v_rules
    from app_private.verdicts(v_calendar.id, book_directly.starts_at, v_claim.specialist_id, v_claim.id) as v;
  end if;

  insert into app_public.appointments (
    organization_id, patient_profile_id, calendar_id, service_id, specialist_id, claim_id,
    starts_at, ends_at, modality, price_amount, currency, contact_email, contact_name, locale,
    organizer_email, created_by, override_reason, overridden_rules
  )
  select
    v_claim.organization_id, profile.id, v_calendar.id, services.id, v_claim.specialist_id, v_claim.id,
    lower(v_claim.during), upper(v_claim.during), v_calendar.modality,
    coalesce(v_calendar.price_amount, services.price_amount), services.currency,
    profile.email, profile.given_name || ' ' || profile.family_name, profile.locale,
    organizations.contact_email, app_private.current_actor_id(),
    case when v_rules is not null then btrim(override_reason) end, v_rules
  from app_public.services
  join app_public.organizations on organizations.id = services.organization_id
  join app_public.patient_profiles as profile on profile.id = book_directly.patient_profile_id
  where services.organization_id = v_calendar.organization_id and services.id = v_calendar.service_id
  returning * into v_appointment;
  perform app_private.remember('book_directly', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.book_directly is
  'Books a time for a patient of the clinic without a hold: a walk-in, a call. Needs appointments.manage. overrideReason '
  'sets notice, horizon, hours, closings and the grid aside and is kept with the appointment; a walk-in may be entered up '
  'to an hour after its start. SLOT_TAKEN whatever the reason; VALIDATION names the rule.';
grant execute on function app_public.book_directly to app_member;

reset role;
-- end of source: functions/appointments/book_directly.sql

-- source: functions/appointments/promises_answer.sql
-- Whether the guest is told by when the clinic answers. APT-09.

create or replace function app_private.promises_answer(request app_public.booking_requests) returns boolean
language sql immutable
set search_path = ''
return request.respond_by < request.starts_at;

comment on function app_private.promises_answer is
  'False where an answer could come as late as the time itself: a guest who waited for it could not come any more.';
grant execute on function app_private.promises_answer to app_engine;
-- end of source: functions/appointments/promises_answer.sql

-- source: functions/appointments/booking_receipt_of.sql
-- What the guest may know of the own request. APT-09.

create or replace function app_private.booking_receipt_of(request app_public.booking_requests)
returns app_public.booking_receipt
language sql stable
set search_path = ''
begin atomic
  select row(
    request.id, null, request.status, services.name,
    concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name),
    request.starts_at, request.ends_at, calendars.timezone,
    case when app_private.promises_answer(request) then request.respond_by end
  )::app_public.booking_receipt
  from app_public.services, app_public.specialists, app_public.calendars
  where services.organization_id = request.organization_id and services.id = request.service_id
    and specialists.organization_id = request.organization_id and specialists.id = request.specialist_id
    and calendars.organization_id = request.organization_id and calendars.id = request.calendar_id;
end;

comment on function app_private.booking_receipt_of is 'The receipt of a request, without its token.';
grant execute on function app_private.booking_receipt_of to app_engine;
-- end of source: functions/appointments/booking_receipt_of.sql

-- source: functions/appointments/booking_by_token.sql
-- A guest looks the own request up. An unknown token and a malformed one answer alike. APT-09.

set role app_engine;

create or replace function app_public.booking_by_token(token text) returns app_public.booking_receipt
language sql stable strict security definer
set search_path = ''
begin atomic
  select app_private.booking_receipt_of(booking_requests)
  from app_public.booking_requests
  where booking_requests.token_hash = extensions.digest(booking_by_token.token, 'sha256');
end;

comment on function app_public.booking_by_token is 'The booking request that this token belongs to; null when there is none.';
grant execute on function app_public.booking_by_token to app_anonymous, app_member;

reset role;
-- end of source: functions/appointments/booking_by_token.sql

-- source: functions/scheduling/release_claims.sql
-- Time becomes free again, and whoever watches is told, once. SCH-06.

create or replace function app_private.release_claims(claim_ids uuid[]) returns int
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.lock_claims(claim_ids);
  return app_private.let_go(claim_ids);
end;
$$;

comment on function app_private.release_claims is
  'Frees the time of these claims and publishes slot.released for each; how many were not free already.';

grant execute on function app_private.release_claims to app_engine;
-- end of source: functions/scheduling/release_claims.sql

-- source: functions/scheduling/release_claim.sql
-- A rejected request, a cancelled appointment: the time is free again. SCH-06, APT-09.

create or replace function app_private.release_claim(claim_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.release_claims(array[claim_id]);
end;
$$;

comment on function app_private.release_claim is
  'Frees the time of a claim and publishes slot.released; a claim that is free already stays as it is.';

grant execute on function app_private.release_claim to app_engine;
-- end of source: functions/scheduling/release_claim.sql

-- source: functions/scheduling/uncount_assignment.sql
-- A booking cancelled before its start gives the turn back. SCH-04.

create or replace function app_private.uncount_assignment(claim_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  perform app_private.lock_claims(array[claim_id]);
  update app_private.time_claims as tc
  set counted_at = null
  where tc.id = uncount_assignment.claim_id
    and tc.counted_at is not null
    and lower(tc.during) > app_hidden.now()
  returning * into v_claim;

  update app_private.specialist_assignment_tracking as t
  set assigned_count = greatest(0, t.assigned_count - 1)
  where t.organization_id = v_claim.organization_id
    and t.calendar_id = v_claim.calendar_id
    and t.specialist_id = v_claim.specialist_id;
end;
$$;

comment on function app_private.uncount_assignment is
  'Takes a counted claim back out of the round robin, unless its start has come.';

grant execute on function app_private.uncount_assignment to app_engine;
-- end of source: functions/scheduling/uncount_assignment.sql

-- source: functions/appointments/move_appointment.sql
-- Every verb on an appointment is this one: lock, authorize, move. Of two at once the second finds what the first
-- left and is refused with the moves that are legal now. APT-01.

create or replace function app_private.move_appointment(appointment_id uuid, to_status text, reason text default null)
returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = appointment_id
    and appointments.deleted_at is null
    and (appointments.organization_id = any (app_hidden.organization_ids_where('appointments.view'))
         or (appointments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and appointments.organization_id = any (app_hidden.current_patient_organization_ids())))
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found', '{}', 'There is no such appointment, or it is not yours to see.');
  end if;
  perform app_private.authorize_move(
    'appointments', v_appointment.status, to_status, v_appointment.organization_id, v_appointment.patient_profile_id);

  update app_public.appointments set
    status = to_status,
    cancellation_reason = case to_status when 'cancelled' then nullif(btrim(reason), '') end
  where appointments.id = v_appointment.id
  returning * into v_appointment;

  if to_status in ('cancelled', 'noshow') then
    perform app_private.uncount_assignment(v_appointment.claim_id);
    perform app_private.release_claim(v_appointment.claim_id);
  end if;
  return v_appointment;
end;
$$;

comment on function app_private.move_appointment is
  'Moves an appointment of the caller; NOT_FOUND, FORBIDDEN, or STATE with the legal moves. Cancelled and no-show free the time.';
grant execute on function app_private.move_appointment to app_engine;
-- end of source: functions/appointments/move_appointment.sql

-- source: functions/appointments/cancel_appointment.sql
-- The patient or the clinic calls it off; the time is free at once. APT-01.

set role app_engine;

create or replace function app_public.cancel_appointment(appointment_id uuid, reason text default null)
returns app_public.appointments
language sql volatile security definer
set search_path = ''
return app_private.move_appointment(appointment_id, 'cancelled', reason);

comment on function app_public.cancel_appointment is
  'Cancels an appointment and frees its time: by the patient, a caregiver, or staff with appointments.manage.';
grant execute on function app_public.cancel_appointment to app_member;

reset role;
-- end of source: functions/appointments/cancel_appointment.sql

-- source: functions/appointments/confirm_appointment.sql
-- The patient, or front desk after a call, confirms. APT-01.

set role app_engine;

create or replace function app_public.confirm_appointment(appointment_id uuid) returns app_public.appointments
language sql volatile strict security definer
set search_path = ''
return app_private.move_appointment(appointment_id, 'confirmed');

comment on function app_public.confirm_appointment is
  'Confirms that the patient comes: by the patient, a caregiver, or staff with appointments.manage.';
grant execute on function app_public.confirm_appointment to app_member;

reset role;
-- end of source: functions/appointments/confirm_appointment.sql

-- source: functions/appointments/locked_booking_request.sql
-- The request that staff are about to answer, locked: of two colleagues, the second finds the first one's answer. APT-09.

create or replace function app_private.locked_booking_request(booking_request_id uuid, to_status text)
returns app_public.booking_requests
language plpgsql volatile
set search_path = ''
as $$
declare
  v_request app_public.booking_requests;
begin
  select booking_requests.* into v_request
  from app_public.booking_requests
  where booking_requests.id = booking_request_id
    and booking_requests.organization_id = any (app_hidden.organization_ids_where('appointments.view'))
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'booking_request_not_found', '{}', 'There is no such booking request at your clinic.');
  end if;
  perform app_private.authorize_move('booking_requests', v_request.status, to_status, v_request.organization_id);
  return v_request;
end;
$$;

comment on function app_private.locked_booking_request is
  'A booking request of the caller''s clinic, locked, after the move to to_status was authorized.';
grant execute on function app_private.locked_booking_request to app_engine;
-- end of source: functions/appointments/locked_booking_request.sql

-- source: functions/identity/is_superadmin.sql
-- Platform staff. They run the platform; nothing of a patient is theirs to see. FND-02, FND-04.

set role app_engine;

create or replace function app_hidden.is_superadmin() returns boolean
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select exists (
    select from app_public.principals
    where principals.id = app_hidden.current_principal_id()
      and principals.platform_role = 'superadmin'
      and principals.disabled_at is null
  );
end;

comment on function app_hidden.is_superadmin is 'Whether the caller is a platform superadmin.';
grant execute on function app_hidden.is_superadmin to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/is_superadmin.sql

-- source: functions/deletion/rows_that_follow.sql
-- What goes with a row, and comes back with it: the rows of following tables that point to it and were deleted at the
-- same instant, or not at all. Nothing that a caller says becomes SQL: names come from the registry and the catalog.
-- FND-10.

create or replace function app_private.rows_that_follow(table_name text, row_id uuid, deleted_at timestamptz)
returns table (follower text, follower_id uuid)
language plpgsql stable
set search_path = ''
as $$
declare
  v_follower text;
begin
  for v_follower in
    select soft_deletes.table_name from app_private.soft_deletes where soft_deletes.follows = rows_that_follow.table_name
  loop
    return query execute format(
      'select %L, follower.id from %s as follower join %s as leader on %s
       where leader.id = $1 and follower.deleted_at is not distinct from $2
       order by follower.id',
      v_follower, v_follower::regclass, rows_that_follow.table_name::regclass,
      app_private.follows_where(v_follower, rows_that_follow.table_name))
    using row_id, rows_that_follow.deleted_at;
  end loop;
end;
$$;

comment on function app_private.rows_that_follow is
  'Rows that go and come back with this one, as they are now: deleted at that instant, or live when it is null.';
grant execute on function app_private.rows_that_follow to app_engine;

create or replace function app_private.follows_where(follower text, leader text) returns text
language sql stable
set search_path = ''
begin atomic
  select string_agg(format('follower.%I = leader.%I', own.attname, theirs.attname), ' and ' order by pair.place)
  from (
    select conrelid, confrelid, conkey, confkey
    from pg_catalog.pg_constraint
    where contype = 'f' and conrelid = follower::regclass and confrelid = leader::regclass
    order by conname limit 1
  ) as foreign_key
  cross join lateral unnest(conkey, confkey) with ordinality as pair (own, theirs, place)
  join pg_catalog.pg_attribute as own on own.attrelid = conrelid and own.attnum = pair.own
  join pg_catalog.pg_attribute as theirs on theirs.attrelid = confrelid and theirs.attnum = pair.theirs;
end;

comment on function app_private.follows_where is 'How rows of a table point to rows of the one that they follow.';
grant execute on function app_private.follows_where to app_engine;
-- end of source: functions/deletion/rows_that_follow.sql

-- source: functions/deletion/deleted_rows.sql
-- What was deleted, for those who may bring it back. What belongs to something that is deleted itself is not listed: it
-- comes back with it, or afterwards. FND-10.

-- Names and labels come from the registry, which migrations alone write.
create or replace function app_private.deleted_rows_query(table_name text, condition text) returns text
language sql stable
set search_path = ''
begin atomic
  select format(
    'select %L::text, r.id, (to_jsonb(r) ->> ''organization_id'')::uuid, (%s)::text, r.deleted_at from %s as r
     where r.deleted_at is not null and %s',
    split_part(soft_deletes.table_name, '.', 2), soft_deletes.label, soft_deletes.table_name::regclass, condition)
  from app_private.soft_deletes
  where soft_deletes.table_name = deleted_rows_query.table_name;
end;

comment on function app_private.deleted_rows_query is 'The query of a table''s deleted rows r that meet a condition.';
grant execute on function app_private.deleted_rows_query to app_engine;

set role app_engine;

create or replace function app_public.deleted_rows(organization_id uuid default null) returns setof app_public.deleted_row
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_queries text;
begin
  select string_agg(
    app_private.deleted_rows_query(
      soft_deletes.table_name,
      case when soft_deletes.permission is null then 'true'
           else format('r.organization_id = any (%L::uuid[]) and ($1 is null or r.organization_id = $1)', may_restore.ids) end
      || case when soft_deletes.follows is null then ''
           else format(' and not exists (select from %s as leader cross join lateral (select r.*) as follower
                                         where %s and leader.deleted_at is not null)',
                       soft_deletes.follows::regclass, app_private.follows_where(soft_deletes.table_name, soft_deletes.follows)) end),
    ' union all ')
  into v_queries
  from app_private.soft_deletes
  cross join lateral (select app_hidden.organization_ids_where(soft_deletes.permission)) as may_restore (ids)
  where case when soft_deletes.permission is null then app_hidden.is_superadmin() and deleted_rows.organization_id is null
             else may_restore.ids <> '{}' end;
  if v_queries is not null then
    return query execute v_queries || ' order by 5 desc, 2' using deleted_rows.organization_id;
  end if;
end;
$$;

comment on function app_public.deleted_rows is
  'What was deleted at the caller''s clinics, or at one, newest first: only what the caller may bring back.';
grant execute on function app_public.deleted_rows to app_member;

reset role;
-- end of source: functions/deletion/deleted_rows.sql

-- source: functions/deletion/require_right_to_delete.sql
-- Whoever may delete a row may bring it back. FND-10, FND-04.

create or replace function app_private.require_right_to_delete(permission text, organization_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if permission is not null then
    perform app_private.require_permission(organization_id, permission);
  elsif not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Only the platform does this.');
  end if;
end;
$$;

comment on function app_private.require_right_to_delete is
  'Refuses as require_permission() does; without a permission, everybody but superadmins.';
grant execute on function app_private.require_right_to_delete to app_engine;
-- end of source: functions/deletion/require_right_to_delete.sql

-- source: functions/deletion/restore_deleted_row.sql
-- What was deleted comes back, with what went along. A unique name that somebody took meanwhile stands in the way, as
-- for any new row: the constraint refuses. FND-10.

set role app_engine;

create or replace function app_public.restore_deleted_row(entity text, row_id uuid) returns app_public.deleted_row
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_rule record;
  v_row app_public.deleted_row;
  v_leader_lives boolean;
begin
  -- What the caller says is looked up and never becomes SQL.
  select soft_deletes.table_name, soft_deletes.permission, soft_deletes.follows into v_rule
  from app_private.soft_deletes
  where soft_deletes.table_name = 'app_public.' || restore_deleted_row.entity;
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'entity_unknown', '{"field": "entity"}', 'Name an entity as deletedRows does: services, calendars, …');
  end if;

  execute app_private.deleted_rows_query(v_rule.table_name, 'r.id = $1') into v_row using row_id;
  perform app_private.require_right_to_delete(v_rule.permission, v_row.organization_id);

  if v_rule.follows is not null then
    -- Locked first, as whoever deletes it does: it neither goes nor comes back meanwhile.
    execute format(
      'select leader.deleted_at is null from %1$s as leader
       where leader.id = (select leader.id from %2$s as follower join %1$s as leader on %3$s where follower.id = $1)
       for share',
      v_rule.follows::regclass, v_rule.table_name::regclass, app_private.follows_where(v_rule.table_name, v_rule.follows))
    into v_leader_lives using row_id;
    if not v_leader_lives then
      perform app_hidden.refuse(
        'CONFLICT', 'belongs_to_something_deleted', jsonb_build_object('entity', split_part(v_rule.follows, '.', 2)),
        'Restore what it belongs to first.');
    end if;
  end if;

  if not app_private.mark_restored(v_rule.table_name, row_id) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  return v_row;
end;
$$;

comment on function app_public.restore_deleted_row is
  'Brings back what deletedRows lists, with what was deleted along with it. Needs the permission that deletes. NOT_FOUND '
  'when it is not deleted; CONFLICT when something else took its unique name meanwhile, or what it belongs to is deleted.';
grant execute on function app_public.restore_deleted_row to app_member;

reset role;

create or replace function app_private.mark_restored(table_name text, row_id uuid) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_follower record;
  v_deleted_at timestamptz;
begin
  execute format(
    'update %s as r set deleted_at = null where r.id = $1 and r.deleted_at is not null returning old.deleted_at',
    mark_restored.table_name::regclass)
  into v_deleted_at using row_id;
  if v_deleted_at is null then
    return false;
  end if;
  for v_follower in select * from app_private.rows_that_follow(mark_restored.table_name, row_id, v_deleted_at) loop
    perform app_private.mark_restored(v_follower.follower, v_follower.follower_id);
  end loop;
  return true;
end;
$$;

comment on function app_private.mark_restored is
  'Clears deleted_at of a deleted row and of what went with it; false when there is none. The caller has checked who may.';
grant execute on function app_private.mark_restored to app_engine;
-- end of source: functions/deletion/restore_deleted_row.sql

-- source: functions/patients/admit_patient.sql
-- A profile becomes a patient of a clinic, or comes back as one. FND-07.

create or replace function app_private.admit_patient(organization_id uuid, patient_profile_id uuid) returns app_public.patients
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients;
  v_is_news boolean;
begin
  insert into app_public.patients (organization_id, patient_profile_id)
  values (admit_patient.organization_id, admit_patient.patient_profile_id)
  on conflict on constraint patients_profile_is_patient_once do nothing
  returning * into v_patient;
  v_is_news := found;
  if not v_is_news then
    select patients.* into strict v_patient
    from app_public.patients
    where patients.organization_id = admit_patient.organization_id
      and patients.patient_profile_id = admit_patient.patient_profile_id;
    -- Whoever comes back finds the appointments that went along.
    v_is_news := app_private.mark_restored('app_public.patients', v_patient.id);
    v_patient.deleted_at := null;
  end if;
  if v_is_news then
    perform app_private.publish(
      'patient.onboarded', v_patient.organization_id, v_patient.id,
      jsonb_build_object('patientId', v_patient.id, 'patientProfileId', v_patient.patient_profile_id));
  end if;
  return v_patient;
end;
$$;

comment on function app_private.admit_patient is
  'The patient row of this profile at this clinic, made if there is none; publishes patient.onboarded when it is.';
grant execute on function app_private.admit_patient to app_engine;
-- end of source: functions/patients/admit_patient.sql

-- source: functions/identity/lock_people.sql
-- Who decides whether somebody is a patient of the clinic already does so alone: two who ask at once about one person
-- would both find nobody. Taken before any row of patients. FND-34.

create or replace function app_private.lock_people(organization_id uuid) returns void
language sql volatile
set search_path = ''
as $$
  select pg_advisory_xact_lock(hashtextextended('people:' || lock_people.organization_id, 0));
$$;

comment on function app_private.lock_people is
  'Until the transaction ends nobody else matches, makes or merges patients of this clinic.';
grant execute on function app_private.lock_people to app_engine;
-- end of source: functions/identity/lock_people.sql

-- source: functions/facts/ascii_lower.sql
-- Folds what is an identity: addresses, slugs, keys, codes, hosts. Only A to Z change. FND-03.
-- `lower()` folds by Unicode: U+0130 becomes i and U+212A becomes k, so that somebody else's address turns into ours
-- before anything looks at it. Whatever is no ASCII stays as it is here, and the constraints refuse it.
-- Without settings of its own, so that the planner puts its body in place and indexes on it are found.

create or replace function app_hidden.ascii_lower(value text) returns text
language sql immutable strict parallel safe
return pg_catalog.lower(ascii_lower.value collate "C");

comment on function app_hidden.ascii_lower is
  'The text with A to Z in lower case and everything else untouched: the one way in which identities are folded.';

grant execute on function app_hidden.ascii_lower to app_anonymous, app_member, app_link, app_authenticator, app_worker, app_engine;
-- end of source: functions/facts/ascii_lower.sql

-- source: functions/facts/from_punycode.sql
-- What a label of an international domain name says: read to see whether it is one that we would have written. FND-34.

create or replace function app_hidden.from_punycode(code text) returns text
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  v_letters int[] := array(
    select ascii(letter) from regexp_split_to_table(substring(code from '^(.*)-[^-]*$'), '') as letter where letter <> '');
  v_digits text := substring(code from '([^-]*)$');
  v_at int := 1;
  v_n bigint := 128;
  v_i bigint := 0;
  v_before bigint;
  v_bias int := 72;
  v_weight bigint;
  v_digit int;
  v_delta bigint;
  v_k int;
  v_t int;
begin
  if length(code) > 59 then
    return null;
  end if;
  while v_at <= length(v_digits) loop
    v_before := v_i;
    v_weight := 1;
    v_k := 36;
    loop
      v_digit := strpos('abcdefghijklmnopqrstuvwxyz0123456789', substr(v_digits, v_at, 1)) - 1;
      if v_at > length(v_digits) or v_digit < 0 or v_weight > 2147483647 then
        return null;
      end if;
      v_at := v_at + 1;
      v_i := v_i + v_digit * v_weight;
      v_t := least(greatest(v_k - v_bias, 1), 26);
      exit when v_digit < v_t;
      v_weight := v_weight * (36 - v_t);
      v_k := v_k + 36;
    end loop;
    v_delta := (v_i - v_before) / case when v_before = 0 then 700 else 2 end;
    v_delta := v_delta + v_delta / (cardinality(v_letters) + 1);
    v_k := 0;
    while v_delta > 455 loop
      v_delta := v_delta / 35;
      v_k := v_k + 36;
    end loop;
    v_bias := v_k + (36 * v_delta / (v_delta + 38))::int;
    v_n := v_n + v_i / (cardinality(v_letters) + 1);
    v_i := v_i % (cardinality(v_letters) + 1);
    if v_n > 1114111 or v_n between 55296 and 57343 then
      return null;
    end if;
    v_letters := v_letters[:v_i] || v_n::int || v_letters[v_i + 1:];
    v_i := v_i + 1;
  end loop;
  return (select string_agg(chr(letter), '' order by place) from unnest(v_letters) with ordinality as spelled (letter, place));
end;
$$;

comment on function app_hidden.from_punycode is 'The text of a label in punycode, without its xn--; null where it is none.';
grant execute on function app_hidden.from_punycode to app_member, app_engine;
-- end of source: functions/facts/from_punycode.sql

-- source: functions/facts/punycode.sql
-- Labels of international domain names in ASCII, as DNS and mail carry them (RFC 3492). FND-34.

create or replace function app_hidden.punycode(label text) returns text
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  v_points int[] := array(select ascii(letter) from regexp_split_to_table(label, '') as letter);
  v_basic text := regexp_replace(label, '[^\u0001-\u007f]', '', 'g');
  v_handled int := length(v_basic);
  v_is_first boolean := true;
  v_answer text := case when v_basic = '' then '' else v_basic || '-' end;
  v_n int := 128;
  v_next int;
  v_delta bigint := 0;
  v_bias int := 72;
  v_point int;
  v_q bigint;
  v_k int;
  v_t int;
begin
  while v_handled < cardinality(v_points) loop
    select min(point) into v_next from unnest(v_points) as point where point >= v_n;
    v_delta := v_delta + (v_next - v_n)::bigint * (v_handled + 1);
    v_n := v_next;
    foreach v_point in array v_points loop
      if v_point < v_n then
        v_delta := v_delta + 1;
      elsif v_point = v_n then
        v_q := v_delta;
        v_k := 36;
        loop
          v_t := least(greatest(v_k - v_bias, 1), 26);
          exit when v_q < v_t;
          v_answer := v_answer || substr('abcdefghijklmnopqrstuvwxyz0123456789', (v_t + (v_q - v_t) % (36 - v_t))::int + 1, 1);
          v_q := (v_q - v_t) / (36 - v_t);
          v_k := v_k + 36;
        end loop;
        v_answer := v_answer || substr('abcdefghijklmnopqrstuvwxyz0123456789', v_q::int + 1, 1);
        -- How wide the next differences are likely to be.
        v_handled := v_handled + 1;
        v_delta := case when v_is_first then v_delta / 700 else v_delta / 2 end;
        v_delta := v_delta + v_delta / v_handled;
        v_k := 0;
        while v_delta > 455 loop
          v_delta := v_delta / 35;
          v_k := v_k + 36;
        end loop;
        v_bias := v_k + (36 * v_delta / (v_delta + 38))::int;
        v_is_first := false;
        v_delta := 0;
      end if;
    end loop;
    v_delta := v_delta + 1;
    v_n := v_n + 1;
  end loop;
  return v_answer;
end;
$$;

comment on function app_hidden.punycode is 'A label in punycode, without its xn--.';
grant execute on function app_hidden.punycode to app_member, app_engine;
-- end of source: functions/facts/punycode.sql

-- source: functions/facts/domain_label.sql
-- A label of a domain as DNS asks for it: international letters become punycode. Every label we return is the one that
-- browsers and mail servers make of it (UTS 46); where they guess, we refuse. Compatibility forms, signs and letters
-- whose fold is an ASCII letter are somebody else's look-alike, and scripts that run from right to left or write with
-- marks have rules about neighbours that are not written here. FND-34.

create or replace function app_hidden.domain_label(label text) returns text
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  v_label text := app_hidden.ascii_lower(label);
begin
  if v_label ~ '^[a-z0-9]([a-z0-9-]*[a-z0-9])?$' and v_label not like 'xn--%' then
    return v_label;
  elsif v_label ~ '^xn--[a-z0-9-]+$' then
    label := app_hidden.from_punycode(substr(v_label, 5));
    -- Only what we would have written ourselves, so that one domain is one text.
    return case when label ~ '[^\u0001-\u007f]' and app_hidden.domain_label(label) = v_label then v_label end;
  end if;

  v_label := normalize(v_label, nfc);
  if v_label <> normalize(v_label, nfkc)
     -- Kelvin, long s and dotted I fold to k, s and i; a Greek iota below becomes a letter beside.
     or label ~ '[\u0130\u017f\u212a]' or normalize(v_label, nfd) ~ '\u0345'
     -- Latin, Greek, Cyrillic, Armenian, Georgian, kana, Chinese, Hangul.
     or v_label !~ ('^[a-z0-9\u00c0-\u02af\u0370-\u052f\u0531-\u058f\u10a0-\u10ff\u1c90-\u1cbf\u1e00-\u1fff\u2c60-\u2c7f\u2d00-\u2d2f'
                    '\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3-]+$') then
    return null;
  end if;
  -- The final sigma is a letter of its own in domains.
  v_label := normalize(translate(casefold(translate(v_label, 'ς', U&'\E000') collate pg_catalog.pg_c_utf8), U&'\E000', 'ς'), nfc);
  if v_label !~ ('^[[:alnum:]-]+$' collate pg_catalog.pg_unicode_fast) or v_label ~ '^-|-$|^..--' then
    return null;
  end if;
  return 'xn--' || app_hidden.punycode(v_label);
end;
$$;

comment on function app_hidden.domain_label is
  'One label of a domain in ASCII and lower case; null where it cannot be one. Its length is not looked at.';
grant execute on function app_hidden.domain_label to app_member, app_engine;
-- end of source: functions/facts/domain_label.sql

-- source: functions/facts/read_email.sql
-- An email address as it is kept, compared and written to: ASCII, in lower case, its domain in punycode. It is judged
-- before it is folded, so that no look-alike turns into somebody's address on the way. FND-07, FND-34.

create or replace function app_hidden.read_email(email text, out address text, out problem text)
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  -- What copying brings along stands around the address; within it, it is a mistake.
  v_email text := regexp_replace(
    email, '^[\s\u00a0\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+|[\s\u00a0\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+$', '', 'g');
  v_local text := substring(v_email from '^([^@]*)@[^@]*$');
  v_domain text := substring(v_email from '@([^@]*)$');
  v_labels text[];
begin
  if email is null or v_email = '' then
    return;
  end if;
  if v_local is null or length(v_email) > 1000
     or v_local !~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]+$' or v_domain ~ '[\s\u0001-\u002c\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007f]' then
    problem := 'not_an_address';
  elsif v_local ~ '^\.|\.$|\.\.' or v_domain ~ '^\.|\.$|\.\.' then
    problem := 'dot_misplaced';
  elsif length(v_local) > 64 then
    problem := 'local_part_too_long';
  else
    v_labels := array(
      select app_hidden.domain_label(label)
      from regexp_split_to_table(v_domain, '\.') with ordinality as part (label, place)
      order by place);
    v_domain := array_to_string(v_labels, '.');
    problem := case
      when cardinality(v_labels) < 2 then 'not_an_address'
      when array_position(v_labels, null) is not null then 'domain_not_accepted'
      -- 192.0.2.1 is no domain.
      when v_labels[cardinality(v_labels)] ~ '^[0-9]+$' then 'domain_not_accepted'
      when 63 < any (array(select length(label) from unnest(v_labels) as label)) then 'domain_label_too_long'
      when length(v_local) + 1 + length(v_domain) > 254 then 'address_too_long'
    end;
  end if;
  if problem is null then
    address := app_hidden.ascii_lower(v_local) || '@' || v_domain;
  end if;
end;
$$;

comment on function app_hidden.read_email is
  'An address as it is kept; else what is wrong: not_an_address, dot_misplaced, local_part_too_long, '
  'domain_label_too_long, address_too_long, domain_not_accepted. Nothing written is no address.';
grant execute on function app_hidden.read_email to app_member, app_engine;
-- end of source: functions/facts/read_email.sql

-- source: functions/facts/address_key.sql
-- The address by which somebody is looked for, however it was written: as read_email keeps it. FND-03, FND-34.

create or replace function app_hidden.address_key(email text) returns text
language sql immutable parallel safe
set search_path = ''
return coalesce((app_hidden.read_email(address_key.email)).address, app_hidden.ascii_lower(btrim(address_key.email)));

comment on function app_hidden.address_key is
  'An address as it is kept. What is no address is only folded: it finds nobody, and no table takes it.';
grant execute on function app_hidden.address_key to app_engine;
-- end of source: functions/facts/address_key.sql

-- source: functions/facts/search_text.sql
-- What people type and what is stored are compared in one form: `Țăranu`, `ţăranu` with a cedilla and `taranu` are
-- one text, and so are `Ana-Maria` and `ana maria`, `O’Brien` and `obrien`. The collation is PostgreSQL's own, so that
-- the form is the same on every machine and an index over it stays right. FND-07.

create or replace function app_hidden.search_text(text) returns text
language sql immutable strict parallel safe
set search_path = ''
return (
  with
    folded as (
      -- Compatibility forms apart, lower case, and apart again: lower case can make new marks (İ). The acute accent by
      -- itself is an apostrophe; apart it would be a space and a mark.
      select normalize(lower(normalize(translate($1, '´', ''), nfkd) collate pg_catalog.pg_unicode_fast), nfkd) as value
    ),
    bare as (
      -- Marks (also a comma and a cedilla below), what has no width, soft hyphens and apostrophes leave no gap.
      select regexp_replace(
        value,
        '[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f'
        '\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff'
        '''`\u02b9-\u02bf\u2018-\u201b\u2032\u2035\uff07]',
        '', 'g') as value
      from folded
    ),
    latin as (
      select replace(replace(replace(replace(translate(value, 'øłđðħŧıς', 'olddhtiσ'),
               'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th') as value
      from bare
    )
  select btrim(regexp_replace(value collate pg_catalog.pg_unicode_fast, '[^[:alnum:]]+', ' ', 'g'))
  from latin
);

comment on function app_hidden.search_text is
  'A text as it is compared when somebody looks for it: lower case letters and digits without marks, words apart by one space.';
grant execute on function app_hidden.search_text to app_anonymous, app_member, app_worker, app_engine;
-- end of source: functions/facts/search_text.sql

-- source: functions/facts/name_key.sql
-- Two spellings of one name are one text: case, marks, hyphens and the order of given and family name do not count.
-- FND-34.

create or replace function app_private.name_key(name text) returns text
language sql immutable strict parallel safe
set search_path = ''
return (
  select string_agg(word, ' ' order by word collate "C")
  from string_to_table(app_hidden.search_text(name), ' ') as word
);

comment on function app_private.name_key is
  'The words of a name as they are compared, in one order: "Ștefania Țurcanu" and "TURCANU, Stefania" have one key.';
grant execute on function app_private.name_key to app_engine;
-- end of source: functions/facts/name_key.sql

-- source: functions/patients/people_like.sql
-- Who of a clinic's patients somebody may be, and what speaks for it. An address may be a family's, a number a
-- household's, a name a namesake's: each alone is a reason to ask and never to decide. Of somebody with an account the
-- address they sign in with counts as theirs too. Other clinics' patients are never looked at. FND-34, APT-09.

create or replace function app_private.people_like(
  organization_id uuid,
  given_name text,
  family_name text,
  email text default null,
  phone text default null,
  birth_date date default null
) returns setof app_private.person_candidate
language sql stable
set search_path = ''
as $$
  with asked as materialized (
    select app_hidden.address_key(people_like.email) as email, people_like.phone as phone, people_like.birth_date as birth_date,
           app_private.name_key(people_like.given_name || ' ' || people_like.family_name) as name
  ),
  -- One index each; what they find is few.
  found as (
    select patient_profiles.id from asked join app_public.patient_profiles on app_hidden.ascii_lower(patient_profiles.email) = asked.email
    union
    select patient_profiles.id
    from asked
    join app_public.humans on humans.email = asked.email
    join app_public.patient_profiles on patient_profiles.human_id = humans.principal_id
    union
    select patient_profiles.id from asked join app_public.patient_profiles on patient_profiles.phone = asked.phone
    union
    select patient_profiles.id from asked join app_public.patient_profiles on patient_profiles.birth_date = asked.birth_date
  ),
  compared as (
    select patients.id as patient_id, profile.id as patient_profile_id,
           case when app_hidden.ascii_lower(profile.email) = asked.email or humans.email = asked.email then true
                when coalesce(profile.email, humans.email) is not null and asked.email is not null then false end as address,
           app_private.name_key(profile.given_name || ' ' || profile.family_name) = asked.name as name,
           profile.phone = asked.phone as telephone,
           profile.birth_date = asked.birth_date as birthday
    from asked
    cross join found
    join app_public.patient_profiles as profile on profile.id = found.id
    join app_public.patients
      on patients.organization_id = people_like.organization_id
     and patients.patient_profile_id = profile.id
     and patients.deleted_at is null
    left join app_public.humans on humans.principal_id = profile.human_id
  )
  select compared.patient_id, compared.patient_profile_id, compared.address, compared.name, compared.telephone, compared.birthday
  from compared
  where compared.address or compared.telephone or (compared.name and compared.birthday)
  order by (compared.address and compared.name) is true desc,
           (compared.address is true)::int + (compared.name is true)::int + (compared.telephone is true)::int
             + (compared.birthday is true)::int desc,
           compared.patient_profile_id
  limit 20
$$;

comment on function app_private.people_like is
  'Patients of the clinic with this address, this number, or this name and birthday, likeliest first, at most 20.';
grant execute on function app_private.people_like to app_engine;

create or replace function app_private.refuse_unclear(candidates app_private.person_candidate[]) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  perform app_hidden.refuse(
    'CONFLICT', 'person_unclear',
    jsonb_build_object('candidates', (
      select jsonb_agg(jsonb_build_object(
        'patientId', candidate.patient_id,
        'patientProfileId', candidate.patient_profile_id,
        'agrees', array_to_json(array_remove(array[
          case when candidate.address then 'address' end, case when candidate.name then 'name' end,
          case when candidate.telephone then 'telephone' end, case when candidate.birthday then 'birthday' end], null)),
        'differs', array_to_json(array_remove(array[
          case when not candidate.address then 'address' end, case when not candidate.name then 'name' end,
          case when not candidate.telephone then 'telephone' end, case when not candidate.birthday then 'birthday' end], null)))
        order by candidate.place)
      from unnest(candidates) with ordinality
        as candidate (patient_id, patient_profile_id, address, name, telephone, birthday, place))),
    'This may be somebody who is a patient already. Name the patient, or pass asNewPatient for another person.');
end;
$$;

comment on function app_private.refuse_unclear is
  'CONFLICT person_unclear with the candidates: ids and the names of facts that agree and differ, never their values.';
grant execute on function app_private.refuse_unclear to app_engine;
-- end of source: functions/patients/people_like.sql

-- source: functions/patients/require_patient.sql
-- A booking is for somebody who is a patient of the clinic when it is written. The lock makes remove_patient wait for
-- it. FND-07, FND-10.

create or replace function app_private.require_patient(organization_id uuid, patient_profile_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.patients
  where patients.organization_id = require_patient.organization_id
    and patients.patient_profile_id = require_patient.patient_profile_id
    and patients.deleted_at is null
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found', '{}', 'There is no such patient at your clinic.');
  end if;
end;
$$;

comment on function app_private.require_patient is 'Locks a patient who is not removed; NOT_FOUND patient_not_found otherwise.';
grant execute on function app_private.require_patient to app_engine;
-- end of source: functions/patients/require_patient.sql

-- source: functions/appointments/patient_for_request.sql
-- The patient a booking request is for: the one that staff named, the one whose address and name agree, or a new one.
-- Whoever is unclear is asked about. APT-09, FND-07, FND-34.

create or replace function app_private.patient_for_request(
  request app_public.booking_requests,
  patient_profile_id uuid,
  as_new_patient boolean
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_candidates app_private.person_candidate[];
  v_known uuid[];
  v_profile_id uuid;
begin
  if patient_profile_id is not null and as_new_patient then
    perform app_hidden.refuse(
      'VALIDATION', 'patient_contradicted', '{"field": "asNewPatient"}',
      'Name a patient or pass asNewPatient, not both: whose appointment is it?');
  end if;
  if patient_profile_id is not null then
    perform app_private.require_patient(request.organization_id, patient_profile_id);
    return patient_profile_id;
  end if;

  if not as_new_patient then
    perform app_private.lock_people(request.organization_id);
    select array_agg(candidate), array_agg(candidate.patient_profile_id) filter (where candidate.address and candidate.name)
    into v_candidates, v_known
    from app_private.people_like(
      request.organization_id, request.given_name, request.family_name, request.email, request.phone) as candidate;

    if cardinality(v_known) = 1 then
      perform app_private.require_patient(request.organization_id, v_known[1]);
      return v_known[1];
    elsif v_candidates is not null then
      perform app_private.refuse_unclear(v_candidates);
    end if;
  end if;

  insert into app_public.patient_profiles (given_name, family_name, email, phone, locale)
  values (request.given_name, request.family_name, request.email, request.phone, request.locale)
  returning id into v_profile_id;
  perform app_private.admit_patient(request.organization_id, v_profile_id);
  return v_profile_id;
end;
$$;

comment on function app_private.patient_for_request is
  'The patient profile for a request, made if need be; CONFLICT person_unclear when only a person can tell, VALIDATION '
  'patient_contradicted when one is named and said to be new.';
grant execute on function app_private.patient_for_request to app_engine;
-- end of source: functions/appointments/patient_for_request.sql

-- source: functions/appointments/require_to_answer.sql
-- Whether the caller may answer this booking request, whatever became of it meanwhile: asked before an answer that is
-- remembered is told again. FND-26, APT-09.

create or replace function app_private.require_to_answer(booking_request_id uuid, to_status text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_organization_id uuid;
begin
  select booking_requests.organization_id into v_organization_id
  from app_public.booking_requests
  where booking_requests.id = booking_request_id
    and booking_requests.organization_id = any (app_hidden.organization_ids_where('appointments.view'));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'booking_request_not_found', '{}', 'There is no such booking request at your clinic.');
  end if;
  perform app_private.authorize_move('booking_requests', 'requested', to_status, v_organization_id);
end;
$$;

comment on function app_private.require_to_answer is
  'Refuses as the first answer to the request would: NOT_FOUND for a stranger, FORBIDDEN for a colleague without the permission.';
grant execute on function app_private.require_to_answer to app_engine;
-- end of source: functions/appointments/require_to_answer.sql

-- source: functions/appointments/confirm_booking_request.sql
-- The clinic says yes, in one transaction: patient found or made, claim handed over, appointment booked. APT-09.

set role app_engine;

create or replace function app_public.confirm_booking_request(
  booking_request_id uuid,
  patient_profile_id uuid default null,
  as_new_patient boolean default false,
  override_reason text default null
) returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('confirm_booking_request', jsonb_build_array(
    booking_request_id, patient_profile_id, as_new_patient, override_reason));
  v_request app_public.booking_requests;
  v_profile_id uuid;
  v_rules text[];
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    perform app_private.require_to_answer(booking_request_id, 'confirmed');
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_request := app_private.locked_booking_request(booking_request_id, 'confirmed');
  v_profile_id := app_private.patient_for_request(v_request, patient_profile_id, coalesce(as_new_patient, false));
  -- Past its deadline a request is over, whether or not the worker has come by to say so.
  if v_request.respond_by <= app_hidden.now() then
    perform app_hidden.refuse(
      'GONE', 'booking_request_expired', jsonb_build_object('respondBy', v_request.respond_by),
      'The time to answer has passed. Ask the guest to choose again.');
  end if;
  -- As the guest who asked: what was closed, switched off or made private meanwhile is for front desk to decide on.
  select app_private.require_bookable(time_claims, for_the_public => true, override_reason => override_reason) into v_rules
  from app_private.time_claims
  where time_claims.organization_id = v_request.organization_id and time_claims.id = v_request.claim_id;

  update app_public.booking_requests set
    status = 'confirmed',
    decided_at = app_hidden.now(),
    decided_by = app_private.current_actor_id()
  where booking_requests.id = v_request.id;

  perform app_private.convert_claim(v_request.claim_id, 'appointment');
  perform app_private.count_assignment(v_request.claim_id);

  insert into app_public.appointments (
    organization_id, patient_profile_id, calendar_id, service_id, specialist_id, booking_request_id, claim_id,
    starts_at, ends_at, modality, price_amount, currency, contact_email, contact_phone, contact_name,
    locale, organizer_email, created_by, override_reason, overridden_rules
  )
  select
    v_request.organization_id, v_profile_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
    v_request.id, v_request.claim_id, v_request.starts_at, v_request.ends_at, calendars.modality,
    v_request.price_amount, v_request.currency, v_request.email, v_request.phone,
    v_request.given_name || ' ' || v_request.family_name, v_request.locale, v_request.organizer_email,
    app_private.current_actor_id(),
    case when v_rules <> '{}' then btrim(override_reason) end, nullif(v_rules, '{}')
  from app_public.calendars
  where calendars.organization_id = v_request.organization_id and calendars.id = v_request.calendar_id
  returning * into v_appointment;
  perform app_private.remember('confirm_booking_request', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.confirm_booking_request is
  'Turns a booking request into an appointment. Of the clinic''s patients the one is taken whose address and name agree; '
  'one who shares only the address or the number is unclear, unless patientProfileId names the patient or asNewPatient is '
  'set; where nobody is like it, the guest becomes a patient. Needs appointments.manage; STATE when it was answered '
  'already, GONE past its deadline, CONFLICT person_unclear with the candidates. When the time can no longer be booked, '
  'what holdSlot says of the rule; overrideReason sets it aside and is kept.';
grant execute on function app_public.confirm_booking_request to app_member;

reset role;
-- end of source: functions/appointments/confirm_booking_request.sql

-- source: functions/appointments/expire_booking_requests.sql
-- Requests that nobody answered in time let their time go. The worker calls it every minute; however late it
-- comes, what is due is done. APT-09.

set role app_engine;

create or replace function app_private.expire_booking_requests() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_claim_ids uuid[];
begin
  with expired as (
    with due as (
      select booking_requests.id
      from app_public.booking_requests
      where booking_requests.status = 'requested' and booking_requests.respond_by <= app_hidden.now()
      order by booking_requests.respond_by
      limit 500
      for update skip locked
    )
    update app_public.booking_requests set status = 'expired', decided_at = app_hidden.now()
    from due
    where booking_requests.id = due.id
    returning booking_requests.claim_id
  )
  select coalesce(array_agg(expired.claim_id), '{}') into v_claim_ids from expired;
  -- At once, so that all their days are locked in the one order.
  perform app_private.release_claims(v_claim_ids);
  return cardinality(v_claim_ids);
end;
$$;

comment on function app_private.expire_booking_requests is 'Expires up to 500 overdue booking requests and frees their time; returns how many.';
grant execute on function app_private.expire_booking_requests to app_worker;

reset role;
-- end of source: functions/appointments/expire_booking_requests.sql

-- source: functions/appointments/finish_appointment.sql
-- The specialist closes the session. APT-01.

set role app_engine;

create or replace function app_public.finish_appointment(appointment_id uuid) returns app_public.appointments
language sql volatile strict security definer
set search_path = ''
return app_private.move_appointment(appointment_id, 'done');

comment on function app_public.finish_appointment is
  'The session is over; STATE too_early before its time. Needs appointments.conduct.';
grant execute on function app_public.finish_appointment to app_member;

reset role;
-- end of source: functions/appointments/finish_appointment.sql

-- source: functions/core/require_reason.sql
-- What is done to somebody's record by hand says why. FND-34, FND-08.

create or replace function app_private.require_reason(reason text) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  if length(btrim(coalesce(reason, ''), e' \t\r\n')) not between 3 and 500 then
    perform app_hidden.refuse('VALIDATION', 'reason_missing', '{"field": "reason"}', 'Say why, in 3 to 500 characters.');
  end if;
  return btrim(reason, e' \t\r\n');
end;
$$;

comment on function app_private.require_reason is 'The reason, trimmed; VALIDATION reason_missing when it says nothing or too much.';
grant execute on function app_private.require_reason to app_engine;
-- end of source: functions/core/require_reason.sql

-- source: functions/appointments/move_appointment_to_patient.sql
-- An appointment that stands on the wrong chart goes to the right patient of the same clinic; back again the same way.
-- The answer to a booking request follows, since the request is the appointment's. What the guest gave as contact stays;
-- a contact that was the patient's own changes with the patient. Locks: the right patient, then the appointment, as
-- whoever removes or merges patients. FND-34, APT-01.

set role app_engine;

create or replace function app_public.move_appointment_to_patient(appointment_id uuid, patient_profile_id uuid, reason text)
returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text;
  v_appointment app_public.appointments;
  v_person app_public.patient_profiles;
  v_from_id uuid;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = appointment_id
    and appointments.deleted_at is null
    and appointments.organization_id = any (app_hidden.organization_ids_where('appointments.view'));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found', '{}', 'There is no such appointment, or it is not yours to see.');
  end if;
  perform app_private.require_permission(v_appointment.organization_id, 'appointments.manage');
  perform app_private.require_permission(v_appointment.organization_id, 'patients.manage');
  v_reason := app_private.require_reason(reason);

  perform app_private.require_patient(v_appointment.organization_id, move_appointment_to_patient.patient_profile_id);
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = appointment_id and appointments.deleted_at is null
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found', '{}', 'There is no such appointment, or it is not yours to see.');
  elsif v_appointment.patient_profile_id = move_appointment_to_patient.patient_profile_id then
    perform app_hidden.refuse('CONFLICT', 'already_this_patient', '{"field": "patientProfileId"}', 'The appointment is this patient''s.');
  end if;

  v_from_id := v_appointment.patient_profile_id;
  select patient_profiles.* into strict v_person
  from app_public.patient_profiles where patient_profiles.id = move_appointment_to_patient.patient_profile_id;
  update app_public.appointments set
    patient_profile_id = v_person.id,
    contact_email = case when appointments.booking_request_id is null then v_person.email else appointments.contact_email end,
    contact_name = case when appointments.booking_request_id is null then v_person.given_name || ' ' || v_person.family_name
                     else appointments.contact_name end,
    locale = case when appointments.booking_request_id is null then v_person.locale else appointments.locale end
  where appointments.id = v_appointment.id
  returning * into v_appointment;
  insert into app_public.appointment_transfers
    (organization_id, appointment_id, patient_profile_id, from_profile_id, reason, moved_by)
  values (v_appointment.organization_id, v_appointment.id, v_person.id, v_from_id, v_reason, app_private.current_actor_id());

  -- What has not left for the other person does not leave any more; what a worker has in hand is on its way.
  update app_public.messages set status = 'skipped', reason = 'moved_to_another_patient'
  from app_private.events
  where messages.organization_id = v_appointment.organization_id
    and messages.patient_profile_id = v_from_id
    and messages.status = 'queued'
    and messages.attempts = 0
    and events.organization_id = messages.organization_id
    and events.id = messages.event_id
    and events.subject_id = v_appointment.id;
  perform app_private.publish(
    'appointment.patient_changed', v_appointment.organization_id, v_appointment.id,
    jsonb_build_object(
      'appointmentId', v_appointment.id, 'patientProfileId', v_person.id, 'fromPatientProfileId', v_from_id));
  return v_appointment;
end;
$$;

comment on function app_public.move_appointment_to_patient is
  'Moves an appointment from the wrong chart to the right patient of the clinic. Needs appointments.manage, '
  'patients.manage and a reason; moving it back undoes it. CONFLICT already_this_patient.';
grant execute on function app_public.move_appointment_to_patient to app_member;

reset role;
-- end of source: functions/appointments/move_appointment_to_patient.sql

-- source: functions/appointments/public_specialists.sql
-- Whom a visitor can pick in a calendar: listing columns only. SPC-05.

create or replace function app_private.public_specialists(organization_id uuid, calendar_id uuid)
returns app_public.public_specialist[]
language sql stable
set search_path = ''
begin atomic
  select coalesce(array_agg(row(
    specialists.id, specialists.title, specialists.given_name, specialists.family_name,
    (select coalesce(array_agg(specialties.name order by specialties.name), '{}')
     from app_public.specialist_specialties
     join app_public.specialties on specialties.id = specialist_specialties.specialty_id and specialties.deleted_at is null
     where specialist_specialties.organization_id = specialists.organization_id
       and specialist_specialties.specialist_id = specialists.id)
  )::app_public.public_specialist order by calendar_specialists.priority, specialists.family_name, specialists.given_name), '{}')
  from app_public.calendars
  join app_public.calendar_specialists
    on calendar_specialists.organization_id = calendars.organization_id and calendar_specialists.calendar_id = calendars.id
  join app_public.specialists
    on specialists.organization_id = calendar_specialists.organization_id and specialists.id = calendar_specialists.specialist_id
  where calendars.organization_id = public_specialists.organization_id
    and calendars.id = public_specialists.calendar_id
    and calendars.assignment_strategy = 'specific'
    and specialists.scheduling_active
    and specialists.deleted_at is null;
end;

comment on function app_private.public_specialists is
  'The specialists of a calendar where the visitor picks one; empty for the other strategies.';
grant execute on function app_private.public_specialists to app_engine;
-- end of source: functions/appointments/public_specialists.sql

-- source: functions/appointments/record_no_show.sql
-- Nobody came. APT-01.

set role app_engine;

create or replace function app_public.record_no_show(appointment_id uuid) returns app_public.appointments
language sql volatile strict security definer
set search_path = ''
return app_private.move_appointment(appointment_id, 'noshow');

comment on function app_public.record_no_show is
  'The patient did not come; only after the start. Frees the rest of the time. Needs appointments.conduct.';
grant execute on function app_public.record_no_show to app_member;

reset role;
-- end of source: functions/appointments/record_no_show.sql

-- source: functions/appointments/reject_booking_request.sql
-- The clinic says no; the time is free again and the guest is told why. APT-09.

set role app_engine;

create or replace function app_public.reject_booking_request(booking_request_id uuid, reason text default null)
returns app_public.booking_requests
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_request app_public.booking_requests := app_private.locked_booking_request(booking_request_id, 'rejected');
begin
  update app_public.booking_requests set
    status = 'rejected',
    rejection_reason = nullif(btrim(reason), ''),
    decided_at = app_hidden.now(),
    decided_by = app_private.current_actor_id()
  where booking_requests.id = v_request.id
  returning * into v_request;
  perform app_private.release_claim(v_request.claim_id);
  return v_request;
end;
$$;

comment on function app_public.reject_booking_request is
  'Declines a booking request and frees its time. Needs appointments.manage; STATE when it was answered already.';
grant execute on function app_public.reject_booking_request to app_member;

reset role;
-- end of source: functions/appointments/reject_booking_request.sql

-- source: functions/deletion/soft_delete.sql
-- Deletion that can be taken back: every verb that removes something ends here. FND-10.

create or replace function app_private.soft_delete(table_name text, row_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_permission text;
  v_row jsonb;
begin
  select soft_deletes.permission into strict v_permission
  from app_private.soft_deletes
  where soft_deletes.table_name = soft_delete.table_name;

  execute format('select to_jsonb(r) from %s as r where r.id = $1 and r.deleted_at is null', soft_delete.table_name::regclass)
  into v_row using row_id;
  perform app_private.require_right_to_delete(v_permission, (v_row ->> 'organization_id')::uuid);
  if not app_private.mark_deleted(soft_delete.table_name, row_id, app_hidden.now()) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
end;
$$;

comment on function app_private.soft_delete is
  'Deletes a row of a registered table, with what follows it. FORBIDDEN for a colleague without the permission; NOT_FOUND '
  'for strangers, for what is deleted already, and for the slower of two.';
grant execute on function app_private.soft_delete to app_engine;

create or replace function app_private.mark_deleted(table_name text, row_id uuid, at timestamptz) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_follower record;
  v_count bigint;
begin
  execute format('update %s set deleted_at = $2 where id = $1 and deleted_at is null', mark_deleted.table_name::regclass)
  using row_id, at;
  get diagnostics v_count = row_count;
  if v_count = 0 then
    return false;
  end if;
  for v_follower in select * from app_private.rows_that_follow(mark_deleted.table_name, row_id, null) loop
    perform app_private.mark_deleted(v_follower.follower, v_follower.follower_id, at);
  end loop;
  return true;
end;
$$;

comment on function app_private.mark_deleted is
  'Sets deleted_at of a live row and of what follows it; false when there is none. The caller has checked who may.';
grant execute on function app_private.mark_deleted to app_engine;
-- end of source: functions/deletion/soft_delete.sql

-- source: functions/appointments/remove_appointment.sql
-- What was entered by mistake is taken out of the list, once it is over: while it holds its time it is cancelled, not
-- removed. FND-10, APT-01.

set role app_engine;

create or replace function app_public.remove_appointment(appointment_id uuid) returns app_public.appointments
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
begin
  perform app_private.soft_delete('app_public.appointments', appointment_id);
  select appointments.* into strict v_appointment from app_public.appointments where appointments.id = remove_appointment.appointment_id;
  if app_private.legal_moves('appointments', v_appointment.status) <> '[]' then
    perform app_hidden.refuse(
      'STATE', 'appointment_not_over',
      jsonb_build_object('status', v_appointment.status, 'legal', app_private.legal_moves('appointments', v_appointment.status)),
      'Cancel the appointment first.');
  end if;
  return v_appointment;
end;
$$;

comment on function app_public.remove_appointment is
  'Takes an appointment that is over out of the lists; restoreDeletedRow brings it back. Needs appointments.manage; STATE '
  'appointment_not_over while it can still move.';
grant execute on function app_public.remove_appointment to app_member;

reset role;
-- end of source: functions/appointments/remove_appointment.sql

-- source: functions/scheduling/require_request_allowance.sql
-- One visitor asks only so often in an hour and a day, and one network only so much more, at all clinics together and
-- whatever became of the requests: to ask and withdraw in a loop is bounded as well. FND-35, APT-09.
-- The locks make the count true for those who ask in parallel: visitor first, then address, as for holds.

set role app_engine;
create or replace function app_private.require_request_allowance(visitor_id text, address inet) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz := app_hidden.now();
  v_limit app_private.visitor_limits;
  v_asked timestamptz[];
  v_free_at timestamptz;
begin
  for v_limit in
    select visitor_limits.*
    from app_private.visitor_limits
    where visitor_limits.name = 'visitor' and require_request_allowance.visitor_id is not null
      or visitor_limits.name = 'address' and require_request_allowance.address is not null
    order by visitor_limits.name desc
  loop
    -- Newest first. Two statements, because each has its index.
    if v_limit.name = 'visitor' then
      perform pg_advisory_xact_lock(hashtextextended('requests of visitor:' || require_request_allowance.visitor_id, 0));
      v_asked := array(
        select time_claims.created_at
        from app_private.time_claims
        join app_public.booking_requests
          on booking_requests.organization_id = time_claims.organization_id and booking_requests.claim_id = time_claims.id
        where time_claims.visitor_id = require_request_allowance.visitor_id
          and time_claims.kind in ('request', 'appointment')
          and time_claims.created_at > v_now - interval '1 day'
        order by time_claims.created_at desc
        limit v_limit.per_day);
    else
      perform pg_advisory_xact_lock(hashtextextended('requests of address:' || require_request_allowance.address, 0));
      v_asked := array(
        select time_claims.created_at
        from app_private.time_claims
        join app_public.booking_requests
          on booking_requests.organization_id = time_claims.organization_id and booking_requests.claim_id = time_claims.id
        where time_claims.address = require_request_allowance.address
          and time_claims.kind in ('request', 'appointment')
          and time_claims.created_at > v_now - interval '1 day'
        order by time_claims.created_at desc
        limit v_limit.per_day);
    end if;

    v_free_at := greatest(
      v_asked[v_limit.per_day] + interval '1 day',
      case when v_asked[v_limit.per_hour] > v_now - interval '1 hour' then v_asked[v_limit.per_hour] + interval '1 hour' end);
    if v_free_at is not null then
      perform app_hidden.refuse(
        'RATE_LIMITED',
        case v_limit.name when 'visitor' then 'too_many_requests' else 'too_many_requests_from_address' end,
        jsonb_build_object('retryAfterSeconds', greatest(ceil(extract(epoch from v_free_at - v_now)), 1)),
        'You have asked for as many appointments as one person can. Call the clinic, or try again later.');
    end if;
  end loop;
end;
$$;

comment on function app_private.require_request_allowance is
  'Refuses with RATE_LIMITED when a visitor, or an address, has made as many booking requests as an hour or a day allows.';
reset role;
-- end of source: functions/scheduling/require_request_allowance.sql

-- source: functions/appointments/respond_by.sql
-- Until when a clinic answers a request, or rather keeps its time. APT-09.

create or replace function app_private.respond_by(organization app_public.organizations, starts_at timestamptz)
returns timestamptz
language sql stable
set search_path = ''
begin atomic
  select case
    when latest.answer > app_hidden.now()
      then least(app_hidden.now() + make_interval(hours => organization.booking_response_hours), latest.answer)
    -- Too near for a promise that leaves time to come: the time is kept until it is there.
    else respond_by.starts_at
  end
  from (select respond_by.starts_at - make_interval(hours => organization.response_lead_hours) as answer) as latest;
end;

comment on function app_private.respond_by is
  'The deadline of a request made now: within bookingResponseHours, and responseLeadHours before the time it asks for. '
  'Where that has passed already, the time itself: nothing is promised then.';
grant execute on function app_private.respond_by to app_engine;
-- end of source: functions/appointments/respond_by.sql

-- source: functions/appointments/request_booking.sql
-- A visitor without an account asks for the time they hold. The request keeps the time until the clinic answers;
-- hold, request and appointment are the same claim, so the time is never let go in between. APT-05, APT-09.

set role app_engine;

create or replace function app_public.request_booking(
  hold_token text,
  given_name text,
  family_name text,
  email text,
  phone text,
  message text default null,
  locale text default null
) returns app_public.booking_receipt
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('request_booking', jsonb_build_array(
    hold_token, given_name, family_name, email, phone, message, locale));
  v_claim app_private.time_claims;
  v_token text := encode(extensions.gen_random_bytes(16), 'hex');
  v_request app_public.booking_requests;
  v_receipt app_public.booking_receipt;
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_receipt, v_remembered);
  end if;

  v_claim := app_private.take_hold(hold_token, to_book => true);
  if not app_private.is_staff_of(v_claim.organization_id) then
    perform app_private.require_request_allowance(v_claim.visitor_id, v_claim.address);
  end if;
  perform app_private.require_bookable(v_claim, for_the_public => not app_private.is_staff_of(v_claim.organization_id));
  insert into app_public.booking_requests (
    organization_id, calendar_id, service_id, specialist_id, claim_id, given_name, family_name, email, phone, message,
    locale, starts_at, ends_at, price_amount, currency, respond_by, organizer_email, token_hash
  )
  select
    v_claim.organization_id, calendars.id, services.id, v_claim.specialist_id, v_claim.id,
    request_booking.given_name, request_booking.family_name, request_booking.email, request_booking.phone,
    nullif(btrim(request_booking.message), ''),
    coalesce(request_booking.locale, organizations.locale), lower(v_claim.during), upper(v_claim.during),
    coalesce(calendars.price_amount, services.price_amount), services.currency,
    app_private.respond_by(organizations, lower(v_claim.during)), organizations.contact_email,
    extensions.digest(v_token, 'sha256')
  from app_public.calendars
  join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
  join app_public.organizations on organizations.id = calendars.organization_id
  where calendars.organization_id = v_claim.organization_id and calendars.id = v_claim.calendar_id
  returning * into v_request;

  perform app_private.convert_claim(v_claim.id, 'request');

  v_receipt := app_private.booking_receipt_of(v_request);
  v_receipt.token := v_token;
  perform app_private.remember('request_booking', to_jsonb(v_receipt));
  return v_receipt;
end;
$$;

comment on function app_public.request_booking is
  'Turns a hold into a booking request. The receipt''s token is shown once. NOT_FOUND or GONE for the hold, '
  'VALIDATION with the field for the contact, also for a name with a link in it (link_in_text); when the time can no longer '
  'be booked, what holdSlot says of the rule; RATE_LIMITED when the caller has asked too often, whatever became of it.';
grant execute on function app_public.request_booking to app_anonymous, app_member;

reset role;
-- end of source: functions/appointments/request_booking.sql

-- source: functions/appointments/start_appointment.sql
-- The specialist opens the session. APT-01.

set role app_engine;

create or replace function app_public.start_appointment(appointment_id uuid) returns app_public.appointments
language sql volatile strict security definer
set search_path = ''
return app_private.move_appointment(appointment_id, 'inprogress');

comment on function app_public.start_appointment is
  'The session begins, from the clinic''s startLeadMinutes before its time on; STATE too_early before. Needs appointments.conduct.';
grant execute on function app_public.start_appointment to app_member;

reset role;
-- end of source: functions/appointments/start_appointment.sql

-- source: functions/appointments/tg_appointments__record_move.sql
-- Every move has an actor, a time and an event, whoever makes it. APT-01, FND-14.
-- _200_guard_state has refused what is no move.

set role app_engine;

create or replace function app_private.tg_appointments__record_move() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_from text := case when tg_op = 'UPDATE' then old.status else '' end;
  v_event text;
begin
  insert into app_public.appointment_moves (organization_id, appointment_id, from_status, to_status, moved_by, moved_at, reason,
    overridden_rules)
  values (new.organization_id, new.id, nullif(v_from, ''), new.status, app_private.current_actor_id(), app_hidden.now(),
          case when v_from = '' then new.override_reason else new.cancellation_reason end,
          case when v_from = '' then new.overridden_rules end);

  select distinct transition.event into strict v_event
  from app_private.state_transitions as transition
  where transition.entity = 'appointments' and transition.from_state = v_from and transition.to_state = new.status;

  perform app_private.publish(
    v_event, new.organization_id, new.id,
    jsonb_strip_nulls(jsonb_build_object(
      'appointmentId', new.id, 'patientProfileId', new.patient_profile_id, 'specialistId', new.specialist_id,
      'serviceId', new.service_id,
      'startsAt', new.starts_at, 'endsAt', new.ends_at, 'from', nullif(v_from, ''), 'to', new.status)));
  return new;
end;
$$;

comment on function app_private.tg_appointments__record_move is
  'Writes appointment_moves and publishes the event of the move. Trigger _900_record_move.';

reset role;

create or replace trigger _900_record_move after insert or update of status on app_public.appointments
  for each row execute function app_private.tg_appointments__record_move();
-- end of source: functions/appointments/tg_appointments__record_move.sql

-- source: functions/appointments/tg_booking_requests__publish.sql
-- Every answer to a request is an event; mails to the guest follow from it. APT-09, FND-14.
-- _200_guard_state has refused what is no move.

set role app_engine;

create or replace function app_private.tg_booking_requests__publish() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_from text := case when tg_op = 'UPDATE' then old.status else '' end;
  v_event text;
begin
  select distinct transition.event into strict v_event
  from app_private.state_transitions as transition
  where transition.entity = 'booking_requests' and transition.from_state = v_from and transition.to_state = new.status;

  perform app_private.publish(
    v_event, new.organization_id, new.id,
    jsonb_build_object(
      'bookingRequestId', new.id, 'calendarId', new.calendar_id, 'specialistId', new.specialist_id,
      'startsAt', new.starts_at, 'endsAt', new.ends_at));
  return new;
end;
$$;

comment on function app_private.tg_booking_requests__publish is 'Publishes the event of a move. Trigger _900_publish.';

reset role;

create or replace trigger _900_publish after insert or update of status on app_public.booking_requests
  for each row execute function app_private.tg_booking_requests__publish();
-- end of source: functions/appointments/tg_booking_requests__publish.sql

-- source: functions/appointments/withdraw_booking_request.sql
-- The guest changes their mind before the clinic has answered; the time is free again. APT-09.

set role app_engine;

create or replace function app_public.withdraw_booking_request(token text) returns app_public.booking_receipt
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_request app_public.booking_requests;
begin
  select booking_requests.* into v_request
  from app_public.booking_requests
  where booking_requests.token_hash = extensions.digest(withdraw_booking_request.token, 'sha256')
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'booking_request_not_found', '{}', 'There is no booking request for this token.');
  end if;

  update app_public.booking_requests set status = 'withdrawn', decided_at = app_hidden.now()
  where booking_requests.id = v_request.id
  returning * into v_request;
  perform app_private.release_claim(v_request.claim_id);
  return app_private.booking_receipt_of(v_request);
end;
$$;

comment on function app_public.withdraw_booking_request is
  'Withdraws a booking request by its token and frees the time. STATE once the clinic has answered.';
grant execute on function app_public.withdraw_booking_request to app_anonymous, app_member;

reset role;
-- end of source: functions/appointments/withdraw_booking_request.sql

-- source: functions/audit/entry_bytes.sql
-- What is hashed of an entry: ids, names of tables and columns, and the digest of everything that may be personal.
-- FND-09.
-- The wire format of a row (PostgreSQL's documented binary values: a count, then type, length and bytes of each) leaves
-- no doubt where a value ends, knows null, and depends on no setting. 1.2 µs a row; JSON takes 4.6.

create or replace function audit.entry_bytes(
  previous bytea, seal_id uuid, "position" int, id uuid, organization_id uuid, occurred_at timestamptz,
  actor_id uuid, impersonator_id uuid, session_role text, request_id text,
  action text, table_name text, row_key text, person_id uuid, changed text[], digest bytea
) returns bytea
language sql stable parallel safe
return pg_catalog.record_send(row(
  previous, seal_id, "position", id, organization_id, occurred_at, actor_id, impersonator_id, session_role, request_id,
  action, table_name, row_key, person_id, changed, digest));

comment on function audit.entry_bytes is
  'The bytes whose SHA-256 is the hash of an entry; previous is the hash of the entry before it in the seal, null for the first.';

grant execute on function audit.entry_bytes to app_engine;
-- end of source: functions/audit/entry_bytes.sql

-- source: functions/audit/entry_digest.sql
-- What an entry says beyond ids, as a digest that says nothing without the entry's own key. FND-08, FND-09.

create or replace function audit.entry_digest(old jsonb, new jsonb, ip text, user_agent text, key bytea) returns bytea
language sql stable parallel safe
return extensions.hmac(pg_catalog.record_send(row(old, new, ip, user_agent)), key, 'sha256');

comment on function audit.entry_digest is
  'HMAC-SHA256 over the wire format of the row. With the key gone, nobody can try values against it.';

grant execute on function audit.entry_digest to app_engine;
-- end of source: functions/audit/entry_digest.sql

-- source: functions/audit/tg_refuse_change.sql
-- What was written down is not rewritten, by nobody. FND-08.
-- Per statement, so that the answer is the same for whoever sees no row. One change exists: the engine takes out what
-- erasure takes out, which tg_entries__only_erase holds to.

create or replace function audit.tg_refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and current_user = 'app_engine' and tg_table_name in ('entries', 'anchors') then
    return null;
  end if;
  perform app_hidden.refuse('IMMUTABLE', 'audit_is_append_only', '{}', 'Audit entries are never changed or removed.');
  return null;
end;
$$;

comment on function audit.tg_refuse_change is 'Refuses update, delete and truncate of the log. Trigger _200_refuse_change.';

create or replace trigger _200_refuse_change before update or delete or truncate on audit.entries
  for each statement execute function audit.tg_refuse_change();
create or replace trigger _200_refuse_change before update or delete or truncate on audit.seals
  for each statement execute function audit.tg_refuse_change();
create or replace trigger _200_refuse_change before update or delete or truncate on audit.anchors
  for each statement execute function audit.tg_refuse_change();
create or replace trigger _200_refuse_change before update or delete or truncate on audit.anchored_heads
  for each statement execute function audit.tg_refuse_change();
create or replace trigger _200_refuse_change before delete or truncate on audit.heads
  for each statement execute function audit.tg_refuse_change();
-- end of source: functions/audit/tg_refuse_change.sql

-- source: functions/audit/open_month.sql
-- Partitions of a month, for entries and seals. FND-08.
-- The task makes them ahead. Should it have slept for months, the first write of a new month makes its own: no write
-- is lost at the turn of a month, and no default partition collects what later has to be moved.
-- Only the owner of a partitioned table may attach to it, so these two are the owner's, the one exception to 0002:
-- they take a time and no text, and row level security leaves the owner no row of the log.

create or replace function audit.open_month(month timestamptz) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_first timestamptz := date_trunc('month', open_month.month, 'UTC');
  v_next timestamptz := date_trunc('month', date_trunc('month', open_month.month, 'UTC') + interval '40 days', 'UTC');
  v_parent text;
  v_partition text;
begin
  -- Two at once would make the same table; the second finds it.
  perform pg_advisory_xact_lock(hashtextextended('audit: open_month', 0));
  foreach v_parent in array array['entries', 'seals'] loop
    v_partition := format('%s_%s', v_parent, to_char(v_first at time zone 'UTC', 'YYYY_MM'));
    continue when to_regclass('audit.' || v_partition) is not null;
    -- Made beside and then attached: that locks out nobody who writes.
    execute format('create table audit.%I (like audit.%I including all)', v_partition, v_parent);
    execute format('alter table audit.%I enable row level security', v_partition);
    execute format('alter table audit.%I force row level security', v_partition);
    execute format(
      'create trigger _200_refuse_change before update or delete or truncate on audit.%I
         for each statement execute function audit.tg_refuse_change()', v_partition);
    execute format('alter table audit.%I attach partition audit.%I for values from (%L) to (%L)',
      v_parent, v_partition, v_first, v_next);
  end loop;
end;
$$;

comment on function audit.open_month is 'Makes the partitions of the month of this instant, in UTC, unless they are there.';

grant execute on function audit.open_month to app_engine;

create or replace function audit.month_is_open(at timestamptz) returns boolean
language sql stable
return pg_catalog.to_regclass('audit.seals_' || pg_catalog.to_char(at at time zone 'UTC', 'YYYY_MM')) is not null;

comment on function audit.month_is_open is 'Whether the partitions of the month of this instant, in UTC, are there.';

grant execute on function audit.month_is_open to app_engine;
-- end of source: functions/audit/open_month.sql

-- source: functions/audit/append.sql
-- Writes an entry, hashed onto the one before it in this transaction and chain. FND-08, FND-09.
-- No lock and no look at other transactions: what is open stands in transaction-local settings, one per chain, which go
-- back with a savepoint exactly as the entries do. The commit seals what is open (tg_entries__seal).
-- Every audited write pays for this function. plpgsql prepares each of its expressions anew in every transaction, so
-- there are few; and an assignment costs a fraction of a `perform`.

create or replace function audit.append(
  organization_id uuid,
  action text,
  table_name text,
  row_key text,
  person_id uuid,
  changed text[],
  old jsonb,
  new jsonb
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_id uuid := uuidv7();
  v_at timestamptz := app_hidden.now();
  v_actor_id uuid := nullif(pg_catalog.current_setting('app.principal_id', true), '');
  v_impersonator_id uuid := nullif(pg_catalog.current_setting('app.impersonator_id', true), '');
  v_request_id text := nullif(pg_catalog.current_setting('app.request_id', true), '');
  v_ip text := nullif(pg_catalog.current_setting('app.ip', true), '');
  v_user_agent text := nullif(pg_catalog.current_setting('app.user_agent', true), '');
  v_key bytea := extensions.gen_random_bytes(32);
  v_digest bytea := audit.entry_digest(append.old, append.new, v_ip, v_user_agent, v_key);
  -- The seals that are open in this chain, [id, entries, hash of the last, time] each: one, in all but odd cases.
  v_slot text := 'audit.open_' || replace(coalesce(append.organization_id, '00000000-0000-0000-0000-000000000000')::text, '-', '');
  v_open jsonb := nullif(pg_catalog.current_setting(v_slot, true), '');
  v_last jsonb := v_open -> -1;
  v_seal_id uuid := v_id;
  v_position int := 1;
  v_bytes bytea;
  v_hash bytea;
  v_set text;
begin
  if v_actor_id is null then
    v_actor_id := app_private.current_actor_id();
  end if;

  -- All of a seal is of one time, and so of one month, also where a test moves the clock between two statements.
  if (v_last ->> 3)::timestamptz = v_at then
    v_seal_id := v_last ->> 0;
    v_position := (v_last -> 1)::int + 1;
    v_open := v_open - -1;
  else
    v_last := null;
    if not audit.month_is_open(v_at) then
      perform audit.open_month(v_at);
    end if;
    if v_open is null then
      v_set := pg_catalog.set_config(
        'audit.open', concat_ws(' ', nullif(pg_catalog.current_setting('audit.open', true), ''), v_slot), true);
    end if;
  end if;
  v_bytes := audit.entry_bytes(
    (v_last ->> 2)::bytea, v_seal_id, v_position, v_id, append.organization_id, v_at, v_actor_id, v_impersonator_id,
    session_user, v_request_id, append.action, append.table_name, append.row_key, append.person_id, append.changed, v_digest);
  v_hash := sha256(v_bytes);
  -- Before the insert: with constraints immediate, the insert seals at once.
  v_set := pg_catalog.set_config(v_slot, (coalesce(v_open, '[]') || jsonb_build_array(
    jsonb_build_array(v_seal_id, v_position, v_hash, v_at)))::text, true);

  insert into audit.entries
    (id, organization_id, occurred_at, seal_id, "position", actor_id, impersonator_id, session_role, request_id, action,
     table_name, row_key, person_id, changed, old, new, ip, user_agent, key, digest, bytes, hash)
  values
    (v_id, append.organization_id, v_at, v_seal_id, v_position, v_actor_id, v_impersonator_id, session_user, v_request_id,
     append.action, append.table_name, append.row_key, append.person_id, append.changed, append.old, append.new, v_ip,
     v_user_agent, v_key, v_digest, v_bytes, v_hash);
  return v_id;
end;
$$;

comment on function audit.append is
  'Writes an entry of the present caller into the chain of the clinic, or of the platform for null; sealed at commit.';

grant execute on function audit.append to app_engine;
-- end of source: functions/audit/append.sql

-- source: functions/audit/audit_entries_values.sql
-- Old and new values of one entry, for whoever may read the log it is in. FND-08.
-- The platform's log holds what people of all clinics changed about themselves. Superadmins run the platform and see
-- nothing of a patient: of a table with personal data they learn that a row changed, when and by whom.

set role app_engine;

create or replace function app_public.audit_entries_values(entry app_public.audit_entries) returns app_public.audit_values
language sql stable security definer
set search_path = ''
begin atomic
  select row(entries.old, entries.new, entries.ip, entries.user_agent)::app_public.audit_values
  from audit.entries
  where entries.scope_id = coalesce((entry).organization_id, '00000000-0000-0000-0000-000000000000')
    and entries.occurred_at = (entry).occurred_at
    and entries.id = (entry).id
    and entries.key is not null
    and case
      when entries.organization_id is not null then app_hidden.has_permission(entries.organization_id, 'audit.view')
      else app_hidden.is_superadmin() and not exists (
        select from app_private.classified_columns
        join app_private.data_classes on data_classes.name = classified_columns.class
        where classified_columns.table_name = entries.table_name and data_classes.is_personal)
    end;
end;

comment on function app_public.audit_entries_values is
  'Values before and after, and from where it was done. Null when they were erased, or are personal and the reader runs the platform.';
grant execute on function app_public.audit_entries_values to app_member;

reset role;
-- end of source: functions/audit/audit_entries_values.sql

-- source: functions/audit/seal_bytes.sql
-- What is hashed of a seal: the seal before it, its place, and the hash of its last entry. FND-09.

create or replace function audit.seal_bytes(
  previous bytea, scope_id uuid, sequence bigint, id uuid, occurred_at timestamptz, sealed_at timestamptz,
  entries int, entries_hash bytea
) returns bytea
language sql stable parallel safe
return pg_catalog.record_send(row(
  previous, scope_id, sequence, id, occurred_at, sealed_at, entries, entries_hash));

comment on function audit.seal_bytes is
  'The bytes whose SHA-256 is the hash of a seal; previous is the hash of the seal before it, 32 zero bytes for the first.';

grant execute on function audit.seal_bytes to app_engine;
-- end of source: functions/audit/seal_bytes.sql

-- source: functions/audit/first_fault.sql
-- Reads a part of a chain again and names the first thing that is not as it was sealed. FND-09.
-- One statement: each row is held to its own bytes, hash and digest where it is read, then to its neighbours. `return
-- query` may use parallel workers, where `select into` may not.
-- `offset 0` keeps a row's own checks where it is read, and a fault from being worked out twice.
-- The bytes of a row begin with a count (4 bytes) and the hash before it (type and length, 8, then the hash or nothing).

set role app_engine;

create or replace function audit.first_fault(
  scope_id uuid, first bigint, last bigint, earliest timestamptz, latest timestamptz
) returns table (finding text, sequence bigint, "position" int, entry_id uuid)
language plpgsql stable security definer
set search_path = ''
set work_mem = '64MB'
set jit = off
set parallel_setup_cost = 0
set parallel_tuple_cost = 0
set min_parallel_table_scan_size = '1MB'
as $$
#variable_conflict use_column
begin
  return query
  with sealed as (
    select s.sequence, s.occurred_at, s.id, s.entries, s.entries_hash, s.hash, substr(s.bytes, 13, 32) as previous,
      case
        when sha256(s.bytes) <> s.hash then 'changed'
        when s.bytes <> own.bytes then
          -- All but the sequence: eight bytes after the chain.
          case when overlay(s.bytes placing '' from 77 for 8) = overlay(own.bytes placing '' from 77 for 8)
            then 'reordered' else 'changed' end
      end as fault
    from audit.seals as s
    cross join lateral (
      select audit.seal_bytes(substr(s.bytes, 13, 32), s.scope_id, s.sequence, s.id, s.occurred_at, s.sealed_at,
                              s.entries, s.entries_hash) as bytes
    ) as own
    where s.scope_id = first_fault.scope_id and s.sequence between first_fault.first - 1 and first_fault.last
    offset 0
  ),
  chain as (
    select s.*,
      lag(s.sequence, 1, case when first_fault.first = 1 then 0 else first_fault.first - 2 end) over before as previous_sequence,
      lag(s.hash, 1, decode(repeat('00', 32), 'hex')) over before as previous_hash
    from sealed as s
    window before as (order by s.sequence, s.occurred_at)
  ),
  written as (
    select e.seal_id, e.position, e.id, e.hash, own.previous,
      case
        when sha256(e.bytes) <> e.hash then 'changed'
        when e.bytes <> own.bytes then
          -- All but seal and position: 36 bytes after the hash before.
          case when overlay(e.bytes placing '' from own.place for 36) = overlay(own.bytes placing '' from own.place for 36)
            then 'reordered' else 'changed' end
        when e.key is null then case when num_nonnulls(e.old, e.new, e.ip, e.user_agent) > 0 then 'values differ' else 'erased' end
        when audit.entry_digest(e.old, e.new, e.ip, e.user_agent, e.key) <> e.digest then 'values differ'
      end as fault
    from audit.entries as e
    cross join lateral (
      select case when get_byte(e.bytes, 8) = 0 then substr(e.bytes, 13, 32) end as previous -- a length, or -1 for null
    ) as before
    cross join lateral (
      select before.previous,
             audit.entry_bytes(before.previous, e.seal_id, e.position, e.id, e.organization_id, e.occurred_at, e.actor_id,
               e.impersonator_id, e.session_role, e.request_id, e.action, e.table_name, e.row_key, e.person_id, e.changed,
               e.digest) as bytes,
             case when before.previous is null then 13 else 45 end as place
    ) as own
    where e.scope_id = first_fault.scope_id and e.occurred_at between first_fault.earliest and first_fault.latest
    offset 0
  ),
  placed as (
    -- One window over all: a partition for each seal would cost more than the look at its neighbour.
    select w.*, lag(w.seal_id) over written_order is distinct from w.seal_id as is_first,
           lead(w.seal_id) over written_order is distinct from w.seal_id as is_last,
           lag(w.position) over written_order as previous_position, lag(w.hash) over written_order as previous_hash,
           lag(w.id) over written_order as previous_id
    from written as w
    window written_order as (order by w.seal_id, w.position, w.id)
  ),
  found as (
    select s.sequence, s.previous_sequence, e.position, e.id, e.previous_id,
      case
        when s.id is null then
          case when e.seal_id not in (
            select other.id from audit.seals as other
            where other.scope_id = first_fault.scope_id and other.occurred_at between first_fault.earliest and first_fault.latest
          ) then 'unsealed' end
        when s.sequence < first_fault.first then null
        when s.sequence > s.previous_sequence + 1 then 'missing|seal'
        when s.sequence = s.previous_sequence then 'added|seal'
        when s.fault is not null then s.fault || '|seal'
        when s.previous <> s.previous_hash then 'changed|seal before' -- this one remembers another
        when e.id is null then 'missing|after'
        when e.position > case when e.is_first then 0 else e.previous_position end + 1 then 'missing|before'
        when (not e.is_first and e.position = e.previous_position) or e.position > s.entries then 'added'
        when e.fault <> 'erased' then e.fault
        when coalesce(e.fault = 'erased', false) and e.id::text not in (
          select erasure.row_key
          from audit.entries as erasure
          join audit.seals as of_erasure on of_erasure.scope_id = erasure.scope_id and of_erasure.id = erasure.seal_id
          where erasure.scope_id = first_fault.scope_id and erasure.action = 'erase' and erasure.row_key is not null
        ) then 'values missing'
        when e.previous is distinct from case when not e.is_first then e.previous_hash end then 'changed|before'
        when e.is_last and e.position < s.entries then 'missing|after'
        when e.is_last and e.hash <> s.entries_hash then 'changed'
      end as fault
    from chain as s
    full join placed as e on e.seal_id = s.id
    offset 0
  )
  select split_part(f.fault, '|', 1),
    case f.fault when 'missing|seal' then f.previous_sequence + 1 when 'changed|seal before' then f.sequence - 1 else f.sequence end,
    case when f.fault like '%|seal%' then null when f.fault like '%|before' then f.position - 1
         when f.fault like '%|after' then coalesce(f.position, 0) + 1 else f.position end,
    case when f.fault = 'changed|before' then f.previous_id when f.fault not like '%|%' then f.id end
  from found as f
  where f.fault is not null
  order by f.sequence nulls last, f.position
  limit 1;
end;
$$;

comment on function audit.first_fault is
  'The first thing in these sequences of a chain that is not as it was sealed, or no row. Times enclose the seals.';

reset role;
-- end of source: functions/audit/first_fault.sql

-- source: functions/audit/verify_sequences.sql
-- Verifies a chain, or a part of it, and what the anchors and the head remember of it. FND-09.
-- The answer is one row: finding is null for a chain that is whole, or says what is wrong first, by sequence:
--   changed          not what was sealed             missing         a seal or an entry is gone
--   reordered        intact, in another place        added           a second one in the same place
--   values differ    not what the digest was made of values missing  gone, and no record of an erasure
--   unsealed         an entry that no commit sealed  head differs    the chain does not end where its head says
--   tail cut         an anchor knows of more         anchor differs  an anchor remembers another hash

set role app_engine;

create or replace function audit.verify_sequences(organization uuid, first bigint default 1, last bigint default null)
returns table (seals bigint, entries bigint, finding text, sequence bigint, "position" int, entry_id uuid)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_scope_id constant uuid := coalesce(verify_sequences.organization, '00000000-0000-0000-0000-000000000000');
  v_first constant bigint := greatest(verify_sequences.first, 1);
  v_last constant bigint := coalesce(verify_sequences.last, 9223372036854775807);
  v_earliest timestamptz;
  v_latest timestamptz;
  v_end bigint;
begin
  select min(s.occurred_at), max(s.occurred_at), count(*), coalesce(sum(s.entries), 0)
  into v_earliest, v_latest, seals, entries
  from audit.seals as s
  where s.scope_id = v_scope_id and s.sequence between v_first and v_last;

  -- With the end of the chain, whatever stands after it belongs to the range, too.
  select max(s.sequence) into v_end from audit.seals as s where s.scope_id = v_scope_id;
  if v_last >= coalesce(v_end, 0) then
    v_latest := 'infinity';
  end if;
  if v_first = 1 then
    v_earliest := '-infinity';
  end if;

  select fault.* into finding, sequence, "position", entry_id
  from audit.first_fault(v_scope_id, v_first, v_last, v_earliest, v_latest) as fault;

  if finding is null then
    select case when anchored.sequence > coalesce(v_end, 0) then 'tail cut' else 'anchor differs' end, anchored.sequence
    into finding, sequence
    from audit.anchored_heads as anchored
    where anchored.scope_id = v_scope_id and anchored.sequence between v_first and v_last
      and not exists (
        select from audit.seals as s
        where s.scope_id = v_scope_id and s.sequence = anchored.sequence and s.hash = anchored.hash)
    order by anchored.sequence
    limit 1;
  end if;

  if finding is null then
    select 'head differs', coalesce(v_end, 0) into finding, sequence
    from (select v_scope_id as scope_id) as chain
    left join audit.heads on heads.scope_id = chain.scope_id
    left join audit.seals as s on s.scope_id = chain.scope_id and s.sequence = v_end
    where (coalesce(heads.sequence, 0), coalesce(heads.hash, decode(repeat('00', 32), 'hex')))
      is distinct from (coalesce(s.sequence, 0), coalesce(s.hash, decode(repeat('00', 32), 'hex')));
  end if;
  return next;
end;
$$;

comment on function audit.verify_sequences is
  'Verifies the seals of these sequences of a clinic''s chain (null: the platform''s) against the one before them, the '
  'anchors and the head. finding is null when all is whole.';

grant execute on function audit.verify_sequences to app_worker;
reset role;
-- end of source: functions/audit/verify_sequences.sql

-- source: functions/audit/verify.sql
-- Whether the audit log of a clinic is what was written, in a span of time. FND-09.

set role app_engine;

create or replace function audit.verify(
  organization uuid, "from" timestamptz default '-infinity', "to" timestamptz default 'infinity'
) returns table (seals bigint, entries bigint, finding text, sequence bigint, "position" int, entry_id uuid)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_from constant timestamptz := coalesce(verify."from", '-infinity');
  v_to constant timestamptz := coalesce(verify."to", 'infinity');
  v_first bigint;
  v_last bigint;
begin
  -- Transactions commit in another order than they start, so a span of time is the sequences from its first to its last.
  select min(s.sequence), max(s.sequence) into v_first, v_last
  from audit.seals as s
  where s.scope_id = coalesce(verify.organization, '00000000-0000-0000-0000-000000000000')
    and s.occurred_at >= v_from and s.occurred_at < v_to;

  return query
  select * from audit.verify_sequences(
    verify.organization,
    case when v_from = '-infinity' then 1 else coalesce(v_first, 9223372036854775807) end,
    case when v_to < 'infinity' then coalesce(v_last, 0) end);
end;
$$;

comment on function audit.verify is
  'Verifies the chain of a clinic (null: the platform''s) from one time to another, without times the whole. One row: '
  'seals and entries read; finding, null when all is whole, else what is wrong first, with its sequence, position and entry.';

grant execute on function audit.verify to app_worker;
reset role;
-- end of source: functions/audit/verify.sql

-- source: functions/audit/chains.sql
-- Which chains there are to verify: also those of which only an anchor, or only the clinic, is left. FND-09.

set role app_engine;

create or replace function audit.chains() returns setof uuid
language sql stable security definer
set search_path = ''
begin atomic
  select nullif(chain.scope_id, '00000000-0000-0000-0000-000000000000')
  from (
    select heads.scope_id from audit.heads
    union select anchored_heads.scope_id from audit.anchored_heads
    union select organizations.id from app_public.organizations
    union select '00000000-0000-0000-0000-000000000000'
  ) as chain
  order by chain.scope_id;
end;

comment on function audit.chains is 'The clinics whose chains audit.verify() takes; null is the platform.';

grant execute on function audit.chains to app_worker;
reset role;
-- end of source: functions/audit/chains.sql

-- source: functions/audit/confirm_anchor.sql
-- Object storage has the document. FND-09.

set role app_engine;

create or replace function audit.confirm_anchor(number bigint) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  update audit.anchors set stored_at = clock_timestamp()
  where anchors.number = confirm_anchor.number and anchors.stored_at is null
$$;

comment on function audit.confirm_anchor is 'Marks an anchor as stored outside.';

grant execute on function audit.confirm_anchor to app_worker;
reset role;
-- end of source: functions/audit/confirm_anchor.sql

-- source: functions/audit/erase_values.sql
-- Erasure reaches the log: values, addresses and the key of the digest are taken out, and the chain still verifies.
-- FND-08, FND-09, and what GDPR art. 17 will call.
-- Each erased entry gets an entry of its own in the same chain, which names it and the reason. Verification asks for
-- it: values that are gone without one were taken by somebody else.

create or replace function audit.erase_values(
  reason text,
  person_id uuid default null,
  table_name text default null,
  row_key text default null
) returns int
language plpgsql volatile
set search_path = ''
as $$
declare
  v_entries audit.entries[];
  v_entry audit.entries;
  v_id uuid;
begin
  if nullif(btrim(erase_values.reason), '') is null then
    perform app_hidden.refuse('VALIDATION', 'reason_missing', '{"field": "reason"}', 'Say why the values are erased.');
  end if;
  if erase_values.person_id is null and (erase_values.table_name is null or erase_values.row_key is null) then
    perform app_hidden.refuse('VALIDATION', 'nothing_named', '{}', 'Name a person, or a table and a row.');
  end if;

  -- All at first: the first entry of a month makes its partition, which nobody may be reading then. Chains are in order.
  v_entries := array(
    select entries
    from audit.entries
    where (erase_values.person_id is null or entries.person_id = erase_values.person_id)
      and (erase_values.row_key is null or (entries.table_name = erase_values.table_name and entries.row_key = erase_values.row_key))
      and entries.key is not null
      and entries.action <> 'erase'
    order by entries.scope_id, entries.occurred_at, entries.id
  );
  foreach v_entry in array v_entries loop
    update audit.entries set old = null, new = null, ip = null, user_agent = null, key = null
    where entries.scope_id = v_entry.scope_id and entries.occurred_at = v_entry.occurred_at and entries.id = v_entry.id;
    v_id := audit.append(
      v_entry.organization_id, 'erase', 'audit.entries', v_entry.id::text, null, null, null,
      jsonb_build_object('reason', erase_values.reason));
  end loop;
  return cardinality(v_entries);
end;
$$;

comment on function audit.erase_values is
  'Takes the values out of every entry about this person, or this row, and records the reason for each; returns how many.';
grant execute on function audit.erase_values to app_engine;
-- end of source: functions/audit/erase_values.sql

-- source: functions/audit/tg_audit.sql
-- The one mechanism: every row of an audited table leaves an entry of what was done to it. FND-08.
-- classify() attaches it and passes what the registry knows, so that a write looks nothing up:
--   0 the column that names the clinic, '' for what is the platform's   1 the key columns that name nobody
--   2 the column that names the person, '' for none                     3 columns whose values are never shown
--   4 key columns that name somebody: always among the values, so that it is known which row it was
-- Times as UTC, whatever the session shows.

set role app_engine;

create or replace function audit.tg_audit() returns trigger
language plpgsql security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
  v_table constant text := tg_table_schema || '.' || tg_table_name;
  v_key constant text[] := tg_argv[1];
  v_masked constant text[] := tg_argv[3];
  v_naming text;
  v_row jsonb;
  v_row_key text;
  v_changed text[];
  v_before jsonb;
  v_after jsonb;
  v_id uuid;
begin
  if tg_op = 'UPDATE' then
    v_row := to_jsonb(new);
    select array_agg(now.key),
           coalesce(jsonb_object_agg(now.key, was -> now.key) filter (where now.key <> all (v_masked)), '{}'),
           coalesce(jsonb_object_agg(now.key, now.value) filter (where now.key <> all (v_masked)), '{}')
    into v_changed, v_before, v_after
    from to_jsonb(old) as was
    cross join jsonb_each(v_row) as now
    where now.value <> was -> now.key and now.key <> 'updated_at';
    if v_changed is null then
      return null;
    end if;
  elsif tg_op = 'TRUNCATE' then
    v_id := audit.append(null, 'truncate', v_table, null, null, null, null, null);
    return null;
  else
    v_row := to_jsonb(coalesce(new, old));
    v_changed := array(select held.key from jsonb_each(v_row) as held where held.value <> 'null');
    if tg_op = 'INSERT' then
      v_after := v_row - v_masked;
    else
      v_before := v_row - v_masked;
    end if;
  end if;

  v_row_key := v_row ->> v_key[1];
  if cardinality(v_key) > 1 then
    v_row_key := array_to_string(array(select v_row ->> key.name from unnest(v_key) with ordinality as key (name, place) order by key.place), '/');
  end if;
  if tg_argv[4] <> '{}' then
    foreach v_naming in array tg_argv[4]::text[] loop
      v_before := v_before || jsonb_build_object(v_naming, to_jsonb(old) -> v_naming);
      v_after := v_after || jsonb_build_object(v_naming, v_row -> v_naming);
    end loop;
  end if;

  v_id := audit.append((v_row ->> tg_argv[0])::uuid, app_hidden.ascii_lower(tg_op), v_table, v_row_key, (v_row ->> tg_argv[2])::uuid,
                       v_changed, v_before, v_after);
  return null;
end;
$$;

comment on function audit.tg_audit is
  'Writes an entry per row: changed columns with old and new values, masked ones by name only. An update that '
  'changes nothing but updated_at leaves none. Trigger _500_audit.';
reset role;
-- end of source: functions/audit/tg_audit.sql

-- source: functions/audit/follow.sql
-- Attaches the audit to a table, or takes it off, as the registry says. FND-08.
-- The only dynamic SQL of the audit that names tables: it runs in migrations, as the migrator.

create or replace function audit.follow(table_name text) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_table constant regclass := follow.table_name::regclass;
  v_person text;
  v_unaudited text;
  v_clinic text;
  v_masked text[];
  v_key text[];
  v_naming text[];
begin
  select classified_tables.person_column, classified_tables.unaudited into strict v_person, v_unaudited
  from app_private.classified_tables where classified_tables.table_name = follow.table_name;

  if v_unaudited is not null then
    execute format('drop trigger if exists _500_audit on %s', v_table);
    execute format('drop trigger if exists _500_audit_truncate on %s', v_table);
    return;
  end if;

  select case when follow.table_name = 'app_public.organizations' then 'id' else max(attname) end into v_clinic
  from pg_catalog.pg_attribute where attrelid = v_table and attname = 'organization_id';
  select coalesce(array_agg(column_name order by column_name), '{}') into v_masked
  from app_private.classified_columns join app_private.data_classes on data_classes.name = classified_columns.class
  where classified_columns.table_name = follow.table_name and data_classes.is_masked;
  select coalesce(array_agg(part.name order by part.place) filter (where not part.names_somebody), '{}'),
         coalesce(array_agg(part.name order by part.place) filter (where part.names_somebody and not part.is_masked), '{}')
  into v_key, v_naming
  from (
    select pg_attribute.attname::text as name, key.place,
           coalesce(data_classes.is_masked, false) as is_masked,
           -- An id stands for somebody and names nobody.
           coalesce(data_classes.is_personal or data_classes.is_masked, false)
             and pg_attribute.atttypid <> 'uuid'::regtype as names_somebody
    from pg_catalog.pg_index
    cross join unnest(pg_index.indkey) with ordinality as key (attnum, place)
    join pg_catalog.pg_attribute on attrelid = indrelid and pg_attribute.attnum = key.attnum
    left join app_private.classified_columns
      on classified_columns.table_name = follow.table_name and classified_columns.column_name = pg_attribute.attname
    left join app_private.data_classes on data_classes.name = classified_columns.class
    where pg_index.indrelid = v_table and pg_index.indisprimary
  ) as part;

  execute format(
    'create or replace trigger _500_audit after insert or update or delete on %s
       for each row execute function audit.tg_audit(%L, %L, %L, %L, %L)',
    v_table, coalesce(v_clinic, ''), v_key, coalesce(v_person, ''), v_masked, v_naming);
  execute format(
    'create or replace trigger _500_audit_truncate after truncate on %s
       for each statement execute function audit.tg_audit()',
    v_table);
end;
$$;

comment on function audit.follow is
  'Gives the table the triggers _500_audit and _500_audit_truncate, or takes them off when it is classified as unaudited.';
-- end of source: functions/audit/follow.sql

-- source: functions/patients/with_merged.sql
-- A person's record is also what stood under a profile that was merged into theirs: the audit keeps the id it was
-- written with. FND-34.

create or replace function app_private.with_merged(profile_ids uuid[]) returns uuid[]
language sql stable
set search_path = ''
begin atomic
  with recursive person (id) as (
    select given.id from unnest(with_merged.profile_ids) as given (id)
    union
    select patient_merges.merged_profile_id
    from person
    join app_public.patient_merges on patient_merges.patient_profile_id = person.id and patient_merges.undone_at is null
  )
  select coalesce(array_agg(person.id), '{}') from person;
end;

comment on function app_private.with_merged is 'These profiles, and those that were merged into them.';
grant execute on function app_private.with_merged to app_engine;
-- end of source: functions/patients/with_merged.sql

-- source: functions/audit/my_chart_readings.sql
-- Patients see who looked at their record, and caregivers who looked at that of their charges; also what was read of a
-- record before it was merged into theirs. FND-08, FND-34.

set role app_engine;

create or replace function app_public.my_chart_readings(patient_profile_id uuid default null)
returns setof app_public.chart_reading
language sql stable security definer
set search_path = ''
begin atomic
  select row(entries.occurred_at, entries.organization_id, organizations.name, entries.person_id, entries.actor_id,
             humans.display_name, entries.new ->> 'what')::app_public.chart_reading
  from audit.entries
  left join app_public.organizations on organizations.id = entries.organization_id
  left join app_public.humans on humans.principal_id = entries.actor_id
  where entries.person_id = any ((select app_private.with_merged(app_hidden.current_human_patient_profile_ids()))::uuid[])
    and (my_chart_readings.patient_profile_id is null
         or entries.person_id = any ((select app_private.with_merged(array[my_chart_readings.patient_profile_id]))::uuid[]))
    and entries.action = 'read'
  order by entries.occurred_at desc, entries.id desc
  limit 1000;
end;

comment on function app_public.my_chart_readings is
  'Who looked at the caller''s record, or at that of somebody they care for, where and when: the newest 1,000, newest first.';
grant execute on function app_public.my_chart_readings to app_member;

reset role;
-- end of source: functions/audit/my_chart_readings.sql

-- source: functions/audit/open_months.sql
-- The months to come have their partitions before anybody needs them. FND-08.

set role app_engine;

create or replace function audit.open_months(ahead int default 3) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  for v_month in 0 .. open_months.ahead loop
    perform audit.open_month(app_hidden.now() + make_interval(months => v_month));
  end loop;
end;
$$;

comment on function audit.open_months is 'Makes the partitions of this month and of those ahead.';

grant execute on function audit.open_months to app_worker;
reset role;
-- end of source: functions/audit/open_months.sql

-- source: functions/audit/record_read.sql
-- A reading that the person or the clinic may ask about: a chart that was opened, a sensitive export. FND-08.
-- Called in the transaction that reads, by the verb that reads: no row is handed out without its entry.

create or replace function audit.record_read(
  organization_id uuid,
  table_name text,
  row_key text,
  what text,
  person_id uuid default null,
  details jsonb default '{}'
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
begin
  return audit.append(
    record_read.organization_id, 'read', record_read.table_name, record_read.row_key, record_read.person_id, null, null,
    jsonb_build_object('what', record_read.what) || record_read.details);
end;
$$;

comment on function audit.record_read is
  'Writes that the caller read this row (null: many), what as ("chart", or the export''s name), and whom it is about. '
  'details: filters and numbers of rows.';
grant execute on function audit.record_read to app_engine;
-- end of source: functions/audit/record_read.sql

-- source: functions/audit/open_patient_chart.sql
-- Staff open a patient's chart: the reading is recorded, and the patient sees who looked. FND-08.

set role app_engine;

create or replace function app_public.open_patient_chart(patient_id uuid) returns app_public.patient_chart
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
  v_chart app_public.patient_chart;
begin
  select patients.* into v_patient
  from app_public.patients where patients.id = open_patient_chart.patient_id and patients.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  perform app_private.require_permission(v_patient.organization_id, 'patients.view');

  perform audit.record_read(
    v_patient.organization_id, 'app_public.patients', v_patient.id::text, 'chart', v_patient.patient_profile_id);

  select v_patient.id, v_patient.organization_id, profile.id, v_patient.created_at,
    profile.given_name, profile.family_name, profile.email, profile.phone, profile.birth_date, profile.locale,
    array(
      select row(humans.principal_id, humans.display_name, humans.email, caregivers.relationship, caregivers.created_at,
                 caregivers.ends_on)::app_public.chart_caregiver
      from app_public.caregivers
      join app_public.humans on humans.principal_id = caregivers.human_id
      where caregivers.patient_profile_id = profile.id
        and caregivers.revoked_at is null
        and (caregivers.ends_on is null or caregivers.ends_on > (app_hidden.now() at time zone 'Europe/Bucharest')::date)
      order by caregivers.created_at, caregivers.id
    ),
    array(
      select row(appointments.id, appointments.status, appointments.starts_at, appointments.ends_at, appointments.modality,
                 services.name, concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name),
                 appointments.cancellation_reason)::app_public.chart_appointment
      from app_public.appointments
      join app_public.services
        on services.organization_id = appointments.organization_id and services.id = appointments.service_id
      join app_public.specialists
        on specialists.organization_id = appointments.organization_id and specialists.id = appointments.specialist_id
      where appointments.organization_id = v_patient.organization_id
        and appointments.patient_profile_id = profile.id
        and appointments.deleted_at is null
        -- Whoever may see patients and no appointments sees none here either.
        and app_hidden.has_permission(v_patient.organization_id, 'appointments.view')
      order by appointments.starts_at desc, appointments.id
      limit 200
    )
  into v_chart
  from app_public.patient_profiles as profile
  where profile.id = v_patient.patient_profile_id;
  return v_chart;
end;
$$;

comment on function app_public.open_patient_chart is
  'Opens the chart of a patient of the clinic and records who did; the patient sees it in myChartReadings. For staff with '
  'patients.view; others get FORBIDDEN or NOT_FOUND.';
grant execute on function app_public.open_patient_chart to app_member;

reset role;
-- end of source: functions/audit/open_patient_chart.sql

-- source: functions/audit/prepare_anchor.sql
-- Writes down where every chain ends, as a document for the world outside the database. FND-09.
-- Each document names the hash of the one before, so they are a chain as well. The row is committed before the object
-- is stored: a run that is killed in between leaves it to the next one, with the same bytes.

set role app_engine;

create or replace function audit.prepare_anchor() returns table (number bigint, object_key text, bytes bytea)
language plpgsql volatile security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_before audit.anchors;
  v_number bigint;
  v_bytes bytea;
begin
  perform pg_advisory_xact_lock(hashtextextended('audit: anchor', 0));
  select anchors.* into v_before from audit.anchors order by anchors.number desc limit 1;
  v_number := coalesce(v_before.number, 0) + 1;

  select convert_to(jsonb_build_object(
        'number', v_number,
        'previous', encode(v_before.hash, 'hex'),
        'at', to_char(app_hidden.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'heads', jsonb_agg(jsonb_build_object(
          'organization', nullif(moved.scope_id, '00000000-0000-0000-0000-000000000000'), 'sequence', moved.sequence, 'hash', encode(moved.hash, 'hex'))
          order by moved.scope_id))::text, 'UTF8')
    into v_bytes
    from audit.heads as moved
    where not exists (
      select from audit.anchored_heads as anchored
      where anchored.scope_id = moved.scope_id and anchored.sequence = moved.sequence)
    having count(*) > 0;

  if v_bytes is not null then
    insert into audit.anchors (number, object_key, bytes, hash, previous_hash, created_at)
    values (v_number, 'audit/anchors/' || lpad(v_number::text, 12, '0') || '.json', v_bytes, sha256(v_bytes), v_before.hash,
            app_hidden.now());
    insert into audit.anchored_heads (anchor_number, scope_id, sequence, hash)
    select v_number, coalesce(head.organization, '00000000-0000-0000-0000-000000000000'), head.sequence,
           decode(head.hash, 'hex')
    from jsonb_to_recordset(convert_from(v_bytes, 'UTF8')::jsonb -> 'heads') as head (organization uuid, sequence bigint, hash text);
  end if;

  return query
  select anchors.number, anchors.object_key, anchors.bytes from audit.anchors where anchors.stored_at is null order by anchors.number;
end;
$$;

comment on function audit.prepare_anchor is
  'Makes an anchor of all chains that moved since the last, if any did, and answers with those that are not in object storage yet.';

grant execute on function audit.prepare_anchor to app_worker;
reset role;
-- end of source: functions/audit/prepare_anchor.sql

-- source: functions/audit/record_readings.sql
-- Whoever opened one patient's record, by whatever query, verb or file link, is on record once a visit. FND-08.
-- Called by the API's login role in the reader's name, before the answer leaves (server/readings). A visit: the same
-- reader, patient and clinic within thirty minutes of the entry, a chart opened by open_patient_chart included. A link to
-- a file is recorded beside, once a visit too.

set role app_engine;

create or replace function app_hidden.record_readings(person_ids uuid[], organization_ids uuid[], what text, via text)
returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_reader_id constant uuid := app_hidden.current_principal_id();
  v_now constant timestamptz := app_hidden.now();
  v_visit constant interval := interval '30 minutes';
  v_next timestamptz;
  v_record record;
  v_read_at timestamptz;
begin
  for v_record in
    with asked as (
      select distinct given.person_id, given.organization_id
      from unnest(record_readings.person_ids, record_readings.organization_ids) as given (person_id, organization_id)
      where given.person_id <> all (app_hidden.current_human_patient_profile_ids())
    ), at_a_clinic as (
      select patients.id, patients.organization_id, patients.patient_profile_id,
             asked.organization_id is not null
               or patients.organization_id = any (app_hidden.current_staff_organization_ids()) as is_readers
      from asked
      join app_public.patients
        on patients.patient_profile_id = asked.person_id
       and (asked.organization_id is null or patients.organization_id = asked.organization_id)
    )
    select distinct at_a_clinic.id, at_a_clinic.organization_id, at_a_clinic.patient_profile_id
    from at_a_clinic
    -- A row that names no clinic was read by somebody of the reader's clinics; by nobody's, it counts at each.
    where at_a_clinic.is_readers or not exists (
      select from at_a_clinic as other
      where other.patient_profile_id = at_a_clinic.patient_profile_id and other.is_readers)
    order by at_a_clinic.patient_profile_id, at_a_clinic.organization_id
  loop
    -- Two answers at once are one visit.
    perform pg_advisory_xact_lock(hashtextextended(
      concat_ws(' ', 'reading', v_reader_id, v_record.patient_profile_id, v_record.organization_id), 0));
    select max(entries.occurred_at) into v_read_at
    from audit.entries
    where entries.person_id = v_record.patient_profile_id
      and entries.occurred_at > v_now - v_visit
      and entries.actor_id = v_reader_id
      and entries.organization_id = v_record.organization_id
      and entries.action = 'read'
      -- That a file was asked for is more than that the record was open.
      and (record_readings.what <> 'file' or entries.new ->> 'what' = 'file');
    if v_read_at is null then
      perform audit.record_read(
        v_record.organization_id, 'app_public.patients', v_record.id::text, record_readings.what,
        v_record.patient_profile_id, jsonb_build_object('via', record_readings.via));
      v_read_at := v_now;
    end if;
    v_next := least(v_next, v_read_at + v_visit);
  end loop;
  -- What one may read of oneself is asked again after a minute: links to others end.
  return floor(extract(epoch from coalesce(v_next, v_now + interval '1 minute') - v_now));
end;
$$;

comment on function app_hidden.record_readings is
  'Records that the caller read these people''s records at these clinics (null: at the caller''s own), each once in thirty '
  'minutes; not of themselves and those they care for. what: "record" or "file"; via: the kind of rows. Returns for how many '
  'seconds the same need not be said again.';
grant execute on function app_hidden.record_readings to app_authenticator;

reset role;
-- end of source: functions/audit/record_readings.sql

-- source: functions/audit/stored_anchors.sql
-- The anchors that object storage confirmed, to be held beside what it has. FND-09.

set role app_engine;

create or replace function audit.stored_anchors() returns table (number int, hash bytea)
language sql stable security definer
set search_path = ''
begin atomic
  select anchors.number::int, anchors.hash from audit.anchors where anchors.stored_at is not null order by anchors.number;
end;

comment on function audit.stored_anchors is 'Number and hash of every anchor that is in object storage.';

grant execute on function audit.stored_anchors to app_worker;
reset role;
-- end of source: functions/audit/stored_anchors.sql

-- source: functions/audit/tg_entries__only_erase.sql
-- The one change an entry knows: everything that may be personal is taken out, with the key, at once. FND-08.

create or replace function audit.tg_entries__only_erase() returns trigger
language plpgsql volatile
set search_path = ''
as $$
declare
  v_erased audit.entries := old;
begin
  v_erased.old := null;
  v_erased.new := null;
  v_erased.ip := null;
  v_erased.user_agent := null;
  v_erased.key := null;
  -- What is generated is filled in after this trigger.
  v_erased.scope_id := new.scope_id;
  if new is distinct from v_erased then
    perform app_hidden.refuse('IMMUTABLE', 'audit_is_append_only', '{}', 'Audit entries are never changed or removed.');
  end if;
  return new;
end;
$$;

comment on function audit.tg_entries__only_erase is
  'Lets an update through that leaves nothing personal and changes nothing else. Trigger _200_only_erase.';

create or replace trigger _200_only_erase before update on audit.entries
  for each row execute function audit.tg_entries__only_erase();
-- end of source: functions/audit/tg_entries__only_erase.sql

-- source: functions/audit/tg_entries__seal.sql
-- Seals what a transaction wrote, at its commit: a link onto the chain of every clinic it touched. FND-09.
-- Deferred, so the chain's end is locked for nothing but this; the first entry of each seal fires it, and the first
-- firing seals all. Chains are locked in the order of their names, so two transactions never wait for each other.
-- After `set constraints all immediate` it runs at once, and what follows opens a new seal.

set role app_engine;

create or replace function audit.tg_entries__seal() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_slots text[] := string_to_array(nullif(pg_catalog.current_setting('audit.open', true), ''), ' ');
  v_slot text;
  v_scope_id uuid;
  v_open jsonb;
  v_now timestamptz;
  v_previous bytea;
  v_head audit.heads;
  v_set text;
begin
  if v_slots is null then
    return null; -- the trigger of an earlier entry sealed them all
  end if;
  v_set := pg_catalog.set_config('audit.open', '', true);
  if cardinality(v_slots) > 1 then
    v_slots := array(select slot from unnest(v_slots) as slot order by slot);
  end if;

  foreach v_slot in array v_slots loop
    v_scope_id := substr(v_slot, length('audit.open_') + 1);
    v_open := pg_catalog.current_setting(v_slot);
    v_set := pg_catalog.set_config(v_slot, '', true);
    v_now := clock_timestamp();
    loop
      -- One statement locks the head and moves it: who waited computes from what it has become. Who looked at the clock
      -- before waiting is not earlier than the seal before.
      update audit.heads
      set sequence = heads.sequence + 1,
          sealed_at = greatest(heads.sealed_at, v_now),
          hash = sha256(audit.seal_bytes(
            heads.hash, heads.scope_id, heads.sequence + 1, (v_open -> 0 ->> 0)::uuid, (v_open -> 0 ->> 3)::timestamptz,
            greatest(heads.sealed_at, v_now), (v_open -> 0 -> 1)::int, (v_open -> 0 ->> 2)::bytea))
      where heads.scope_id = v_scope_id
      returning with (old as was) was.hash, heads.scope_id, heads.sequence, heads.hash, heads.sealed_at
      into v_previous, v_head.scope_id, v_head.sequence, v_head.hash, v_head.sealed_at;
      if not found then
        -- The first seal of this clinic. Two at once begin the same chain.
        insert into audit.heads (scope_id, sequence, hash, sealed_at)
        values (v_scope_id, 0, decode(repeat('00', 32), 'hex'), v_now)
        on conflict on constraint heads_pkey do nothing;
        continue;
      end if;
      insert into audit.seals
        (id, scope_id, sequence, occurred_at, sealed_at, entries, entries_hash, bytes, hash)
      values
        ((v_open -> 0 ->> 0)::uuid, v_scope_id, v_head.sequence, (v_open -> 0 ->> 3)::timestamptz, v_head.sealed_at,
         (v_open -> 0 -> 1)::int, (v_open -> 0 ->> 2)::bytea,
         audit.seal_bytes(
           v_previous, v_scope_id, v_head.sequence, (v_open -> 0 ->> 0)::uuid, (v_open -> 0 ->> 3)::timestamptz,
           v_head.sealed_at, (v_open -> 0 -> 1)::int, (v_open -> 0 ->> 2)::bytea),
         v_head.hash);
      v_open := v_open - 0;
      exit when v_open = '[]';
    end loop;
  end loop;
  return null;
end;
$$;

comment on function audit.tg_entries__seal is 'Seals the open entries of the transaction. Trigger _900_seal, deferred.';
reset role;

-- Made once: a constraint trigger cannot be replaced, and dropping it would forget what the migration that runs this file
-- wrote before. A change of it needs the drop in migrations/current, in a migration that writes nothing.
do $$
begin
  if not exists (
    select from pg_catalog.pg_trigger where tgrelid = 'audit.entries'::regclass and tgname = '_900_seal'
  ) then
    create constraint trigger _900_seal after insert on audit.entries
      deferrable initially deferred
      for each row when (new."position" = 1) execute function audit.tg_entries__seal();
  end if;
end
$$;
-- end of source: functions/audit/tg_entries__seal.sql

-- source: functions/audit/unlike_anchor.sql
-- What of an anchor that was read from object storage does not fit the chains of today. FND-09.

set role app_engine;

create or replace function audit.unlike_anchor(heads jsonb)
returns table (organization uuid, sequence bigint, finding text)
language sql stable strict security definer
set search_path = ''
begin atomic
  select anchored.organization, anchored.sequence,
         case when seals.hash is null then 'tail cut' else 'anchor differs' end
  from jsonb_to_recordset(unlike_anchor.heads) as anchored (organization uuid, sequence bigint, hash text)
  left join audit.seals
    on seals.scope_id = coalesce(anchored.organization, '00000000-0000-0000-0000-000000000000')
   and seals.sequence = anchored.sequence
  where seals.hash is distinct from decode(anchored.hash, 'hex');
end;

comment on function audit.unlike_anchor is
  'Heads of an anchor, [{organization, sequence, hash}], that the chains do not have, or have with another hash.';

grant execute on function audit.unlike_anchor to app_worker;
reset role;
-- end of source: functions/audit/unlike_anchor.sql

-- source: functions/scheduling/bookings_to_come.sql
-- What people count on: appointments and open requests whose time is not over. Whatever they rely on is not removed
-- under them. SPC-06, FND-10.

create or replace function app_private.bookings_to_come(organization_id uuid) returns setof app_private.time_claims
language sql stable
set search_path = ''
begin atomic
  -- As a whole, so that a column that is added later comes along.
  select time_claims
  from app_private.time_claims
  where time_claims.organization_id = bookings_to_come.organization_id
    and time_claims.kind in ('appointment', 'request')
    and time_claims.released_at is null
    and upper(time_claims.during) > app_hidden.now();
end;

comment on function app_private.bookings_to_come is 'Claims of appointments and open requests of a clinic that are not over.';
grant execute on function app_private.bookings_to_come to app_engine;
-- end of source: functions/scheduling/bookings_to_come.sql

-- source: functions/catalog/reassign_specialist.sql
-- Everything still to come goes from one specialist to another, all or nothing: the exclusion constraint on
-- time_claims decides whether the colleague is free. SPC-06.

create or replace function app_private.reassign_specialist(
  organization_id uuid,
  from_specialist_id uuid,
  to_specialist_id uuid
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim_ids uuid[];
begin
  -- Answers to requests and moves of appointments lock the row first and its claim second; so does this.
  perform from app_public.appointments
  where appointments.organization_id = reassign_specialist.organization_id
    and appointments.specialist_id = from_specialist_id
    and appointments.ends_at > app_hidden.now()
  order by appointments.id
  for no key update;
  perform from app_public.booking_requests
  where booking_requests.organization_id = reassign_specialist.organization_id
    and booking_requests.specialist_id = from_specialist_id
    and booking_requests.ends_at > app_hidden.now()
  order by booking_requests.id
  for no key update;

  -- From here on they stay what they are: nobody books a specialist who is locked, nor calls off what is locked.
  v_claim_ids := array(
    select booking.id
    from app_private.bookings_to_come(reassign_specialist.organization_id) as booking
    where booking.specialist_id = from_specialist_id);

  -- The days of both, before any claim is touched.
  perform app_private.lock_specialist_days(array(
    select (specialist.id, lower(time_claims.during), upper(time_claims.during), time_claims.blocked)::app_private.free_start
    from app_private.time_claims
    cross join unnest(array[from_specialist_id, to_specialist_id]) as specialist (id)
    where time_claims.id = any (v_claim_ids)));
  -- What the colleague's visitors let expire is free, but still trips the constraint.
  perform app_private.release_expired_holds(to_specialist_id, time_claims.blocked)
  from app_private.time_claims
  where time_claims.id = any (v_claim_ids);

  begin
    with moved as (
      update app_private.time_claims set specialist_id = to_specialist_id
      where time_claims.id = any (v_claim_ids)
      returning time_claims.id
    ), appointments as (
      update app_public.appointments set specialist_id = to_specialist_id
      from moved
      where appointments.organization_id = reassign_specialist.organization_id and appointments.claim_id = moved.id
    )
    update app_public.booking_requests set specialist_id = to_specialist_id
    from moved
    where booking_requests.organization_id = reassign_specialist.organization_id and booking_requests.claim_id = moved.id;
  exception when exclusion_violation then
    perform app_hidden.refuse(
      'CONFLICT', 'colleague_not_free', '{"field": "reassignTo"}',
      'The colleague is not free at all of these times. Choose another, or move the appointments one by one.');
  end;
end;
$$;

comment on function app_private.reassign_specialist is
  'Moves future appointments and requests to a colleague; CONFLICT colleague_not_free when any of them overlaps. '
  'The caller has locked both specialists.';
grant execute on function app_private.reassign_specialist to app_engine;
-- end of source: functions/catalog/reassign_specialist.sql

-- source: functions/scheduling/require_nothing_to_come.sql
-- What bookings rely on stays until they are over, cancelled or moved. FND-10.

create or replace function app_private.require_nothing_to_come(bookings bigint) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if bookings > 0 then
    perform app_hidden.refuse(
      'CONFLICT', 'has_future_appointments', jsonb_build_object('count', bookings),
      format('%s appointments or requests are still to come. Cancel or move them first.', bookings));
  end if;
end;
$$;

comment on function app_private.require_nothing_to_come is 'CONFLICT has_future_appointments with their count, unless it is zero.';
grant execute on function app_private.require_nothing_to_come to app_engine;
-- end of source: functions/scheduling/require_nothing_to_come.sql

-- source: functions/catalog/remove_service.sql
-- A service goes with its calendars, once nobody is booked for it any more. FND-10, CAT-01.

set role app_engine;

create or replace function app_public.remove_service(service_id uuid) returns app_public.services
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_service app_public.services;
begin
  perform app_private.soft_delete('app_public.services', service_id);
  select services.* into strict v_service from app_public.services where services.id = remove_service.service_id;
  perform app_private.require_nothing_to_come((
    select count(*) from app_private.bookings_to_come(v_service.organization_id) as booking
    join app_public.calendars on calendars.organization_id = booking.organization_id and calendars.id = booking.calendar_id
    where calendars.service_id = v_service.id));
  return v_service;
end;
$$;

comment on function app_public.remove_service is
  'Removes a service with its calendars; restoreDeletedRow brings them back. Needs services.manage; CONFLICT '
  'has_future_appointments with their count.';
grant execute on function app_public.remove_service to app_member;

reset role;
-- end of source: functions/catalog/remove_service.sql

-- source: functions/catalog/remove_specialist.sql
-- A specialist goes. Whoever still has appointments with them is counted in the refusal, or moves to a colleague. SPC-06.

set role app_engine;

create or replace function app_public.remove_specialist(
  specialist_id uuid,
  reassign_to uuid default null
) returns app_public.specialists
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_specialist app_public.specialists;
  v_count bigint;
begin
  select specialists.* into v_specialist
  from app_public.specialists
  where specialists.id = remove_specialist.specialist_id and specialists.deleted_at is null;
  -- Of one who is not there the clinic is null: refused as another clinic's.
  perform app_private.require_permission(v_specialist.organization_id, 'specialists.manage');

  -- Both at once and by id, so that two who hand over to each other do not wait in a circle. Bookings lock their
  -- specialist for share (require_specialist): those under way are waited for, later ones are refused.
  perform from app_public.specialists
  where specialists.organization_id = v_specialist.organization_id
    and specialists.id in (remove_specialist.specialist_id, remove_specialist.reassign_to)
  order by specialists.id
  for no key update;
  perform app_private.soft_delete('app_public.specialists', v_specialist.id);
  if reassign_to is not null and not exists (
    select from app_public.specialists
    where specialists.organization_id = v_specialist.organization_id
      and specialists.id = reassign_to
      and specialists.deleted_at is null
  ) then
    perform app_hidden.refuse(
      'VALIDATION', 'colleague_not_found', '{"field": "reassignTo"}', 'Choose a colleague of this clinic.');
  end if;

  update app_public.specialists set scheduling_active = false
  where specialists.id = v_specialist.id
  returning * into v_specialist;

  select count(*) into v_count
  from app_private.bookings_to_come(v_specialist.organization_id) as booking
  where booking.specialist_id = v_specialist.id;

  if reassign_to is not null then
    perform app_private.reassign_specialist(v_specialist.organization_id, v_specialist.id, reassign_to);
  elsif v_count > 0 then
    perform app_hidden.refuse(
      'CONFLICT', 'has_future_appointments', jsonb_build_object('count', v_count),
      format('%s appointments are still to come. Cancel them, or name a colleague who takes them over.', v_count));
  end if;
  return v_specialist;
end;
$$;

comment on function app_public.remove_specialist is
  'Removes a specialist; restoreDeletedRow brings them back, inactive. With appointments to come: CONFLICT has_future_appointments with their count, or they go to reassignTo.';
grant execute on function app_public.remove_specialist to app_member;

reset role;
-- end of source: functions/catalog/remove_specialist.sql

-- source: functions/catalog/remove_specialty.sql
-- A clinic's own specialty goes once nobody practises it any more. FND-10, SPC-01.

set role app_engine;

create or replace function app_public.remove_specialty(specialty_id uuid) returns app_public.specialties
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_specialty app_public.specialties;
  v_count bigint;
begin
  perform app_private.soft_delete('app_public.specialties', specialty_id);
  select specialties.* into strict v_specialty from app_public.specialties where specialties.id = remove_specialty.specialty_id;
  select count(*) into v_count
  from app_public.specialist_specialties
  join app_public.specialists
    on specialists.organization_id = specialist_specialties.organization_id
   and specialists.id = specialist_specialties.specialist_id
   and specialists.deleted_at is null
  where specialist_specialties.organization_id = v_specialty.organization_id
    and specialist_specialties.specialty_id = v_specialty.id;
  if v_count > 0 then
    perform app_hidden.refuse(
      'CONFLICT', 'is_practised', jsonb_build_object('count', v_count),
      format('%s specialists practise it. Take it from them first.', v_count));
  end if;
  return v_specialty;
end;
$$;

comment on function app_public.remove_specialty is
  'Removes a clinic''s own specialty; restoreDeletedRow brings it back. Needs specialties.manage; CONFLICT is_practised '
  'with the count of specialists who do; NOT_FOUND for the platform''s.';
grant execute on function app_public.remove_specialty to app_member;

reset role;
-- end of source: functions/catalog/remove_specialty.sql

-- source: functions/catalog/specialist_details.sql
-- What staff may know of a specialist beyond the listing; patients and guests are refused. SPC-02, SPC-05, SPC-06.
-- By id: a computed column would be handed the whole row, and members may not read all of it.

set role app_engine;

create or replace function app_public.specialist_details(specialist_id uuid) returns app_public.specialist_details
language plpgsql stable strict security definer
set search_path = ''
as $$
declare
  v_specialist app_public.specialists;
begin
  select specialists.* into v_specialist
  from app_public.specialists
  where specialists.id = specialist_details.specialist_id and specialists.deleted_at is null;
  -- Of one who is not there the clinic is null: refused as another clinic's.
  perform app_private.require_permission(v_specialist.organization_id, 'specialists.view_org');
  return (
    v_specialist.human_id, v_specialist.registration_number, v_specialist.contact_email, v_specialist.contact_phone,
    v_specialist.scheduling_timezone
  )::app_public.specialist_details;
end;
$$;

comment on function app_public.specialist_details is
  'Account, contact and zone of a specialist: for staff with specialists.view_org. Others get FORBIDDEN or NOT_FOUND.';
grant execute on function app_public.specialist_details to app_member;

reset role;
-- end of source: functions/catalog/specialist_details.sql

-- source: functions/catalog/tg_specialist_specialties__scope.sql
-- Which specialties may be linked: the platform's and the clinic's own. The constraint on specialty_scope_id
-- holds it; this only fills it in. As the caller: what they may not see answers as what does not exist. SPC-03, FND-06.

create or replace function app_private.tg_specialist_specialties__scope() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  select coalesce(specialties.organization_id, '00000000-0000-0000-0000-000000000000') into new.specialty_scope_id
  from app_public.specialties
  where specialties.id = new.specialty_id
    and (specialties.organization_id is null or specialties.organization_id = new.organization_id);
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'specialty_not_found', '{"field": "specialtyId"}', 'Choose a specialty of the platform or of your clinic.');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_specialist_specialties__scope is 'Fills specialty_scope_id. Trigger _150_scope.';
-- end of source: functions/catalog/tg_specialist_specialties__scope.sql

-- source: functions/classification/classify.sql
-- Registers what a table holds and where its rows are at home: the first call in its policy file. FND-12, FND-08, SCA-01.
-- Run by migrations only, so it replaces what was said before and refuses a column that does not exist.

create or replace function app_private.classify(
  table_name text,
  home text,
  retention text,
  classes jsonb,
  person_column text default null,
  unaudited text default null,
  protected jsonb default '{}',
  kept jsonb default '{}'
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_unknown text;
begin
  select named.column_name into v_unknown
  from (
    select jsonb_array_elements_text(given.columns) as column_name
    from jsonb_each(classify.classes) as given (class, columns)
    union all
    select jsonb_array_elements_text(given.columns)
    from jsonb_each(classify.protected || classify.kept) as given (key, columns)
    union all
    select classify.person_column where classify.person_column is not null
  ) as named
  where not exists (
    select from pg_catalog.pg_attribute
    where attrelid = classify.table_name::regclass and attname = named.column_name and attnum > 0 and not attisdropped
  );
  if v_unknown is not null then
    raise exception 'classify: % has no column %', classify.table_name, v_unknown;
  end if;

  delete from app_private.classified_columns where classified_columns.table_name = classify.table_name;
  insert into app_private.classified_tables (table_name, home, retention, person_column, unaudited)
  values (classify.table_name, classify.home, classify.retention, classify.person_column, classify.unaudited)
  on conflict on constraint classified_tables_pkey do update
    set home = excluded.home, retention = excluded.retention, person_column = excluded.person_column, unaudited = excluded.unaudited;
  insert into app_private.classified_columns (table_name, column_name, class, retention, protection)
  select classify.table_name, named.column_name, given.class, coalesce(kept.retention, classify.retention), guarded.protection
  from jsonb_each(classify.classes) as given (class, columns)
  cross join lateral jsonb_array_elements_text(given.columns) as named (column_name)
  left join jsonb_each(classify.protected) as guarded (protection, columns) on guarded.columns ? named.column_name
  left join jsonb_each(classify.kept) as kept (retention, columns) on kept.columns ? named.column_name;
  perform audit.follow(classify.table_name);
end;
$$;

comment on function app_private.classify is
  'Registers a table: its home (clinic, person, platform or cell), its retention, columns by class ({"pii_basic": '
  '["email"]}), the column that names the person it is about, the reason if no audit follows it, how columns of an '
  'encrypted class are protected ({"digest": ["token_hash"]} or "ciphertext"), and which columns are kept for another time '
  'than their row ({"operations": ["address"]}). Every column of the table must be named. Attaches the audit to the table, '
  'or takes it off.';
-- end of source: functions/classification/classify.sql

-- source: functions/classification/close_table.sql
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
-- end of source: functions/classification/close_table.sql

-- source: functions/classification/columns_of_class.sql
-- Where something of a class stands: what exports, erasure and analytics begin with. FND-12.

create or replace function app_private.columns_of_class(class text)
returns setof app_private.classified_columns
language sql stable strict
set search_path = ''
begin atomic
  select classified_columns.*
  from app_private.classified_columns
  where classified_columns.class = columns_of_class.class
  order by classified_columns.table_name, classified_columns.column_name;
end;

comment on function app_private.columns_of_class is 'Every column of a class, with its retention and its protection.';
grant execute on function app_private.columns_of_class to app_engine;
-- end of source: functions/classification/columns_of_class.sql

-- source: functions/classification/personal_columns.sql
-- Everything that is about somebody, and the column that says about whom: the ground of an access request and of
-- erasure. A table without a person column is reached through the rows that it belongs to. FND-12.

create or replace function app_private.personal_columns()
returns table (table_name text, column_name text, class text, retention text, person_column text)
language sql stable
set search_path = ''
begin atomic
  select classified_columns.table_name, classified_columns.column_name, classified_columns.class,
         classified_columns.retention, classified_tables.person_column
  from app_private.classified_columns
  join app_private.classified_tables on classified_tables.table_name = classified_columns.table_name
  join app_private.data_classes on data_classes.name = classified_columns.class
  where data_classes.is_personal
  order by classified_columns.table_name, classified_columns.column_name;
end;

comment on function app_private.personal_columns is
  'Columns of personal classes, each with the column of its table that names the person; null where the rows it belongs to do.';
grant execute on function app_private.personal_columns to app_engine;
-- end of source: functions/classification/personal_columns.sql

-- source: functions/core/tg_guard_state.sql
-- A status moves only along state_transitions, whoever writes: verbs, the worker, the owner of the table. APT-01.

set role app_engine;

create or replace function app_private.tg_guard_state() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_from text := case when tg_op = 'UPDATE' then old.status else '' end;
  v_not_before text;
  v_lead text;
  v_earliest timestamptz;
begin
  select transition.not_before, transition.lead_minutes into v_not_before, v_lead
  from app_private.state_transitions as transition
  where transition.entity = tg_table_name and transition.from_state = v_from and transition.to_state = new.status
  limit 1;

  if not found then
    perform app_hidden.refuse(
      'STATE', 'illegal_move',
      jsonb_build_object('entity', tg_table_name, 'from', v_from, 'to', new.status,
                         'legal', app_private.legal_moves(tg_table_name, v_from)),
      format('A move from "%s" to "%s" is not possible.', v_from, new.status));
  end if;

  if v_not_before is not null then
    v_earliest := (to_jsonb(new) ->> v_not_before)::timestamptz;
    if v_lead is not null then
      select v_earliest - make_interval(mins => (to_jsonb(organizations) ->> v_lead)::int) into strict v_earliest
      from app_public.organizations
      where organizations.id = (to_jsonb(new) ->> 'organization_id')::uuid;
    end if;
    if v_earliest > app_hidden.now() then
      perform app_hidden.refuse(
        'STATE', 'too_early',
        jsonb_build_object('entity', tg_table_name, 'from', v_from, 'to', new.status, 'notBefore', v_earliest),
        format('This is possible from %s on.', v_earliest));
    end if;
  end if;
  return new;
end;
$$;

comment on function app_private.tg_guard_state is
  'Refuses a status that state_transitions does not list, naming the legal ones, and a move whose time has not come. '
  'Trigger _200_guard_state.';

reset role;
-- end of source: functions/core/tg_guard_state.sql

-- source: functions/facts/read_name.sql
-- A name as it is kept: composed (NFC), on one line's spaces, without what nobody sees. Marks that turn the direction
-- of text around make one name look like another; what has no width makes two of one. FND-07, FND-34.
-- The joiners of Arabic and Indic scripts stay behind letters of those scripts, where they are spelling. Line breaks and
-- control characters stay, and the constraint ..._is_one_line refuses them.

create or replace function app_hidden.read_name(name text) returns text
language sql immutable strict parallel safe
set search_path = ''
return btrim(
  regexp_replace(
    regexp_replace(
      normalize(read_name.name, nfc),
      '[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\ufff9-\ufffb\uffa0\U000e0000-\U000e007f]'
      '|(?<![\u0600-\u0e00\u0f00-\u109f\u1780-\u18af])[\u200c\u200d]',
      '', 'g'),
    '[ \u0009\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+', ' ', 'g'),
  E' \n\r\u200c\u200d');

comment on function app_hidden.read_name is
  'A name in NFC, trimmed, its words apart by one space, without bidirectional marks and characters of no width.';
grant execute on function app_hidden.read_name to app_member, app_engine;
-- end of source: functions/facts/read_name.sql

-- source: functions/facts/phone_length_problem.sql
-- How a number of digits fits the lengths of a numbering plan. FND-07.

create or replace function app_hidden.phone_length_problem(digits int, possible_lengths int[]) returns text
language sql immutable strict parallel safe
set search_path = ''
return case
  when digits = any (possible_lengths) then null
  when digits < (select min(possible) from unnest(possible_lengths) as possible) then 'too_short'
  when digits > (select max(possible) from unnest(possible_lengths) as possible) then 'too_long'
  else 'wrong_length'
end;

comment on function app_hidden.phone_length_problem is
  'too_short, too_long, or wrong_length where only shorter and longer numbers exist; null when there are such numbers.';
grant execute on function app_hidden.phone_length_problem to app_member, app_engine;
-- end of source: functions/facts/phone_length_problem.sql

-- source: functions/facts/phone_region_of.sql
-- Regions that share a calling code have lengths of their own: which one a national number is of. FND-07.

create or replace function app_hidden.phone_region_of(calling_code text, national_number text)
returns app_hidden.phone_regions
language sql stable parallel safe
set search_path = ''
begin atomic
  select phone_regions.*
  from app_hidden.phone_regions
  where phone_regions.calling_code = phone_region_of.calling_code
    and case
      when phone_regions.leading_digits is not null
        then phone_region_of.national_number ~ ('^(?:' || phone_regions.leading_digits || ')')
      when phone_regions.assigned_numbers is not null
        then phone_region_of.national_number ~ ('^(?:' || phone_regions.national_number || ')$')
          and phone_region_of.national_number ~ ('^(?:' || phone_regions.assigned_numbers || ')$')
      else true
    end
  order by phone_regions.place
  limit 1;
end;

comment on function app_hidden.phone_region_of is
  'The numbering plan of a number under a calling code; no row where it could be anybody''s.';
grant execute on function app_hidden.phone_region_of to app_member, app_engine;
-- end of source: functions/facts/phone_region_of.sql

-- source: functions/facts/without_trunk_prefix.sql
-- At home people dial 0 (or 8, 06, 1 …) before a number, and write it also behind +40: what is left without it. Where
-- the zero belongs to the number, as in Italy, the plan has no such prefix. FND-07.

create or replace function app_hidden.without_trunk_prefix(digits text, plan app_hidden.phone_regions) returns text
language plpgsql stable parallel safe
set search_path = ''
as $$
declare
  v_pattern text := '^((?:' || plan.national_prefix || '))';
  v_found text[] := regexp_match(digits, v_pattern);
  v_national_number text;
  v_lengths int[];
begin
  if v_found is null then
    return digits;
  end if;

  if plan.national_prefix_becomes is not null and v_found[2] is not null and v_found[cardinality(v_found)] <> '' then
    v_national_number := regexp_replace(digits, '^(?:' || plan.national_prefix || ')', plan.national_prefix_becomes);
  else
    v_national_number := substr(digits, length(v_found[1]) + 1);
  end if;

  -- A number that fits its plan as it stands has no prefix, even if it begins like one.
  if digits ~ ('^(?:' || plan.national_number || ')$')
     and v_national_number !~ ('^(?:' || plan.national_number || ')$') then
    return digits;
  end if;
  v_lengths := coalesce(
    (app_hidden.phone_region_of(plan.calling_code, v_national_number)).possible_lengths, plan.possible_lengths);
  if length(v_national_number) <= (select max(possible) from unnest(v_lengths) as possible)
     and length(v_national_number) <> all (v_lengths) then
    return digits;
  end if;
  return v_national_number;
end;
$$;

comment on function app_hidden.without_trunk_prefix is
  'The digits of a national number without what is dialled before them within the region.';
grant execute on function app_hidden.without_trunk_prefix to app_member, app_engine;
-- end of source: functions/facts/without_trunk_prefix.sql

-- source: functions/facts/read_phone.sql
-- A telephone number as people write, paste and speak it, read as libphonenumber reads it: `0722 123 456`,
-- `+40 (0)722 123 456`, `0040722123456`, `tel:…`, with the invisible characters that a copied contact brings. What is
-- returned can be dialled from anywhere, or the problem says why not. Lengths and the general shape of a plan decide, not
-- which numbers are assigned at the moment: operators hand out new ones faster than anybody updates. FND-07.

create or replace function app_hidden.read_phone(phone text, region text, out number text, out problem text)
language plpgsql stable parallel safe
set search_path = ''
as $$
declare
  -- Full-width signs become plain ones; digits of Arabic keyboards too.
  v_text text := translate(normalize(phone, nfkc), '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', '01234567890123456789');
  v_digits text;
  v_idd text;
  v_calling_code text;
  v_shorter text;
  v_dialled text;
  v_plan app_hidden.phone_regions;
  v_exact app_hidden.phone_regions;
begin
  v_text := regexp_replace(v_text, '[\u0009\u000a\u000d\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]', '', 'g');
  v_text := btrim(regexp_replace(v_text, '^\s*tel:', '', 'i'));
  if phone is null or v_text = '' then
    return;
  end if;
  v_digits := regexp_replace(v_text, '[^0-9]', '', 'g');
  -- Letters, a second plus, a star, an extension: nothing of it is guessed at.
  if v_digits = '' or v_text !~ '^[ (\[]*\+?[0-9 ()\[\]./~\-\u2010-\u2015\u2212\u2053\u223c\u30fc]*$' then
    problem := 'not_a_number';
    return;
  elsif length(v_digits) < 3 then
    problem := 'too_short';
    return;
  elsif length(v_text) > 250 then
    problem := 'too_long';
    return;
  end if;

  -- A clinic says its region; where only its calling code is known, that of the first region is meant.
  select phone_regions.* into v_plan
  from app_hidden.phone_regions
  where phone_regions.region = read_phone.region
     or phone_regions.calling_code = read_phone.region and phone_regions.place = 1;

  v_idd := substring(v_digits from '^(?:' || coalesce(v_plan.idd_prefix, case when v_plan is null then '00' end) || ')[1-9]');
  if v_text like '%+%' or v_idd is not null then
    if v_text not like '%+%' then
      v_digits := substr(v_digits, length(v_idd));
    end if;
    v_plan := null;
    -- No calling code begins another.
    select phone_regions.* into v_plan
    from app_hidden.phone_regions
    where phone_regions.calling_code in (left(v_digits, 1), left(v_digits, 2), left(v_digits, 3)) and phone_regions.place = 1;
    v_calling_code := v_plan.calling_code;
    v_digits := substr(v_digits, length(v_calling_code) + 1);
  elsif v_digits like v_plan.calling_code || '%' then
    -- 40722123456 is +40722123456 without its plus, unless it is a number of the region as it stands.
    v_calling_code := v_plan.calling_code;
    v_shorter := substr(v_digits, length(v_calling_code) + 1);
    number := app_hidden.without_trunk_prefix(v_digits, v_plan);
    if length(number) > (select max(possible) from unnest(v_plan.possible_lengths) as possible)
       or (number !~ ('^(?:' || v_plan.national_number || ')$')
           and app_hidden.without_trunk_prefix(v_shorter, v_plan) ~ ('^(?:' || v_plan.national_number || ')$')) then
      v_digits := v_shorter;
      select phone_regions.* into v_plan
      from app_hidden.phone_regions
      where phone_regions.calling_code = v_calling_code and phone_regions.place = 1;
    end if;
    number := null;
  end if;
  if v_plan.region is null then
    problem := 'unknown_country';
    return;
  end if;

  v_dialled := v_digits;
  v_digits := app_hidden.without_trunk_prefix(v_dialled, v_plan);
  v_exact := app_hidden.phone_region_of(v_plan.calling_code, v_digits);
  v_plan := case when v_exact.region is null then v_plan else v_exact end;
  problem := case
    -- What E.164 allows at most, and our columns at least.
    when length(v_plan.calling_code || v_digits) > 15 then 'too_long'
    when length(v_plan.calling_code || v_digits) < 7 then 'too_short'
    else app_hidden.phone_length_problem(length(v_digits), v_plan.possible_lengths)
  end;
  if problem is null and v_exact.region is null then
    -- 389 3371 is dialled within Canada alone: from abroad the first region of the calling code decides.
    select app_hidden.phone_length_problem(length(v_digits), first.possible_lengths) into problem
    from app_hidden.phone_regions as first
    where first.calling_code = v_plan.calling_code and first.place = 1;
  end if;
  if problem is null and v_digits !~ ('^(?:' || v_plan.national_number || ')$') then
    -- 072200012 has nine digits, as numbers of Romania have; but its zero is the trunk prefix, and one is missing.
    problem := coalesce(
      case when v_digits = v_dialled then
        app_hidden.phone_length_problem(
          length(v_digits) - length((regexp_match(v_digits, '^((?:' || v_plan.national_prefix || '))'))[1]),
          v_plan.possible_lengths)
      end,
      'not_in_use');
  end if;
  if problem is null then
    number := '+' || v_plan.calling_code || v_digits;
  end if;
end;
$$;

comment on function app_hidden.read_phone is
  'A telephone number in E.164, read in a region (ISO 3166 code or calling code; null: none) where it names no country; '
  'else what is wrong: not_a_number, too_short, too_long, wrong_length, not_in_use, unknown_country. Nothing written is no number.';
grant execute on function app_hidden.read_phone to app_member, app_engine;
-- end of source: functions/facts/read_phone.sql

-- source: functions/facts/refuse_email.sql
-- What read_email found wrong, as a refusal that says what to do. FND-07, FND-29.

create or replace function app_hidden.refuse_email(problem text, field text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_details jsonb := jsonb_build_object('field', field);
begin
  case problem
    when 'dot_misplaced' then
      perform app_hidden.refuse('VALIDATION', 'dot_misplaced', v_details,
        'An email address neither begins nor ends with a dot on either side of the @, nor has two in a row.');
    when 'local_part_too_long' then
      perform app_hidden.refuse('VALIDATION', 'local_part_too_long', v_details, 'Before the @ stand at most 64 characters.');
    when 'domain_label_too_long' then
      perform app_hidden.refuse('VALIDATION', 'domain_label_too_long', v_details,
        'Between the dots of a domain stand at most 63 characters.');
    when 'address_too_long' then
      perform app_hidden.refuse('VALIDATION', 'address_too_long', v_details, 'An email address has at most 254 characters.');
    when 'domain_not_accepted' then
      perform app_hidden.refuse('VALIDATION', 'domain_not_accepted', v_details,
        'What stands behind the @ is no domain that mail can be sent to. Letters of other alphabets are fine, signs are not.');
    else
      perform app_hidden.refuse('VALIDATION', 'not_an_address', v_details, 'Write one email address: a name, an @ and a domain.');
  end case;
end;
$$;

comment on function app_hidden.refuse_email is 'Refuses an email address with the problem that read_email named.';
grant execute on function app_hidden.refuse_email to app_engine;
-- end of source: functions/facts/refuse_email.sql

-- source: functions/facts/refuse_phone.sql
-- What read_phone found wrong, as a refusal that says what to do. FND-07, FND-29.

create or replace function app_hidden.refuse_phone(problem text, field text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_details jsonb := jsonb_build_object('field', field);
begin
  case problem
    when 'too_short' then
      perform app_hidden.refuse('VALIDATION', 'too_short', v_details, 'The telephone number has too few digits for its country.');
    when 'too_long' then
      perform app_hidden.refuse('VALIDATION', 'too_long', v_details, 'The telephone number has too many digits for its country.');
    when 'wrong_length' then
      perform app_hidden.refuse('VALIDATION', 'wrong_length', v_details, 'No telephone number of this country has so many digits.');
    when 'not_in_use' then
      perform app_hidden.refuse('VALIDATION', 'not_in_use', v_details, 'No telephone number of this country looks like this. Look at its first digits.');
    when 'unknown_country' then
      perform app_hidden.refuse('VALIDATION', 'unknown_country', v_details,
        'Begin the telephone number with + and the calling code of its country, such as +40.');
    else
      perform app_hidden.refuse('VALIDATION', 'not_a_number', v_details,
        'Write one telephone number, such as 0722 123 456 or +40 722 123 456, and nothing beside it.');
  end case;
end;
$$;

comment on function app_hidden.refuse_phone is 'Refuses a telephone number with the problem that read_phone named.';
grant execute on function app_hidden.refuse_phone to app_engine;
-- end of source: functions/facts/refuse_phone.sql

-- source: functions/facts/home_region.sql
-- Where a telephone number without a country was meant: the clinic that the row is of; for a person, the clinic that the
-- request is about, or the country that all their clinics share. FND-07.

create or replace function app_private.home_region(table_name text, organization_id uuid, row_id uuid) returns text
language sql stable
set search_path = ''
begin atomic
  select case
    when home_region.organization_id is not null then
      (select organizations.country from app_public.organizations where organizations.id = home_region.organization_id)
    when home_region.table_name = 'patient_profiles' then (
      select case when count(distinct organizations.country) = 1 then min(organizations.country) end
      from app_public.patients
      join app_public.organizations on organizations.id = patients.organization_id
      where patients.patient_profile_id = home_region.row_id
        and (app_hidden.current_organization_id() is null or patients.organization_id = app_hidden.current_organization_id())
    )
  end;
end;

comment on function app_private.home_region is
  'The region in which a row''s telephone numbers are read; null where nothing tells, so that they must name it.';
grant execute on function app_private.home_region to app_engine;
-- end of source: functions/facts/home_region.sql

-- source: functions/facts/require_no_link.sql
-- The name of a person goes into mails, to whatever address somebody wrote beside it: it leads nowhere. FND-35, APT-05.
-- Mail readers turn more into links than what begins with http, so anything that looks like a scheme, a path, an address
-- or a domain is refused, and so is a number to call. An abbreviation before a name is written with a space: "Dr. Ion".

create or replace function app_private.require_no_link(field text, text text) returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  -- Full-width and ideographic signs are read as the plain ones.
  v_text text := lower(translate(normalize(require_no_link.text, NFKC), '。․', '..'));
begin
  if v_text ~ '[:/\\@]'
    or v_text ~ '(^|[^[:alnum:]])www[.]'
    or v_text ~ '[[:alnum:]][.][[:alpha:]]{2}'
    or v_text ~ '[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+'
    or v_text ~ 'https?'
    or v_text ~ '([[:digit:]][ ()-]*){6}'
  then
    perform app_hidden.refuse(
      'VALIDATION', 'link_in_text', jsonb_build_object('field', require_no_link.field),
      'Write a name here: no link, no address and no number. After a dot comes a space.');
  end if;
end;
$$;

comment on function app_private.require_no_link is
  'Refuses, with VALIDATION link_in_text, what a mail reader could turn into a link, and a number to call.';
grant execute on function app_private.require_no_link to app_engine;
-- end of source: functions/facts/require_no_link.sql

-- source: functions/facts/tg_read_facts.sql
-- The one way in for telephone numbers, addresses and names, whoever writes them: a form, a verb, an import. A table
-- declares its columns in the arguments of its trigger, kind and column; a lint looks for columns that are of such a kind
-- and declared nowhere. What did not change is not read again, so that a rule that grew stricter stops nobody from
-- changing something else. FND-07, FND-34.
-- A person is a name that goes into mails to whoever is written to, so it holds no link. An account's name is none of
-- these: it comes from the identity provider, who must not be kept from signing somebody in, and greets only themselves.

set role app_engine;

create or replace function app_private.tg_read_facts() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_new jsonb := to_jsonb(new);
  v_old jsonb := case when tg_op = 'UPDATE' then to_jsonb(old) else '{}' end;
  v_read jsonb := '{}';
  v_kind text;
  v_column text;
  v_field text;
  v_value text;
  v_problem text;
begin
  for i in 0 .. tg_nargs - 1 loop
    v_kind := split_part(tg_argv[i], ' ', 1);
    v_column := split_part(tg_argv[i], ' ', 2);
    v_value := v_new ->> v_column;
    continue when v_value is null or v_value = v_old ->> v_column;
    v_field := lower(left(v_column, 1)) || substr(replace(initcap(v_column), '_', ''), 2);
    v_problem := null;
    case v_kind
      when 'name' then
        v_value := app_hidden.read_name(v_value);
      when 'person' then
        v_value := app_hidden.read_name(v_value);
        perform app_private.require_no_link(v_field, v_value);
      when 'email' then
        select reading.address, reading.problem into v_value, v_problem from app_hidden.read_email(v_value) as reading;
        if v_problem is not null then
          perform app_hidden.refuse_email(v_problem, v_field);
        end if;
      when 'phone' then
        select reading.number, reading.problem into v_value, v_problem
        from app_hidden.read_phone(
          v_value,
          coalesce(v_new ->> 'country',
                   app_private.home_region(tg_table_name, (v_new ->> 'organization_id')::uuid, (v_new ->> 'id')::uuid))) as reading;
        if v_problem is not null then
          perform app_hidden.refuse_phone(v_problem, v_field);
        end if;
    end case;
    v_read := v_read || jsonb_build_object(v_column, v_value);
  end loop;
  return jsonb_populate_record(new, v_read);
end;
$$;

comment on function app_private.tg_read_facts is
  'Reads the columns named in its arguments ("phone contact_phone", "email …", "name …", "person …") as people write them, or refuses '
  'with VALIDATION, the reason and the field. Trigger _050_read_facts.';

reset role;
-- end of source: functions/facts/tg_read_facts.sql

-- source: functions/core/tg_stamp.sql
-- created_at and updated_at are the database's word, whoever writes.

create or replace function app_private.tg_stamp() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' then
    new.created_at := old.created_at;
  end if;
  new.updated_at := app_hidden.now();
  return new;
end;
$$;

comment on function app_private.tg_stamp is 'Keeps created_at and sets updated_at. Trigger _100_stamp.';
-- end of source: functions/core/tg_stamp.sql

-- source: functions/classification/protect.sql
-- Closes a table to everybody, then opens it to the engine and gives it the triggers that many tables have. FND-05, FND-08.
-- The second call in its policy file, after classify(); what follows there opens the table to people. Run by migrations
-- only, as the owner of the table.

create or replace function app_private.protect(
  table_name text,
  engine text default null,
  guard boolean default false,
  facts text[] default '{}'
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_table constant regclass := protect.table_name::regclass;
  v_commands constant text[] := regexp_split_to_array(regexp_replace(protect.engine, ' *\([^()]*\)', '', 'g'), ', *');
  v_name text;
  v_home text;
begin
  select pg_class.relname, classified_tables.home into v_name, v_home
  from pg_catalog.pg_class
  join app_private.classified_tables on classified_tables.table_name = protect.table_name
  where pg_class.oid = v_table;
  if not found then
    raise exception 'protect: % is not classified: call app_private.classify before', protect.table_name;
  end if;
  if not v_commands <@ '{select,insert,update,delete}' then
    raise exception 'protect: "%" is not what the engine may do with %: name select, insert, update or delete, with columns in brackets',
      protect.engine, protect.table_name;
  end if;

  perform app_private.close_table(v_table);

  if protect.engine is not null then
    execute format('grant %s on %s to app_engine', protect.engine, v_table);
    execute format(
      case when v_commands <@ '{select}'
        then 'create policy %I on %s for select to app_engine using (true)'
        else 'create policy %I on %s for all to app_engine using (true) with check (true)'
      end,
      v_name || case when v_commands <@ '{select}' then '_select_engine' else '_all_engine' end, v_table);
  end if;
  -- The platform's rows come with migrations.
  if v_home = 'platform' then
    execute format('create policy %I on %s for all to app_owner using (true) with check (true)', v_name || '_all_migrator', v_table);
  end if;

  if protect.facts <> '{}' then
    execute (
      select format(
        'create trigger _050_read_facts before insert or update of %s on %s
           for each row execute function app_private.tg_read_facts(%s)',
        string_agg(quote_ident(split_part(fact, ' ', 2)), ', ' order by place), v_table,
        string_agg(quote_literal(fact), ', ' order by place))
      from unnest(protect.facts) with ordinality as given (fact, place));
  end if;
  if exists (select from pg_catalog.pg_attribute where attrelid = v_table and attname = 'updated_at') then
    execute format(
      'create trigger _100_stamp before insert or update on %s for each row execute function app_private.tg_stamp()', v_table);
  end if;
  if protect.guard then
    execute format(
      'create trigger _200_guard_state before insert or update of status on %s
         for each row execute function app_private.tg_guard_state()', v_table);
  end if;
end;
$$;

comment on function app_private.protect is
  'Row security, forced; nobody''s right or policy but the engine''s, by what it may do ("select, update (deleted_at)"), and '
  'the migrator''s where the table is at home on the platform; the triggers _050_read_facts for facts ("phone '
  'contact_phone"), _100_stamp where there is an updated_at, and _200_guard_state where guard says that a status moves by '
  'state_transitions.';
-- end of source: functions/classification/protect.sql

-- source: functions/deletion/allow_soft_delete.sql
-- A table joins soft deletion: in its policy file, beside its policies. What was deleted is then listed by
-- deleted_rows() and comes back by restore_deleted_row(); a verb of the table's own deletes. FND-10.

create or replace function app_private.allow_soft_delete(
  table_name text,
  permission text,
  label text,
  follows text default null
) returns void
language sql volatile
set search_path = ''
begin atomic
  insert into app_private.soft_deletes (table_name, permission, label, follows)
  values (allow_soft_delete.table_name, allow_soft_delete.permission, allow_soft_delete.label, allow_soft_delete.follows)
  on conflict on constraint soft_deletes_pkey do update
    set permission = excluded.permission, label = excluded.label, follows = excluded.follows;
end;

comment on function app_private.allow_soft_delete is
  'Registers a table with deleted_at: the permission to delete and restore (null: superadmins only), SQL over the row r '
  'by which people recognise it, and the table whose rows it goes and comes back with.';
-- end of source: functions/deletion/allow_soft_delete.sql

-- source: functions/events/beat.sql
-- A worker says that it lives. FND-14.

set role app_engine;
create or replace function app_private.beat(worker_id text, host text, pid int) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  insert into app_private.worker_heartbeats (worker_id, host, pid, started_at, seen_at)
  values (beat.worker_id, beat.host, beat.pid, clock_timestamp(), clock_timestamp())
  on conflict (worker_id) do update set seen_at = excluded.seen_at
$$;

comment on function app_private.beat is 'Sign of life of a worker, every few seconds.';

grant execute on function app_private.beat to app_worker;
reset role;
-- end of source: functions/events/beat.sql

-- source: functions/events/claim_effect.sql
-- Claims an effect on the outside world before it is made. FND-14, FND-15.
-- The claim is a lock of the connection, so it ends with the process that holds it: no lease to wait for
-- after a crash, no second worker while the first one is only slow. The row remembers what was done.

set role app_engine;
create or replace function app_private.claim_effect(key text, claimed_by text) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  if not pg_try_advisory_lock(hashtextextended('effect:' || claim_effect.key, 0)) then
    return 'busy';
  end if;

  insert into app_private.effects (key, claimed_at, claimed_by)
  values (claim_effect.key, clock_timestamp(), claim_effect.claimed_by)
  on conflict on constraint effects_pkey do update
    set claimed_at = excluded.claimed_at,
        claimed_by = excluded.claimed_by,
        attempts = effects.attempts + 1
    where effects.done_at is null;
  if found then
    return 'claimed';
  end if;

  perform pg_advisory_unlock(hashtextextended('effect:' || claim_effect.key, 0));
  return 'done';
end;
$$;

comment on function app_private.claim_effect is
  'claimed: do it, then finish_effect and release_effect on the same connection; busy: somebody is doing it; '
  'done: it was done before.';

grant execute on function app_private.claim_effect to app_worker;
reset role;
-- end of source: functions/events/claim_effect.sql

-- source: functions/events/claim_event_delivery.sql
-- The next event that a consumer must be told about a subject. FND-14.
-- Locks the delivery until the caller commits. A second drain waits for it instead of skipping it:
-- whatever comes back is the oldest that is still pending, so order holds and nothing is told twice at once.

set role app_engine;
create or replace function app_private.claim_event_delivery(consumer text, subject_id uuid)
returns setof app_private.events
language sql volatile strict security definer rows 1
set search_path = ''
as $$
  select events.*
  from app_private.event_deliveries
  join app_private.events on events.id = event_deliveries.event_id
  where event_deliveries.consumer = claim_event_delivery.consumer
    and event_deliveries.delivered_at is null
    and event_deliveries.subject_id = claim_event_delivery.subject_id
  order by event_deliveries.position
  limit 1
  for update of event_deliveries
$$;

comment on function app_private.claim_event_delivery is
  'The oldest event about the subject that the consumer was not told yet, locked for this transaction; no row: none.';

grant execute on function app_private.claim_event_delivery to app_worker;
reset role;
-- end of source: functions/events/claim_event_delivery.sql

-- source: functions/events/claim_webhook.sql
-- What is to be applied, locked until the caller commits, and to whom its changes are attributed. FND-25, FND-02.
-- The door and a worker may come at the same moment: the second waits, and then finds it processed.

set role app_engine;

create or replace function app_hidden.claim_webhook(receipt_id uuid)
returns table (
  id uuid,
  provider text,
  integration_id uuid,
  event_id text,
  type text,
  occurred_at timestamptz,
  received_at timestamptz,
  headers jsonb,
  raw_body bytea
)
language plpgsql volatile strict security definer rows 1
set search_path = ''
as $$
begin
  perform set_config('app.principal_id', service_accounts.principal_id::text, true)
  from app_public.service_accounts
  where service_accounts.name = 'webhooks';

  return query
  select
    webhook_receipts.id, webhook_receipts.provider, webhook_receipts.integration_id, webhook_receipts.event_id,
    webhook_receipts.type, webhook_receipts.occurred_at, webhook_receipts.received_at, webhook_receipts.headers,
    webhook_receipts.raw_body
  from app_private.webhook_receipts
  where webhook_receipts.id = claim_webhook.receipt_id and webhook_receipts.status = 'received'
  for update;
end;
$$;

comment on function app_hidden.claim_webhook is
  'The delivery while it is still to be applied, locked for this transaction, whose writes are the account webhooks''; '
  'no row when it was processed or given up.';
grant execute on function app_hidden.claim_webhook to app_authenticator, app_worker;

reset role;
-- end of source: functions/events/claim_webhook.sql

-- source: functions/events/delivery_job.sql
-- The job that tells one consumer what is pending about one subject. FND-14.

create or replace function app_private.delivery_job(consumer text, subject_id uuid)
returns graphile_worker.job_spec
language sql stable strict
set search_path = ''
as $$
  select row(
    'deliver_events',
    json_build_object('consumer', consumer, 'subjectId', subject_id),
    null, null, null, consumer || ':' || subject_id, null, null
  )::graphile_worker.job_spec
$$;

comment on function app_private.delivery_job is
  'Job for the task deliver_events; its key is consumer and subject, so that one waits at most.';

grant execute on function app_private.delivery_job to app_engine;
-- end of source: functions/events/delivery_job.sql

-- source: functions/events/enqueue_overdue_deliveries.sql
-- Queues again what is pending without a job. FND-14.
-- The queue can lose a wake-up: when a job is taken between the two statements of add_jobs, the new
-- request is dropped while the running job may not see the new event yet. A minute later this finds it.
-- A job that has used up its attempts still exists and is left alone: it waits for a person.

set role app_engine;
create or replace function app_private.enqueue_overdue_deliveries() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_jobs graphile_worker.job_spec[];
begin
  select array_agg(app_private.delivery_job(consumer, subject_id) order by consumer, subject_id) into v_jobs
  from (
    select distinct event_deliveries.consumer, event_deliveries.subject_id
    from app_private.event_consumers
    join app_private.event_deliveries on event_deliveries.consumer = event_consumers.name
    join app_private.events on events.id = event_deliveries.event_id
    where event_deliveries.delivered_at is null
      and events.occurred_at < app_hidden.now() - interval '30 seconds'
      and not exists (
        select from graphile_worker._private_jobs as jobs
        where jobs.key = event_deliveries.consumer || ':' || event_deliveries.subject_id)
    limit 1000
  ) as overdue;

  if v_jobs is not null then
    perform graphile_worker.add_jobs(v_jobs);
  end if;
  return coalesce(cardinality(v_jobs), 0);
end;
$$;

comment on function app_private.enqueue_overdue_deliveries is
  'Queues a job for deliveries that have been pending for half a minute without one; returns how many.';

grant execute on function app_private.enqueue_overdue_deliveries to app_worker;
reset role;
-- end of source: functions/events/enqueue_overdue_deliveries.sql

-- source: functions/events/finish_effect.sql
-- Records that an effect was made, so that no retry makes it again. FND-14, FND-15.

set role app_engine;
create or replace function app_private.finish_effect(key text, result jsonb) returns void
language sql volatile security definer
set search_path = ''
as $$
  update app_private.effects
  set done_at = clock_timestamp(), result = finish_effect.result
  where effects.key = finish_effect.key
$$;

comment on function app_private.finish_effect is 'The claimed effect is done; result is what the vendor answered.';

grant execute on function app_private.finish_effect to app_worker;
reset role;
-- end of source: functions/events/finish_effect.sql

-- source: functions/events/purge_webhooks.sql
-- Bodies are personal data and are not kept for longer than they serve: 30 days after they were applied, 90 in any
-- case. What is left proves that the event came, and goes after 90 days too. FND-25, FND-12.

set role app_engine;

create or replace function app_private.purge_webhooks() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_keep_for interval := (
    select retentions.keep_for from app_private.retentions where retentions.key = 'operations');
  v_purged int;
begin
  delete from app_private.webhook_receipts where received_at < app_hidden.now() - v_keep_for;

  update app_private.webhook_receipts set raw_body = null
  where received_at < app_hidden.now() - interval '30 days'
    and processed_at < app_hidden.now() - interval '30 days'
    and raw_body is not null;
  get diagnostics v_purged = row_count;
  return v_purged;
end;
$$;

comment on function app_private.purge_webhooks is
  'Deletes bodies of deliveries that were applied 30 days ago, and every trace of what came before the retention of '
  'operations; answers how many bodies.';
grant execute on function app_private.purge_webhooks to app_worker;

reset role;
-- end of source: functions/events/purge_webhooks.sql

-- source: functions/events/reap_silent_workers.sql
-- Frees the jobs of workers that died. FND-14.
-- The queue itself would keep them locked for four hours. A worker without a heartbeat row died before
-- its first beat; the time it took its jobs is then its last sign of life.
-- A job that is queued again under its key while it runs loses the key and all its attempts to the new one; if it
-- does not end well, nobody would ever remove it. It is told from a dead job by having lost a key it must have had
-- (deliver_events), or by having used up several attempts without a single error.

set role app_engine;
create or replace function app_private.reap_silent_workers(silent_for interval default '30 seconds')
returns text[]
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_dead text[];
begin
  select array_agg(holder.locked_by) into v_dead
  from (
    select jobs.locked_by, max(jobs.locked_at) as locked_at
    from graphile_worker._private_jobs as jobs
    where jobs.locked_by is not null
    group by jobs.locked_by
  ) as holder
  left join app_private.worker_heartbeats on worker_heartbeats.worker_id = holder.locked_by
  where coalesce(worker_heartbeats.seen_at, holder.locked_at) < clock_timestamp() - silent_for;

  if v_dead is not null then
    perform graphile_worker.force_unlock_workers(v_dead);
  end if;
  delete from graphile_worker._private_jobs as jobs
  using graphile_worker._private_tasks as tasks
  where tasks.id = jobs.task_id
    and jobs.key is null
    and jobs.locked_at is null
    and jobs.attempts >= jobs.max_attempts
    and (tasks.identifier = 'deliver_events' or jobs.last_error is null and jobs.max_attempts > 1);
  delete from app_private.worker_heartbeats where seen_at < clock_timestamp() - interval '1 day';
  return coalesce(v_dead, '{}');
end;
$$;

comment on function app_private.reap_silent_workers is
  'Unlocks the jobs of workers that gave no sign of life for the interval, and removes what was replaced while it ran; '
  'returns the ids of those workers.';

grant execute on function app_private.reap_silent_workers to app_worker;
reset role;
-- end of source: functions/events/reap_silent_workers.sql

-- source: functions/events/receive_webhook.sql
-- Keeps a verified delivery and queues its processing, both or neither. FND-25.
-- The vendor's id of the event is the key: whoever sends it again, twenty times at once, finds it taken. The same id
-- with another body is not the same event: the first stays, the other is counted and refused.

set role app_engine;

create or replace function app_hidden.receive_webhook(
  provider text,
  integration_id uuid,
  event_id text,
  type text,
  occurred_at timestamptz,
  headers jsonb,
  raw_body bytea,
  out receipt_id uuid,
  out verdict text
)
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  insert into app_private.webhook_receipts
    (provider, integration_id, event_id, type, occurred_at, received_at, headers, raw_body, body_hash)
  values
    (receive_webhook.provider, receive_webhook.integration_id, receive_webhook.event_id, receive_webhook.type,
     receive_webhook.occurred_at, app_hidden.now(), receive_webhook.headers, receive_webhook.raw_body,
     sha256(receive_webhook.raw_body))
  on conflict on constraint webhook_receipts_event_is_taken_once do nothing
  returning id into receipt_id;

  if receipt_id is not null then
    -- Twelve attempts take about sixteen hours.
    perform graphile_worker.add_job(
      'process_webhook', json_build_object('receiptId', receipt_id), job_key => 'webhook:' || receipt_id, max_attempts => 12);
    verdict := 'received';
    return;
  end if;

  select webhook_receipts.id, case when webhook_receipts.body_hash = sha256(receive_webhook.raw_body) then 'duplicate' else 'conflict' end
  into strict receipt_id, verdict
  from app_private.webhook_receipts
  where webhook_receipts.provider = receive_webhook.provider
    and webhook_receipts.integration_id is not distinct from receive_webhook.integration_id
    and webhook_receipts.event_id = receive_webhook.event_id;
  if verdict = 'conflict' then
    update app_private.webhook_receipts
    set conflict_count = conflict_count + 1, conflicted_at = app_hidden.now()
    where webhook_receipts.id = receipt_id;
  end if;
end;
$$;

comment on function app_hidden.receive_webhook is
  'Takes a delivery whose signature was checked: received with its job, duplicate (nothing happens), or conflict: the '
  'event id is known with another body, which is counted and not kept.';
grant execute on function app_hidden.receive_webhook to app_authenticator;

reset role;
-- end of source: functions/events/receive_webhook.sql

-- source: functions/events/record_event_delivered.sql
-- The consumer was told; in the transaction in which it did its work. FND-14.

set role app_engine;
create or replace function app_private.record_event_delivered(event_id uuid, consumer text) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  update app_private.event_deliveries
  set delivered_at = app_hidden.now(), attempts = attempts + 1, last_error = null
  where event_deliveries.event_id = record_event_delivered.event_id
    and event_deliveries.consumer = record_event_delivered.consumer
    and delivered_at is null
$$;

comment on function app_private.record_event_delivered is 'Marks an event as told to a consumer.';

grant execute on function app_private.record_event_delivered to app_worker;
reset role;
-- end of source: functions/events/record_event_delivered.sql

-- source: functions/events/record_event_failed.sql
-- The consumer failed; its own work was rolled back, this remembers why. FND-14.

set role app_engine;
create or replace function app_private.record_event_failed(event_id uuid, consumer text, error text) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  update app_private.event_deliveries
  set attempts = attempts + 1, last_error = left(record_event_failed.error, 500)
  where event_deliveries.event_id = record_event_failed.event_id
    and event_deliveries.consumer = record_event_failed.consumer
    and delivered_at is null
$$;

comment on function app_private.record_event_failed is
  'Counts a failed delivery and keeps the error; the delivery stays pending.';

grant execute on function app_private.record_event_failed to app_worker;
reset role;
-- end of source: functions/events/record_event_failed.sql

-- source: functions/events/record_webhook_failed.sql
-- Applying the delivery failed; that work was rolled back, this remembers why. FND-25.

set role app_engine;

create or replace function app_hidden.record_webhook_failed(receipt_id uuid, error text, is_last boolean) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  update app_private.webhook_receipts
  set attempts = attempts + 1, last_error = left(record_webhook_failed.error, 500)
  where webhook_receipts.id = record_webhook_failed.receipt_id and webhook_receipts.status = 'received';
  if found and is_last then
    update app_private.webhook_receipts set status = 'failed'
    where webhook_receipts.id = record_webhook_failed.receipt_id;
  end if;
end;
$$;

comment on function app_hidden.record_webhook_failed is
  'Counts an attempt and keeps its error, which names no person; after the last one the delivery waits for an operator.';
grant execute on function app_hidden.record_webhook_failed to app_authenticator, app_worker;

reset role;
-- end of source: functions/events/record_webhook_failed.sql

-- source: functions/events/record_webhook_processed.sql
-- The delivery was applied, in the transaction that applied it. FND-25.

set role app_engine;

create or replace function app_hidden.record_webhook_processed(receipt_id uuid, outcome text) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  update app_private.webhook_receipts
  set status = 'processed', outcome = record_webhook_processed.outcome, processed_at = app_hidden.now(),
      attempts = attempts + 1, last_error = null
  where webhook_receipts.id = record_webhook_processed.receipt_id and webhook_receipts.status = 'received'
$$;

comment on function app_hidden.record_webhook_processed is 'Marks a delivery as applied, and says what that came to.';
grant execute on function app_hidden.record_webhook_processed to app_authenticator, app_worker;

reset role;
-- end of source: functions/events/record_webhook_processed.sql

-- source: functions/events/release_effect.sql
-- Gives a claim back, whether the effect was made or failed. FND-14, FND-15.

set role app_engine;
create or replace function app_private.release_effect(key text) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  select pg_advisory_unlock(hashtextextended('effect:' || release_effect.key, 0))
$$;

comment on function app_private.release_effect is 'Ends the claim of this connection on an effect.';

grant execute on function app_private.release_effect to app_worker;
reset role;
-- end of source: functions/events/release_effect.sql

-- source: functions/events/replay_webhook.sql
-- An operator lets a delivery be applied again: after a fault was mended, or to see that nothing changes. FND-25.

set role app_engine;

create or replace function app_public.replay_webhook(provider text, event_id text) returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_receipt app_private.webhook_receipts;
  v_found boolean := false;
  v_replayed int := 0;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Only the platform replays deliveries.');
  end if;

  -- Accounts of one vendor number their own events: where two agree, both are replayed.
  for v_receipt in
    select webhook_receipts.*
    from app_private.webhook_receipts
    where webhook_receipts.provider = replay_webhook.provider and webhook_receipts.event_id = replay_webhook.event_id
    order by webhook_receipts.id
    for update
  loop
    v_found := true;
    continue when v_receipt.raw_body is null;
    update app_private.webhook_receipts
    set status = 'received', outcome = null, processed_at = null, attempts = 0, last_error = null
    where webhook_receipts.id = v_receipt.id and webhook_receipts.status <> 'received';
    -- A job that has used up its attempts starts anew under the same key.
    perform graphile_worker.add_job(
      'process_webhook', json_build_object('receiptId', v_receipt.id), job_key => 'webhook:' || v_receipt.id, max_attempts => 12);
    v_replayed := v_replayed + 1;
  end loop;

  if not v_found then
    perform app_hidden.refuse('NOT_FOUND', 'webhook_not_found', '{}', 'No such event came, or its trace has been deleted.');
  elsif v_replayed = 0 then
    perform app_hidden.refuse('GONE', 'webhook_body_purged', '{}', 'What it said has been deleted. Let the vendor send it again.');
  end if;
  return v_replayed;
end;
$$;

comment on function app_public.replay_webhook is
  'Applies a vendor''s event once more, by the vendor''s own id of it; answers how many deliveries that is. Superadmin only. '
  'GONE webhook_body_purged when its body was deleted.';
grant execute on function app_public.replay_webhook to app_member;

reset role;
-- end of source: functions/events/replay_webhook.sql

-- source: functions/events/retire_worker.sql
-- A worker leaves in good order. FND-14.

set role app_engine;
create or replace function app_private.retire_worker(worker_id text) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  delete from app_private.worker_heartbeats where worker_heartbeats.worker_id = retire_worker.worker_id
$$;

comment on function app_private.retire_worker is 'Removes the heartbeat of a worker that stopped cleanly.';

grant execute on function app_private.retire_worker to app_worker;
reset role;
-- end of source: functions/events/retire_worker.sql

-- source: functions/events/tg_events__deliver.sql
-- Queues what was published for those who want to know. FND-14.
-- Once per statement, whatever its size: one insert, one add_jobs call. A job per consumer and subject
-- drains all that is pending, so a job_key keeps one of them; sorted, so that two statements lock in one order.

set role app_engine;
create or replace function app_private.tg_events__deliver() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_jobs graphile_worker.job_spec[];
begin
  with queued as (
    insert into app_private.event_deliveries (event_id, consumer, subject_id, position)
    select published.id, event_subscriptions.consumer, published.subject_id, published.position
    from published
    join app_private.event_subscriptions on event_subscriptions.event_name = published.name
    returning consumer, subject_id
  )
  select array_agg(app_private.delivery_job(consumer, subject_id) order by consumer, subject_id) into v_jobs
  from (select distinct queued.consumer, queued.subject_id from queued) as drain;

  if v_jobs is not null then
    perform graphile_worker.add_jobs(v_jobs);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_events__deliver is 'Queues the deliveries of the events a statement published.';
reset role;

create or replace trigger _900_deliver
  after insert on app_private.events
  referencing new table as published
  for each statement execute function app_private.tg_events__deliver();
-- end of source: functions/events/tg_events__deliver.sql

-- source: functions/events/tg_events__refuse_change.sql
-- What happened is not rewritten, by nobody. FND-14.
-- Per statement: it refuses before a row is looked for, so the answer is the same for whoever sees no row.

create or replace function app_private.tg_events__refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_hidden.refuse('IMMUTABLE', 'event_is_immutable', '{}', 'What happened stays: publish another event.');
  return null;
end;
$$;

comment on function app_private.tg_events__refuse_change is 'Refuses update, delete and truncate of events.';

create or replace trigger _200_refuse_change
  before update or delete or truncate on app_private.events
  for each statement execute function app_private.tg_events__refuse_change();
-- end of source: functions/events/tg_events__refuse_change.sql

-- source: functions/facts/e164.sql
-- People write 0722 123 456; what is stored is +40722123456, so that it can be compared and dialled. FND-07.
-- For functions that know the region before the row does; every column of a telephone number reads it again.

create or replace function app_hidden.e164(phone text, region text, field text default 'phone') returns text
language plpgsql stable
set search_path = ''
as $$
declare
  v_number text;
  v_problem text;
begin
  select reading.number, reading.problem into v_number, v_problem
  from app_hidden.read_phone(phone, region) as reading;
  if v_problem is not null then
    perform app_hidden.refuse_phone(v_problem, field);
  end if;
  return v_number;
end;
$$;

comment on function app_hidden.e164 is
  'A telephone number in E.164, read in the region (ISO 3166 code or calling code) where it names no country; VALIDATION '
  'with the reason when it is none.';
grant execute on function app_hidden.e164 to app_engine;
-- end of source: functions/facts/e164.sql

-- source: functions/files/rejection_hint.sql
-- What helps whoever sent a file that is not taken: why it is not, and what to do. FND-13.

create or replace function app_private.rejection_hint(rejection text) returns text
language sql immutable strict parallel safe
set search_path = ''
begin atomic
  select case rejection_hint.rejection
    when 'type_mismatch' then 'The bytes are of another type than announced. Send the file under its own type and ending.'
    when 'second_type' then 'The file holds another one, or a web page, too. Save or print it anew and send that; a photo that '
      'moves, without its film.'
    when 'malformed' then 'The file is damaged. Open it, save it anew and send that.'
    when 'truncated' then 'The end of the file is missing. Copy or download it once more and send that.'
    when 'heic' then 'This is a HEIC photo. Send it as JPEG: on an iPhone choose Settings, Camera, Formats, Most Compatible, '
      'or share the photo with the option Most Compatible.'
    when 'encrypted' then 'The PDF asks for a password. Print it to a new PDF without one and send that.'
    when 'scripts' then 'The PDF holds a program (JavaScript or an action that starts by itself). Print it to a new PDF and send that.'
    when 'launches' then 'The PDF starts programs, or opens other files or pages by itself. Print it to a new PDF and '
      'send that.'
    when 'attachments' then 'The PDF holds other files. Send each as a file of its own, or print it to a new PDF.'
    when 'submits' then 'The PDF sends what is filled in to somebody. Print it to a new PDF and send that.'
    when 'media' then 'The PDF holds film, sound or 3D. Print it to a new PDF and send that.'
    when 'dynamic_form' then 'The PDF is an XFA form, which only few programs show. Print it to a new PDF and send that.'
    when 'inflates_too_far' then 'The file unpacks to more than 128 MB in one piece, 512 MB in all, or more than it says. Send it '
      'with fewer or smaller pictures.'
    when 'too_many_pixels' then 'The picture is too large: up to 120 megapixels, and as PNG up to 64 MB unpacked. Make it smaller, '
      'or send it as JPEG.'
    when 'too_complex' then 'The PDF has more than 250,000 parts, or parts within parts too deep. Print it to a new PDF and send that.'
    when 'size_mismatch' then 'There are more or fewer bytes than announced. Request another upload.'
    when 'digest_mismatch' then 'The bytes are others than announced. Request another upload.'
    else 'The bytes are not what was announced. Request another upload.'
  end;
end;

comment on function app_private.rejection_hint is 'Why a file was rejected and what helps, for people; one for each rejection.';
grant execute on function app_private.rejection_hint to app_engine;
-- end of source: functions/files/rejection_hint.sql

-- source: functions/identity/current_specialist_ids.sql
-- The caller as a specialist, in every clinic where they are one and still work. SPC-02.

set role app_engine;

create or replace function app_hidden.current_specialist_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(specialists.id), '{}')
  from app_public.specialists
  where specialists.human_id = app_hidden.current_principal_id()
    and specialists.deleted_at is null
    and specialists.organization_id = any (app_hidden.current_staff_organization_ids());
end;

comment on function app_hidden.current_specialist_ids is 'The caller''s own specialist rows.';
grant execute on function app_hidden.current_specialist_ids to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/current_specialist_ids.sql

-- source: functions/files/require_upload_right.sql
-- Who may put a file to a row: staff by the surface's permission and, where the surface says so, the person the row is
-- about. A row that is not theirs to see and one that does not exist answer alike. FND-13, FND-04.

create or replace function app_private.require_upload_right(surface app_private.file_surfaces, owner_id uuid) returns uuid
language plpgsql stable
set search_path = ''
as $$
declare
  v_organization_id uuid;
  v_is_person boolean := false;
begin
  case surface.owner_kind
    when 'organization' then
      select organizations.id into v_organization_id
      from app_public.organizations
      where organizations.id = owner_id and organizations.deleted_at is null;
    when 'service' then
      select services.organization_id into v_organization_id
      from app_public.services
      where services.id = owner_id and services.deleted_at is null;
    when 'specialist' then
      select specialists.organization_id, specialists.id = any (app_hidden.current_specialist_ids())
      into v_organization_id, v_is_person
      from app_public.specialists
      where specialists.id = owner_id and specialists.deleted_at is null;
    when 'appointment' then
      select appointments.organization_id,
             appointments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and appointments.organization_id = any (app_hidden.current_patient_organization_ids())
      into v_organization_id, v_is_person
      from app_public.appointments
      where appointments.id = owner_id and appointments.deleted_at is null;
  end case;

  if v_organization_id is null then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  if not (surface.uploaded_by_owner and v_is_person) then
    perform app_private.require_permission(v_organization_id, surface.manage_permission);
  end if;
  return v_organization_id;
end;
$$;

comment on function app_private.require_upload_right is
  'The clinic of the owner row, when the caller may upload to it; else FORBIDDEN for a colleague, NOT_FOUND for anyone else.';
grant execute on function app_private.require_upload_right to app_engine;
-- end of source: functions/files/require_upload_right.sql

-- source: functions/files/own_upload.sql
-- The uploader's business only, and only while they may still upload there. What was decided before is said again.
-- FND-13.

create or replace function app_private.own_upload(file_id uuid) returns app_public.files
language plpgsql volatile
set search_path = ''
as $$
declare
  v_file app_public.files;
  v_surface app_private.file_surfaces;
begin
  select files.* into v_file
  from app_public.files
  where files.id = file_id and files.uploaded_by = app_hidden.current_principal_id() and files.status <> 'deleted'
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'file_not_found', '{}', 'There is no such file, or it is not yours to confirm.');
  end if;
  select file_surfaces.* into strict v_surface from app_private.file_surfaces where file_surfaces.key = v_file.surface;
  perform app_private.require_upload_right(v_surface, coalesce(
    v_file.service_id, v_file.specialist_id, v_file.appointment_id, v_file.organization_id));

  if v_file.rejection = 'expired' or (v_file.status = 'pending' and v_file.expires_at <= app_hidden.now()) then
    perform app_hidden.refuse('GONE', 'upload_expired', '{}', 'The upload took longer than a day. Request another.');
  end if;
  if v_file.status = 'rejected' then
    perform app_hidden.refuse(
      'VALIDATION', 'file_rejected', jsonb_build_object('rejection', v_file.rejection),
      app_private.rejection_hint(v_file.rejection));
  end if;
  return v_file;
end;
$$;

comment on function app_private.own_upload is
  'Locks the caller''s upload, pending or confirmed; NOT_FOUND, GONE upload_expired, or VALIDATION file_rejected with the reason.';
grant execute on function app_private.own_upload to app_engine;
-- end of source: functions/files/own_upload.sql

-- source: functions/files/attach_upload.sql
-- The server has looked at every byte: the file counts. Only the login role of the API may say so, in the uploader's
-- name; whoever speaks GraphQL cannot reach this. Twice is once. FND-13.

set role app_engine;

create or replace function app_hidden.attach_upload(file_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_file app_public.files := app_private.own_upload(file_id);
begin
  if v_file.status = 'confirmed' then
    return;
  end if;

  -- One at a time for the same owner, or two newest would stay.
  perform pg_advisory_xact_lock(hashtextextended('files of ' || v_file.surface || coalesce(
    v_file.service_id, v_file.specialist_id, v_file.appointment_id, v_file.organization_id), 0));
  update app_public.files set status = 'deleted', deleted_at = app_hidden.now()
  from app_private.file_surfaces
  where file_surfaces.key = v_file.surface and file_surfaces.max_files = 1
    and files.organization_id = v_file.organization_id
    and files.surface = v_file.surface
    and files.status = 'confirmed'
    and files.service_id is not distinct from v_file.service_id
    and files.specialist_id is not distinct from v_file.specialist_id
    and files.appointment_id is not distinct from v_file.appointment_id;

  update app_public.files set status = 'confirmed', confirmed_at = app_hidden.now(), expires_at = null
  where files.id = v_file.id;
end;
$$;

comment on function app_hidden.attach_upload is
  'Confirms the caller''s upload after its bytes were checked; where the newest replaces, the former file is deleted.';
grant execute on function app_hidden.attach_upload to app_authenticator;

reset role;
-- end of source: functions/files/attach_upload.sql

-- source: functions/files/delete_file.sql
-- Takes a file away from everybody's eyes at once; its bytes follow after thirty days, in which restore_file brings it
-- back. FND-13, FND-10.

set role app_engine;

create or replace function app_public.delete_file(file_id uuid) returns app_public.files
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_file app_public.files;
  v_permission text;
begin
  select files.* into v_file
  from app_public.files
  where files.id = file_id and files.status = 'confirmed'
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  select file_surfaces.manage_permission into strict v_permission
  from app_private.file_surfaces where file_surfaces.key = v_file.surface;
  perform app_private.require_permission(v_file.organization_id, v_permission);

  update app_public.files set status = 'deleted', deleted_at = app_hidden.now()
  where files.id = v_file.id
  returning * into v_file;
  return v_file;
end;
$$;

comment on function app_public.delete_file is 'Removes a file. Needs the permission by which staff upload such files.';
grant execute on function app_public.delete_file to app_member;

reset role;
-- end of source: functions/files/delete_file.sql

-- source: functions/files/enqueue_object_sweeps.sql
-- Looks once a day for objects that nobody needs. FND-13.

set role app_engine;

create or replace function app_private.enqueue_object_sweeps() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_jobs graphile_worker.job_spec[];
begin
  select array_agg(row(
    'sweep_objects', json_build_object('organizationId', organizations.id),
    null, null, null, 'sweep_objects:' || organizations.id, null, null
  )::graphile_worker.job_spec) into v_jobs
  from app_public.organizations;
  perform graphile_worker.add_jobs(v_jobs);
  return coalesce(cardinality(v_jobs), 0);
end;
$$;

comment on function app_private.enqueue_object_sweeps is 'One sweep a clinic, so that a long one holds up no other; returns how many.';
grant execute on function app_private.enqueue_object_sweeps to app_worker;

reset role;
-- end of source: functions/files/enqueue_object_sweeps.sql

-- source: functions/files/expire_uploads.sql
-- Uploads that were announced and not confirmed within their day end. FND-13.

set role app_engine;

create or replace function app_private.expire_uploads() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_count int;
begin
  with due as (
    select files.id
    from app_public.files
    where files.status = 'pending' and files.expires_at <= app_hidden.now()
    order by files.expires_at
    limit 500
    for update skip locked
  )
  update app_public.files set status = 'rejected', rejection = 'expired', expires_at = null
  from due
  where files.id = due.id;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

comment on function app_private.expire_uploads is 'Rejects up to 500 uploads that nobody confirmed in time; returns how many.';
grant execute on function app_private.expire_uploads to app_worker;

reset role;
-- end of source: functions/files/expire_uploads.sql

-- source: functions/files/known_content_type.sql
-- One name for each type: browsers and scanners write several. FND-13.

create or replace function app_private.known_content_type(content_type text) returns text
language sql immutable strict parallel safe
set search_path = ''
begin atomic
  select case named.name
    when 'image/jpg' then 'image/jpeg'
    when 'image/pjpeg' then 'image/jpeg'
    when 'image/jfif' then 'image/jpeg'
    when 'image/x-png' then 'image/png'
    when 'application/x-pdf' then 'application/pdf'
    else named.name
  end
  from (values (app_hidden.ascii_lower(btrim(split_part(known_content_type.content_type, ';', 1))))) as named (name);
end;

comment on function app_private.known_content_type is
  'The registered name of a media type, in lower case and without parameters: image/jpg is image/jpeg.';
grant execute on function app_private.known_content_type to app_engine;
-- end of source: functions/files/known_content_type.sql

-- source: functions/files/object_prefixes.sql
-- The folders of a clinic that the sweep may look into. FND-13.

set role app_engine;

create or replace function app_private.object_prefixes(organization_id uuid) returns setof text
language sql stable strict security definer
set search_path = ''
begin atomic
  select concat_ws('/', object_prefixes.organization_id, folder.name, '')
  from (select 'uploads' union all select file_surfaces.prefix from app_private.file_surfaces) as folder (name)
  order by folder.name;
end;

comment on function app_private.object_prefixes is
  'Where a clinic''s files are in the object store. What else lies there is not the files'' business.';
grant execute on function app_private.object_prefixes to app_worker;

reset role;
-- end of source: functions/files/object_prefixes.sql

-- source: functions/files/objects_to_remove.sql
-- Whose bytes can go: rejected uploads, and deleted files after thirty days. FND-13.

set role app_engine;

create or replace function app_private.objects_to_remove()
returns table (file_id uuid, organization_id uuid, keys text[])
language sql stable security definer
set search_path = ''
begin atomic
  select files.id, files.organization_id,
         array[files.uploaded_key, files.object_key]
  from app_public.files
  where files.status in ('rejected', 'deleted') and files.objects_removed_at is null
    -- An upload URL is good for minutes: what comes in after the rejection is gone with the rest.
    and files.updated_at < app_hidden.now() - case files.status when 'rejected' then interval '1 hour' else interval '30 days' end
  order by files.updated_at
  limit 200;
end;

comment on function app_private.objects_to_remove is 'The next 200 files whose objects are to be removed, with the keys.';
grant execute on function app_private.objects_to_remove to app_worker;

reset role;
-- end of source: functions/files/objects_to_remove.sql

-- source: functions/files/record_objects_removed.sql
-- Removing what is gone is no harm, so the sweep may be cut off anywhere before this. FND-13.

set role app_engine;

create or replace function app_private.record_objects_removed(file_id uuid) returns void
language sql volatile strict security definer
set search_path = ''
begin atomic
  update app_public.files set objects_removed_at = app_hidden.now()
  where files.id = file_id and files.status in ('rejected', 'deleted') and files.objects_removed_at is null;
end;

comment on function app_private.record_objects_removed is 'The objects of this rejected or deleted file are gone.';
grant execute on function app_private.record_objects_removed to app_worker;

reset role;
-- end of source: functions/files/record_objects_removed.sql

-- source: functions/files/reject_upload.sql
-- The server has looked at the bytes and they are not what was announced. FND-13.

set role app_engine;

create or replace function app_hidden.reject_upload(file_id uuid, rejection text) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_file app_public.files := app_private.own_upload(file_id);
begin
  -- Confirmed meanwhile, by a check that saw other bytes under the key: what was checked then stays.
  update app_public.files set status = 'rejected', rejection = reject_upload.rejection, expires_at = null
  where files.id = v_file.id and files.status = 'pending';
end;
$$;

comment on function app_hidden.reject_upload is
  'Rejects the caller''s pending upload, saying why; its object is removed later.';
grant execute on function app_hidden.reject_upload to app_authenticator;

reset role;
-- end of source: functions/files/reject_upload.sql

-- source: functions/files/require_file_facts.sql
-- What can be said no to before a byte was sent. The ending of the name must fit the type: the name is what a computer
-- opens the download by, whatever is inside. FND-13.

create or replace function app_private.require_file_facts(
  surface app_private.file_surfaces, filename text, content_type text, size_bytes bigint, sha256 text
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_extensions text[];
begin
  select file_types.extensions into v_extensions
  from app_private.file_surface_types
  join app_private.file_types on file_types.content_type = file_surface_types.content_type
  where file_surface_types.surface = (require_file_facts.surface).key
    and file_surface_types.content_type = require_file_facts.content_type;
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'content_type_not_taken',
      jsonb_build_object('field', 'contentType', 'taken', (
        select jsonb_agg(file_surface_types.content_type order by file_surface_types.content_type)
        from app_private.file_surface_types
        where file_surface_types.surface = (require_file_facts.surface).key)),
      case when content_type in ('image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence')
           then app_private.rejection_hint('heic')
           else 'A file of this type is not taken here.' end);
  end if;

  -- The second range is what turns text around or hides in it: invoice‮fdp.exe reads invoiceexe.pdf. U+200D is taken where it
  -- joins what is no ASCII: pictures of several parts.
  if not coalesce(filename ~ '[[:alnum:]]' and length(filename) <= 200
                  and filename !~ '[[:cntrl:]/\\]' and filename !~ '[\u200B\u200C\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF]'
                  and filename !~ '(^|[\u0001-\u007F\u200D])\u200D|\u200D([\u0001-\u007F]|$)', false) then
    perform app_hidden.refuse(
      'VALIDATION', 'filename_not_usable', '{"field": "filename"}',
      'A file''s name is one line of up to 200 characters without slashes.');
  end if;
  if app_hidden.ascii_lower(substring(filename from '\.([A-Za-z0-9]+)$')) = any (v_extensions) is not true then
    perform app_hidden.refuse(
      'VALIDATION', 'filename_of_another_type', jsonb_build_object('field', 'filename', 'endings', v_extensions),
      'The ending of the name does not fit the type of the file.');
  end if;

  if not coalesce(size_bytes between 1 and surface.max_bytes, false) then
    perform app_hidden.refuse(
      'VALIDATION', 'file_too_large', jsonb_build_object('field', 'sizeBytes', 'least', 1, 'most', surface.max_bytes),
      format('The file is empty, or larger than the %s that are taken here.', pg_size_pretty(surface.max_bytes)));
  end if;
  if not coalesce(sha256 ~ '^[0-9a-f]{64}$', false) then
    perform app_hidden.refuse(
      'VALIDATION', 'digest_not_readable', '{"field": "sha256"}', 'Give the SHA-256 of the bytes as 64 lower-case hex digits.');
  end if;
end;
$$;

comment on function app_private.require_file_facts is
  'Passes when the surface takes such a file; else VALIDATION content_type_not_taken, filename_not_usable, '
  'filename_of_another_type, file_too_large or digest_not_readable.';
grant execute on function app_private.require_file_facts to app_engine;
-- end of source: functions/files/require_file_facts.sql

-- source: functions/files/require_upload_allowance.sql
-- How many uploads somebody may have open, and how many files a row may hold. The lock makes two at once count each
-- other. FND-13, FND-27.

create or replace function app_private.require_upload_allowance(
  surface app_private.file_surfaces, organization_id uuid, owner_id uuid
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_open_most constant int := 50;
  v_principal_id uuid := app_hidden.current_principal_id();
begin
  perform pg_advisory_xact_lock(hashtextextended('uploads of ' || v_principal_id, 0));
  if (select count(*) from app_public.files
      where files.uploaded_by = v_principal_id and files.status = 'pending') >= v_open_most then
    perform app_hidden.refuse(
      'CONFLICT', 'too_many_open_uploads', jsonb_build_object('most', v_open_most),
      'Finish some of the uploads that were begun; those that are not end within a day.');
  end if;

  perform pg_advisory_xact_lock(hashtextextended('files of ' || surface.key || owner_id, 0));
  -- Where the newest replaces, there is always room for it.
  if surface.max_files > 1 and (
    select count(*) from app_public.files
    where files.organization_id = require_upload_allowance.organization_id
      and files.surface = (require_upload_allowance.surface).key
      and case (require_upload_allowance.surface).owner_kind
            when 'organization' then true
            when 'service' then files.service_id = owner_id
            when 'specialist' then files.specialist_id = owner_id
            else files.appointment_id = owner_id
          end
      and files.status in ('pending', 'confirmed')
  ) >= surface.max_files then
    perform app_hidden.refuse(
      'CONFLICT', 'too_many_files', jsonb_build_object('most', surface.max_files), 'Remove a file first.');
  end if;
end;
$$;

comment on function app_private.require_upload_allowance is
  'Passes while the caller has few uploads open and the owner row few files; else CONFLICT too_many_open_uploads or too_many_files.';
grant execute on function app_private.require_upload_allowance to app_engine;
-- end of source: functions/files/require_upload_allowance.sql

-- source: functions/files/request_upload.sql
-- The first step of an upload: what will come, and where it belongs. The bytes go from the browser to the object store
-- by the URL in File.upload, and count after confirmUpload. FND-13.

set role app_engine;

create or replace function app_public.request_upload(
  surface text,
  owner_id uuid,
  filename text,
  content_type text,
  size_bytes bigint,
  sha256 text
) returns app_public.files
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_surface app_private.file_surfaces;
  v_organization_id uuid;
  v_id uuid := uuidv7();
  v_file app_public.files;
  v_content_type constant text := app_private.known_content_type(content_type);
  -- What a name has around it is a slip of whoever copied it, no part of it.
  v_filename constant text := normalize(btrim(filename, E' \t\u00A0\uFEFF'));
begin
  select file_surfaces.* into v_surface
  from app_private.file_surfaces
  where file_surfaces.key = request_upload.surface;
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'surface_unknown',
      jsonb_build_object('field', 'surface', 'legal', (select jsonb_agg(file_surfaces.key order by file_surfaces.key) from app_private.file_surfaces)),
      'There is no such kind of file. Choose one of those in legal.');
  end if;
  v_organization_id := app_private.require_upload_right(v_surface, owner_id);
  perform app_private.require_file_facts(v_surface, v_filename, v_content_type, size_bytes, sha256);
  perform app_private.require_upload_allowance(v_surface, v_organization_id, owner_id);

  insert into app_public.files
    (id, organization_id, surface, audience, service_id, specialist_id, appointment_id,
     filename, content_type, size_bytes, sha256, object_key, uploaded_by, expires_at)
  values
    (v_id, v_organization_id, v_surface.key, v_surface.audience,
     case v_surface.owner_kind when 'service' then owner_id end,
     case v_surface.owner_kind when 'specialist' then owner_id end,
     case v_surface.owner_kind when 'appointment' then owner_id end,
     v_filename, v_content_type, size_bytes, sha256, concat_ws('/', v_organization_id, v_surface.prefix, v_id),
     app_hidden.current_principal_id(), app_hidden.now() + interval '1 day')
  returning * into v_file;
  return v_file;
end;
$$;

comment on function app_public.request_upload is
  'Announces a file: surface names the kind (organization_logo, service_attachments, specialist_signatures, '
  'appointment_files), ownerId the row it belongs to. Send the bytes with File.upload, then confirmUpload.';
grant execute on function app_public.request_upload to app_member;

reset role;
-- end of source: functions/files/request_upload.sql

-- source: functions/files/restore_file.sql
-- A deleted file comes back while its bytes are still there, by whoever may delete it. A day is left to the worker that
-- removes them, so that nothing comes back empty. FND-10, FND-13.

set role app_engine;

create or replace function app_public.restore_file(file_id uuid) returns app_public.files
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_file app_public.files;
  v_surface app_private.file_surfaces;
begin
  select files.* into v_file
  from app_public.files
  where files.id = file_id and files.deleted_at > app_hidden.now() - interval '29 days' and files.objects_removed_at is null
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  select file_surfaces.* into strict v_surface from app_private.file_surfaces where file_surfaces.key = v_file.surface;
  perform app_private.require_permission(v_file.organization_id, v_surface.manage_permission);

  if exists (select from app_public.services where services.id = v_file.service_id and services.deleted_at is not null)
    or exists (select from app_public.specialists where specialists.id = v_file.specialist_id and specialists.deleted_at is not null)
    or exists (select from app_public.appointments where appointments.id = v_file.appointment_id and appointments.deleted_at is not null)
  then
    perform app_hidden.refuse(
      'CONFLICT', 'belongs_to_something_deleted', jsonb_build_object('entity', v_file.owner_kind), 'Restore what it belongs to first.');
  end if;

  -- The lock of uploads to the same owner: two at once count each other.
  perform pg_advisory_xact_lock(hashtextextended('files of ' || v_file.surface || coalesce(
    v_file.service_id, v_file.specialist_id, v_file.appointment_id, v_file.organization_id), 0));
  if (
    select count(*) from app_public.files
    where files.organization_id = v_file.organization_id
      and files.surface = v_file.surface
      and files.status in ('pending', 'confirmed')
      and files.service_id is not distinct from v_file.service_id
      and files.specialist_id is not distinct from v_file.specialist_id
      and files.appointment_id is not distinct from v_file.appointment_id
  ) >= v_surface.max_files then
    perform app_hidden.refuse(
      'CONFLICT', 'too_many_files', jsonb_build_object('most', v_surface.max_files), 'Remove a file first.');
  end if;

  update app_public.files set status = 'confirmed', deleted_at = null
  where files.id = v_file.id
  returning * into v_file;
  return v_file;
end;
$$;

comment on function app_public.restore_file is
  'Brings a deleted file back, up to 29 days later. Needs the permission by which staff upload such files; CONFLICT '
  'too_many_files where others took its place, belongs_to_something_deleted while its owner is deleted itself.';
grant execute on function app_public.restore_file to app_member;

create or replace function app_public.deleted_files(organization_id uuid default null) returns setof app_public.deleted_row
language sql stable security definer
set search_path = ''
begin atomic
  select 'files', files.id, files.organization_id, files.filename, files.deleted_at
  from app_private.file_surfaces
  join app_public.files
    on files.surface = file_surfaces.key
   and files.organization_id = any (app_hidden.organization_ids_where(file_surfaces.manage_permission))
  where files.deleted_at > app_hidden.now() - interval '29 days'
    and files.objects_removed_at is null
    and (deleted_files.organization_id is null or files.organization_id = deleted_files.organization_id)
  order by files.deleted_at desc, files.id;
end;

comment on function app_public.deleted_files is
  'Files that were deleted and that the caller may bring back with restoreFile, newest first.';
grant execute on function app_public.deleted_files to app_member;

reset role;
-- end of source: functions/files/restore_file.sql

-- source: functions/files/stray_objects.sql
-- Which objects nobody needs: no row, a row whose bytes were to go, an upload that was checked and copied. FND-13.

set role app_engine;

create or replace function app_private.stray_objects(organization_id uuid, keys text[]) returns setof text
language sql stable strict security definer
set search_path = ''
begin atomic
  select listed.key
  from unnest(stray_objects.keys) as listed (key)
  where not exists (
    select
    from app_public.files
    where files.organization_id = stray_objects.organization_id
      and files.id::text = split_part(listed.key, '/', 3)
      and case
            -- While it is pending, the check may have copied the bytes already and be about to say so.
            when files.status = 'pending' then
              listed.key in (files.uploaded_key, files.object_key)
            when files.status = 'confirmed' or (files.status = 'deleted' and files.objects_removed_at is null) then
              listed.key = files.object_key
            else false
          end
  );
end;

comment on function app_private.stray_objects is 'Those of the listed keys of a clinic that belong to no file.';
grant execute on function app_private.stray_objects to app_worker;

reset role;
-- end of source: functions/files/stray_objects.sql

-- source: functions/files/upload_to_check.sql
-- What the check of an upload has to know. FND-13.

set role app_engine;

create or replace function app_hidden.upload_to_check(file_id uuid)
returns table (status text, organization_id uuid, uploaded_key text, object_key text, content_type text, size_bytes int, sha256 text)
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_file app_public.files := app_private.own_upload(file_id);
begin
  return query select
    v_file.status, v_file.organization_id,
    v_file.uploaded_key, v_file.object_key,
    v_file.content_type, v_file.size_bytes::int, v_file.sha256;
end;
$$;

comment on function app_hidden.upload_to_check is
  'Where the bytes of the caller''s upload are, where they go once checked, and what they must be.';
grant execute on function app_hidden.upload_to_check to app_member;

reset role;
-- end of source: functions/files/upload_to_check.sql

-- source: functions/idempotency/forget_remembered_mutations.sql
-- Idempotency keys live a day. FND-26.

set role app_engine;

create or replace function app_private.forget_remembered_mutations() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_forgotten int;
begin
  delete from app_private.remembered_mutations
  where request_digest = any (array(
    select old.request_digest
    from app_private.remembered_mutations as old
    where old.created_at <= app_hidden.now() - interval '24 hours'
    order by old.created_at
    limit 10000
    for update skip locked));
  get diagnostics v_forgotten = row_count;
  return v_forgotten;
end;
$$;

comment on function app_private.forget_remembered_mutations is
  'Forgets answers older than a day, up to 10,000 at a time, and says how many.';

grant execute on function app_private.forget_remembered_mutations to app_worker;

reset role;
-- end of source: functions/idempotency/forget_remembered_mutations.sql

-- source: functions/identity/asserted_identity.sql
-- Who the caller is, for comparing with a patient's profile: the name that they say, else the one of the account, and
-- the birthday that they say, else the one that a profile of theirs has. FND-07, FND-34.

create or replace function app_private.asserted_identity(
  given_name text, family_name text, said_birth_date date, out name_key text, out birth_date date
)
language sql stable
set search_path = ''
begin atomic
  select
    app_private.name_key(coalesce(
      nullif(btrim(concat_ws(' ', asserted_identity.given_name, asserted_identity.family_name)), ''), humans.display_name)),
    coalesce(asserted_identity.said_birth_date, (
      select min(known.birth_date) from app_public.patient_profiles as known where known.human_id = humans.principal_id))
  from app_public.humans
  where humans.principal_id = app_hidden.current_account_id();
end;

comment on function app_private.asserted_identity is
  'The caller''s name as name_key compares it, and birthday where one is said or known.';
grant execute on function app_private.asserted_identity to app_engine;
-- end of source: functions/identity/asserted_identity.sql

-- source: functions/patients/fact_that_differs.sql
-- An address may be a family's, so that it never decides alone who takes a profile over: the name must agree, and a
-- birthday must not differ. Asked by whoever claims a profile and by whoever accepts an invitation to one. FND-07, FND-34.

create or replace function app_private.fact_that_differs(
  profile app_public.patient_profiles, name_key text, birth_date date
) returns text
language sql stable
set search_path = ''
begin atomic
  select case
    when app_private.name_key((profile).given_name || ' ' || (profile).family_name) is distinct from fact_that_differs.name_key
      then 'name'
    when (profile).birth_date <> fact_that_differs.birth_date then 'birthday'
  end;
end;

comment on function app_private.fact_that_differs is
  'name or birthday, whichever speaks against that somebody of this name and birthday is the person of the profile; null if nothing does.';
grant execute on function app_private.fact_that_differs to app_engine;
-- end of source: functions/patients/fact_that_differs.sql

-- source: functions/identity/invitation_to_me.sql
-- The invitation that the caller answers, locked. Somebody else's is not there. FND-04, FND-07.

create or replace function app_private.invitation_to_me(invitation_id uuid) returns app_public.invitations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_invitation app_public.invitations;
begin
  select invitations.* into v_invitation
  from app_public.invitations
  join app_public.humans
    on humans.principal_id = app_hidden.current_account_id()
   and humans.email = invitations.email
   and humans.email_verified_at is not null
  join app_public.organizations on organizations.id = invitations.organization_id and organizations.deleted_at is null
  where invitations.id = invitation_id
  for update of invitations;
  if not found then
    perform app_hidden.refuse(
      'NOT_FOUND', 'invitation_not_found', '{}', 'There is no such invitation. Sign in with the address that it was sent to.');
  end if;
  if v_invitation.status <> 'open' or v_invitation.expires_at <= app_hidden.now() then
    perform app_hidden.refuse(
      'GONE', 'invitation_is_over',
      jsonb_build_object('status', case v_invitation.status when 'open' then 'expired' else v_invitation.status end),
      'This invitation is over. Ask the clinic for another one.');
  end if;
  return v_invitation;
end;
$$;

comment on function app_private.invitation_to_me is
  'An open invitation to the caller''s verified address, locked; NOT_FOUND invitation_not_found, GONE invitation_is_over.';
grant execute on function app_private.invitation_to_me to app_engine;
-- end of source: functions/identity/invitation_to_me.sql

-- source: functions/identity/received_invitation_of.sql
-- An invitation as the invited person may see it: who asks, as what, until when. FND-04, FND-07.

create or replace function app_private.received_invitation_of(invitation app_public.invitations) returns app_public.received_invitation
language sql stable
set search_path = ''
begin atomic
  select row(
    (invitation).id, (invitation).kind, organizations.name, organizations.city,
    (select coalesce(array_agg(roles.name order by roles.name), '{}')
     from app_public.invitation_roles
     join app_public.roles on roles.organization_id = invitation_roles.organization_id and roles.id = invitation_roles.role_id
     where invitation_roles.organization_id = (invitation).organization_id
       and invitation_roles.invitation_id = (invitation).id),
    (invitation).status, (invitation).expires_at)::app_public.received_invitation
  from app_public.organizations
  where organizations.id = (invitation).organization_id;
end;

comment on function app_private.received_invitation_of is 'What the invited person is shown.';
grant execute on function app_private.received_invitation_of to app_engine;
-- end of source: functions/identity/received_invitation_of.sql

-- source: functions/patients/refuse_person_unclear.sql
-- What somebody is asked for whose address alone speaks for a profile. FND-07, FND-34.

create or replace function app_private.refuse_person_unclear(fact text) returns void
language plpgsql immutable
set search_path = ''
as $$
begin
  perform app_hidden.refuse(
    'CONFLICT', 'person_unclear', jsonb_build_object('facts', jsonb_build_array(fact)),
    case fact
      when 'name' then 'Give your name as givenName and familyName, as the clinic knows it: an address may be a family''s.'
      else 'Give your birth date as birthDate: it must be the one that the clinic knows.'
    end);
end;
$$;

comment on function app_private.refuse_person_unclear is
  'CONFLICT person_unclear; the details name the fact, name or birthday, that the person is to give.';
grant execute on function app_private.refuse_person_unclear to app_engine;
-- end of source: functions/patients/refuse_person_unclear.sql

-- source: functions/identity/require_inviter.sql
-- Nobody comes in by the word of somebody who may no longer give it: a member by what they are allowed, the platform while
-- nobody is at the clinic. FND-04.

create or replace function app_private.require_inviter(invitation app_public.invitations) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if exists (
    select from app_public.principals
    where principals.id = (invitation).invited_by and principals.platform_role = 'superadmin' and principals.disabled_at is null
  ) and not exists (select from app_public.memberships where memberships.organization_id = (invitation).organization_id) then
    return;
  end if;
  if exists (
    select needed.permission
    from (
      select case (invitation).kind when 'member' then 'members.manage' else 'patients.manage' end as permission
      union
      select role_permissions.permission
      from app_public.invitation_roles
      join app_public.role_permissions
        on role_permissions.organization_id = invitation_roles.organization_id
       and role_permissions.role_id = invitation_roles.role_id
      where invitation_roles.organization_id = (invitation).organization_id
        and invitation_roles.invitation_id = (invitation).id
    ) as needed
    except
    select role_permissions.permission
    from app_public.memberships
    join app_public.principals on principals.id = memberships.human_id and principals.disabled_at is null
    join app_public.membership_roles
      on membership_roles.organization_id = memberships.organization_id
     and membership_roles.membership_id = memberships.id
    join app_public.role_permissions
      on role_permissions.organization_id = membership_roles.organization_id
     and role_permissions.role_id = membership_roles.role_id
    where memberships.organization_id = (invitation).organization_id
      and memberships.human_id = (invitation).invited_by
      and memberships.ended_at is null
  ) then
    perform app_hidden.refuse('GONE', 'inviter_may_no_longer', '{}', 'Ask the clinic to invite you again.');
  end if;
end;
$$;

comment on function app_private.require_inviter is
  'GONE inviter_may_no_longer when whoever invited could not do so today.';
grant execute on function app_private.require_inviter to app_engine;
-- end of source: functions/identity/require_inviter.sql

-- source: functions/identity/accept_invitation.sql
-- The invited person says yes, and only now do person and clinic know each other. FND-04, FND-07.
-- The proof is the address: the account has proved the one that the clinic wrote to. Nothing secret stands in the mail, so
-- whoever it is forwarded to gets nothing. The name of the account stays what the person calls themselves. An address may
-- be a family's, so that a profile is handed on only to whoever has its name as well, as if it was claimed.

set role app_engine;

create or replace function app_public.accept_invitation(
  invitation_id uuid,
  given_name text default null,
  family_name text default null,
  birth_date date default null
) returns app_public.received_invitation
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_me uuid := app_hidden.current_account_id();
  v_invitation app_public.invitations := app_private.invitation_to_me(invitation_id);
  v_membership app_public.memberships;
  v_profile app_public.patient_profiles;
  v_said record;
  v_differs text;
begin
  perform app_private.require_inviter(v_invitation);
  if v_invitation.kind = 'member' then
    insert into app_public.memberships (organization_id, human_id)
    values (v_invitation.organization_id, v_me)
    on conflict on constraint memberships_human_is_member_once do nothing;
    select memberships.* into strict v_membership
    from app_public.memberships
    where memberships.organization_id = v_invitation.organization_id and memberships.human_id = v_me
    for update;
    -- Whoever comes back holds what they are given now, and nothing of before.
    if v_membership.ended_at is not null then
      delete from app_public.membership_roles
      where membership_roles.organization_id = v_membership.organization_id
        and membership_roles.membership_id = v_membership.id;
      update app_public.memberships set ended_at = null where memberships.id = v_membership.id;
    end if;
    insert into app_public.membership_roles (organization_id, membership_id, role_id, granted_by)
    select invitation_roles.organization_id, v_membership.id, invitation_roles.role_id, v_invitation.invited_by
    from app_public.invitation_roles
    where invitation_roles.organization_id = v_invitation.organization_id
      and invitation_roles.invitation_id = v_invitation.id
    on conflict do nothing;
    if not exists (
      select from app_public.membership_roles
      where membership_roles.organization_id = v_membership.organization_id
        and membership_roles.membership_id = v_membership.id
    ) then
      perform app_hidden.refuse('GONE', 'role_is_gone', '{}', 'Ask the clinic to invite you again.');
    end if;
  else
    -- Caregivers of a person share addresses with them, and are not the person.
    if exists (
      select from app_public.caregivers
      where caregivers.patient_profile_id = v_invitation.patient_profile_id and caregivers.human_id = v_me
    ) then
      perform app_hidden.refuse(
        'CONFLICT', 'caregiver_is_not_the_patient', '{}', 'You act for this person. The clinic needs the person''s own address.');
    end if;
    select patient_profiles.* into v_profile
    from app_public.patient_profiles
    join app_public.patients on patients.patient_profile_id = patient_profiles.id
    where patient_profiles.id = v_invitation.patient_profile_id
      and patient_profiles.human_id is null
      and patients.organization_id = v_invitation.organization_id
      and patients.deleted_at is null
    for update of patient_profiles;
    if not found then
      perform app_hidden.refuse('GONE', 'profile_is_gone', '{}', 'Ask the clinic to invite you again.');
    end if;
    v_said := app_private.asserted_identity(
      accept_invitation.given_name, accept_invitation.family_name, accept_invitation.birth_date);
    v_differs := app_private.fact_that_differs(v_profile, v_said.name_key, v_said.birth_date);
    if v_differs is not null then
      perform app_private.refuse_person_unclear(v_differs);
    end if;
    update app_public.patient_profiles set human_id = v_me where patient_profiles.id = v_profile.id;
  end if;

  update app_public.invitations set status = 'accepted'
  where invitations.id = v_invitation.id
  returning * into v_invitation;
  return app_private.received_invitation_of(v_invitation);
end;
$$;

comment on function app_public.accept_invitation is
  'Joins the clinic with the roles offered, or takes over the patient profile. The caller''s verified address must be the '
  'invited one: NOT_FOUND invitation_not_found otherwise, GONE invitation_is_over or inviter_may_no_longer. Of a profile '
  'the name must agree too, givenName and familyName or else the name of the account, and birthDate must not differ: '
  'CONFLICT person_unclear names the fact that is missing.';
grant execute on function app_public.accept_invitation to app_member;

reset role;
-- end of source: functions/identity/accept_invitation.sql

-- source: functions/identity/open_invitation.sql
-- The row of a new invitation, and what stands in its way: one that is open, one that was declined, too many. FND-04, FND-07.

create or replace function app_private.open_invitation(
  organization_id uuid,
  kind text,
  email text,
  name text,
  patient_profile_id uuid default null
) returns app_public.invitations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_email text := app_hidden.address_key(open_invitation.email);
  v_invitation app_public.invitations;
begin
  -- An open one whose time is over stands in nobody's way.
  update app_public.invitations set status = 'expired'
  where invitations.organization_id = open_invitation.organization_id
    and invitations.email = v_email
    and invitations.status = 'open'
    and invitations.expires_at <= app_hidden.now();

  if exists (
    select from app_public.invitations
    where invitations.organization_id = open_invitation.organization_id
      and invitations.kind = open_invitation.kind
      and invitations.email = v_email
      and invitations.status = 'declined'
      and invitations.updated_at > app_hidden.now() - interval '30 days'
  ) then
    perform app_hidden.refuse(
      'STATE', 'invitation_declined', '{"field": "email"}', 'This person declined within the last 30 days. Ask them another way.');
  end if;

  if (select count(*) from app_public.invitations
      where invitations.organization_id = open_invitation.organization_id
        and invitations.created_at > app_hidden.now() - interval '24 hours') >= 200 then
    perform app_hidden.refuse(
      'RATE_LIMITED', 'many_invitations', '{"retryAfterSeconds": 86400}', 'A clinic invites up to 200 people a day. Go on tomorrow.');
  end if;

  insert into app_public.invitations (organization_id, kind, email, name, patient_profile_id, invited_by, expires_at, created_at)
  values (open_invitation.organization_id, open_invitation.kind, v_email,
          coalesce(nullif(btrim(open_invitation.name), ''), split_part(v_email, '@', 1)), open_invitation.patient_profile_id,
          app_private.current_actor_id(), app_hidden.now() + interval '14 days', app_hidden.now())
  on conflict do nothing
  returning * into v_invitation;
  if not found then
    perform app_hidden.refuse(
      'CONFLICT', 'already_invited', '{"field": "email"}', 'An invitation to this address is open: send it again, or revoke it.');
  end if;
  return v_invitation;
end;
$$;

comment on function app_private.open_invitation is
  'Makes an open invitation. CONFLICT already_invited, STATE invitation_declined, RATE_LIMITED many_invitations.';
grant execute on function app_private.open_invitation to app_engine;
-- end of source: functions/identity/open_invitation.sql

-- source: functions/identity/permissions_of.sql
-- What a role allows, as an array. FND-04.

create or replace function app_private.permissions_of(organization_id uuid, role_id uuid) returns text[]
language sql stable
set search_path = ''
begin atomic
  select coalesce(array_agg(role_permissions.permission), '{}')
  from app_public.role_permissions
  where role_permissions.organization_id = permissions_of.organization_id
    and role_permissions.role_id = permissions_of.role_id;
end;

comment on function app_private.permissions_of is 'The permissions of a role.';
grant execute on function app_private.permissions_of to app_engine;
-- end of source: functions/identity/permissions_of.sql

-- source: functions/identity/require_grantable.sql
-- Nobody grants, or takes away, more than they hold. FND-04.

create or replace function app_private.require_grantable(organization_id uuid, permissions text[]) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_above text[];
begin
  select array_agg(asked.permission order by asked.permission) into v_above
  from unnest(permissions) as asked (permission)
  where not app_hidden.has_permission(require_grantable.organization_id, asked.permission);

  if v_above is not null then
    perform app_hidden.refuse(
      'FORBIDDEN', 'above_yourself', jsonb_build_object('permissions', to_jsonb(v_above)),
      'You can only give or take what you hold yourself. Ask someone who holds more.');
  end if;
end;
$$;

comment on function app_private.require_grantable is
  'Refuses with FORBIDDEN when the caller lacks one of these permissions at the clinic.';
grant execute on function app_private.require_grantable to app_engine;
-- end of source: functions/identity/require_grantable.sql

-- source: functions/notify/delivery_of.sql
-- The job that sends a message. FND-15.
-- Twelve attempts take about sixteen hours; a message about a time helps nobody after that.

create or replace function app_private.delivery_of(message_id uuid, not_before timestamptz)
returns graphile_worker.job_spec
language sql stable
set search_path = ''
as $$
  select row(
    'deliver_message',
    json_build_object('messageId', delivery_of.message_id),
    null, delivery_of.not_before, 12, 'message:' || delivery_of.message_id, null, null
  )::graphile_worker.job_spec
$$;

comment on function app_private.delivery_of is
  'Job for the task deliver_message: the message''s id and nothing about the person; from not_before on.';

grant execute on function app_private.delivery_of to app_engine;
-- end of source: functions/notify/delivery_of.sql

-- source: functions/notify/mailbox_of.sql
-- Whose address it is, whatever they or others add to it: victim+1@ and, at Google, v.i.c.t.i.m@ are the victim's. FND-35.
-- The column messages.mailbox says the same; a test holds them together.

create or replace function app_private.mailbox_of(address text) returns text
language sql immutable strict parallel safe
set search_path = ''
return case
  when strpos(address, '@') = 0 then address
  when app_hidden.ascii_lower(split_part(address, '@', 2)) in ('gmail.com', 'googlemail.com')
    then replace(split_part(split_part(app_hidden.ascii_lower(address), '@', 1), '+', 1), '.', '') || '@gmail.com'
  else split_part(split_part(app_hidden.ascii_lower(address), '@', 1), '+', 1) || '@' || app_hidden.ascii_lower(split_part(address, '@', 2))
end;

comment on function app_private.mailbox_of is 'The mailbox or telephone that limits count by.';
grant execute on function app_private.mailbox_of to app_engine;
-- end of source: functions/notify/mailbox_of.sql

-- source: functions/notify/recipient_is_full.sql
-- Whether somebody was told as much as visitors may cause: whoever asks and withdraws in a loop, with a stranger's address,
-- would have a clinic write to that stranger as often as they like. FND-35, APT-09.
-- Counted is what left or will leave; the caller holds the lock of the mailbox.

set role app_engine;
create or replace function app_private.recipient_is_full(
  organization_id uuid,
  visitor_limit text,
  channel text,
  address text
) returns boolean
language sql stable security definer
set search_path = ''
as $$
  with clock as materialized (
    select app_hidden.now() as now
  ),
  own_accounts as (
    select choice.organization_id
    from app_public.organization_service_providers as choice
    where choice.capability = recipient_is_full.channel and choice.integration_id is not null
  ),
  told as (
    select messages.created_at, messages.organization_id = recipient_is_full.organization_id as is_ours,
      not exists (select from own_accounts where own_accounts.organization_id = messages.organization_id) as by_platform
    from app_public.messages
    join app_private.message_types on message_types.key = messages.template_key
    where messages.mailbox = app_private.mailbox_of(recipient_is_full.address)
      and messages.channel = recipient_is_full.channel
      and messages.created_at > (select clock.now from clock) - interval '1 day'
      and messages.status not in ('skipped', 'suppressed')
      and message_types.visitor_limit = recipient_is_full.visitor_limit
  ),
  counted as (
    select
      count(*) filter (where told.is_ours) as per_day,
      count(*) filter (where told.is_ours and told.created_at > (select clock.now from clock) - interval '1 hour') as per_hour,
      count(*) filter (where told.by_platform) as platform_per_day,
      count(*) filter (where told.by_platform and told.created_at > (select clock.now from clock) - interval '1 hour') as platform_per_hour
    from told
  )
  select exists (
    select from counted
    join app_private.visitor_limits
      on visitor_limits.name = recipient_is_full.visitor_limit
        and (counted.per_hour >= visitor_limits.per_hour or counted.per_day >= visitor_limits.per_day)
      or visitor_limits.name = recipient_is_full.visitor_limit || '_of_platform'
        and (counted.platform_per_hour >= visitor_limits.per_hour or counted.platform_per_day >= visitor_limits.per_day)
        and not exists (
          select from own_accounts where own_accounts.organization_id = recipient_is_full.organization_id))
$$;

comment on function app_private.recipient_is_full is
  'Whether a mailbox or telephone got as many messages as visitors may cause: from this clinic, or, where it sends '
  'through the platform''s account, from all that do.';

reset role;
-- end of source: functions/notify/recipient_is_full.sql

-- source: functions/notify/may_contact.sql
-- The one place that decides whether a person may be written to at all. FND-15, FND-16.
-- About one's own appointment or account no consent is needed. Marketing needs one for the channel, and as long as
-- there is no ledger of consents nobody has given any.

create or replace function app_private.may_contact(
  organization_id uuid,
  patient_profile_id uuid,
  human_id uuid,
  channel text,
  kind text
) returns boolean
language sql stable parallel safe
set search_path = ''
return may_contact.kind = 'transactional';

comment on function app_private.may_contact is
  'Whether the clinic may tell this person something of this kind over this channel. Marketing: not without a consent.';
grant execute on function app_private.may_contact to app_engine;
-- end of source: functions/notify/may_contact.sql

-- source: functions/notify/quiet_until.sql
-- When it is quiet for a person, on the clock of their zone. FND-15.
-- The clock is the wall's: a night with a change of the hour ends when the wall shows the end.

create or replace function app_private.quiet_until(
  at timestamptz,
  quiet_from time,
  quiet_until time,
  timezone text
) returns timestamptz
language sql stable strict parallel safe
set search_path = ''
return (
  with local (date, time) as (
    select (quiet_until.at at time zone quiet_until.timezone)::date, (quiet_until.at at time zone quiet_until.timezone)::time
  )
  select case
    when quiet_until.quiet_from <= quiet_until.quiet_until then
      case when local.time >= quiet_until.quiet_from and local.time < quiet_until.quiet_until
        then (local.date + quiet_until.quiet_until) at time zone quiet_until.timezone end
    when local.time >= quiet_until.quiet_from
      then (local.date + 1 + quiet_until.quiet_until) at time zone quiet_until.timezone
    when local.time < quiet_until.quiet_until
      then (local.date + quiet_until.quiet_until) at time zone quiet_until.timezone
  end
  from local
);

comment on function app_private.quiet_until is
  'The end of the quiet hours that this instant lies in; null when it lies in none. From = until: there are none.';
grant execute on function app_private.quiet_until to app_engine;
-- end of source: functions/notify/quiet_until.sql

-- source: functions/notify/ways_to_reach.sql
-- Over which channels somebody may be told something now, and what stands in the way. FND-15.
-- The one place for every rule but the cap: asked when a message is queued, when another channel has to stand in, and
-- again when it leaves. Consent comes before suppression, and both before quiet hours.
-- What the platform's vendors reported counts for a channel on which the clinic sends through the platform's account;
-- what the clinic's own vendor reported counts for the clinic always (FND-35).

set role app_engine;
create or replace function app_private.ways_to_reach(
  organization_id uuid,
  template_key text,
  recipients app_private.message_recipient[]
) returns table (
  place bigint,
  patient_profile_id uuid,
  human_id uuid,
  account_id uuid,
  name text,
  email text,
  phone text,
  locale text,
  data jsonb,
  channel text,
  route text,
  rank int,
  address text,
  is_reachable boolean,
  is_wanted boolean,
  obstacle text,
  not_before timestamptz
)
language sql stable security definer
set search_path = ''
as $$
  with clock as materialized (
    select app_hidden.now() as now
  ),
  people as (
    select recipient.place, recipient.patient_profile_id, recipient.human_id, recipient.data,
      coalesce(patient_profiles.human_id, humans.principal_id) as own_account_id,
      coalesce(recipient.name, patient_profiles.given_name || ' ' || patient_profiles.family_name, humans.display_name) as name,
      -- The address of a closed account may be somebody else's by now.
      coalesce(recipient.email, patient_profiles.email, case when humans.closed_at is null then humans.email end) as email,
      coalesce(recipient.phone, patient_profiles.phone) as phone,
      coalesce(recipient.locale, patient_profiles.locale, humans.locale, organizations.locale) as locale,
      organizations.timezone
    from unnest(ways_to_reach.recipients) with ordinality
      as recipient (patient_profile_id, human_id, name, email, phone, locale, data, place)
    join app_public.organizations on organizations.id = ways_to_reach.organization_id
    left join app_public.patient_profiles on patient_profiles.id = recipient.patient_profile_id
    left join app_public.humans on humans.principal_id = recipient.human_id
  ),
  -- A patient without an account is told in the accounts of those who care for them.
  accounts as (
    select holder.place, holder.account_id
    from (
      select people.place, people.own_account_id as account_id from people where people.own_account_id is not null
      union all
      select people.place, caregivers.human_id
      from people
      join app_public.caregivers on caregivers.patient_profile_id = people.patient_profile_id
      where people.own_account_id is null
        and caregivers.revoked_at is null
        and (caregivers.ends_on is null or caregivers.ends_on > ((select clock.now from clock) at time zone 'Europe/Bucharest')::date)
    ) as holder
    join app_public.principals on principals.id = holder.account_id and principals.disabled_at is null
  ),
  ways as (
    select people.*, accounts.account_id, message_types.topic, message_channels.channel, message_channels.route,
      message_channels.rank, message_channels.is_default, channels.quiet_from, channels.quiet_until,
      case channels.reaches when 'email' then people.email when 'phone' then people.phone end as address,
      coalesce(accounts.account_id, people.own_account_id) as reader_id,
      exists (
        select from app_public.organization_service_providers as choice
        where choice.organization_id = ways_to_reach.organization_id
          and choice.capability = message_channels.channel
          and choice.integration_id is not null) as by_own_account
    from people
    join app_private.message_types on message_types.key = ways_to_reach.template_key
    join app_private.message_channels on message_channels.template_key = message_types.key
    join app_private.channels on channels.name = message_channels.channel
    left join accounts on accounts.place = people.place and channels.reaches = 'account'
  )
  select ways.place, ways.patient_profile_id, ways.human_id, ways.account_id, ways.name, ways.email, ways.phone,
    ways.locale, ways.data, ways.channel, ways.route, ways.rank, ways.address,
    ways.address is not null
      or ways.account_id is not null
         and (ways.channel <> 'push'
              or exists (select from app_public.push_subscriptions where push_subscriptions.human_id = ways.account_id)),
    coalesce(of_patient.is_enabled, of_human.is_enabled, ways.is_default),
    case
      when not app_private.may_contact(
        ways_to_reach.organization_id, ways.patient_profile_id, ways.reader_id, ways.channel, message_topics.kind)
        then 'consent_missing'
      when clinic_suppressed_addresses.address is not null then clinic_suppressed_addresses.reason
      when suppressed_addresses.address is not null then suppressed_addresses.reason
      when opt_outs.address is not null then 'opted_out'
      when ways.channel = 'whatsapp' and whatsapp_templates.content_sid is null then 'whatsapp_template_missing'
    end,
    -- Quiet hours are a matter of channels that have some, whoever set their own.
    case when ways.quiet_from is not null then
      app_private.quiet_until(
        (select clock.now from clock),
        coalesce(quiet_of_patient.quiet_from, quiet_of_human.quiet_from, ways.quiet_from),
        coalesce(quiet_of_patient.quiet_until, quiet_of_human.quiet_until, ways.quiet_until),
        coalesce(quiet_of_patient.timezone, quiet_of_human.timezone, ways.timezone))
    end
  from ways
  join app_public.message_topics on message_topics.key = ways.topic
  left join app_public.notification_preferences as of_patient
    on of_patient.patient_profile_id = ways.patient_profile_id
    and of_patient.topic = ways.topic and of_patient.channel = ways.channel
  left join app_public.notification_preferences as of_human
    on of_human.human_id = ways.reader_id and of_human.topic = ways.topic and of_human.channel = ways.channel
  left join app_public.quiet_hours as quiet_of_patient on quiet_of_patient.patient_profile_id = ways.patient_profile_id
  left join app_public.quiet_hours as quiet_of_human on quiet_of_human.human_id = ways.reader_id
  left join app_private.suppressed_addresses
    on not ways.by_own_account
    and suppressed_addresses.channel = ways.channel and suppressed_addresses.address = app_hidden.ascii_lower(ways.address)
  left join app_private.clinic_suppressed_addresses
    on clinic_suppressed_addresses.organization_id = ways_to_reach.organization_id
    and clinic_suppressed_addresses.channel = ways.channel and clinic_suppressed_addresses.address = app_hidden.ascii_lower(ways.address)
  left join app_private.opt_outs
    on opt_outs.organization_id = ways_to_reach.organization_id
    and opt_outs.channel = ways.channel and opt_outs.address = app_hidden.ascii_lower(ways.address)
  left join app_public.whatsapp_templates
    on whatsapp_templates.organization_id = ways_to_reach.organization_id
    and whatsapp_templates.template_key = ways_to_reach.template_key and whatsapp_templates.locale = ways.locale
$$;

comment on function app_private.ways_to_reach is
  'Every channel of a message for each of these people: whether they can be reached over it and want to be, what '
  'forbids it, and until when it is quiet for them. place is the position in the array.';

reset role;
-- end of source: functions/notify/ways_to_reach.sql

-- source: functions/notify/words_of.sql
-- In which words something is told now: the clinic's own if it has some, else the platform's. FND-15.

set role app_engine;
create or replace function app_private.words_of(organization_id uuid, template_key text, channel text, locale text)
returns table (version int, clinic_template_id uuid, title text, body text)
language sql stable security definer rows 1
set search_path = ''
as $$
  select message_templates.version, own.id,
    case when own.id is null then message_templates.title else own.title end,
    coalesce(own.body, message_templates.body)
  from app_private.message_templates
  left join lateral (
    select latest.*
    from (
      select clinic_message_templates.*
      from app_public.clinic_message_templates
      where clinic_message_templates.organization_id = words_of.organization_id
        and clinic_message_templates.template_key = words_of.template_key
        and clinic_message_templates.channel = words_of.channel
        and clinic_message_templates.locale = words_of.locale
      order by clinic_message_templates.version desc
      limit 1
    ) as latest
    where latest.body is not null -- without a body it went back to the platform's words
  ) as own on true
  where message_templates.template_key = words_of.template_key
    and message_templates.channel = words_of.channel
    and message_templates.locale = words_of.locale
  order by message_templates.version desc
  limit 1
$$;

comment on function app_private.words_of is
  'The newest words for a message on a channel in a language, and which version they are.';

reset role;
-- end of source: functions/notify/words_of.sql

-- source: functions/notify/queue_messages.sql
-- Chooses the channels and queues the messages: one insert and one add_jobs, for one person or two thousand. FND-15.
-- Within a route the first channel that may be used is; what stood in the way of an earlier one is kept as a row of its
-- own, and so is a person whom no channel reaches. What a visitor causes is bounded for each mailbox (FND-35); what follows
-- a message that was told about the same request is told, too, or a calendar would keep what is over.

set role app_engine;
create or replace function app_private.queue_messages(
  organization_id uuid,
  template_key text,
  recipients app_private.message_recipient[],
  event_id uuid,
  calendar_uid uuid,
  expires_at timestamptz default null,
  route text default null,
  after_rank int default 0
) returns uuid[]
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz := app_hidden.now(); -- read once: it is asked for per row below
  v_ids uuid[];
  v_jobs graphile_worker.job_spec[];
  v_visitor_limit text := (
    select message_types.visitor_limit from app_private.message_types where message_types.key = queue_messages.template_key);
begin
  if v_visitor_limit is not null then
    -- Two requests at once count one after the other.
    perform pg_advisory_xact_lock(hashtextextended('told by visitors: ' || told.mailbox, 0))
    from (
      select distinct app_private.mailbox_of(given.address) as mailbox
      from unnest(queue_messages.recipients) as recipient
      cross join lateral (values (recipient.email), (recipient.phone)) as given (address)
      where given.address is not null
      order by 1
    ) as told;
  end if;

  with times as materialized (
    select recipient.place,
      coalesce(queue_messages.expires_at,
        least(v_now + message_types.lasts, (recipient.data ->> message_types.expires_with)::timestamptz)) as expires_at,
      coalesce(
        (recipient.data ->> 'startsAt')::timestamptz >= v_now
        and (recipient.data ->> 'startsAt')::timestamptz < v_now + message_types.urgent_within, false) as is_urgent
    from unnest(queue_messages.recipients) with ordinality
      as recipient (patient_profile_id, human_id, name, email, phone, locale, data, place)
    join app_private.message_types on message_types.key = queue_messages.template_key
  ),
  timed as materialized (
    select ways.*, times.expires_at, times.is_urgent,
      case
        when ways.obstacle is not null then ways.obstacle
        when not times.is_urgent and ways.not_before >= times.expires_at then 'expires_in_quiet_hours'
        when v_visitor_limit is not null and ways.address is not null
          and not exists (
            select from app_public.messages as earlier
            where earlier.organization_id = queue_messages.organization_id
              and earlier.calendar_uid = queue_messages.calendar_uid
              and earlier.recipient_email = ways.address
              and earlier.status not in ('skipped', 'suppressed'))
          and app_private.recipient_is_full(queue_messages.organization_id, v_visitor_limit, ways.channel, ways.address)
          then 'recipient_limit'
      end as problem
    from app_private.ways_to_reach(
      queue_messages.organization_id, queue_messages.template_key, queue_messages.recipients) as ways
    join times on times.place = ways.place
    where (queue_messages.route is null or ways.route = queue_messages.route) and ways.rank > queue_messages.after_rank
  ),
  -- Windows rather than joins: the planner expects a handful of people, and would loop over two thousand twice.
  ranked as (
    select timed.*, timed.is_reachable and timed.is_wanted as is_candidate,
      min(timed.rank) filter (where timed.is_reachable and timed.is_wanted and timed.problem is null)
        over (partition by timed.place, timed.route) as first_open
    from timed
  ),
  judged as (
    select ranked.*,
      ranked.is_candidate and (ranked.first_open is null or ranked.rank <= ranked.first_open) as is_chosen
    from ranked
  ),
  told as materialized (
    select weighed.*,
      case
        when weighed.is_chosen then weighed.problem
        when weighed.is_anyhow_reachable then 'switched_off'
        else 'unreachable'
      end as why
    from (
      select judged.*,
        bool_or(judged.is_chosen) over person as is_told,
        bool_or(judged.is_reachable) over person as is_anyhow_reachable,
        row_number() over (partition by judged.place order by judged.route = 'letter' desc, judged.rank) as nth
      from judged
      window person as (partition by judged.place)
    ) as weighed
    where weighed.is_chosen or (queue_messages.route is null and not weighed.is_told and weighed.nth = 1)
  ),
  words as materialized (
    select said.channel, said.locale, found.version, found.clinic_template_id
    from (select distinct told.channel, told.locale from told) as said
    cross join lateral app_private.words_of(
      queue_messages.organization_id, queue_messages.template_key, said.channel, said.locale) as found
  ),
  inserted as (
    insert into app_public.messages
      (organization_id, template_key, channel, route, rank, locale, template_version, clinic_template_id,
       patient_profile_id, recipient_human_id, account_id, recipient_name, recipient_email, recipient_phone, address, data,
       event_id, calendar_uid, calendar_sequence, is_urgent, not_before, expires_at, status, reason, created_at)
    select queue_messages.organization_id, queue_messages.template_key, told.channel, told.route, told.rank, told.locale,
      words.version, words.clinic_template_id, told.patient_profile_id, told.human_id, told.account_id, told.name,
      told.email, told.phone, told.address, told.data, queue_messages.event_id,
      case when told.channel = 'email' then queue_messages.calendar_uid end,
      case when told.channel = 'email' and queue_messages.calendar_uid is not null then (
        select count(*)
        from app_public.messages as earlier
        where earlier.organization_id = queue_messages.organization_id
          and earlier.calendar_uid = queue_messages.calendar_uid
          and earlier.recipient_email = told.email)
      end,
      told.is_urgent,
      case when not told.is_urgent then told.not_before end,
      told.expires_at,
      case
        when told.why is null then 'queued'
        when told.why in ('bounce', 'complaint', 'request', 'opted_out') then 'suppressed'
        else 'skipped'
      end,
      told.why,
      v_now
    from told
    join words on words.channel = told.channel and words.locale = told.locale
    on conflict do nothing
    returning id, status, messages.not_before
  )
  select coalesce(array_agg(inserted.id order by inserted.id), '{}'),
    array_agg(app_private.delivery_of(inserted.id, inserted.not_before) order by inserted.id)
      filter (where inserted.status = 'queued')
  into v_ids, v_jobs
  from inserted;

  if v_jobs is not null then
    perform graphile_worker.add_jobs(v_jobs);
  end if;
  return v_ids;
end;
$$;

comment on function app_private.queue_messages is
  'Queues what the rules allow and records what they do not; with a route and a rank only what comes after that rank. '
  'Answers the ids of the new messages.';

reset role;
-- end of source: functions/notify/queue_messages.sql

-- source: functions/notify/notify_many.sql
-- Tells many people the same thing in the transaction of its cause. FND-15.
-- Telling the same person about the same event twice tells once, so a consumer may be retried.

set role app_engine;
create or replace function app_private.notify_many(
  organization_id uuid,
  template_key text,
  recipients app_private.message_recipient[],
  data jsonb default '{}',
  event_id uuid default null,
  calendar_uid uuid default null
) returns uuid[]
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_type app_private.message_types;
  v_recipients app_private.message_recipient[];
  v_problem text;
begin
  select message_types.* into v_type
  from app_private.message_types
  where message_types.key = notify_many.template_key;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'message_template_unknown', jsonb_build_object('template', notify_many.template_key),
      'messageTexts lists the messages of the clinic.');
  end if;

  if (v_type.calendar_status is null) <> (notify_many.calendar_uid is null) then
    perform app_hidden.refuse('VALIDATION', 'message_calendar_mismatch', jsonb_build_object('template', v_type.key),
      'A message carries a calendar entry if and only if its template has one.');
  end if;

  select recipient.locale into v_problem
  from unnest(notify_many.recipients) as recipient
  where recipient.locale <> all (array['ro', 'en'])
  limit 1;
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'message_template_unknown', jsonb_build_object(
      'template', v_type.key, 'locale', v_problem), 'Messages are written in Romanian (ro) and English (en).');
  end if;

  select difference.name into v_problem
  from unnest(notify_many.recipients) as recipient
  cross join lateral (
    select given.name
    from jsonb_object_keys(coalesce(notify_many.data, '{}') || coalesce(recipient.data, '{}')) as given (name)
    where given.name <> all (v_type.variables)
    union all
    select needed.name
    from unnest(v_type.variables) as needed (name)
    where not coalesce(notify_many.data, '{}') || coalesce(recipient.data, '{}') ? needed.name
  ) as difference
  order by difference.name
  limit 1;
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'message_variables_mismatch', jsonb_build_object(
      'template', v_type.key, 'variable', v_problem), 'Give the variables of the template, each of them and no other.');
  end if;

  if exists (
    select from unnest(notify_many.recipients) as recipient
    where case
      when recipient.patient_profile_id is not null then not exists (
        select from app_public.patients
        where patients.organization_id = notify_many.organization_id
          and patients.patient_profile_id = recipient.patient_profile_id)
      when recipient.human_id is not null then not exists (
        select from app_public.humans where humans.principal_id = recipient.human_id)
      else recipient.name is null
    end
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'message_recipient_unknown', jsonb_build_object('template', v_type.key),
      'Name a person or an address to write to.');
  end if;

  select array_agg(
    row(recipient.patient_profile_id, recipient.human_id, recipient.name, recipient.email, recipient.phone,
        recipient.locale, coalesce(notify_many.data, '{}') || coalesce(recipient.data, '{}'))::app_private.message_recipient)
  into v_recipients
  from unnest(notify_many.recipients) as recipient
  where notify_many.event_id is null or not exists (
    select from app_public.messages
    where messages.organization_id = notify_many.organization_id
      and messages.event_id = notify_many.event_id
      and messages.template_key = notify_many.template_key
      and messages.recipient = coalesce(
        recipient.patient_profile_id::text, recipient.human_id::text, app_hidden.ascii_lower(recipient.email), recipient.phone, ''));

  return app_private.queue_messages(
    notify_many.organization_id, v_type.key, v_recipients, notify_many.event_id, notify_many.calendar_uid);
end;
$$;

comment on function app_private.notify_many is
  'Queues a message to each of these people over the channels that suit them; answers the ids of the new messages. '
  'An unknown message, person or language, a missing or an unknown variable is refused, and then nobody is told.';

reset role;
-- end of source: functions/notify/notify_many.sql

-- source: functions/notify/notify.sql
-- Tells one person something in the transaction of its cause. FND-15.

set role app_engine;
create or replace function app_private.notify(
  organization_id uuid,
  template_key text,
  data jsonb,
  patient_profile_id uuid default null,
  human_id uuid default null,
  name text default null,
  email text default null,
  phone text default null,
  locale text default null,
  event_id uuid default null,
  calendar_uid uuid default null
) returns uuid[]
language sql volatile security definer
set search_path = ''
as $$
  select app_private.notify_many(
    notify.organization_id,
    notify.template_key,
    array[row(notify.patient_profile_id, notify.human_id, notify.name, notify.email, notify.phone, notify.locale, null)::app_private.message_recipient],
    notify.data,
    notify.event_id,
    notify.calendar_uid)
$$;

comment on function app_private.notify is
  'Queues a message to a patient profile, to a human, or to a bare contact with a name and an address; answers the '
  'ids of its messages, one per channel. Told before about this event: none.';

reset role;
-- end of source: functions/notify/notify.sql

-- source: functions/identity/send_invitation.sql
-- The mail of an invitation, the first one or another. FND-04, FND-07, FND-15.
-- It goes to the bare address with the clinic's words and language: whether the address has an account changes nothing.
-- Three mails a day to one address from one clinic, and five for one invitation, are enough for whoever wants to come.

create or replace function app_private.send_invitation(invitation app_public.invitations, locale text default null)
returns app_public.invitations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_day_ago timestamptz := app_hidden.now() - interval '24 hours';
  v_sent timestamptz[];
  v_invitation app_public.invitations;
begin
  -- Two that write to one address at once are counted one after the other.
  perform pg_advisory_xact_lock(hashtextextended('invitation:' || invitation.organization_id || ':' || invitation.email, 0));
  select array_agg(sent.at order by sent.at) into v_sent
  from app_public.invitations
  cross join lateral unnest(invitations.sent_times) as sent (at)
  where invitations.organization_id = invitation.organization_id
    and invitations.email = invitation.email
    and sent.at > v_day_ago;
  if cardinality(v_sent) >= 3 then
    perform app_hidden.refuse(
      'RATE_LIMITED', 'invited_often',
      jsonb_build_object('field', 'email', 'retryAfterSeconds',
        ceil(extract(epoch from v_sent[cardinality(v_sent) - 2] - v_day_ago))::int),
      'This address was written to three times within a day. Try again later.');
  elsif cardinality(invitation.sent_times) >= 5 then
    perform app_hidden.refuse(
      'STATE', 'sent_often', '{}', 'This invitation was sent five times. Revoke it, and ask the person another way.');
  end if;

  update app_public.invitations
  set sent_times = invitations.sent_times || app_hidden.now(), expires_at = app_hidden.now() + interval '14 days'
  where invitations.id = invitation.id
  returning * into v_invitation;
  perform app_private.notify(
    v_invitation.organization_id, v_invitation.kind || '_invited', jsonb_build_object('invitedAddress', v_invitation.email),
    name => v_invitation.name, email => v_invitation.email, locale => send_invitation.locale);
  return v_invitation;
end;
$$;

comment on function app_private.send_invitation is
  'Queues the mail and lets the invitation last 14 days from now; RATE_LIMITED invited_often, STATE sent_often.';
grant execute on function app_private.send_invitation to app_engine;
-- end of source: functions/identity/send_invitation.sql

-- source: functions/identity/invite_member.sql
-- A clinic asks somebody to join its staff. The person accepts with an account that proved the address; until then the
-- clinic is told nothing, not even whether there is such an account. FND-04, FND-02.

set role app_engine;

create or replace function app_public.invite_member(
  organization_id uuid,
  email text,
  name text,
  role_ids uuid[],
  locale text default null
) returns app_public.invitations
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
  v_role_id uuid;
  v_invitation app_public.invitations;
begin
  perform app_private.require_permission(organization_id, 'members.manage');
  v_remembered := app_private.remembered('invite_member', jsonb_build_array(organization_id, email, name, role_ids, locale));
  if v_remembered is not null then
    return jsonb_populate_record(v_invitation, v_remembered);
  end if;

  if coalesce(cardinality(role_ids), 0) = 0 then
    perform app_hidden.refuse('VALIDATION', 'role_missing', '{"field": "roleIds"}', 'Choose at least one role.');
  end if;
  foreach v_role_id in array role_ids loop
    if not exists (
      select from app_public.roles
      where roles.organization_id = invite_member.organization_id and roles.id = v_role_id
    ) then
      perform app_hidden.refuse('VALIDATION', 'role_not_found', '{"field": "roleIds"}', 'Choose a role of this clinic.');
    end if;
    perform app_private.require_grantable(organization_id, app_private.permissions_of(organization_id, v_role_id));
  end loop;

  -- Colleagues are known to the clinic; nobody else is looked at.
  if exists (
    select
    from app_public.memberships
    join app_public.humans on humans.principal_id = memberships.human_id
    where memberships.organization_id = invite_member.organization_id
      and memberships.ended_at is null
      and humans.closed_at is null
      and humans.email = app_hidden.address_key(invite_member.email)
  ) then
    perform app_hidden.refuse('CONFLICT', 'already_a_member', '{"field": "email"}', 'This person is a member already.');
  end if;

  v_invitation := app_private.open_invitation(organization_id, 'member', email, name);
  insert into app_public.invitation_roles (organization_id, invitation_id, role_id)
  select invite_member.organization_id, v_invitation.id, role.id
  from (select distinct unnest(role_ids)) as role (id);
  v_invitation := app_private.send_invitation(v_invitation, locale);
  perform app_private.remember('invite_member', to_jsonb(v_invitation));
  return v_invitation;
end;
$$;

comment on function app_public.invite_member is
  'Invites a colleague with these roles, by mail. Needs members.manage; FORBIDDEN above_yourself for a role that allows '
  'more than you may, CONFLICT already_a_member or already_invited, STATE invitation_declined, RATE_LIMITED invited_often.';
grant execute on function app_public.invite_member to app_member;

reset role;
-- end of source: functions/identity/invite_member.sql

-- source: functions/identity/add_member.sql
-- The older name of invite_member, kept for frontends that call it. Nobody is added without being asked. FND-04.

set role app_engine;

create or replace function app_public.add_member(
  organization_id uuid,
  email text,
  display_name text,
  role_ids uuid[]
) returns app_public.memberships
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_public.invite_member(
    add_member.organization_id, add_member.email, add_member.display_name, add_member.role_ids);
  return null;
end;
$$;

comment on function app_public.add_member is
  E'@deprecated Use inviteMember.\nInvites a colleague, as inviteMember does; result is null, because nobody is a member before they accept.';
grant execute on function app_public.add_member to app_member;

reset role;
-- end of source: functions/identity/add_member.sql

-- source: functions/identity/belongs_to.sql
-- Whether a person has anything to do with a clinic: works there, is a patient there, cares for one, or runs
-- the platform. A clinic may not be named in a request otherwise. FND-04, FND-07.

create or replace function app_private.belongs_to(principal_id uuid, organization_id uuid) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select from app_public.memberships
    join app_public.organizations on organizations.id = memberships.organization_id and organizations.deleted_at is null
    where memberships.organization_id = belongs_to.organization_id
      and memberships.human_id = belongs_to.principal_id
      and memberships.ended_at is null
  ) or exists (
    select from app_public.patients
    join app_public.organizations on organizations.id = patients.organization_id and organizations.deleted_at is null
    join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
    where patients.organization_id = belongs_to.organization_id
      and patients.deleted_at is null
      and (patient_profiles.human_id = belongs_to.principal_id
           or exists (
             select from app_public.caregivers
             where caregivers.patient_profile_id = patient_profiles.id
               and caregivers.human_id = belongs_to.principal_id
               and caregivers.revoked_at is null
               and (caregivers.ends_on is null
                    or caregivers.ends_on > (app_hidden.now() at time zone 'Europe/Bucharest')::date)))
  ) or exists (
    select from app_public.principals
    where principals.id = belongs_to.principal_id and principals.platform_role = 'superadmin'
  );
end;

comment on function app_private.belongs_to is 'Staff, patient, caregiver of a patient, or platform superadmin.';
grant execute on function app_private.belongs_to to app_engine;
-- end of source: functions/identity/belongs_to.sql

-- source: functions/identity/current_colleague_ids.sql
-- Humans whom the caller sees: who works at the caller's clinics. Of who left, the membership keeps the name. FND-04.

set role app_engine;

create or replace function app_hidden.current_colleague_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(distinct memberships.human_id), '{}')
  from app_public.memberships
  where memberships.organization_id = any (app_hidden.current_staff_organization_ids())
    and memberships.ended_at is null;
end;

comment on function app_hidden.current_colleague_ids is 'Members of the caller''s clinics.';
grant execute on function app_hidden.current_colleague_ids to app_member, app_anonymous;

reset role;
-- end of source: functions/identity/current_colleague_ids.sql

-- source: functions/identity/decline_invitation.sql
-- The invited person says no; the clinic reads that and no more. FND-04, FND-07.

set role app_engine;

create or replace function app_public.decline_invitation(invitation_id uuid) returns app_public.received_invitation
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_invitation app_public.invitations := app_private.invitation_to_me(invitation_id);
begin
  update app_public.invitations set status = 'declined'
  where invitations.id = v_invitation.id
  returning * into v_invitation;
  return app_private.received_invitation_of(v_invitation);
end;
$$;

comment on function app_public.decline_invitation is
  'Says no to an invitation; the clinic cannot repeat it for 30 days. NOT_FOUND invitation_not_found, GONE invitation_is_over.';
grant execute on function app_public.decline_invitation to app_member;

reset role;
-- end of source: functions/identity/decline_invitation.sql

-- source: functions/identity/define_role.sql
-- A clinic's own role, made or changed in one statement. System roles stay as they are. FND-04.

set role app_engine;

create or replace function app_public.define_role(
  organization_id uuid,
  key text,
  name text,
  permissions text[]
) returns app_public.roles
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_role app_public.roles;
  v_unknown text;
begin
  perform app_private.require_permission(organization_id, 'roles.manage');
  -- Null would neither give nor take: an empty list says "nothing", null says nothing.
  if permissions is null then
    perform app_hidden.refuse(
      'VALIDATION', 'permissions_missing', '{"field": "permissions"}', 'Say what the role allows; an empty list is an answer.');
  end if;

  select asked.permission into v_unknown
  from unnest(permissions) as asked (permission)
  where not exists (select from app_public.permissions as known where known.name = asked.permission)
  limit 1;
  if found then
    perform app_hidden.refuse(
      'VALIDATION', 'permission_unknown', jsonb_build_object('field', 'permissions', 'permission', v_unknown),
      'Choose from the list of permissions.');
  end if;
  perform app_private.require_grantable(organization_id, permissions);

  insert into app_public.roles (organization_id, key, name)
  values (define_role.organization_id, define_role.key, define_role.name)
  on conflict on constraint roles_key_is_unique_per_organization do update set name = excluded.name
    where roles.system_role_key is null
  returning * into v_role;
  if not found then
    perform app_hidden.refuse('IMMUTABLE', 'system_role', '{"field": "key"}', 'Choose another key: this one is a system role.');
  end if;
  perform app_private.require_grantable(organization_id, app_private.permissions_of(v_role.organization_id, v_role.id));

  delete from app_public.role_permissions
  where role_permissions.organization_id = v_role.organization_id
    and role_permissions.role_id = v_role.id
    and role_permissions.permission <> all (permissions);
  insert into app_public.role_permissions (organization_id, role_id, permission)
  select v_role.organization_id, v_role.id, asked.permission
  from unnest(permissions) as asked (permission)
  on conflict do nothing;
  return v_role;
end;
$$;

comment on function app_public.define_role is
  'Makes or changes a clinic''s own role. Needs roles.manage and every permission named; IMMUTABLE for system roles.';
grant execute on function app_public.define_role to app_member;

reset role;
-- end of source: functions/identity/define_role.sql

-- source: functions/identity/end_identity.sql
-- The provider deleted a sign-in. Its sessions are over; the account is closed when no other sign-in leads to it.
-- FND-03, FND-25.
-- Told before the first sign-in, it leaves a mark, so that a token of the last minute makes no human.

set role app_engine;

create or replace function app_hidden.end_identity(issuer text, subject text) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_identity app_private.identities;
begin
  select identities.* into v_identity
  from app_private.identities
  where identities.issuer = end_identity.issuer and identities.subject = end_identity.subject;
  -- Two sign-ins of one account that end at once queue here, so that the second closes it; so does a first sign-in that
  -- finds the account by its address (human_by_email), so that nobody is linked with one that closes.
  perform from app_public.humans where humans.principal_id = v_identity.principal_id for no key update;

  insert into app_private.identities (issuer, subject, ended_at)
  values (end_identity.issuer, end_identity.subject, app_hidden.now())
  on conflict on constraint identities_pkey do update set ended_at = excluded.ended_at
    where identities.ended_at is null
  returning * into v_identity;
  if not found then
    return 'unchanged';
  end if;

  update app_public.principals set disabled_at = app_hidden.now()
  where principals.id = v_identity.principal_id
    and principals.disabled_at is null
    and not exists (
      select from app_private.identities
      where identities.principal_id = v_identity.principal_id and identities.ended_at is null);
  -- Whoever was banned, or switched off before, does not come back under the same address.
  if found then
    update app_public.humans set closed_at = app_hidden.now()
    where humans.principal_id = v_identity.principal_id
      and not exists (
        select from app_private.identities
        where identities.principal_id = v_identity.principal_id and identities.banned_at is not null);
  end if;
  return 'applied';
end;
$$;

comment on function app_hidden.end_identity is
  'Ends a sign-in for good, and closes the account that has no other. Whoever signs up anew with the same address gets a '
  'new account; of an account that was banned or switched off before, the address stays closed.';
grant execute on function app_hidden.end_identity to app_authenticator, app_worker;

reset role;
-- end of source: functions/identity/end_identity.sql

-- source: functions/identity/locked_membership.sql
-- The membership a verb is about, locked, for callers of the same clinic. FND-04.

create or replace function app_private.locked_membership(membership_id uuid) returns app_public.memberships
language plpgsql volatile
set search_path = ''
as $$
declare
  v_membership app_public.memberships;
begin
  select memberships.* into v_membership
  from app_public.memberships
  where memberships.id = membership_id
    and memberships.ended_at is null
    and memberships.organization_id = any (app_hidden.current_staff_organization_ids())
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'membership_not_found', '{}', 'There is no such member at your clinic.');
  end if;
  return v_membership;
end;
$$;

comment on function app_private.locked_membership is 'An active membership at one of the caller''s clinics, locked; NOT_FOUND otherwise.';
grant execute on function app_private.locked_membership to app_engine;
-- end of source: functions/identity/locked_membership.sql

-- source: functions/identity/require_another_owner.sql
-- The last owner cannot leave. Two owners leaving at once queue on the clinic's row, so one stays. FND-04.

create or replace function app_private.require_another_owner(organization_id uuid, leaving_membership_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.organizations where organizations.id = require_another_owner.organization_id for no key update;
  if exists (
    select
    from app_public.membership_roles
    join app_public.roles on roles.organization_id = membership_roles.organization_id and roles.id = membership_roles.role_id
    join app_public.memberships
      on memberships.organization_id = membership_roles.organization_id and memberships.id = membership_roles.membership_id
    join app_public.principals on principals.id = memberships.human_id and principals.disabled_at is null
    where membership_roles.organization_id = require_another_owner.organization_id
      and roles.system_role_key = 'owner'
      and memberships.ended_at is null
      and memberships.id <> leaving_membership_id
  ) then
    return;
  end if;
  perform app_hidden.refuse('STATE', 'last_owner', '{}', 'Name another owner first.');
end;
$$;

comment on function app_private.require_another_owner is
  'Refuses with STATE last_owner when no other active owner would remain. Locks the clinic''s row.';
grant execute on function app_private.require_another_owner to app_engine;
-- end of source: functions/identity/require_another_owner.sql

-- source: functions/identity/end_membership.sql
-- A member leaves, or is let go; the last owner cannot. Appointments and history stay. FND-04.

set role app_engine;

create or replace function app_public.end_membership(membership_id uuid) returns app_public.memberships
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_membership app_public.memberships := app_private.locked_membership(membership_id);
  v_permissions text[];
  v_is_owner boolean;
begin
  select coalesce(array_agg(distinct role_permissions.permission), '{}'), coalesce(bool_or(roles.system_role_key = 'owner'), false)
  into v_permissions, v_is_owner
  from app_public.membership_roles
  join app_public.roles on roles.organization_id = membership_roles.organization_id and roles.id = membership_roles.role_id
  left join app_public.role_permissions
    on role_permissions.organization_id = roles.organization_id and role_permissions.role_id = roles.id
  where membership_roles.organization_id = v_membership.organization_id
    and membership_roles.membership_id = v_membership.id;

  if v_membership.human_id is distinct from app_hidden.current_principal_id() then
    perform app_private.require_permission(v_membership.organization_id, 'members.manage');
    perform app_private.require_grantable(v_membership.organization_id, array_remove(v_permissions, null));
  end if;
  if v_is_owner then
    perform app_private.require_another_owner(v_membership.organization_id, v_membership.id);
  end if;

  update app_public.memberships set ended_at = app_hidden.now()
  where memberships.organization_id = v_membership.organization_id and memberships.id = v_membership.id
  returning * into v_membership;
  return v_membership;
end;
$$;

comment on function app_public.end_membership is
  'Ends a membership: one''s own, or a colleague''s with members.manage. STATE last_owner when nobody else owns the clinic.';
grant execute on function app_public.end_membership to app_member;

reset role;
-- end of source: functions/identity/end_membership.sql

-- source: functions/identity/end_provider_membership.sql
-- Somebody left an organization at the provider that stands for a clinic here. FND-25, FND-04.
-- The last owner stays: a clinic nobody can run any more helps nobody, and the platform sees the outcome.

set role app_engine;

create or replace function app_hidden.end_provider_membership(
  issuer text,
  provider_org_id text,
  subject text,
  happened_at timestamptz
) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_membership app_public.memberships;
begin
  select memberships.* into v_membership
  from app_private.provider_organizations
  join app_private.identities
    on identities.issuer = provider_organizations.issuer and identities.subject = end_provider_membership.subject
  join app_public.memberships
    on memberships.organization_id = provider_organizations.organization_id
   and memberships.human_id = identities.principal_id
  where provider_organizations.issuer = end_provider_membership.issuer
    and provider_organizations.provider_org_id = end_provider_membership.provider_org_id
  for update of memberships;
  if not found then
    return 'ignored';
  end if;
  if v_membership.ended_at is not null then
    return 'unchanged';
  end if;
  -- Came back to the clinic after leaving there: what is told now is older than that.
  if v_membership.updated_at > happened_at then
    return 'stale';
  end if;

  if exists (
    select
    from app_public.membership_roles
    join app_public.roles on roles.organization_id = membership_roles.organization_id and roles.id = membership_roles.role_id
    where membership_roles.organization_id = v_membership.organization_id
      and membership_roles.membership_id = v_membership.id
      and roles.system_role_key = 'owner'
  ) then
    begin
      perform app_private.require_another_owner(v_membership.organization_id, v_membership.id);
    exception when sqlstate 'RX412' then
      return 'last_owner';
    end;
  end if;

  update app_public.memberships set ended_at = app_hidden.now()
  where memberships.organization_id = v_membership.organization_id and memberships.id = v_membership.id;
  return 'applied';
end;
$$;

comment on function app_hidden.end_provider_membership is
  'Ends the membership of whoever left the provider''s organization: ignored when it stands for no clinic or the person is '
  'no member, stale when they came back since, last_owner when nobody else owns the clinic.';
grant execute on function app_hidden.end_provider_membership to app_authenticator, app_worker;

reset role;
-- end of source: functions/identity/end_provider_membership.sql

-- source: functions/identity/end_session.sql
-- A session is over before its token is: signed out, revoked, ended. FND-03, FND-25.
-- It may be told before the session was ever seen here, and more than once.

set role app_engine;

create or replace function app_hidden.end_session(session_id text) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  insert into app_private.revoked_sessions (session_id, revoked_at)
  values (end_session.session_id, app_hidden.now())
  on conflict on constraint revoked_sessions_pkey do nothing;
  return case when found then 'applied' else 'unchanged' end;
end;
$$;

comment on function app_hidden.end_session is 'Ends a session at once; its token opens nothing any more.';
grant execute on function app_hidden.end_session to app_authenticator, app_worker;

reset role;
-- end of source: functions/identity/end_session.sql

-- source: functions/identity/human_by_email.sql
-- Finds or makes a human. Caregivers and a clinic's first owner may be named before they ever sign in. FND-02.
-- An account that was closed has let go of its address: whoever owns the address now is somebody new.

create or replace function app_private.human_by_email(email text, display_name text, locale text) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_email text := app_hidden.address_key(human_by_email.email);
  v_id uuid;
begin
  -- Two who name the same person at the same moment: the second finds what the first made.
  perform pg_advisory_xact_lock(hashtextextended('human:' || v_email, 0));
  select humans.principal_id into v_id
  from app_public.humans
  where humans.email = v_email and humans.provider_org_id is null and humans.closed_at is null
  -- An account that is being closed at this moment is waited for, and then it is none of these any more.
  for no key update;
  if found then
    return v_id;
  end if;

  insert into app_public.principals (kind) values ('human') returning id into v_id;
  insert into app_public.humans (principal_id, email, display_name, locale)
  values (v_id, v_email,
          coalesce(nullif(btrim(human_by_email.display_name), ''), split_part(v_email, '@', 1)),
          case when human_by_email.locale in ('ro', 'en') then human_by_email.locale else 'ro' end);
  return v_id;
end;
$$;

comment on function app_private.human_by_email is 'The human with this email, made if there is none.';
grant execute on function app_private.human_by_email to app_engine;
-- end of source: functions/identity/human_by_email.sql

-- source: functions/identity/first_sign_in.sql
-- Links a sign-in with a human, once, whoever comes twice at the same moment. FND-03.
-- Only a verified email proves who somebody is. An unverified one makes no human either: whoever came first with
-- somebody else's address would share the account with its owner, or be given what a clinic means for that owner.

create or replace function app_private.first_sign_in(
  issuer text,
  subject text,
  email text,
  email_verified boolean,
  display_name text,
  locale text
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_email text := app_hidden.address_key(first_sign_in.email);
  -- The provider lets people call themselves anything; ours is one line of text, and no reason to turn them away.
  v_name text := btrim(regexp_replace(first_sign_in.display_name, '[[:cntrl:]]+', ' ', 'g'));
  v_principal_id uuid;
begin
  if coalesce(v_email, '') = '' then
    perform app_hidden.refuse('UNAUTHENTICATED', 'email_missing', '{"claim": "email"}',
      'The sign-in must carry an email address: the session token lacks the claim email (docs/guides/sign_in.md).');
  end if;
  perform pg_advisory_xact_lock(hashtextextended('sign_in:' || v_email, 0));

  select identities.principal_id into v_principal_id
  from app_private.identities
  where identities.issuer = first_sign_in.issuer and identities.subject = first_sign_in.subject
    and identities.principal_id is not null;
  if found then
    return v_principal_id;
  end if;

  if email_verified is null then
    perform app_hidden.refuse('UNAUTHENTICATED', 'email_verified_missing', '{"claim": "email_verified"}',
      'The sign-in must say whether the address is verified: the session token lacks the claim email_verified (docs/guides/sign_in.md).');
  elsif not email_verified then
    perform app_hidden.refuse('UNAUTHENTICATED', 'email_not_verified', '{}', 'Verify your email address, then sign in again.');
  end if;

  v_principal_id := app_private.human_by_email(v_email, left(v_email, 200), locale);
  -- Whoever is new, or was named before they came, is called from now on as they call themselves, if that can be read.
  update app_public.humans
  set email_verified_at = app_hidden.now(),
      display_name = case when v_name ~ '[[:alnum:]]' then left(v_name, 200) else humans.display_name end,
      locale = case when first_sign_in.locale in ('ro', 'en') then first_sign_in.locale else humans.locale end
  where humans.principal_id = v_principal_id and humans.email_verified_at is null;
  insert into app_private.identities (issuer, subject, principal_id, provider_name, provider_locale)
  values (first_sign_in.issuer, first_sign_in.subject, v_principal_id, left(v_name, 200), left(app_hidden.ascii_lower(first_sign_in.locale), 2))
  on conflict on constraint identities_pkey do nothing;
  if not found then
    -- The provider deleted the sign-in while it came in for the first time.
    perform app_hidden.refuse('UNAUTHENTICATED', 'account_disabled', '{}', 'This account is closed. Ask the clinic.');
  end if;
  return v_principal_id;
end;
$$;

comment on function app_private.first_sign_in is 'Links or creates the human of a sign-in that was never seen before.';
grant execute on function app_private.first_sign_in to app_engine;
-- end of source: functions/identity/first_sign_in.sql

-- source: functions/identity/give_role.sql
-- Gives a role that exists at the clinic and allows no more than the giver may. FND-04.

create or replace function app_private.give_role(organization_id uuid, membership_id uuid, role_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if not exists (
    select from app_public.roles
    where roles.organization_id = give_role.organization_id and roles.id = give_role.role_id
  ) then
    perform app_hidden.refuse('VALIDATION', 'role_not_found', '{"field": "roleId"}', 'Choose a role of this clinic.');
  end if;
  perform app_private.require_grantable(organization_id, app_private.permissions_of(organization_id, role_id));
  insert into app_public.membership_roles (organization_id, membership_id, role_id, granted_by)
  values (give_role.organization_id, give_role.membership_id, give_role.role_id, app_private.current_actor_id())
  on conflict do nothing;
end;
$$;

comment on function app_private.give_role is 'Gives a role to a member; FORBIDDEN above_yourself, VALIDATION role_not_found.';
grant execute on function app_private.give_role to app_engine;
-- end of source: functions/identity/give_role.sql

-- source: functions/identity/grant_role.sql
-- A member is given one more role. FND-04.

set role app_engine;

create or replace function app_public.grant_role(membership_id uuid, role_id uuid) returns app_public.memberships
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_membership app_public.memberships := app_private.locked_membership(membership_id);
begin
  perform app_private.require_permission(v_membership.organization_id, 'members.manage');
  perform app_private.give_role(v_membership.organization_id, v_membership.id, grant_role.role_id);
  return v_membership;
end;
$$;

comment on function app_public.grant_role is
  'Gives a member a role. Needs members.manage and every permission of that role.';
grant execute on function app_public.grant_role to app_member;

reset role;
-- end of source: functions/identity/grant_role.sql

-- source: functions/identity/locked_invitation.sql
-- An open invitation that a verb of the clinic is about, locked. FND-04, FND-07.

create or replace function app_private.locked_invitation(invitation_id uuid) returns app_public.invitations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_invitation app_public.invitations;
begin
  select invitations.* into v_invitation
  from app_public.invitations
  where invitations.id = invitation_id
    and invitations.organization_id = any (app_hidden.current_staff_organization_ids())
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'invitation_not_found', '{}', 'There is no such invitation.');
  end if;
  perform app_private.require_permission(
    v_invitation.organization_id, case v_invitation.kind when 'member' then 'members.manage' else 'patients.manage' end);
  if v_invitation.status <> 'open' then
    perform app_hidden.refuse(
      'STATE', 'invitation_is_over', jsonb_build_object('status', v_invitation.status), 'This invitation is over.');
  end if;
  return v_invitation;
end;
$$;

comment on function app_private.locked_invitation is
  'An open invitation of the caller''s clinic, locked, for whoever may invite such people; NOT_FOUND, FORBIDDEN or STATE otherwise.';
grant execute on function app_private.locked_invitation to app_engine;
-- end of source: functions/identity/locked_invitation.sql

-- source: functions/identity/map_provider_organization.sql
-- Says which clinic an organization of the identity provider is. FND-25.

set role app_engine;

create or replace function app_public.map_provider_organization(organization_id uuid, issuer text, provider_org_id text)
returns app_public.organizations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_organization app_public.organizations;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Only the platform maps clinics.');
  end if;
  select organizations.* into v_organization
  from app_public.organizations
  where organizations.id = map_provider_organization.organization_id and organizations.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'organization_not_found', '{}', 'There is no such clinic.');
  end if;

  insert into app_private.provider_organizations (organization_id, issuer, provider_org_id, mapped_at)
  values (v_organization.id, map_provider_organization.issuer, map_provider_organization.provider_org_id, app_hidden.now())
  on conflict on constraint provider_organizations_clinic_is_mapped_once do update
    set issuer = excluded.issuer, provider_org_id = excluded.provider_org_id, mapped_at = excluded.mapped_at;
  return v_organization;
end;
$$;

comment on function app_public.map_provider_organization is
  'Maps an organization of the identity provider to a clinic: who leaves it there leaves the clinic. Superadmin only; '
  'CONFLICT when it stands for another clinic.';
grant execute on function app_public.map_provider_organization to app_member;

reset role;
-- end of source: functions/identity/map_provider_organization.sql

-- source: functions/identity/me.sql
-- Who am I: the first thing a frontend asks. FND-03.
-- A whole row of humans asks for every column, and members may not read them all.

set role app_engine;

create or replace function app_public.me() returns app_public.humans
language sql stable security definer
set search_path = ''
begin atomic
  select humans from app_public.humans where humans.principal_id = app_hidden.current_account_id();
end;

comment on function app_public.me is 'The signed-in human. UNAUTHENTICATED for a visitor, as everything that asks for somebody known.';
grant execute on function app_public.me to app_member;

reset role;
-- end of source: functions/identity/me.sql

-- source: functions/identity/my_invitations.sql
-- What clinics ask of the caller: open invitations to the address that the caller proved. FND-04, FND-07.

set role app_engine;

create or replace function app_public.my_invitations() returns setof app_public.received_invitation
language sql stable security definer
set search_path = ''
begin atomic
  select (app_private.received_invitation_of(invitations)).*
  from app_public.humans
  join app_public.invitations on invitations.email = humans.email
  join app_public.organizations on organizations.id = invitations.organization_id and organizations.deleted_at is null
  where humans.principal_id = app_hidden.current_account_id()
    and humans.email_verified_at is not null
    and invitations.status = 'open'
    and invitations.expires_at > app_hidden.now()
  order by invitations.id;
end;

comment on function app_public.my_invitations is
  'Invitations to the caller''s verified address that can be accepted; none for a visitor.';
grant execute on function app_public.my_invitations to app_member;

reset role;
-- end of source: functions/identity/my_invitations.sql

-- source: functions/identity/my_permissions.sql
-- What the caller may do at a clinic, so that a frontend shows what works. FND-04.

create or replace function app_public.my_permissions(organization_id uuid) returns setof text
language sql stable strict
set search_path = ''
begin atomic
  select distinct role_permissions.permission
  from app_public.memberships
  join app_public.membership_roles
    on membership_roles.organization_id = memberships.organization_id
   and membership_roles.membership_id = memberships.id
  join app_public.role_permissions
    on role_permissions.organization_id = membership_roles.organization_id
   and role_permissions.role_id = membership_roles.role_id
  where memberships.organization_id = my_permissions.organization_id
    and memberships.human_id = app_hidden.current_principal_id()
    and memberships.ended_at is null
  order by 1;
end;

comment on function app_public.my_permissions is 'Names of the permissions the caller holds at this clinic.';
grant execute on function app_public.my_permissions to app_member;
-- end of source: functions/identity/my_permissions.sql

-- source: functions/identity/resend_invitation.sql
-- The mail of an open invitation once more, and another 14 days. FND-04, FND-07.

set role app_engine;

create or replace function app_public.resend_invitation(invitation_id uuid) returns app_public.invitations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_invitation app_public.invitations := app_private.locked_invitation(invitation_id);
  v_remembered jsonb := app_private.remembered('resend_invitation', to_jsonb(invitation_id));
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_invitation, v_remembered);
  end if;
  v_invitation := app_private.send_invitation(
    v_invitation,
    (select patient_profiles.locale from app_public.patient_profiles where patient_profiles.id = v_invitation.patient_profile_id));
  perform app_private.remember('resend_invitation', to_jsonb(v_invitation));
  return v_invitation;
end;
$$;

comment on function app_public.resend_invitation is
  'Sends an open invitation again. Needs the permission to invite; RATE_LIMITED invited_often, STATE sent_often or invitation_is_over.';
grant execute on function app_public.resend_invitation to app_member;

reset role;
-- end of source: functions/identity/resend_invitation.sql

-- source: functions/identity/revoke_invitation.sql
-- The clinic takes an invitation back. Whoever accepts at the same moment comes before or after, never both. FND-04, FND-07.

set role app_engine;

create or replace function app_public.revoke_invitation(invitation_id uuid) returns app_public.invitations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_invitation app_public.invitations := app_private.locked_invitation(invitation_id);
begin
  update app_public.invitations set status = 'revoked'
  where invitations.id = v_invitation.id
  returning * into v_invitation;
  return v_invitation;
end;
$$;

comment on function app_public.revoke_invitation is
  'Takes back an open invitation. Needs members.manage, or patients.manage for a patient; STATE invitation_is_over.';
grant execute on function app_public.revoke_invitation to app_member;

reset role;
-- end of source: functions/identity/revoke_invitation.sql

-- source: functions/identity/revoke_role.sql
-- A role is taken away again; the last owner keeps theirs. FND-04.

set role app_engine;

create or replace function app_public.revoke_role(membership_id uuid, role_id uuid) returns app_public.memberships
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_membership app_public.memberships := app_private.locked_membership(membership_id);
begin
  perform app_private.require_permission(v_membership.organization_id, 'members.manage');
  perform app_private.require_grantable(
    v_membership.organization_id, app_private.permissions_of(v_membership.organization_id, revoke_role.role_id));
  if exists (
    select from app_public.roles
    where roles.organization_id = v_membership.organization_id
      and roles.id = revoke_role.role_id
      and roles.system_role_key = 'owner'
  ) then
    perform app_private.require_another_owner(v_membership.organization_id, v_membership.id);
  end if;

  delete from app_public.membership_roles
  where membership_roles.organization_id = v_membership.organization_id
    and membership_roles.membership_id = v_membership.id
    and membership_roles.role_id = revoke_role.role_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'role_not_held', '{}', 'This member does not hold that role.');
  end if;
  return v_membership;
end;
$$;

comment on function app_public.revoke_role is
  'Takes a role from a member. Needs members.manage and every permission of that role; STATE last_owner.';
grant execute on function app_public.revoke_role to app_member;

reset role;
-- end of source: functions/identity/revoke_role.sql

-- source: functions/identity/sessions_over.sql
-- Which of the sessions that are open somewhere (sockets) no longer stand: the questions of sign_in, asked of all of
-- them in one query. FND-03.

set role app_engine;

create or replace function app_hidden.sessions_over(
  issuers text[],
  subjects text[],
  session_ids text[],
  organization_ids uuid[]
) returns table (place int, reason text)
language sql stable strict security definer
set search_path = ''
as $$
  select judged.place::int, judged.reason
  from (
    select
      open.place,
      case
        when exists (select from app_private.revoked_sessions where revoked_sessions.session_id = open.session_id)
          then 'session_revoked'
        when principals.id is null or principals.disabled_at is not null
             or identities.ended_at is not null or identities.banned_at is not null
          then 'account_disabled'
        when open.organization_id is not null and not app_private.belongs_to(principals.id, open.organization_id)
          then 'not_of_this_clinic'
      end as reason
    from unnest(issuers, subjects, session_ids, organization_ids) with ordinality
      as open (issuer, subject, session_id, organization_id, place)
    left join app_private.identities on identities.issuer = open.issuer and identities.subject = open.subject
    left join app_public.principals on principals.id = identities.principal_id
  ) as judged
  where judged.reason is not null
$$;

comment on function app_hidden.sessions_over is
  'Of sessions given as columns (the clinic may be null), the places, from 1, of those that are over, and why.';
grant execute on function app_hidden.sessions_over to app_authenticator;

reset role;
-- end of source: functions/identity/sessions_over.sql

-- source: functions/identity/sign_in.sql
-- The session check of every request: whom the verified token means, whether the session still stands, and
-- whether the person belongs to the clinic the request names. FND-03, FND-02, FND-04.
-- A first sign-in links the human with that verified email, or creates one.

set role app_engine;

create or replace function app_hidden.sign_in(
  issuer text,
  subject text,
  session_id text,
  email text,
  email_verified boolean,
  display_name text,
  locale text,
  organization_id uuid
) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_principal_id uuid;
  v_is_over boolean;
begin
  if exists (select from app_private.revoked_sessions where revoked_sessions.session_id = sign_in.session_id) then
    perform app_hidden.refuse('UNAUTHENTICATED', 'session_revoked', '{}', 'Sign in again.');
  end if;

  select identities.principal_id, coalesce(identities.ended_at, identities.banned_at) is not null
  into v_principal_id, v_is_over
  from app_private.identities
  where identities.issuer = sign_in.issuer and identities.subject = sign_in.subject;

  if not found then
    v_principal_id := app_private.first_sign_in(issuer, subject, email, email_verified, display_name, locale);
  end if;

  if v_is_over or exists (select from app_public.principals where id = v_principal_id and disabled_at is not null) then
    perform app_hidden.refuse('UNAUTHENTICATED', 'account_disabled', '{}', 'This account is closed. Ask the clinic.');
  end if;

  if sign_in.organization_id is not null and not app_private.belongs_to(v_principal_id, sign_in.organization_id) then
    perform app_hidden.refuse(
      'FORBIDDEN', 'not_of_this_clinic', '{}', 'You are neither staff nor patient of the clinic in X-Organization.');
  end if;

  return v_principal_id;
end;
$$;

comment on function app_hidden.sign_in is
  'The principal behind a verified token. Refuses with UNAUTHENTICATED (session_revoked, account_disabled, '
  'email_missing, email_verified_missing, email_not_verified) or FORBIDDEN (not_of_this_clinic).';
grant execute on function app_hidden.sign_in to app_authenticator;

reset role;
-- end of source: functions/identity/sign_in.sql

-- source: functions/identity/tg_memberships__name.sql
-- Whoever leaves a clinic is seen there no more; what they did stays, and so does the name they did it under. FND-04.

set role app_engine;

create or replace function app_private.tg_memberships__name() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  new.member_name := case when new.ended_at is not null then coalesce(
    old.member_name,
    (select humans.display_name from app_public.humans where humans.principal_id = new.human_id)) end;
  return new;
end;
$$;

comment on function app_private.tg_memberships__name is
  'Keeps the name of a member who leaves, and drops it when they come back. Trigger _300_name.';

reset role;

create or replace trigger _300_name before insert or update of ended_at on app_public.memberships
  for each row execute function app_private.tg_memberships__name();
-- end of source: functions/identity/tg_memberships__name.sql

-- source: functions/identity/tg_organizations__roles.sql
-- A new clinic has its roles in the same transaction, whoever creates it. FND-04.

set role app_engine;

create or replace function app_private.tg_organizations__roles() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into app_public.roles (organization_id, key, name, system_role_key)
  select new.id, system_roles.key, case new.locale when 'ro' then system_roles.name_ro else system_roles.name end, system_roles.key
  from app_public.system_roles;

  insert into app_public.role_permissions (organization_id, role_id, permission)
  select roles.organization_id, roles.id, system_role_permissions.permission
  from app_public.roles
  join app_public.system_role_permissions on system_role_permissions.role_key = roles.system_role_key
  where roles.organization_id = new.id;
  return new;
end;
$$;

comment on function app_private.tg_organizations__roles is 'Copies the system roles into a new clinic. Trigger _500_roles.';

reset role;

create or replace trigger _500_roles after insert on app_public.organizations
  for each row execute function app_private.tg_organizations__roles();
-- end of source: functions/identity/tg_organizations__roles.sql

-- source: functions/identity/tg_sessions__announce.sql
-- Tells the servers that a session or an account is over, by its id, so that open sockets close at once. FND-03.
-- Seldom enough for NOTIFY, which makes commits queue; the servers also ask every few seconds.

create or replace function app_private.tg_sessions__announce() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform pg_notify('sessions', json_build_object(
    'sessionId', to_jsonb(new) ->> 'session_id',
    'principalId', coalesce(to_jsonb(new) ->> 'principal_id', to_jsonb(new) ->> 'id'))::text);
  return null;
end;
$$;

comment on function app_private.tg_sessions__announce is 'Notifies the channel sessions with ids only.';

create or replace trigger _900_announce after insert on app_private.revoked_sessions
  for each row execute function app_private.tg_sessions__announce();

create or replace trigger _900_announce after update of disabled_at on app_public.principals
  for each row when (new.disabled_at is not null) execute function app_private.tg_sessions__announce();

create or replace trigger _900_announce after update of ended_at, banned_at on app_private.identities
  for each row when (new.ended_at is not null or new.banned_at is not null)
  execute function app_private.tg_sessions__announce();
-- end of source: functions/identity/tg_sessions__announce.sql

-- source: functions/identity/update_identity.sql
-- The provider tells how a person is called and reached now. FND-25, FND-03.
-- Nobody is made: a human begins with a first sign-in, and only on a verified address (first_sign_in). Changes come in
-- any order, so the provider's own time decides. An address that another human has is not taken from them.

set role app_engine;

create or replace function app_hidden.update_identity(
  issuer text,
  subject text,
  changed_at timestamptz,
  email text,
  email_verified boolean,
  display_name text,
  locale text,
  is_banned boolean
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_identity app_private.identities;
  v_email text := app_hidden.address_key(update_identity.email);
  v_name text := left(btrim(regexp_replace(update_identity.display_name, '[[:cntrl:]]+', ' ', 'g')), 200);
  v_locale text := left(app_hidden.ascii_lower(update_identity.locale), 2);
  v_is_taken boolean := false;
begin
  select identities.* into v_identity
  from app_private.identities
  where identities.issuer = update_identity.issuer and identities.subject = update_identity.subject
  for update;
  if not found or v_identity.ended_at is not null then
    return 'ignored';
  end if;
  if update_identity.changed_at <= v_identity.provider_changed_at then
    return 'stale';
  end if;

  update app_private.identities
  set provider_changed_at = update_identity.changed_at,
      provider_name = coalesce(nullif(v_name, ''), provider_name),
      provider_locale = coalesce(v_locale, provider_locale),
      banned_at = case when is_banned then coalesce(banned_at, app_hidden.now()) end
  where identities.issuer = update_identity.issuer and identities.subject = update_identity.subject;

  -- What the provider did not change stays as the person set it here.
  update app_public.humans
  set display_name = case when v_name <> v_identity.provider_name and v_name ~ '[[:alnum:]]' then v_name else humans.display_name end,
      locale = case when v_locale <> v_identity.provider_locale and v_locale in ('ro', 'en') then v_locale else humans.locale end
  where humans.principal_id = v_identity.principal_id
    and (v_name <> v_identity.provider_name or v_locale <> v_identity.provider_locale);

  if email_verified and v_email <> '' then
    -- Whoever names or signs in the same address at this moment is waited for.
    perform pg_advisory_xact_lock(hashtextextended('human:' || v_email, 0));
    v_is_taken := exists (
      select
      from app_public.humans as other
      join app_public.humans as own on own.principal_id = v_identity.principal_id
      where other.email = v_email
        and other.provider_org_id is not distinct from own.provider_org_id
        and other.closed_at is null
        and other.principal_id <> own.principal_id);
    begin
      update app_public.humans set email = v_email, email_verified_at = app_hidden.now()
      where humans.principal_id = v_identity.principal_id
        and not v_is_taken
        and (humans.email <> v_email or humans.email_verified_at is null);
    exception when check_violation then
      -- Whoever is banned under an address that we do not take is banned all the same.
      return 'email_not_usable';
    end;
  end if;
  return case when v_is_taken then 'email_conflict' else 'applied' end;
end;
$$;

comment on function app_hidden.update_identity is
  'Brings a human in line with the provider: a verified address unless another human has it (email_conflict) or it is none '
  'of ours (email_not_usable), name and language where the provider changed them, banned or not. ignored when the sign-in '
  'is unknown here, stale when a newer change was applied.';
grant execute on function app_hidden.update_identity to app_authenticator, app_worker;

reset role;
-- end of source: functions/identity/update_identity.sql

-- source: functions/limits/forget_spent_allowances.sql
-- An allowance that is full again need not be known. FND-27.

set role app_engine;

create or replace function app_private.forget_spent_allowances() returns void
language sql volatile security definer
set search_path = ''
as $$
  delete from app_private.spent_allowances
  where key_digest = any (array(
    select past.key_digest from app_private.spent_allowances as past
    where past.spent_until < statement_timestamp()
    for update skip locked))
$$;

comment on function app_private.forget_spent_allowances is 'Forgets callers whose allowance is full again.';

grant execute on function app_private.forget_spent_allowances to app_worker;

reset role;
-- end of source: functions/limits/forget_spent_allowances.sql

-- source: functions/limits/share_spending.sql
-- Servers count requests in memory and tell each other, once a second, who has spent much. FND-27.
-- One statement for all callers of that second; sorted, so that two servers never wait for each other in a circle.

set role app_engine;

create or replace function app_hidden.share_spending(keys bytea[], spent_ms int[])
returns table (key bytea, ahead_ms int)
language sql volatile security definer
set search_path = ''
as $$
  insert into app_private.spent_allowances as known (key_digest, spent_until)
  select spending.key, statement_timestamp() + spending.ms * interval '1 millisecond'
  from unnest(keys, spent_ms) as spending (key, ms)
  order by spending.key
  on conflict on constraint spent_allowances_pkey do update
    -- Nobody is locked out for longer than an hour, whatever the servers add up.
    set spent_until = least(
      greatest(known.spent_until, statement_timestamp()) + (excluded.spent_until - statement_timestamp()),
      statement_timestamp() + interval '1 hour')
  returning known.key_digest, (extract(epoch from known.spent_until - statement_timestamp()) * 1000)::int
$$;

comment on function app_hidden.share_spending is
  'Adds what this server''s callers have spent, in milliseconds of their allowance, and answers with how far ahead of '
  'time each now is on all servers together.';

grant execute on function app_hidden.share_spending to app_authenticator;

reset role;
-- end of source: functions/limits/share_spending.sql

-- source: functions/notify/add_clinic_template.sql
-- The next version of a clinic's words. FND-15.

create or replace function app_private.add_clinic_template(
  organization_id uuid,
  template_key text,
  channel text,
  locale text,
  title text,
  body text
) returns app_public.clinic_message_templates
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_template app_public.clinic_message_templates;
begin
  -- Two people who edit at once get two versions, not one error.
  perform pg_advisory_xact_lock(hashtextextended(
    concat_ws(':', 'clinic template', add_clinic_template.organization_id, add_clinic_template.template_key,
              add_clinic_template.channel, add_clinic_template.locale), 0));
  insert into app_public.clinic_message_templates
    (organization_id, template_key, channel, locale, version, title, body, created_by, created_at)
  select add_clinic_template.organization_id, add_clinic_template.template_key, add_clinic_template.channel,
    add_clinic_template.locale, 1 + coalesce(max(version), 0), add_clinic_template.title, add_clinic_template.body,
    app_hidden.current_principal_id(), app_hidden.now()
  from app_public.clinic_message_templates
  where organization_id = add_clinic_template.organization_id
    and template_key = add_clinic_template.template_key
    and channel = add_clinic_template.channel
    and locale = add_clinic_template.locale
  returning clinic_message_templates.* into v_template;
  return v_template;
end;
$$;

comment on function app_private.add_clinic_template is
  'Adds a version of a clinic''s words; without a body the platform''s hold again.';
grant execute on function app_private.add_clinic_template to app_engine;
-- end of source: functions/notify/add_clinic_template.sql

-- source: functions/notify/recipient_of.sql
-- Whom a message is for, as notify() was told. FND-15.

create or replace function app_private.recipient_of(message app_public.messages) returns app_private.message_recipient
language sql immutable
set search_path = ''
return row(
  message.patient_profile_id, message.recipient_human_id, message.recipient_name, message.recipient_email,
  message.recipient_phone, message.locale, message.data)::app_private.message_recipient;

comment on function app_private.recipient_of is 'The recipient of a message, to ask the rules about again.';
grant execute on function app_private.recipient_of to app_engine;
-- end of source: functions/notify/recipient_of.sql

-- source: functions/notify/end_message.sql
-- A message does not arrive: says why, and lets the next channel of its route stand in. FND-15.

set role app_engine;
create or replace function app_private.end_message(message_id uuid, status text, reason text) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_message app_public.messages;
begin
  update app_public.messages
  set status = end_message.status, reason = left(end_message.reason, 500)
  where messages.id = end_message.message_id
  returning messages.* into v_message;

  -- Too late for anybody, or somebody else of the same household is being told over this route.
  if v_message.expires_at <= app_hidden.now() or exists (
    select from app_public.messages as other
    where other.organization_id = v_message.organization_id
      and other.event_id = v_message.event_id
      and other.template_key = v_message.template_key
      and other.route = v_message.route
      and other.recipient = v_message.recipient
      and other.status in ('queued', 'sent', 'delivered', 'read')
  ) then
    return;
  end if;
  perform app_private.queue_messages(
    v_message.organization_id, v_message.template_key, array[app_private.recipient_of(v_message)], v_message.event_id,
    v_message.calendar_uid, v_message.expires_at, v_message.route, v_message.rank);
end;
$$;

comment on function app_private.end_message is
  'Ends a message as failed, bounced, suppressed or skipped, and queues it over the next channel of its route.';

reset role;
-- end of source: functions/notify/end_message.sql

-- source: functions/notify/suppress_address.sql
-- Nobody writes to this address over this channel any more. FND-15, FND-35.
-- Where that counts is said by whose vendor reported it: a clinic's own counts at that clinic, or it could silence
-- anybody everywhere; the platform's counts at all that send through it. A STOP is always said to one clinic.

set role app_engine;
create or replace function app_private.suppress_address(
  organization_id uuid,
  integration_id uuid,
  channel text,
  address text,
  reason text
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  if suppress_address.reason = 'request' then
    insert into app_private.opt_outs (organization_id, channel, address, since, to_own_account)
    values (suppress_address.organization_id, suppress_address.channel, app_hidden.ascii_lower(suppress_address.address),
            app_hidden.now(), suppress_address.integration_id is not null)
    on conflict on constraint opt_outs_pkey do update
      set to_own_account = true
      where excluded.to_own_account and not opt_outs.to_own_account;
  elsif suppress_address.integration_id is not null then
    insert into app_private.clinic_suppressed_addresses (organization_id, channel, address, reason, since)
    values (suppress_address.organization_id, suppress_address.channel, app_hidden.ascii_lower(suppress_address.address),
            suppress_address.reason, app_hidden.now())
    on conflict do nothing;
  else
    insert into app_private.suppressed_addresses (channel, address, reason, since)
    values (suppress_address.channel, app_hidden.ascii_lower(suppress_address.address), suppress_address.reason, app_hidden.now())
    on conflict do nothing;
  end if;
end;
$$;

comment on function app_private.suppress_address is
  'reason: bounce or complaint, at the clinic whose own integration reported it, or without one at all that use the '
  'platform''s account; request, at this clinic alone.';

grant execute on function app_private.suppress_address to app_worker;
reset role;
-- end of source: functions/notify/suppress_address.sql

-- source: functions/notify/apply_message_reports.sql
-- Moves a message along what its vendor reported. FND-15, FND-35.
-- Reports come late, twice and in any order. message_moves says which report moves a message from where to where, so an
-- older one finds no move and changes nothing; failed is the end, and what was read was not lost.

set role app_engine;
create or replace function app_private.apply_message_reports(integration_id uuid, vendor_id text) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_message app_public.messages;
  v_report app_private.message_reports;
  v_to_state text;
begin
  select messages.* into v_message
  from app_public.messages
  where messages.vendor_id = apply_message_reports.vendor_id
    and messages.integration_id is not distinct from apply_message_reports.integration_id
  for update;
  if not found then
    return;
  end if;

  for v_report in
    select message_reports.*
    from app_private.message_reports
    where message_reports.vendor_id = v_message.vendor_id
      and message_reports.integration_id is not distinct from v_message.integration_id
      and message_reports.vendor = coalesce(v_message.vendor, message_reports.vendor)
    order by message_reports.occurred_at, message_reports.received_at
  loop
    -- Once: a report that is applied again with a later one does not undo what was lifted meanwhile.
    if v_report.counted_at is null and v_message.address is not null
      and (v_report.address_is_dead or v_report.status = 'complained') then
      update app_private.message_reports set counted_at = app_hidden.now() where message_reports.id = v_report.id;
      perform app_private.suppress_address(
        v_message.organization_id, v_message.integration_id, v_message.channel, v_message.address,
        case
          when v_report.status = 'complained' then 'complaint'
          when v_report.reason = 'opted_out' then 'request'
          else 'bounce'
        end);
    end if;
    select messages.* into strict v_message from app_public.messages where messages.id = v_message.id;
    select message_moves.to_state into v_to_state
    from app_private.message_moves
    where message_moves.report = v_report.status
      and message_moves.from_state = v_message.status
      and not exists (
        select from app_private.message_reports as other
        where other.vendor_id = v_message.vendor_id
          and other.integration_id is not distinct from v_message.integration_id
          and other.vendor = v_report.vendor
          and other.status = message_moves.unless_reported);
    continue when not found;
    if v_to_state in ('failed', 'bounced') then
      perform app_private.end_message(v_message.id, v_to_state, coalesce(v_report.reason, v_to_state));
    else
      update app_public.messages
      set status = v_to_state, reason = null, delivered_at = coalesce(messages.delivered_at, v_report.occurred_at)
      where messages.id = v_message.id;
    end if;
  end loop;
end;
$$;

comment on function app_private.apply_message_reports is
  'Applies everything a vendor reported about its message, in the order in which it happened; again changes nothing.';

reset role;
-- end of source: functions/notify/apply_message_reports.sql

-- source: functions/notify/appointment_facts.sql
-- What every message about a time says: which service, with whom, when and in which zone. FND-15.

set role app_engine;
create or replace function app_private.appointment_facts(
  organization_id uuid,
  calendar_id uuid,
  service_id uuid,
  specialist_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  modality text,
  locale text
) returns jsonb
language sql stable security definer
set search_path = ''
as $$
  select jsonb_build_object(
    'serviceName', coalesce(services.translations #>> array[appointment_facts.locale, 'name'], services.name),
    'specialistName', concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name),
    'startsAt', appointment_facts.starts_at,
    'endsAt', appointment_facts.ends_at,
    'timezone', calendars.timezone,
    'modality', coalesce(appointment_facts.modality, calendars.modality)
  )
  from app_public.calendars
  join app_public.services
    on services.organization_id = calendars.organization_id and services.id = appointment_facts.service_id
  join app_public.specialists
    on specialists.organization_id = calendars.organization_id and specialists.id = appointment_facts.specialist_id
  where calendars.organization_id = appointment_facts.organization_id
    and calendars.id = appointment_facts.calendar_id
$$;

comment on function app_private.appointment_facts is
  'The variables that messages about a time share, names in the language of the reader.';

reset role;
-- end of source: functions/notify/appointment_facts.sql

-- source: functions/notify/claim_message.sql
-- What a message needs to leave, read when it leaves; decides whether it may. FND-15.
-- The rules are asked again: since it was queued the person may have switched the channel off, the address may have
-- bounced, or night may have come. A message in quiet hours waits for their end, it is not lost.

set role app_engine;
create or replace function app_private.claim_message(message_id uuid)
returns table (
  wait_until timestamptz,
  organization_id uuid,
  channel text,
  locale text,
  address text,
  account_id uuid,
  recipient_name text,
  title text,
  body text,
  content_sid text,
  content_variables text[],
  data jsonb,
  calendar_status text,
  calendar_uid uuid,
  calendar_sequence int,
  created_at timestamptz,
  expires_at timestamptz,
  clinic_name text,
  clinic_email text,
  clinic_phone text,
  clinic_address text
)
language plpgsql volatile strict security definer rows 1
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_message app_public.messages;
  v_way record;
  v_cap int;
begin
  select messages.* into v_message
  from app_public.messages
  where messages.id = claim_message.message_id and messages.status = 'queued'
  for update;
  if not found then
    return;
  end if;
  if v_message.expires_at <= app_hidden.now() then
    perform app_private.end_message(v_message.id, 'skipped', 'expired');
    return;
  end if;

  select ways.* into v_way
  from app_private.ways_to_reach(
    v_message.organization_id, v_message.template_key, array[app_private.recipient_of(v_message)]) as ways
  where ways.channel = v_message.channel and ways.account_id is not distinct from v_message.account_id;
  if v_way.is_reachable is not true or not v_way.is_wanted or v_way.obstacle is not null then
    perform app_private.end_message(
      v_message.id,
      case when v_way.obstacle in ('bounce', 'complaint', 'request', 'opted_out') then 'suppressed' else 'skipped' end,
      case
        when v_way.obstacle is not null then v_way.obstacle
        when v_way.is_reachable then 'switched_off'
        else 'unreachable'
      end);
    return;
  end if;

  if not v_message.is_urgent and v_way.not_before > app_hidden.now() then
    if v_way.not_before >= v_message.expires_at then
      perform app_private.end_message(v_message.id, 'skipped', 'expires_in_quiet_hours');
      return;
    end if;
    update app_public.messages set not_before = v_way.not_before where messages.id = v_message.id;
    perform graphile_worker.add_jobs(array[app_private.delivery_of(v_message.id, v_way.not_before)]);
    wait_until := v_way.not_before;
    return next;
    return;
  end if;

  select channels.per_person_and_day into v_cap
  from app_private.channels
  where channels.name = v_message.channel;
  if v_cap is not null then
    -- Two workers count one after the other, or both would take the last place. Each clinic counts its own: one that
    -- writes a lot does not silence another (FND-35).
    perform pg_advisory_xact_lock(hashtextextended(
      'cap:' || v_message.organization_id || ':' || v_message.channel || ':' || v_message.address, 0));
    if v_cap <= (
      select count(*)
      from app_public.messages as other
      where other.organization_id = v_message.organization_id
        and other.address = v_message.address
        and other.channel = v_message.channel
        and other.attempted_at > app_hidden.now() - interval '24 hours'
        and other.id <> v_message.id
    ) then
      perform app_private.end_message(v_message.id, 'skipped', 'daily_cap');
      return;
    end if;
  end if;

  update app_public.messages
  set attempts = messages.attempts + 1, attempted_at = app_hidden.now()
  where messages.id = v_message.id;

  return query
  select
    null::timestamptz, v_message.organization_id, v_message.channel, v_message.locale, v_message.address,
    v_message.account_id, v_message.recipient_name,
    case when clinic_message_templates.id is null then message_templates.title else clinic_message_templates.title end,
    coalesce(clinic_message_templates.body, message_templates.body),
    whatsapp_templates.content_sid, whatsapp_templates.variables,
    v_message.data, message_types.calendar_status, v_message.calendar_uid, v_message.calendar_sequence,
    v_message.created_at, v_message.expires_at,
    organizations.name, organizations.contact_email, organizations.contact_phone,
    nullif(concat_ws(', ', organizations.street, organizations.city), '')
  from app_public.organizations
  join app_private.message_types on message_types.key = v_message.template_key
  join app_private.message_templates
    on message_templates.template_key = v_message.template_key
    and message_templates.channel = v_message.channel
    and message_templates.locale = v_message.locale
    and message_templates.version = v_message.template_version
  left join app_public.clinic_message_templates
    on clinic_message_templates.organization_id = v_message.organization_id
    and clinic_message_templates.id = v_message.clinic_template_id
  left join app_public.whatsapp_templates
    on v_message.channel = 'whatsapp'
    and whatsapp_templates.organization_id = v_message.organization_id
    and whatsapp_templates.template_key = v_message.template_key
    and whatsapp_templates.locale = v_message.locale
  where organizations.id = v_message.organization_id;
end;
$$;

comment on function app_private.claim_message is
  'The queued message with its words and sender. Only wait_until: it waits for the end of quiet hours and is queued '
  'again. No row: it was sent, or it may not be sent and says why.';

grant execute on function app_private.claim_message to app_worker;
reset role;
-- end of source: functions/notify/claim_message.sql

-- source: functions/notify/tell_of_changed_patient.sql
-- An appointment was on the wrong chart. Whoever was told of it by mistake is told once that it is not theirs, as a
-- cancellation, so that nobody comes in vain; the right patient is told as of any booking. Guests were told at the
-- address they gave, which stays with the appointment. Of what is over nobody is told. FND-34, FND-15.

create or replace function app_private.knows_of_appointment(appointment_id uuid, patient_profile_id uuid) returns boolean
language sql stable
set search_path = ''
begin atomic
  select coalesce((
    select messages.template_key <> 'appointment_cancelled'
    from app_private.events
    join app_public.messages on messages.organization_id = events.organization_id and messages.event_id = events.id
    where events.subject_id = knows_of_appointment.appointment_id
      and messages.patient_profile_id = knows_of_appointment.patient_profile_id
      and messages.status in ('queued', 'sent', 'delivered', 'read')
    order by messages.created_at desc, messages.id desc
    limit 1
  ), false);
end;

comment on function app_private.knows_of_appointment is
  'Whether the last message to this patient about the appointment says that it takes place.';
grant execute on function app_private.knows_of_appointment to app_engine;

create or replace function app_private.tell_of_changed_patient(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_from uuid := (event.payload ->> 'fromPatientProfileId')::uuid;
  v_to uuid := (event.payload ->> 'patientProfileId')::uuid;
  v_appointment app_public.appointments;
  v_wrong app_public.patient_profiles;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.organization_id = event.organization_id
    and appointments.id = event.subject_id
    and appointments.deleted_at is null
    and appointments.status in ('booked', 'upcoming', 'confirmed')
    and appointments.starts_at > app_hidden.now();
  if not found then
    return;
  end if;

  select patient_profiles.* into strict v_wrong from app_public.patient_profiles where patient_profiles.id = v_from;
  if v_appointment.patient_profile_id <> v_from
     -- One mailbox of two people would read that what takes place is cancelled.
     and (app_hidden.ascii_lower(v_wrong.email) = app_hidden.ascii_lower(v_appointment.contact_email)) is not true
     and app_private.knows_of_appointment(v_appointment.id, v_from)
  then
    perform app_private.notify(
      event.organization_id, 'appointment_cancelled',
      app_private.appointment_facts(
        event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
        v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_wrong.locale)
      || jsonb_build_object('reason', null),
      patient_profile_id => v_from, event_id => event.id,
      calendar_uid => coalesce(v_appointment.booking_request_id, v_appointment.id));
  end if;

  if v_appointment.patient_profile_id = v_to
     and v_appointment.booking_request_id is null
     and not app_private.knows_of_appointment(v_appointment.id, v_to)
  then
    perform app_private.notify(
      event.organization_id, 'appointment_booked',
      app_private.appointment_facts(
        event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
        v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_appointment.locale),
      patient_profile_id => v_to, name => v_appointment.contact_name, email => v_appointment.contact_email,
      locale => v_appointment.locale, event_id => event.id, calendar_uid => v_appointment.id);
  end if;
end;
$$;

comment on function app_private.tell_of_changed_patient is
  'Queues what appointment.patient_changed calls for: a cancellation to the wrong person, a booking to the right one.';
grant execute on function app_private.tell_of_changed_patient to app_engine;
-- end of source: functions/notify/tell_of_changed_patient.sql

-- source: functions/notify/consume_notifications.sql
-- The consumer "notifications": who is written to about which event. FND-01, FND-15, APT-08, APT-09.
-- An appointment that grew out of a request keeps the request's calendar entry, so the guest's calendar
-- turns the tentative entry into the confirmed one instead of showing two.

set role app_engine;
create or replace function app_private.consume_notifications(event_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_event app_private.events;
  v_clinic app_public.organizations;
  v_request app_public.booking_requests;
  v_appointment app_public.appointments;
  v_facts jsonb;
begin
  select events.* into strict v_event
  from app_private.events
  where events.id = consume_notifications.event_id;

  select organizations.* into strict v_clinic
  from app_public.organizations
  where organizations.id = v_event.organization_id;

  if v_event.name = 'organization.activated' then
    perform app_private.notify(
      v_event.organization_id, 'organization_activated', jsonb_build_object('clinicSlug', v_clinic.slug),
      human_id => humans.principal_id, event_id => v_event.id)
    from app_public.memberships
    join app_public.membership_roles
      on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
    join app_public.roles
      on roles.organization_id = membership_roles.organization_id and roles.id = membership_roles.role_id
    join app_public.humans on humans.principal_id = memberships.human_id
    where memberships.organization_id = v_event.organization_id
      and memberships.ended_at is null
      and roles.system_role_key = 'owner';

  elsif v_event.subject_type = 'booking_request' then
    select booking_requests.* into strict v_request
    from app_public.booking_requests
    where booking_requests.organization_id = v_event.organization_id
      and booking_requests.id = v_event.subject_id;

    v_facts := app_private.appointment_facts(
      v_event.organization_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
      v_request.starts_at, v_request.ends_at, null, v_request.locale);

    perform app_private.notify(
      v_event.organization_id,
      replace(v_event.name, '.', '_'),
      v_facts || case v_event.name
        when 'booking_request.received' then jsonb_build_object(
          'respondBy', case when app_private.promises_answer(v_request) then v_request.respond_by end)
        when 'booking_request.rejected' then jsonb_build_object('reason', v_request.rejection_reason)
        else '{}'
      end,
      name => v_request.given_name || ' ' || v_request.family_name,
      email => v_request.email,
      phone => v_request.phone,
      locale => v_request.locale,
      event_id => v_event.id,
      calendar_uid => v_request.id);

    if v_event.name in ('booking_request.received', 'booking_request.withdrawn') and v_clinic.contact_email is not null then
      perform app_private.notify(
        v_event.organization_id,
        case v_event.name
          when 'booking_request.received' then 'booking_request_to_review'
          else 'booking_request_withdrawn_by_guest'
        end,
        app_private.appointment_facts(
          v_event.organization_id, v_request.calendar_id, v_request.service_id, v_request.specialist_id,
          v_request.starts_at, v_request.ends_at, null, v_clinic.locale)
        || jsonb_build_object('guestName', v_request.given_name || ' ' || v_request.family_name)
        || case v_event.name
          when 'booking_request.received' then jsonb_build_object('respondBy', v_request.respond_by)
          else '{}'
        end,
        name => v_clinic.name,
        email => v_clinic.contact_email,
        locale => v_clinic.locale,
        event_id => v_event.id);
    end if;

  elsif v_event.name = 'appointment.patient_changed' then
    perform app_private.tell_of_changed_patient(v_event);

  elsif v_event.subject_type = 'appointment' then
    select appointments.* into strict v_appointment
    from app_public.appointments
    where appointments.organization_id = v_event.organization_id
      and appointments.id = v_event.subject_id;

    -- The guest was told with the answer to the request.
    if v_event.name = 'appointment.booked' and v_appointment.booking_request_id is not null then
      return;
    end if;

    perform app_private.notify(
      v_event.organization_id,
      replace(v_event.name, '.', '_'),
      app_private.appointment_facts(
        v_event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
        v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_appointment.locale)
      || case v_event.name
        when 'appointment.cancelled' then jsonb_build_object('reason', v_appointment.cancellation_reason)
        else '{}'
      end,
      patient_profile_id => v_appointment.patient_profile_id,
      name => v_appointment.contact_name,
      email => v_appointment.contact_email,
      phone => v_appointment.contact_phone,
      locale => v_appointment.locale,
      event_id => v_event.id,
      calendar_uid => coalesce(v_appointment.booking_request_id, v_appointment.id));

    -- The clinic knows what its own people cancelled; of a patient it hears here that a time is free again.
    if v_event.name = 'appointment.cancelled' and v_clinic.contact_email is not null and not exists (
      select
      from app_public.appointment_moves
      join app_public.memberships
        on memberships.organization_id = appointment_moves.organization_id
        and memberships.human_id = appointment_moves.moved_by
        and memberships.ended_at is null
      where appointment_moves.organization_id = v_event.organization_id
        and appointment_moves.appointment_id = v_appointment.id
        and appointment_moves.to_status = 'cancelled'
    ) then
      perform app_private.notify(
        v_event.organization_id,
        'appointment_cancelled_by_patient',
        app_private.appointment_facts(
          v_event.organization_id, v_appointment.calendar_id, v_appointment.service_id, v_appointment.specialist_id,
          v_appointment.starts_at, v_appointment.ends_at, v_appointment.modality, v_clinic.locale)
        || jsonb_build_object('patientName', v_appointment.contact_name, 'reason', v_appointment.cancellation_reason),
        name => v_clinic.name,
        email => v_clinic.contact_email,
        locale => v_clinic.locale,
        event_id => v_event.id);
    end if;
  end if;
end;
$$;

comment on function app_private.consume_notifications is
  'Queues the messages that an event calls for: to the guest, to the patient, to the clinic.';

grant execute on function app_private.consume_notifications to app_worker;
reset role;
-- end of source: functions/notify/consume_notifications.sql

-- source: functions/notify/drop_push_subscription.sql
-- The push service says that a subscription is over. FND-15.

set role app_engine;
create or replace function app_private.drop_push_subscription(subscription_id uuid) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  delete from app_public.push_subscriptions where push_subscriptions.id = drop_push_subscription.subscription_id
$$;

comment on function app_private.drop_push_subscription is 'Forgets a subscription that is over.';

grant execute on function app_private.drop_push_subscription to app_worker;
reset role;
-- end of source: functions/notify/drop_push_subscription.sql

-- source: functions/notify/printable_variables.sql
-- The names that a text may use. FND-15.
-- Times are given as instants and printed as people write them, so their raw forms are not for texts; and what stands on
-- a locked screen may name the clinic and the time, never what is treated or by whom.

create or replace function app_private.printable_variables(variables text[], channel text) returns text[]
language sql immutable strict parallel safe
set search_path = ''
return (
  select array_agg(names.name order by names.name)
  from (
    select given.name from unnest(printable_variables.variables) as given (name)
    where given.name <> all (array['startsAt', 'endsAt', 'timezone', 'modality', 'respondBy'])
    union
    select unnest(array['recipientName', 'clinicName', 'clinicPhone', 'clinicEmail', 'clinicAddress'])
    union
    select derived.name
    from (values ('when', 'startsAt'), ('respondByWhen', 'respondBy'), ('inPerson', 'modality'), ('video', 'modality'),
                 ('phone', 'modality')) as derived (name, source)
    where derived.source = any (printable_variables.variables)
  ) as names
  where printable_variables.channel not in ('sms', 'whatsapp', 'push')
    or names.name <> all (array['serviceName', 'specialistName', 'reason'])
);

comment on function app_private.printable_variables is
  'What a text on this channel may name: the message''s own variables that are words, and what the renderer adds.';
grant execute on function app_private.printable_variables to app_engine;
-- end of source: functions/notify/printable_variables.sql

-- source: functions/notify/text_problem.sql
-- Reads a text as the renderer will. FND-15.
-- A text is words, names ({{when}}) and sections that are closed in order ({{#reason}}…{{/reason}}, {{^reason}}…).
-- Nothing else of mustache, and no braces that could become it: no partials, no other delimiters, no unescaped or nested names, no comments.

create or replace function app_private.text_problem(text text, names text[]) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_tag text[];
  v_open text[] := '{}';
  v_rest text := text_problem.text;
begin
  for v_tag in
    select regexp_matches(text_problem.text, '\{\{([#^/]?)\s*([A-Za-z]+)\s*\}\}', 'g')
  loop
    if v_tag[2] <> all (names) then
      return jsonb_build_object('problem', 'variable_unknown', 'variable', v_tag[2], 'legal', to_jsonb(names));
    elsif v_tag[1] in ('#', '^') then
      v_open := array_append(v_open, v_tag[2]);
    elsif v_tag[1] = '/' then
      if v_open = '{}' or v_open[cardinality(v_open)] <> v_tag[2] then
        return jsonb_build_object('problem', 'section_not_open', 'variable', v_tag[2]);
      end if;
      v_open := trim_array(v_open, 1);
    end if;
  end loop;
  if v_open <> '{}' then
    return jsonb_build_object('problem', 'section_not_closed', 'variable', v_open[cardinality(v_open)]);
  end if;
  v_rest := regexp_replace(v_rest, '\{\{([#^/]?)\s*([A-Za-z]+)\s*\}\}', '', 'g');
  if v_rest ~ '[{}]' then
    return jsonb_build_object('problem', 'tag_malformed');
  end if;
  return null;
end;
$$;

comment on function app_private.text_problem is
  'What keeps a text from being rendered: an unknown name, a section that is not closed, a tag that is none; null when nothing does.';
grant execute on function app_private.text_problem to app_engine;
-- end of source: functions/notify/text_problem.sql

-- source: functions/notify/require_text.sql
-- A text fits its message and its channel, or it is refused. FND-15.

create or replace function app_private.require_text(
  template_key text,
  channel text,
  locale text,
  title text,
  body text
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_names text[];
  v_problem jsonb;
  v_longest int := case when require_text.channel in ('sms', 'whatsapp') then 480 when require_text.channel = 'push' then 240 else 20000 end;
begin
  select app_private.printable_variables(message_types.variables, require_text.channel) into v_names
  from app_private.message_types
  join app_private.message_channels
    on message_channels.template_key = message_types.key and message_channels.channel = require_text.channel
  where message_types.key = require_text.template_key and require_text.locale in ('ro', 'en');
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'message_template_unknown',
      jsonb_build_object('template', require_text.template_key, 'channel', require_text.channel, 'locale', require_text.locale),
      'messageTexts lists the messages of the clinic with their channels and languages.');
  end if;

  if (require_text.title is null) <> (require_text.channel in ('sms', 'whatsapp')) then
    perform app_hidden.refuse(
      'VALIDATION', 'message_title_mismatch', '{"field": "title"}',
      case when require_text.title is null then 'This channel shows a title: give one.' else 'This channel shows no title.' end);
  end if;
  if require_text.title ~ '[[:cntrl:]]' or length(btrim(require_text.title)) not between 1 and 200 then
    perform app_hidden.refuse('VALIDATION', 'message_title_malformed', '{"field": "title", "most": 200}', 'One line of 1 to 200 characters.');
  end if;
  if length(btrim(require_text.body)) = 0 or length(require_text.body) > v_longest then
    perform app_hidden.refuse(
      'VALIDATION', 'message_body_length', jsonb_build_object('field', 'body', 'least', 1, 'most', v_longest),
      format('Between 1 and %s characters.', v_longest));
  end if;

  v_problem := coalesce(
    app_private.text_problem(require_text.title, v_names) || '{"field": "title"}',
    app_private.text_problem(require_text.body, v_names) || '{"field": "body"}');
  if v_problem is not null then
    perform app_hidden.refuse(
      'VALIDATION', 'message_text_malformed', v_problem,
      'A text may hold names from details.legal, as {{when}}, and closed sections, as {{#when}}…{{/when}}.');
  end if;
end;
$$;

comment on function app_private.require_text is
  'Refuses a text for an unknown message, channel or language, of a wrong length, or that names what the message does not have.';
grant execute on function app_private.require_text to app_engine;
-- end of source: functions/notify/require_text.sql

-- source: functions/notify/edit_message_template.sql
-- A clinic says something in its own words. FND-15.
-- An edit is a new version; what is queued keeps the words it was queued with.

set role app_engine;
create or replace function app_public.edit_message_template(
  organization_id uuid,
  template_key text,
  channel text,
  locale text,
  body text,
  title text default null
) returns app_public.clinic_message_templates
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(edit_message_template.organization_id, 'message_templates.manage');
  perform app_private.require_text(
    edit_message_template.template_key, edit_message_template.channel, edit_message_template.locale,
    edit_message_template.title, coalesce(edit_message_template.body, ''));
  return app_private.add_clinic_template(
    edit_message_template.organization_id, edit_message_template.template_key, edit_message_template.channel,
    edit_message_template.locale, edit_message_template.title, edit_message_template.body);
end;
$$;

comment on function app_public.edit_message_template is
  'Replaces the words of a message on a channel in a language, for this clinic, from the next message on. Needs '
  'message_templates.manage. VALIDATION names the unknown variable or the section that is not closed.';
grant execute on function app_public.edit_message_template to app_member;

reset role;
-- end of source: functions/notify/edit_message_template.sql

-- source: functions/notify/end_stuck_messages.sql
-- Ends queued messages that nobody will send any more, and finds those that the queue lost. FND-15, FND-14.
-- A worker that dies on a message's last attempt tells nobody: the job is dead and the message would wait for ever. What
-- has expired helps nobody and is ended as a set; what was given up lets the next channel of its route stand in. A
-- message whose job is running is left alone: its worker knows more.

set role app_engine;
create or replace function app_private.end_stuck_messages() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz := app_hidden.now();
  v_expired int;
  v_dead uuid[];
  v_jobs graphile_worker.job_spec[];
begin
  update app_public.messages
  set status = 'skipped', reason = 'expired'
  where messages.status = 'queued'
    and messages.expires_at <= v_now
    and not exists (
      select from graphile_worker._private_jobs as jobs
      where jobs.key = 'message:' || messages.id and jobs.locked_at is not null);
  get diagnostics v_expired = row_count;

  -- The workers lock a message before they send it; whoever has one now is not stuck.
  select array_agg(stuck.id order by stuck.id) into v_dead
  from (
    select messages.id
    from app_public.messages
    join graphile_worker._private_jobs as jobs
      on jobs.key = 'message:' || messages.id
      and jobs.attempts >= jobs.max_attempts
      and jobs.locked_at is null
    where messages.status = 'queued' and messages.expires_at > v_now
    order by messages.id
    limit 500
    for update of messages skip locked
  ) as stuck;
  perform app_private.end_message(dead.id, 'failed', 'gave up: the worker ended during the last attempt')
  from unnest(v_dead) as dead (id);
  -- Its work is over: nobody need decide about the job.
  perform graphile_worker.complete_jobs(array_agg(jobs.id))
  from graphile_worker._private_jobs as jobs
  where jobs.key in (select 'message:' || dead.id from unnest(v_dead) as dead (id))
    and jobs.locked_at is null
  having count(*) > 0;

  select array_agg(app_private.delivery_of(lost.id, lost.not_before) order by lost.id) into v_jobs
  from (
    select messages.id, messages.not_before
    from app_public.messages
    where messages.status = 'queued'
      and messages.expires_at > v_now
      and messages.updated_at < v_now - interval '1 minute'
      and not exists (
        select from graphile_worker._private_jobs as jobs where jobs.key = 'message:' || messages.id)
    order by messages.id
    limit 1000
  ) as lost;
  if v_jobs is not null then
    perform graphile_worker.add_jobs(v_jobs);
  end if;
  return v_expired + coalesce(cardinality(v_dead), 0) + coalesce(cardinality(v_jobs), 0);
end;
$$;

comment on function app_private.end_stuck_messages is
  'Ends messages that expired while they were queued, and those whose last attempt ended with its worker; queues again '
  'those without a job. Answers how many it found.';

grant execute on function app_private.end_stuck_messages to app_worker;
reset role;
-- end of source: functions/notify/end_stuck_messages.sql

-- source: functions/notify/inbox_items_since.sql
-- What arrived while a server did not hear: by the time in the id, which is when the row was made. FND-15.

set role app_engine;

create or replace function app_hidden.inbox_items_since(human_ids uuid[], since timestamptz)
returns table (id uuid, human_id uuid, organization_id uuid)
language sql stable strict security definer
set search_path = ''
as $$
  select inbox_items.id, inbox_items.human_id, inbox_items.organization_id
  from app_public.inbox_items
  where inbox_items.human_id = any (human_ids)
    and uuid_extract_timestamp(inbox_items.id) >= since
  order by inbox_items.id
  limit 1000
$$;

comment on function app_hidden.inbox_items_since is
  'Ids of what arrived for these people since then, oldest first, as the channel inbox announces them.';
grant execute on function app_hidden.inbox_items_since to app_authenticator;

reset role;
-- end of source: functions/notify/inbox_items_since.sql

-- source: functions/notify/inbox_unread_count.sql
-- The number on the bell. FND-15.
-- The caller's own rights are enough: the policy shows exactly the rows to count.

create or replace function app_public.inbox_unread_count() returns int
language sql stable
set search_path = ''
begin atomic
  select count(*)::int from app_public.inbox_items where inbox_items.read_at is null;
end;

comment on function app_public.inbox_unread_count is
  'How many messages the caller has not read, at the clinic the request names or at all of them.';
grant execute on function app_public.inbox_unread_count to app_member;
-- end of source: functions/notify/inbox_unread_count.sql

-- source: functions/notify/lift_suppressions.sql
-- Takes back that an address is not written to, and keeps on record that it was. FND-35.

create or replace function app_private.lift_suppressions(
  organization_id uuid,
  channel text,
  address text,
  reasons text[],
  lifted_by text,
  because text
) returns int
language plpgsql volatile
set search_path = ''
as $$
declare
  v_lifted int;
begin
  with lifted as (
    delete from app_private.clinic_suppressed_addresses as known
    where known.organization_id = lift_suppressions.organization_id
      and known.channel = lift_suppressions.channel
      and known.address = app_hidden.ascii_lower(lift_suppressions.address)
      and known.reason = any (lift_suppressions.reasons)
    returning known.channel, known.address, known.reason, known.since
  ),
  lifted_of_platform as (
    delete from app_private.suppressed_addresses as known
    where lift_suppressions.organization_id is null
      and known.channel = lift_suppressions.channel
      and known.address = app_hidden.ascii_lower(lift_suppressions.address)
      and known.reason = any (lift_suppressions.reasons)
    returning known.channel, known.address, known.reason, known.since
  ),
  kept as (
    insert into app_private.lifted_suppressions
      (organization_id, channel, address, reason, since, lifted_by, because, lifted_at)
    select lift_suppressions.organization_id, gone.channel, gone.address, gone.reason, gone.since,
      lift_suppressions.lifted_by, lift_suppressions.because, app_hidden.now()
    from (select * from lifted union all select * from lifted_of_platform) as gone
    returning id
  )
  select count(*) into v_lifted from kept;
  return v_lifted;
end;
$$;

comment on function app_private.lift_suppressions is
  'Lifts what a clinic''s own vendor reported of an address, or without a clinic what the platform''s did, for these '
  'reasons; answers how many. lifted_by: start, verified_address or permission, which needs a because.';
grant execute on function app_private.lift_suppressions to app_engine;
-- end of source: functions/notify/lift_suppressions.sql

-- source: functions/notify/read_way.sql
-- Where somebody is reached over a channel, as it is kept, however it was written: an address or a number. A channel that
-- there is not, and what nobody can be reached at, is refused rather than looked for in vain. FND-34, FND-35.

create or replace function app_private.read_way(channel text, address text, organization_id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
declare
  v_reaches text;
  v_read text;
  v_problem text;
begin
  select channels.reaches into v_reaches from app_private.channels where channels.name = read_way.channel;
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'message_channel_unknown',
      jsonb_build_object('field', 'channel', 'legal', (
        select jsonb_agg(channels.name order by channels.name) from app_private.channels)),
      'Choose one of the channels in legal.');
  end if;

  case v_reaches
    when 'email' then
      select reading.address, reading.problem into v_read, v_problem from app_hidden.read_email(read_way.address) as reading;
      if v_problem is not null then
        perform app_hidden.refuse_email(v_problem, 'address');
      end if;
    when 'phone' then
      select reading.number, reading.problem into v_read, v_problem
      from app_hidden.read_phone(
        read_way.address, app_private.home_region('messages', read_way.organization_id, null)) as reading;
      if v_problem is not null then
        perform app_hidden.refuse_phone(v_problem, 'address');
      end if;
    else
      v_read := btrim(read_way.address);
  end case;
  if v_read is null then
    perform app_hidden.refuse('VALIDATION', 'required', '{"field": "address"}', 'Say which address or number.');
  end if;
  return v_read;
end;
$$;

comment on function app_private.read_way is
  'The address or number over a channel as it is kept; VALIDATION with the reason for a channel or an address that is none.';
grant execute on function app_private.read_way to app_engine;
-- end of source: functions/notify/read_way.sql

-- source: functions/notify/lift_suppression.sql
-- Somebody with the permission says that an address is good again, and why. FND-35, FND-15.
-- A clinic lifts what its own vendor reported. Where it sends through the platform's account, it may also have a dead
-- address tried again: that harms nobody, and one more bounce ends it. A complaint about the platform's mails is
-- lifted by the platform alone, whose name as a sender is at stake, and a STOP by nobody but who said it.
-- Only addresses that this clinic was kept from writing to: others are not there, so nobody finds out about them.

set role app_engine;
create or replace function app_public.lift_suppression(
  channel text,
  address text,
  reason text,
  organization_id uuid default null
) returns boolean
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_address text;
  v_reason constant text := btrim(coalesce(lift_suppression.reason, ''));
  v_by_own_account boolean;
  v_lifted int;
begin
  if organization_id is not null then
    perform app_private.require_permission(organization_id, 'suppressions.lift');
  elsif not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Name your clinic: only the platform lifts for everybody.');
  end if;
  if v_reason !~ '[[:alnum:]]' or length(v_reason) > 500 or v_reason ~ '[[:cntrl:]]' then
    perform app_hidden.refuse('VALIDATION', 'reason_missing', '{"field": "reason"}', 'Say in one line of up to 500 characters why.');
  end if;

  v_address := app_private.read_way(lift_suppression.channel, lift_suppression.address, organization_id);

  if organization_id is null then
    v_lifted := app_private.lift_suppressions(null, lift_suppression.channel, v_address, array['bounce', 'complaint'], 'permission', v_reason);
  else
    if not exists (
      select from app_public.messages
      where messages.organization_id = lift_suppression.organization_id
        and messages.address = v_address
        and messages.channel = lift_suppression.channel
    ) then
      perform app_hidden.refuse('NOT_FOUND', 'not_suppressed', '{"field": "address"}', 'This address is written to as any other.');
    end if;

    v_by_own_account := exists (
      select from app_public.organization_service_providers as choice
      where choice.organization_id = lift_suppression.organization_id
        and choice.capability = lift_suppression.channel
        and choice.integration_id is not null);
    v_lifted := app_private.lift_suppressions(
      organization_id, lift_suppression.channel, v_address, array['bounce', 'complaint'], 'permission', v_reason);
    if not v_by_own_account then
      v_lifted := v_lifted + app_private.lift_suppressions(
        null, lift_suppression.channel, v_address, array['bounce'], 'permission', v_reason);
      if v_lifted = 0 and exists (
        select from app_private.suppressed_addresses as known
        where known.channel = lift_suppression.channel and known.address = v_address
      ) then
        perform app_hidden.refuse('STATE', 'complaint_to_the_platform', '{"field": "address"}',
          'Its owner complained about mails of the platform: ask the platform to lift it.');
      end if;
    end if;
    if v_lifted = 0 and exists (
      select from app_private.opt_outs
      where opt_outs.organization_id = lift_suppression.organization_id
        and opt_outs.channel = lift_suppression.channel and opt_outs.address = v_address
    ) then
      perform app_hidden.refuse('STATE', 'opted_out', '{"field": "address"}',
        'Its owner asked not to be written to: a START from that number takes it back.');
    end if;
  end if;
  if v_lifted = 0 then
    perform app_hidden.refuse('NOT_FOUND', 'not_suppressed', '{"field": "address"}', 'This address is written to as any other.');
  end if;
  return true;
end;
$$;

comment on function app_public.lift_suppression is
  'Lets the clinic write again over a channel to an address that was reported as dead or whose owner complained; the '
  'reason is kept on record. Needs suppressions.lift. Without organizationId: what the platform''s own vendors reported, '
  'superadmin only. NOT_FOUND when nothing keeps the clinic from writing there; VALIDATION for a channel or an address '
  'that is none; STATE for a STOP, which only its owner takes back, and for a complaint to the platform.';
grant execute on function app_public.lift_suppression to app_member;
reset role;
-- end of source: functions/notify/lift_suppression.sql

-- source: functions/notify/mark_inbox_items_read.sql
-- The person has read these messages. FND-15.

set role app_engine;

create or replace function app_public.mark_inbox_items_read(inbox_item_ids uuid[]) returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_mine int;
begin
  if cardinality(inbox_item_ids) not between 1 and 100 then
    perform app_hidden.refuse(
      'VALIDATION', 'too_many_at_once', '{"field": "inboxItemIds", "least": 1, "most": 100}', 'Name 1 to 100 messages.');
  end if;

  select count(*) into v_mine
  from app_public.inbox_items
  where inbox_items.human_id = app_hidden.current_account_id() and inbox_items.id = any (inbox_item_ids);
  if v_mine < (select count(distinct id) from unnest(inbox_item_ids) as id)
     or array_position(inbox_item_ids, null) is not null then
    perform app_hidden.refuse(
      'NOT_FOUND', 'inbox_item_not_found', '{"field": "inboxItemIds"}', 'One of these messages is not in your inbox.');
  end if;

  update app_public.inbox_items set read_at = app_hidden.now()
  where inbox_items.human_id = app_hidden.current_account_id()
    and inbox_items.id = any (inbox_item_ids)
    and inbox_items.read_at is null;

  return (
    select count(*)
    from app_public.inbox_items
    where inbox_items.human_id = app_hidden.current_account_id() and inbox_items.read_at is null);
end;
$$;

comment on function app_public.mark_inbox_items_read is
  'Marks messages of one''s own inbox as read, 100 at most, all of them or none; a message that was read stays as it '
  'was. Answers how many are unread now, at all clinics. NOT_FOUND when one of them is not the caller''s.';
grant execute on function app_public.mark_inbox_items_read to app_member;

reset role;
-- end of source: functions/notify/mark_inbox_items_read.sql

-- source: functions/notify/mark_inbox_read.sql
-- The person has read everything. FND-15.

set role app_engine;

create or replace function app_public.mark_inbox_read() returns int
language sql volatile security definer
set search_path = ''
as $$
  with read as (
    update app_public.inbox_items set read_at = app_hidden.now()
    where inbox_items.human_id = app_hidden.current_account_id()
      and inbox_items.read_at is null
      and (app_hidden.current_organization_id() is null
           or inbox_items.organization_id = app_hidden.current_organization_id())
    returning inbox_items.id
  )
  select count(*)::int from read
$$;

comment on function app_public.mark_inbox_read is
  'Marks the whole inbox as read, or that of the clinic the request names. Answers how many were unread.';
grant execute on function app_public.mark_inbox_read to app_member;

reset role;
-- end of source: functions/notify/mark_inbox_read.sql

-- source: functions/notify/message_texts.sql
-- What a clinic's messages say now, to choose from and to edit. FND-15.

set role app_engine;
create or replace function app_public.message_texts(organization_id uuid)
returns table (
  template_key text,
  topic text,
  channel text,
  locale text,
  is_own boolean,
  title text,
  body text,
  variables text[]
)
language plpgsql stable strict security definer rows 60
set search_path = ''
as $$
begin
  perform app_private.require_permission(message_texts.organization_id, 'message_templates.manage');
  return query
  select message_types.key, message_types.topic, message_channels.channel, locales.locale,
    words.clinic_template_id is not null, words.title, words.body,
    app_private.printable_variables(message_types.variables, message_channels.channel)
  from app_private.message_types
  join app_private.message_channels on message_channels.template_key = message_types.key
  cross join (values ('ro'), ('en')) as locales (locale)
  cross join lateral app_private.words_of(
    message_texts.organization_id, message_types.key, message_channels.channel, locales.locale) as words
  order by message_types.key, message_channels.channel, locales.locale;
end;
$$;

comment on function app_public.message_texts is
  E'@longestPage 500\nThe words of every message of the clinic, its own where it has some, and the names each may use. '
  'Needs message_templates.manage.';
grant execute on function app_public.message_texts to app_member;

reset role;
-- end of source: functions/notify/message_texts.sql

-- source: functions/notify/organizer_of.sql
-- The organizer of a calendar entry, kept from the first invitation on: calendars take an update or a cancellation from
-- nobody else, so a clinic that changes its address in between must not appear as another one. APT-08.
-- An appointment that grew out of a request has the entry of the request.

set role app_engine;

create or replace function app_private.organizer_of(organization_id uuid, calendar_uid uuid, fallback text) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_contact text;
  v_organizer text;
begin
  select organizations.contact_email into v_contact
  from app_public.organizations
  where organizations.id = organizer_of.organization_id;

  -- Two mails about one entry may leave at once; the second waits here and takes what the first has written.
  select booking_requests.organizer_email into v_organizer
  from app_public.booking_requests
  where booking_requests.organization_id = organizer_of.organization_id and booking_requests.id = organizer_of.calendar_uid
  for update;
  if found then
    if v_organizer is null then
      update app_public.booking_requests set organizer_email = coalesce(v_contact, organizer_of.fallback)
      where booking_requests.id = organizer_of.calendar_uid
      returning booking_requests.organizer_email into v_organizer;
    end if;
    return v_organizer;
  end if;

  select appointments.organizer_email into v_organizer
  from app_public.appointments
  where appointments.organization_id = organizer_of.organization_id and appointments.id = organizer_of.calendar_uid
  for update;
  if found and v_organizer is null then
    update app_public.appointments set organizer_email = coalesce(v_contact, organizer_of.fallback)
    where appointments.id = organizer_of.calendar_uid
    returning appointments.organizer_email into v_organizer;
  end if;
  return coalesce(v_organizer, v_contact, organizer_of.fallback);
end;
$$;

comment on function app_private.organizer_of is
  'The address that stands as organizer in a calendar entry: the clinic''s of the time of booking, else that of the first '
  'invitation, else the fallback, which is then kept.';

grant execute on function app_private.organizer_of to app_worker;
reset role;
-- end of source: functions/notify/organizer_of.sql

-- source: functions/notify/push_subscriptions_of.sql
-- The browsers in which an account is told, with the keys to write to them. FND-15.

set role app_engine;
create or replace function app_private.push_subscriptions_of(account_id uuid)
returns table (id uuid, endpoint text, p256dh text, auth text)
language sql stable strict security definer
set search_path = ''
as $$
  select push_subscriptions.id, push_subscriptions.endpoint, push_subscriptions.p256dh, push_subscriptions.auth
  from app_public.push_subscriptions
  where push_subscriptions.human_id = push_subscriptions_of.account_id
  order by push_subscriptions.created_at, push_subscriptions.id
$$;

comment on function app_private.push_subscriptions_of is 'Every live subscription of a human, for the worker.';

grant execute on function app_private.push_subscriptions_of to app_worker;
reset role;
-- end of source: functions/notify/push_subscriptions_of.sql

-- source: functions/notify/put_in_inbox.sql
-- Delivers a message inside the app. FND-15.
-- A task may be run again after it did its work, so the same message arrives once.

set role app_engine;

create or replace function app_private.put_in_inbox(
  organization_id uuid,
  human_id uuid,
  message_id uuid,
  title text,
  body text,
  created_at timestamptz
) returns uuid
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_id uuid;
begin
  insert into app_public.inbox_items (organization_id, human_id, message_id, title, body, created_at)
  values (put_in_inbox.organization_id, put_in_inbox.human_id, put_in_inbox.message_id, put_in_inbox.title,
          put_in_inbox.body, put_in_inbox.created_at)
  on conflict on constraint inbox_items_message_arrives_once do nothing
  returning id into v_id;

  if v_id is null then
    select inbox_items.id into strict v_id
    from app_public.inbox_items
    where inbox_items.organization_id = put_in_inbox.organization_id
      and inbox_items.message_id = put_in_inbox.message_id;
  end if;
  return v_id;
end;
$$;

comment on function app_private.put_in_inbox is
  'Puts a message into a person''s inbox; the same message again is the item that is there.';

grant execute on function app_private.put_in_inbox to app_worker;
reset role;
-- end of source: functions/notify/put_in_inbox.sql

-- source: functions/notify/record_message_accepted.sql
-- The vendor took the message. FND-15, FND-35.
-- What it reported meanwhile, before its answer reached us, is applied now.

set role app_engine;
create or replace function app_private.record_message_accepted(
  message_id uuid,
  integration_id uuid,
  vendor text,
  vendor_id text
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  -- One after the other with a report about it, or each would miss what the other writes.
  perform pg_advisory_xact_lock(hashtextextended('vendor id:' || record_message_accepted.vendor_id, 0));
  -- The inbox is ours: what was put there has arrived.
  update app_public.messages
  set status = case when messages.channel = 'in_app' then 'delivered' else 'sent' end,
      sent_at = app_hidden.now(),
      delivered_at = case when messages.channel = 'in_app' then app_hidden.now() end,
      integration_id = record_message_accepted.integration_id,
      vendor = record_message_accepted.vendor,
      vendor_id = record_message_accepted.vendor_id
  where messages.id = record_message_accepted.message_id and messages.status = 'queued';

  perform app_private.apply_message_reports(record_message_accepted.integration_id, record_message_accepted.vendor_id);
end;
$$;

comment on function app_private.record_message_accepted is
  'Marks a message as sent by the clinic''s own account or (null) the platform''s, with the vendor''s id for it; one in '
  'the app as delivered.';

grant execute on function app_private.record_message_accepted to app_worker;
reset role;
-- end of source: functions/notify/record_message_accepted.sql

-- source: functions/notify/record_message_refused.sql
-- The vendor will never take the message. FND-15, FND-35.

set role app_engine;
create or replace function app_private.record_message_refused(
  message_id uuid,
  integration_id uuid,
  reason text,
  address_is_dead boolean
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_message app_public.messages;
begin
  update app_public.messages
  set integration_id = record_message_refused.integration_id
  where messages.id = record_message_refused.message_id and messages.status = 'queued'
  returning messages.* into v_message;
  if not found then
    return;
  end if;
  if record_message_refused.address_is_dead and v_message.address is not null then
    perform app_private.suppress_address(
      v_message.organization_id, record_message_refused.integration_id, v_message.channel, v_message.address,
      case when record_message_refused.reason = 'opted_out' then 'request' else 'bounce' end);
  end if;
  perform app_private.end_message(v_message.id, 'failed', record_message_refused.reason);
end;
$$;

comment on function app_private.record_message_refused is
  'Marks a message as failed for good, by the clinic''s own account or (null) the platform''s; an address that does not '
  'exist is not written to again by whoever uses that account (with the reason opted_out: not by this clinic). Another '
  'channel of its route stands in.';

grant execute on function app_private.record_message_refused to app_worker;
reset role;
-- end of source: functions/notify/record_message_refused.sql

-- source: functions/notify/record_message_status.sql
-- A vendor reports what became of a message. FND-15, FND-25, FND-35.
-- A report speaks of what went by the very account it came from: a clinic that signs one with its own keys and names
-- another's message finds none.

set role app_engine;
create or replace function app_private.record_message_status(
  integration_id uuid,
  vendor text,
  vendor_id text,
  status text,
  occurred_at timestamptz,
  reason text default null,
  address_is_dead boolean default false
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  if record_message_status.status is null
    or record_message_status.status not in ('sent', 'delivered', 'read', 'failed', 'bounced', 'bounced_for_now', 'complained') then
    perform app_hidden.refuse('VALIDATION', 'message_status_unknown', jsonb_build_object('status', record_message_status.status),
      'A status that message_moves knows.');
  end if;

  perform pg_advisory_xact_lock(hashtextextended('vendor id:' || record_message_status.vendor_id, 0));
  insert into app_private.message_reports (integration_id, vendor, vendor_id, status, occurred_at, reason, address_is_dead, received_at)
  values (record_message_status.integration_id, record_message_status.vendor, record_message_status.vendor_id,
          record_message_status.status, record_message_status.occurred_at, left(record_message_status.reason, 500),
          coalesce(record_message_status.address_is_dead, false), app_hidden.now())
  on conflict do nothing;

  perform app_private.apply_message_reports(record_message_status.integration_id, record_message_status.vendor_id);
end;
$$;

comment on function app_private.record_message_status is
  'Takes what a vendor says of a message that went by this integration, or (null) by the platform''s account: sent, '
  'delivered, read, failed, bounced, bounced_for_now or complained. Reports may come twice, in any order, and before our '
  'own record of the sending. A dead address and a complaint end writing to it.';

grant execute on function app_private.record_message_status to app_worker;
reset role;
-- end of source: functions/notify/record_message_status.sql

-- source: functions/notify/record_text_opt_out.sql
-- Somebody texted STOP or START. FND-15, FND-25, FND-35.
-- Said to a clinic's own account, it is said to that clinic, which has both ends of it: its START takes back every STOP
-- that keeps this clinic from writing, and nobody else's. The platform's number is shared: there a STOP is said to every
-- clinic that wrote by it, since nobody can tell which of them was meant, and a START takes back what was said there.
-- A START also shows that the number is alive, so what the same account's vendor had reported is lifted.

set role app_engine;
create or replace function app_private.record_text_opt_out(
  integration_id uuid,
  channel text,
  address text,
  wants_texts boolean
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_is_own constant boolean := record_text_opt_out.integration_id is not null;
  v_clinics uuid[];
begin
  if v_is_own then
    select array_agg(organization_integrations.organization_id) into v_clinics
    from app_public.organization_integrations
    where organization_integrations.id = record_text_opt_out.integration_id;
  else
    select array_agg(distinct messages.organization_id) into v_clinics
    from app_public.messages
    where messages.address = record_text_opt_out.address
      and messages.channel = record_text_opt_out.channel
      and messages.integration_id is null
      and messages.attempted_at is not null;
  end if;

  if not record_text_opt_out.wants_texts then
    perform app_private.suppress_address(
      clinic, record_text_opt_out.integration_id, record_text_opt_out.channel, record_text_opt_out.address, 'request')
    from unnest(v_clinics) as clinic;
    return;
  end if;

  with taken_back as (
    delete from app_private.opt_outs
    where opt_outs.channel = record_text_opt_out.channel
      and opt_outs.address = app_hidden.ascii_lower(record_text_opt_out.address)
      and case when v_is_own then opt_outs.organization_id = any (v_clinics) else not opt_outs.to_own_account end
    returning opt_outs.*
  )
  insert into app_private.lifted_suppressions (organization_id, channel, address, reason, since, lifted_by, lifted_at)
  select taken_back.organization_id, taken_back.channel, taken_back.address, 'request', taken_back.since, 'start', app_hidden.now()
  from taken_back;

  if v_is_own then
    perform app_private.lift_suppressions(
      clinic, record_text_opt_out.channel, record_text_opt_out.address, array['bounce', 'complaint'], 'start', null)
    from unnest(v_clinics) as clinic;
  else
    perform app_private.lift_suppressions(
      null, record_text_opt_out.channel, record_text_opt_out.address, array['bounce', 'complaint'], 'start', null);
  end if;
end;
$$;

comment on function app_private.record_text_opt_out is
  'Ends or begins again the texts of a clinic to a number. Without an integration: of every clinic that wrote there by '
  'the platform''s account.';

grant execute on function app_private.record_text_opt_out to app_worker;
reset role;
-- end of source: functions/notify/record_text_opt_out.sql

-- source: functions/notify/require_own_person.sql
-- Whose settings a person is about to change: their own, or those of somebody they care for. FND-15, FND-07.

create or replace function app_private.require_own_person(patient_profile_id uuid) returns uuid
language plpgsql stable
set search_path = ''
as $$
begin
  if app_hidden.current_account_id() is null then
    perform app_hidden.refuse('UNAUTHENTICATED', 'not_signed_in', '{}', 'Sign in first.');
  end if;
  if patient_profile_id is null then
    return app_hidden.current_account_id();
  end if;
  if patient_profile_id <> all (app_hidden.current_human_patient_profile_ids()) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  return null;
end;
$$;

comment on function app_private.require_own_person is
  'The caller''s human for null; null for a profile the caller may act for; a refusal for any other.';
grant execute on function app_private.require_own_person to app_engine;
-- end of source: functions/notify/require_own_person.sql

-- source: functions/notify/restore_message_template.sql
-- A clinic goes back to the platform's words. FND-15.

set role app_engine;
create or replace function app_public.restore_message_template(
  organization_id uuid,
  template_key text,
  channel text,
  locale text
) returns app_public.clinic_message_templates
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(restore_message_template.organization_id, 'message_templates.manage');
  if not exists (
    select from app_private.words_of(
      restore_message_template.organization_id, restore_message_template.template_key,
      restore_message_template.channel, restore_message_template.locale) as words
    where words.clinic_template_id is not null
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'message_template_not_own', '{}', 'The clinic has no words of its own there.');
  end if;
  return app_private.add_clinic_template(
    restore_message_template.organization_id, restore_message_template.template_key,
    restore_message_template.channel, restore_message_template.locale, null, null);
end;
$$;

comment on function app_public.restore_message_template is
  'Takes back the clinic''s own words: the platform''s hold again, from the next message on. Needs message_templates.manage.';
grant execute on function app_public.restore_message_template to app_member;

reset role;
-- end of source: functions/notify/restore_message_template.sql

-- source: functions/notify/set_notification_preference.sql
-- A person says what they want to be told over which channel; nobody says it for them, a caregiver aside. FND-15.

set role app_engine;
create or replace function app_public.set_notification_preference(
  topic text,
  channel text,
  is_enabled boolean,
  patient_profile_id uuid default null
) returns app_public.notification_preferences
language plpgsql volatile security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_human_id uuid := app_private.require_own_person(set_notification_preference.patient_profile_id);
  v_preference app_public.notification_preferences;
begin
  if not exists (select from app_public.message_topics where message_topics.key = set_notification_preference.topic) then
    perform app_hidden.refuse('VALIDATION', 'message_topic_unknown', '{"field": "topic"}', 'messageTopics lists the topics.');
  end if;
  if not exists (select from app_private.channels where channels.name = set_notification_preference.channel) then
    perform app_hidden.refuse(
      'VALIDATION', 'message_channel_unknown',
      jsonb_build_object('field', 'channel', 'legal', (select jsonb_agg(channels.name order by channels.name) from app_private.channels)),
      'Choose one of the channels in legal.');
  end if;
  if set_notification_preference.is_enabled is null then
    perform app_hidden.refuse('VALIDATION', 'notification_preference_says_nothing', '{"field": "isEnabled"}', 'Say true or false.');
  end if;

  insert into app_public.notification_preferences (human_id, patient_profile_id, topic, channel, is_enabled)
  values (v_human_id, set_notification_preference.patient_profile_id, set_notification_preference.topic,
          set_notification_preference.channel, set_notification_preference.is_enabled)
  on conflict on constraint notification_preferences_are_set_once do update set is_enabled = excluded.is_enabled
  returning notification_preferences.* into v_preference;
  return v_preference;
end;
$$;

comment on function app_public.set_notification_preference is
  'Switches a topic on or off over a channel, for oneself or for a person one acts for. What is said for a patient '
  'goes before what is said for the account.';
grant execute on function app_public.set_notification_preference to app_member;

reset role;
-- end of source: functions/notify/set_notification_preference.sql

-- source: functions/notify/set_quiet_hours.sql
-- A person says when it is to be quiet. FND-15.

set role app_engine;
create or replace function app_public.set_quiet_hours(
  quiet_from time,
  quiet_until time,
  timezone text,
  patient_profile_id uuid default null
) returns app_public.quiet_hours
language plpgsql volatile security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_human_id uuid := app_private.require_own_person(set_quiet_hours.patient_profile_id);
  v_hours app_public.quiet_hours;
begin
  if set_quiet_hours.quiet_from is null or set_quiet_hours.quiet_until is null then
    perform app_hidden.refuse(
      'VALIDATION', 'quiet_hours_have_both_ends', '{"field": "quietFrom"}', 'Give both times; the same twice means never quiet.');
  end if;
  if not exists (select from app_public.time_zones where time_zones.name = set_quiet_hours.timezone) then
    perform app_hidden.refuse('VALIDATION', 'timezone_unknown', '{"field": "timezone"}', 'timeZones lists the zones.');
  end if;

  insert into app_public.quiet_hours (human_id, patient_profile_id, quiet_from, quiet_until, timezone)
  values (v_human_id, set_quiet_hours.patient_profile_id, set_quiet_hours.quiet_from, set_quiet_hours.quiet_until,
          set_quiet_hours.timezone)
  on conflict on constraint quiet_hours_are_set_once do update
    set quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, timezone = excluded.timezone
  returning quiet_hours.* into v_hours;
  return v_hours;
end;
$$;

comment on function app_public.set_quiet_hours is
  'Sets when no SMS, WhatsApp or push arrives, for oneself or for a person one acts for. The same time twice: never '
  'quiet. Messages that are not urgent wait for the end.';
grant execute on function app_public.set_quiet_hours to app_member;

reset role;
-- end of source: functions/notify/set_quiet_hours.sql

-- source: functions/notify/set_whatsapp_template.sql
-- A clinic names the text that WhatsApp approved for its sender. FND-15.

set role app_engine;
create or replace function app_public.set_whatsapp_template(
  organization_id uuid,
  template_key text,
  locale text,
  content_sid text,
  variables text[]
) returns app_public.whatsapp_templates
language plpgsql volatile strict security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_names text[];
  v_unknown text;
  v_template app_public.whatsapp_templates;
begin
  perform app_private.require_permission(set_whatsapp_template.organization_id, 'message_templates.manage');
  select app_private.printable_variables(message_types.variables, 'whatsapp') into v_names
  from app_private.message_types
  join app_private.message_channels
    on message_channels.template_key = message_types.key and message_channels.channel = 'whatsapp'
  where message_types.key = set_whatsapp_template.template_key;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'message_template_unknown', jsonb_build_object(
      'template', set_whatsapp_template.template_key, 'channel', 'whatsapp'), 'messageTexts lists the messages that WhatsApp carries.');
  end if;
  select coalesce(given.name, '') into v_unknown
  from unnest(set_whatsapp_template.variables) as given (name)
  where given.name is null or given.name <> all (v_names)
  limit 1;
  if v_unknown is not null then
    perform app_hidden.refuse(
      'VALIDATION', 'message_variables_mismatch',
      jsonb_build_object('field', 'variables', 'variable', v_unknown, 'legal', to_jsonb(v_names)),
      'Name variables of the message, as listed in legal.');
  end if;

  insert into app_public.whatsapp_templates (organization_id, template_key, locale, content_sid, variables)
  values (set_whatsapp_template.organization_id, set_whatsapp_template.template_key, set_whatsapp_template.locale,
          set_whatsapp_template.content_sid, set_whatsapp_template.variables)
  on conflict on constraint whatsapp_templates_pkey do update
    set content_sid = excluded.content_sid, variables = excluded.variables
  returning whatsapp_templates.* into v_template;
  return v_template;
end;
$$;

comment on function app_public.set_whatsapp_template is
  'Names the approved WhatsApp text of a message in a language, and what stands for its {{1}}, {{2}} and so on. Needs '
  'message_templates.manage.';
grant execute on function app_public.set_whatsapp_template to app_member;

reset role;
-- end of source: functions/notify/set_whatsapp_template.sql

-- source: functions/notify/subscribe_to_push.sql
-- A person wants to be told in this browser. FND-15.
-- The endpoint is where the worker will post to, so it must look like a push service on the internet: no address of
-- a machine, no port, no plain HTTP.

set role app_engine;
create or replace function app_public.subscribe_to_push(endpoint text, p256dh text, auth text)
returns app_public.push_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_human_id uuid := app_private.require_own_person(null);
  v_subscription app_public.push_subscriptions;
begin
  insert into app_public.push_subscriptions as known (human_id, endpoint, p256dh, auth)
  values (v_human_id, subscribe_to_push.endpoint, subscribe_to_push.p256dh, subscribe_to_push.auth)
  on conflict on constraint push_subscriptions_endpoint_is_unique do update
    set human_id = excluded.human_id, p256dh = excluded.p256dh, auth = excluded.auth
    -- Whoever signs in next at a shared browser knows its keys; an endpoint alone takes nothing from anybody.
    where known.human_id = excluded.human_id or (known.p256dh, known.auth) = (excluded.p256dh, excluded.auth)
  returning known.* into v_subscription;
  if v_subscription.id is null then
    perform app_hidden.refuse(
      'CONFLICT', 'push_endpoint_taken', '{"field": "endpoint"}', 'Unsubscribe in this browser, then subscribe again.');
  end if;

  -- Twenty browsers are enough for anybody; the oldest make room.
  delete from app_public.push_subscriptions
  where push_subscriptions.human_id = v_human_id
    and push_subscriptions.id not in (
      select newest.id from app_public.push_subscriptions as newest
      where newest.human_id = v_human_id
      order by newest.id = v_subscription.id desc, newest.created_at desc, newest.id desc
      limit 20);
  return v_subscription;
end;
$$;

comment on function app_public.subscribe_to_push is
  'Registers what PushManager.subscribe() gave in this browser: endpoint (https), p256dh and auth, base64url. Again '
  'is the same subscription.';
grant execute on function app_public.subscribe_to_push to app_member;

reset role;
-- end of source: functions/notify/subscribe_to_push.sql

-- source: functions/notify/text_to_preview.sql
-- What the renderer needs to show a message as its reader will see it. FND-15.

set role app_engine;
create or replace function app_hidden.text_to_preview(
  organization_id uuid,
  template_key text,
  channel text,
  locale text,
  title text,
  body text,
  data jsonb
) returns table (
  words_title text,
  words_body text,
  words_data jsonb,
  clinic_name text,
  clinic_email text,
  clinic_phone text,
  clinic_address text
)
language plpgsql stable security definer rows 1
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_title text := text_to_preview.title;
  v_body text := text_to_preview.body;
  v_type app_private.message_types;
  v_unknown text;
begin
  perform app_private.require_permission(text_to_preview.organization_id, 'message_templates.manage');
  if jsonb_typeof(text_to_preview.data) <> 'object' then
    perform app_hidden.refuse('VALIDATION', 'message_data_malformed', '{"field": "data"}', 'An object with the variables to replace.');
  end if;
  if text_to_preview.body is null then
    select words.title, words.body into v_title, v_body
    from app_private.words_of(
      text_to_preview.organization_id, text_to_preview.template_key, text_to_preview.channel, text_to_preview.locale) as words;
  end if;
  perform app_private.require_text(
    text_to_preview.template_key, text_to_preview.channel, text_to_preview.locale, v_title, coalesce(v_body, ''));

  select message_types.* into v_type from app_private.message_types where message_types.key = text_to_preview.template_key;
  select given.name into v_unknown
  from jsonb_object_keys(coalesce(text_to_preview.data, '{}')) as given (name)
  where given.name <> all (v_type.variables)
  order by given.name
  limit 1;
  if v_unknown is not null then
    perform app_hidden.refuse('VALIDATION', 'message_variables_mismatch', jsonb_build_object(
      'template', v_type.key, 'variable', v_unknown), 'Replace only what the message has: see variables in messageTexts.');
  end if;

  return query
  select v_title, v_body, v_type.sample || coalesce(text_to_preview.data, '{}'),
    organizations.name, organizations.contact_email, organizations.contact_phone,
    nullif(concat_ws(', ', organizations.street, organizations.city), '')
  from app_public.organizations
  where organizations.id = text_to_preview.organization_id;
end;
$$;

comment on function app_hidden.text_to_preview is
  'The clinic''s words for a message, or the draft that is given, with sample data. Needs message_templates.manage.';
grant execute on function app_hidden.text_to_preview to app_member;

reset role;
-- end of source: functions/notify/text_to_preview.sql

-- source: functions/notify/tg_clinic_message_templates__refuse_change.sql
-- What a message was written with is not rewritten. FND-15.

create or replace function app_private.tg_clinic_message_templates__refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_hidden.refuse('IMMUTABLE', 'message_template_is_immutable', '{}', 'Edit it: that makes a new version.');
  return null;
end;
$$;

comment on function app_private.tg_clinic_message_templates__refuse_change is 'Refuses update, delete and truncate of a version.';

create or replace trigger _200_refuse_change
  before update or delete or truncate on app_public.clinic_message_templates
  for each statement execute function app_private.tg_clinic_message_templates__refuse_change();
-- end of source: functions/notify/tg_clinic_message_templates__refuse_change.sql

-- source: functions/notify/tg_humans__lift_suppressions.sql
-- A mailbox whose owner has just proved it is not dead, whatever was reported before. FND-35.
-- The proof says that mail arrives, and nothing of wanting any: complaints stay.

set role app_engine;
create or replace function app_private.tg_humans__lift_suppressions() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  if new.email_verified_at is null
    or tg_op = 'UPDATE' and old.email = new.email and old.email_verified_at is not null then
    return new;
  end if;
  perform app_private.lift_suppressions(null, 'email', new.email, array['bounce'], 'verified_address', null);
  perform app_private.lift_suppressions(known.organization_id, 'email', new.email, array['bounce'], 'verified_address', null)
  from app_private.clinic_suppressed_addresses as known
  where known.channel = 'email' and known.address = app_hidden.ascii_lower(new.email);
  return new;
end;
$$;

comment on function app_private.tg_humans__lift_suppressions is
  'Lifts that mails to an address bounced when a human proves that it is theirs. Trigger _500_lift_suppressions.';
reset role;

create or replace trigger _500_lift_suppressions after insert or update of email, email_verified_at on app_public.humans
  for each row execute function app_private.tg_humans__lift_suppressions();
-- end of source: functions/notify/tg_humans__lift_suppressions.sql

-- source: functions/notify/tg_inbox_items__announce.sql
-- Tells the servers that something arrived for somebody, by ids: whoever listens reads the row with their own rights.
-- FND-15.

create or replace function app_private.tg_inbox_items__announce() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform pg_notify('inbox', json_build_object(
    'id', new.id, 'humanId', new.human_id, 'organizationId', new.organization_id)::text);
  return null;
end;
$$;

comment on function app_private.tg_inbox_items__announce is 'Notifies the channel inbox with ids only.';

create or replace trigger _900_announce after insert on app_public.inbox_items
  for each row execute function app_private.tg_inbox_items__announce();
-- end of source: functions/notify/tg_inbox_items__announce.sql

-- source: functions/notify/unsubscribe_from_push.sql
-- A person no longer wants to be told in this browser. FND-15.

set role app_engine;
create or replace function app_public.unsubscribe_from_push(endpoint text) returns boolean
language sql volatile strict security definer
set search_path = ''
as $$
  with ended as (
    delete from app_public.push_subscriptions
    where push_subscriptions.endpoint = unsubscribe_from_push.endpoint
      and push_subscriptions.human_id = app_private.require_own_person(null)
    returning push_subscriptions.id
  )
  select exists (select from ended)
$$;

comment on function app_public.unsubscribe_from_push is
  'Ends the caller''s subscription with this endpoint; false when there was none.';
grant execute on function app_public.unsubscribe_from_push to app_member;

reset role;
-- end of source: functions/notify/unsubscribe_from_push.sql

-- source: functions/operations/dead_letters.sql
-- The jobs that nobody will try again by themselves. FND-28.

set role app_engine;

create or replace function app_public.dead_letters() returns setof app_public.dead_letter
language plpgsql stable security definer
set search_path = ''
as $$
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Only the platform looks after jobs.');
  end if;
  return query
  select jobs.id, tasks.identifier, jobs.key, jobs.payload::jsonb, jobs.attempts::int, jobs.last_error,
         jobs.created_at, jobs.updated_at
  from graphile_worker._private_jobs as jobs
  join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
  where jobs.attempts >= jobs.max_attempts and jobs.locked_at is null
  order by jobs.updated_at desc, jobs.id desc;
end;
$$;

comment on function app_public.dead_letters is
  'Jobs that used up their attempts, newest failure first. Superadmin only (FORBIDDEN superadmin_only).';
grant execute on function app_public.dead_letters to app_member;

reset role;
-- end of source: functions/operations/dead_letters.sql

-- source: functions/operations/locked_dead_letter.sql
-- A dead job, locked while something is decided about it: two operators at once decide once. FND-28.

create or replace function app_private.locked_dead_letter(job_id bigint) returns app_public.dead_letter
language plpgsql volatile
set search_path = ''
as $$
declare
  v_letter app_public.dead_letter;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Only the platform looks after jobs.');
  end if;
  select jobs.id, tasks.identifier, jobs.key, jobs.payload::jsonb, jobs.attempts::int, jobs.last_error,
         jobs.created_at, jobs.updated_at
  into v_letter
  from graphile_worker._private_jobs as jobs
  join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
  where jobs.id = locked_dead_letter.job_id
    and jobs.attempts >= jobs.max_attempts
    and jobs.locked_at is null
  for update of jobs;
  if not found then
    perform app_hidden.refuse(
      'NOT_FOUND', 'dead_letter_not_found', '{}', 'There is no dead job with this id: somebody may have been faster.');
  end if;
  return v_letter;
end;
$$;

comment on function app_private.locked_dead_letter is
  'The dead job, locked until the transaction ends. FORBIDDEN superadmin_only, NOT_FOUND dead_letter_not_found.';
grant execute on function app_private.locked_dead_letter to app_engine;
-- end of source: functions/operations/locked_dead_letter.sql

-- source: functions/operations/discard_dead_letter.sql
-- A dead job is thrown away, with the reason; what it was stays on record. FND-28.

set role app_engine;

create or replace function app_public.discard_dead_letter(job_id bigint, reason text) returns app_public.dead_letter
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_letter app_public.dead_letter := app_private.locked_dead_letter(job_id);
begin
  insert into app_private.dead_letter_decisions
    (job_id, task, key, payload, last_error, decision, reason, decided_by, decided_at)
  values (v_letter.job_id, v_letter.task, v_letter.key, v_letter.payload, v_letter.last_error, 'discarded',
          btrim(coalesce(discard_dead_letter.reason, '')), app_hidden.current_principal_id(), app_hidden.now());
  perform graphile_worker.complete_jobs(array[v_letter.job_id]);
  return v_letter;
end;
$$;

comment on function app_public.discard_dead_letter is
  'Throws a dead job away; the reason is kept. Superadmin only; NOT_FOUND when it is not dead any more.';
grant execute on function app_public.discard_dead_letter to app_member;

reset role;
-- end of source: functions/operations/discard_dead_letter.sql

-- source: functions/operations/migrated_to.sql
-- How far the database is migrated, so that a server can say whether it is ready. FND-28.

grant usage on schema graphile_migrate to app_engine;
grant select on graphile_migrate.migrations to app_engine;

set role app_engine;

create or replace function app_hidden.migrated_to() returns text
language sql stable security definer
set search_path = ''
begin atomic
  select max(migrations.filename) from graphile_migrate.migrations;
end;

comment on function app_hidden.migrated_to is 'The newest committed migration that ran here, by file name; null when none did.';
grant execute on function app_hidden.migrated_to to app_authenticator;

reset role;
-- end of source: functions/operations/migrated_to.sql

-- source: functions/operations/queue_figures.sql
-- How the queue and the outbox stand, for metrics and for the doctor: counts and ages, nothing about anybody. FND-28.

set role app_engine;

create or replace function app_private.queue_figures()
returns table (
  figure text,
  task text,
  value double precision
)
language sql stable security definer
set search_path = ''
as $$
  with jobs as (
    select tasks.identifier as task, jobs.run_at, jobs.locked_at, jobs.attempts >= jobs.max_attempts as is_dead
    from graphile_worker._private_jobs as jobs
    join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
  )
  select 'jobs_waiting', jobs.task, count(*) filter (where not jobs.is_dead and jobs.locked_at is null and jobs.run_at <= now())
  from jobs group by jobs.task
  union all
  select 'jobs_planned', jobs.task, count(*) filter (where not jobs.is_dead and jobs.locked_at is null and jobs.run_at > now())
  from jobs group by jobs.task
  union all
  select 'jobs_running', jobs.task, count(*) filter (where jobs.locked_at is not null) from jobs group by jobs.task
  union all
  select 'jobs_dead', jobs.task, count(*) filter (where jobs.is_dead and jobs.locked_at is null) from jobs group by jobs.task
  union all
  select 'oldest_waiting_seconds', null,
         coalesce(extract(epoch from now() - min(jobs.run_at)), 0)
  from jobs where not jobs.is_dead and jobs.locked_at is null and jobs.run_at <= now()
  union all
  select 'deliveries_pending', null, count(*)
  from app_private.event_consumers
  join app_private.event_deliveries on event_deliveries.consumer = event_consumers.name
  where event_deliveries.delivered_at is null
  union all
  select 'workers_alive', null, count(*)
  from app_private.worker_heartbeats where worker_heartbeats.seen_at > clock_timestamp() - interval '30 seconds'
$$;

comment on function app_private.queue_figures is
  'jobs_waiting, jobs_planned, jobs_running, jobs_dead by task; oldest_waiting_seconds, deliveries_pending, workers_alive.';
grant execute on function app_private.queue_figures to app_worker;

reset role;
-- end of source: functions/operations/queue_figures.sql

-- source: functions/operations/replay_dead_letter.sql
-- A dead job gets all its attempts again. What it did to the outside stands in the effects ledger, so it is
-- not done twice. FND-28.

set role app_engine;

create or replace function app_public.replay_dead_letter(job_id bigint) returns app_public.dead_letter
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_letter app_public.dead_letter := app_private.locked_dead_letter(job_id);
begin
  perform graphile_worker.reschedule_jobs(array[v_letter.job_id], run_at => clock_timestamp(), attempts => 0);
  insert into app_private.dead_letter_decisions (job_id, task, key, payload, last_error, decision, decided_by, decided_at)
  values (v_letter.job_id, v_letter.task, v_letter.key, v_letter.payload, v_letter.last_error, 'replayed',
          app_hidden.current_principal_id(), app_hidden.now());
  return v_letter;
end;
$$;

comment on function app_public.replay_dead_letter is
  'Tries a dead job again, now, with all its attempts. Superadmin only; NOT_FOUND when it is not dead any more.';
grant execute on function app_public.replay_dead_letter to app_member;

reset role;
-- end of source: functions/operations/replay_dead_letter.sql

-- source: functions/organizations/activate_organization.sql
-- A draft clinic goes public. FND-01.

set role app_engine;

create or replace function app_public.activate_organization(organization_id uuid) returns app_public.organizations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_organization app_public.organizations;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Only the platform activates clinics.');
  end if;
  update app_public.organizations set activated_at = app_hidden.now()
  where organizations.id = activate_organization.organization_id
    and organizations.activated_at is null
    and organizations.deleted_at is null
  returning * into v_organization;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'draft_not_found', '{}', 'There is no draft clinic with this id.');
  end if;
  perform app_private.publish(
    'organization.activated', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  return v_organization;
end;
$$;

comment on function app_public.activate_organization is 'Makes a draft clinic public. Superadmin only; NOT_FOUND when it is no draft.';
grant execute on function app_public.activate_organization to app_member;

reset role;
-- end of source: functions/organizations/activate_organization.sql

-- source: functions/organizations/appoint_first_owner.sql
-- The first owner of a clinic, who has nobody there to invite them. Whoever never signed in is named, and their first
-- sign-in makes them the owner; somebody with an account is asked, as everybody is who joins a clinic. The superadmin who
-- names their own address has said yes. FND-01, FND-04.

create or replace function app_private.appoint_first_owner(organization app_public.organizations, email text, name text)
returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_owner_role_id uuid;
  v_invitation app_public.invitations;
  v_membership_id uuid;
begin
  select roles.id into strict v_owner_role_id
  from app_public.roles
  where roles.organization_id = organization.id and roles.system_role_key = 'owner';

  if exists (
    select from app_public.humans
    where humans.email = app_hidden.address_key(appoint_first_owner.email)
      and humans.provider_org_id is null
      and humans.email_verified_at is not null
      and humans.closed_at is null
      and humans.principal_id <> app_private.current_actor_id()
  ) then
    v_invitation := app_private.open_invitation(organization.id, 'member', email, name);
    insert into app_public.invitation_roles (organization_id, invitation_id, role_id)
    values (organization.id, v_invitation.id, v_owner_role_id);
    perform app_private.send_invitation(v_invitation, organization.locale);
    return;
  end if;

  insert into app_public.memberships (organization_id, human_id)
  values (organization.id, app_private.human_by_email(email, name, organization.locale))
  returning id into v_membership_id;
  insert into app_public.membership_roles (organization_id, membership_id, role_id, granted_by)
  values (organization.id, v_membership_id, v_owner_role_id, app_private.current_actor_id());
end;
$$;

comment on function app_private.appoint_first_owner is
  'Makes whoever has no account yet, or the caller, the owner of a clinic without members; invites anybody else.';
grant execute on function app_private.appoint_first_owner to app_engine;
-- end of source: functions/organizations/appoint_first_owner.sql

-- source: functions/organizations/appoint_owner.sql
-- The owner whom the platform invited declined, or let the invitation pass: the platform names another one. A clinic that
-- ever had a member is no longer the platform's to hand on. FND-01, FND-04.

set role app_engine;

create or replace function app_public.appoint_owner(
  organization_id uuid,
  email text,
  name text
) returns app_public.organizations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
  v_organization app_public.organizations;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Only the platform appoints the first owner of a clinic.');
  end if;
  v_remembered := app_private.remembered('appoint_owner', jsonb_build_array(organization_id, email, name));
  if v_remembered is not null then
    return jsonb_populate_record(v_organization, v_remembered);
  end if;

  select organizations.* into v_organization
  from app_public.organizations
  where organizations.id = appoint_owner.organization_id and organizations.deleted_at is null
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'organization_not_found', '{}', 'There is no such clinic.');
  end if;
  -- Whoever accepts at this moment is waited for, and is a member then.
  update app_public.invitations set status = 'revoked'
  where invitations.organization_id = v_organization.id and invitations.status = 'open';
  if exists (select from app_public.memberships where memberships.organization_id = v_organization.id) then
    perform app_hidden.refuse(
      'CONFLICT', 'clinic_has_members', '{}', 'This clinic has, or had, members: its owners decide who joins them.');
  end if;
  perform app_private.appoint_first_owner(v_organization, email, name);
  perform app_private.remember('appoint_owner', to_jsonb(v_organization));
  return v_organization;
end;
$$;

comment on function app_public.appoint_owner is
  'Names another first owner of a clinic that nobody has joined yet, and takes an open invitation back. Whoever has an '
  'account is invited. Superadmin only; NOT_FOUND organization_not_found, CONFLICT clinic_has_members.';
grant execute on function app_public.appoint_owner to app_member;

reset role;
-- end of source: functions/organizations/appoint_owner.sql

-- source: functions/organizations/clinic_by_slug.sql
-- The booking page's first query: a clinic with its services and bookable calendars, in one statement. Guests meet
-- catalog rows here and nowhere else. FND-01, SPC-05, APT-05.

set role app_engine;

create or replace function app_public.clinic_by_slug(slug text) returns app_public.public_clinic
language sql stable strict security definer
set search_path = ''
begin atomic
  select row(
    organizations.id, organizations.slug, organizations.name, organizations.locale, organizations.timezone,
    organizations.currency, organizations.contact_email, organizations.contact_phone, organizations.street, organizations.city,
    (select coalesce(array_agg(row(
       services.id, services.name, services.description, services.translations, services.duration_minutes,
       services.price_amount, services.currency, services.modality
     )::app_public.public_service order by services.name), '{}')
     from app_public.services
     where services.organization_id = organizations.id and services.is_active and services.deleted_at is null),
    (select coalesce(array_agg(row(
       calendars.id, calendars.service_id, calendars.name, calendars.translations, calendars.timezone, calendars.modality,
       calendars.assignment_strategy, calendars.allows_any_specialist,
       coalesce(calendars.duration_minutes, services.duration_minutes),
       coalesce(calendars.price_amount, services.price_amount), services.currency,
       app_private.public_specialists(calendars.organization_id, calendars.id)
     )::app_public.public_calendar order by calendars.name), '{}')
     from app_public.calendars
     join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
     where calendars.organization_id = organizations.id
       and calendars.is_public and calendars.is_active and calendars.deleted_at is null
       and services.is_active and services.deleted_at is null)
  )::app_public.public_clinic
  from app_public.organizations
  where organizations.slug = clinic_by_slug.slug
    and organizations.activated_at is not null
    and organizations.deleted_at is null;
end;

comment on function app_public.clinic_by_slug is
  'An active clinic with its services and bookable calendars; null when there is none, or only a draft.';
grant execute on function app_public.clinic_by_slug to app_anonymous, app_member;

reset role;
-- end of source: functions/organizations/clinic_by_slug.sql

-- source: functions/organizations/create_organization.sql
-- The platform opens a clinic: with its roles, its owner (or the invitation to own it) and its events, in one transaction. FND-01, FND-04, TEN-01.

set role app_engine;

create or replace function app_public.create_organization(
  slug text,
  name text,
  owner_email text,
  owner_name text,
  locale text default 'ro',
  timezone text default 'Europe/Bucharest',
  currency text default 'RON',
  contact_email text default null,
  tenancy_mode text default 'shared',
  draft boolean default false
) returns app_public.organizations
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_organization app_public.organizations;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Only the platform opens clinics.');
  end if;
  if tenancy_mode is distinct from 'shared' then
    perform app_hidden.refuse(
      'VALIDATION', 'tenancy_mode_not_built', '{"field": "tenancyMode"}', 'Only shared tenancy is available.');
  end if;

  insert into app_public.organizations (slug, name, locale, timezone, currency, contact_email, activated_at)
  values (create_organization.slug, create_organization.name, create_organization.locale, create_organization.timezone,
          create_organization.currency, create_organization.contact_email,
          case when draft then null else app_hidden.now() end)
  returning * into v_organization;

  perform app_private.appoint_first_owner(v_organization, owner_email, owner_name);

  perform app_private.publish(
    'organization.created', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  if v_organization.activated_at is not null then
    perform app_private.publish(
      'organization.activated', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  end if;
  return v_organization;
end;
$$;

comment on function app_public.create_organization is
  'Opens a clinic with its owner. Whoever has an account already is invited to own it, and appointOwner names another one '
  'if they decline. A draft is invisible to the public until activateOrganization. Superadmin only.';
grant execute on function app_public.create_organization to app_member;

reset role;
-- end of source: functions/organizations/create_organization.sql

-- source: functions/organizations/open_first_clinic.sql
-- The platform's first superadmin and first clinic, before anybody could sign in and make them. FND-36, FND-01, FND-02.
-- The operator runs it as the engine (npm run first-clinic); no role of the API may. Everything after it is done by the
-- superadmin through the API, so a platform that has one already refuses, unless told that another is meant.

create or replace function app_private.open_first_clinic(
  superadmin_email text,
  superadmin_name text,
  slug text,
  name text,
  owner_email text,
  owner_name text,
  locale text default 'ro',
  timezone text default 'Europe/Bucharest',
  currency text default 'RON',
  another boolean default false
) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_superadmin_id uuid;
  v_superadmin app_public.principals;
  v_is_open boolean;
  v_owner_id uuid;
  v_organization_id uuid;
  v_is_owner boolean;
begin
  perform pg_advisory_xact_lock(hashtextextended('open_first_clinic', 0));
  select exists (select from app_public.principals where platform_role = 'superadmin' and disabled_at is null)
  into v_is_open;

  v_superadmin_id := app_private.human_by_email(
    open_first_clinic.superadmin_email, open_first_clinic.superadmin_name, open_first_clinic.locale);
  select * into strict v_superadmin from app_public.principals where id = v_superadmin_id for update;
  select organizations.id into v_organization_id
  from app_public.organizations
  where organizations.slug = open_first_clinic.slug and organizations.deleted_at is null;
  if found then
    v_owner_id := app_private.human_by_email(open_first_clinic.owner_email, open_first_clinic.owner_name, open_first_clinic.locale);
    select exists (
      select from app_public.memberships
      join app_public.membership_roles on membership_roles.membership_id = memberships.id
      join app_public.roles on roles.id = membership_roles.role_id
      where memberships.organization_id = v_organization_id
        and memberships.human_id = v_owner_id
        and memberships.ended_at is null
        and roles.system_role_key = 'owner'
    ) or exists (
      select from app_public.invitations
      join app_public.invitation_roles on invitation_roles.invitation_id = invitations.id
      join app_public.roles on roles.id = invitation_roles.role_id
      where invitations.organization_id = v_organization_id
        and invitations.email = app_hidden.address_key(open_first_clinic.owner_email)
        and invitations.status = 'open'
        and roles.system_role_key = 'owner'
    ) into v_is_owner;
    if not v_is_owner then
      perform app_hidden.refuse('CONFLICT', 'slug_taken', '{"field": "slug"}', 'There is a clinic with this slug, and somebody else owns it.');
    end if;
  end if;
  if v_superadmin.platform_role = 'superadmin' and v_superadmin.disabled_at is null and v_organization_id is not null then
    return false;
  end if;

  if v_is_open and not open_first_clinic.another then
    perform app_hidden.refuse(
      'CONFLICT', 'platform_has_a_superadmin', '{}',
      'A superadmin is there already: sign in and use createOrganization, or add --another if a further superadmin is meant.');
  end if;
  if v_superadmin.disabled_at is not null then
    perform app_hidden.refuse(
      'CONFLICT', 'account_disabled', '{"field": "superadminEmail"}', 'The account with this address is closed: name another one.');
  end if;

  update app_public.principals set platform_role = 'superadmin' where id = v_superadmin_id;
  if v_organization_id is null then
    -- The clinic is opened by the superadmin, as every later one is, and its entries in the audit name them.
    perform set_config('app.principal_id', v_superadmin_id::text, true);
    perform app_public.create_organization(
      slug => open_first_clinic.slug,
      name => open_first_clinic.name,
      owner_email => open_first_clinic.owner_email,
      owner_name => open_first_clinic.owner_name,
      locale => open_first_clinic.locale,
      timezone => open_first_clinic.timezone,
      currency => open_first_clinic.currency);
  end if;
  return true;
end;
$$;

comment on function app_private.open_first_clinic is
  'Makes the first superadmin and the first clinic with its owner; false when exactly these are there already. '
  'CONFLICT platform_has_a_superadmin when somebody else is superadmin and another one is not meant.';
grant execute on function app_private.open_first_clinic to app_engine;
-- end of source: functions/organizations/open_first_clinic.sql

-- source: functions/organizations/remove_organization.sql
-- A clinic leaves the platform: nobody works there, is a patient there or books there any more. FND-10, FND-01.

set role app_engine;

create or replace function app_public.remove_organization(organization_id uuid) returns app_public.organizations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_organization app_public.organizations;
begin
  perform app_private.soft_delete('app_public.organizations', organization_id);
  perform app_private.require_nothing_to_come((
    select count(*) from app_private.bookings_to_come(remove_organization.organization_id)));
  select organizations.* into strict v_organization
  from app_public.organizations
  where organizations.id = remove_organization.organization_id;
  return v_organization;
end;
$$;

comment on function app_public.remove_organization is
  'Closes a clinic; restoreDeletedRow opens it again. Superadmin only; CONFLICT has_future_appointments with their count.';
grant execute on function app_public.remove_organization to app_member;

reset role;
-- end of source: functions/organizations/remove_organization.sql

-- source: functions/patients/caregiver_ends_on.sql
-- The day on which a person of this birth date speaks for themselves. FND-07.

create or replace function app_private.caregiver_ends_on(birth_date date) returns date
language sql stable
set search_path = ''
begin atomic
  select (caregiver_ends_on.birth_date + make_interval(years => legal_ages.years))::date
  from app_private.legal_ages
  where legal_ages.rule = 'caregiver_ends';
end;

comment on function app_private.caregiver_ends_on is 'The birthday that ends a minor''s caregiver links, by legal_ages.';
grant execute on function app_private.caregiver_ends_on to app_engine;
-- end of source: functions/patients/caregiver_ends_on.sql

-- source: functions/patients/add_caregiver.sql
-- A parent, guardian or relative acts for a patient: on evidence, and for a minor until the age the law sets. Whoever
-- has an account decides for themselves. Of an address that somebody signs in with, the name must agree: a slip of the
-- pen would show a stranger the record. The caregiver is named, not asked: what is written down is a relation that the
-- clinic has seen evidence of, a child's parent must be there before they have an account, and the link asks nothing of
-- them. They end it themselves with revoke_caregiver. FND-07, FND-34.

set role app_engine;

create or replace function app_public.add_caregiver(
  organization_id uuid,
  patient_profile_id uuid,
  email text,
  display_name text,
  relationship text,
  evidence text
) returns app_public.caregivers
language plpgsql volatile strict security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_profile app_public.patient_profiles;
  v_human_id uuid;
  v_today date := (app_hidden.now() at time zone 'Europe/Bucharest')::date;
  v_ends_on date;
  v_caregiver app_public.caregivers;
begin
  select patient_profiles.* into v_profile
  from app_public.patients
  join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
  where patients.organization_id = add_caregiver.organization_id
    and patients.patient_profile_id = add_caregiver.patient_profile_id
    and patients.deleted_at is null
  for share of patient_profiles;
  if (v_profile.human_id = app_hidden.current_account_id()) is not true then
    perform app_private.require_permission(add_caregiver.organization_id, 'patients.manage');
    if v_profile.id is null then
      perform app_hidden.refuse('NOT_FOUND', 'patient_not_found', '{}', 'There is no such patient at your clinic.');
    end if;
    -- A caregiver sees the person at every clinic; of somebody with an account no clinic can decide that.
    if v_profile.human_id is not null then
      perform app_hidden.refuse(
        'FORBIDDEN', 'person_decides', '{}', 'This patient has an account: only they can name a caregiver.');
    end if;
  end if;

  if exists (
    select from app_public.humans
    where humans.email = app_hidden.address_key(add_caregiver.email)
      and humans.provider_org_id is null
      and humans.email_verified_at is not null
      and humans.closed_at is null
      and app_private.name_key(humans.display_name) is distinct from app_private.name_key(add_caregiver.display_name)
  ) then
    perform app_hidden.refuse(
      'CONFLICT', 'person_unclear', '{"field": "displayName", "facts": ["name"]}',
      'Ask the caregiver for the address and the name of their account: both must agree.');
  end if;

  v_human_id := app_private.human_by_email(add_caregiver.email, add_caregiver.display_name, v_profile.locale);
  -- An adult may have a caregiver too; that link has no date.
  v_ends_on := app_private.caregiver_ends_on(v_profile.birth_date);
  if v_ends_on <= v_today then
    v_ends_on := null;
  end if;

  -- Who cared for the minor may go on caring for the adult, on new evidence.
  update app_public.caregivers set revoked_at = app_hidden.now()
  where caregivers.patient_profile_id = v_profile.id
    and caregivers.human_id = v_human_id
    and caregivers.revoked_at is null
    and caregivers.ends_on <= v_today;

  insert into app_public.caregivers (patient_profile_id, human_id, relationship, added_by, ends_on)
  values (v_profile.id, v_human_id, add_caregiver.relationship, app_private.current_actor_id(), v_ends_on)
  on conflict (patient_profile_id, human_id) where revoked_at is null do nothing
  returning * into v_caregiver;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'already_a_caregiver', '{"field": "email"}', 'This person is a caregiver already.');
  end if;
  insert into app_private.caregiver_evidence (organization_id, caregiver_id, patient_profile_id, evidence)
  values (add_caregiver.organization_id, v_caregiver.id, v_profile.id, add_caregiver.evidence);
  return v_caregiver;
end;
$$;

comment on function app_public.add_caregiver is
  'Lets a human act for a patient, on evidence: named by the patient, or by staff with patients.manage while the patient '
  'has no account. For a minor the link ends on the birthday that the law sets.';
grant execute on function app_public.add_caregiver to app_member;

reset role;
-- end of source: functions/patients/add_caregiver.sql

-- source: functions/patients/caregivers_evidence.sql
-- The evidence of a caregiver link, for those whom it concerns: the person, the caregiver, the clinic that saw it. FND-07.

set role app_engine;

create or replace function app_public.caregivers_evidence(caregiver app_public.caregivers) returns text
language sql stable security definer
set search_path = ''
begin atomic
  select caregiver_evidence.evidence
  from app_private.caregiver_evidence
  join app_public.caregivers on caregivers.id = caregiver_evidence.caregiver_id
  where caregiver_evidence.caregiver_id = (caregiver).id
    and (caregivers.human_id = app_hidden.current_account_id()
         or caregivers.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
         or caregiver_evidence.organization_id = any (app_hidden.organization_ids_where('patients.view')));
end;

comment on function app_public.caregivers_evidence is
  'What was shown for the link; null at a clinic that did not see it.';
grant execute on function app_public.caregivers_evidence to app_member;

reset role;
-- end of source: functions/patients/caregivers_evidence.sql

-- source: functions/patients/claim_patient_profiles.sql
-- Someone who was registered by a clinic, or booked as a guest, takes over their own profile by this one explicit act.
-- The identity provider's verification of the address proves the mailbox, and a mailbox may be a family's: the name
-- must agree as well, and a birthday must not differ. Profiles of two clinics stay two. FND-07, FND-34.

set role app_engine;

create or replace function app_public.claim_patient_profiles(
  given_name text default null,
  family_name text default null,
  birth_date date default null
) returns setof app_public.patient_profiles
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_human app_public.humans;
  v_me record;
  v_with_address uuid[];
  v_of_name uuid[];
  v_own uuid[];
  v_birth_dates int;
begin
  select humans.* into v_human
  from app_public.humans
  where humans.principal_id = app_hidden.current_account_id() and humans.email_verified_at is not null;
  if not found then
    perform app_hidden.refuse('FORBIDDEN', 'email_not_verified', '{}', 'Verify your email address, then try again.');
  end if;

  v_me := app_private.asserted_identity(
    claim_patient_profiles.given_name, claim_patient_profiles.family_name, claim_patient_profiles.birth_date);

  -- Locked in one order, as whoever merges two of them does.
  with claimable as materialized (
    select patient_profiles as profile
    from app_public.patient_profiles
    where app_hidden.ascii_lower(patient_profiles.email) = v_human.email
      -- Nobody's, or the same address' account of before that the provider deleted.
      and (patient_profiles.human_id is null
           or exists (
             select from app_public.humans as former
             where former.principal_id = patient_profiles.human_id
               and former.closed_at is not null
               and former.email = v_human.email
               and former.email_verified_at is not null))
      -- A child's profile carries the parent's address; the child is not the parent.
      and not exists (select from app_public.caregivers where caregivers.patient_profile_id = patient_profiles.id)
      -- Nor is someone who is too young for an account of their own.
      and (patient_profiles.birth_date is null
           or patient_profiles.birth_date
              + make_interval(years => (select legal_ages.years from app_private.legal_ages where legal_ages.rule = 'own_account'))
              <= (app_hidden.now() at time zone 'Europe/Bucharest')::date)
      -- Who was merged into another patient is that one now.
      and not exists (
        select from app_public.patient_merges
        where patient_merges.merged_profile_id = patient_profiles.id and patient_merges.undone_at is null)
    order by patient_profiles.id
    for update of patient_profiles
  ),
  compared as (
    select (claimable.profile).id, (claimable.profile).birth_date,
           app_private.fact_that_differs(claimable.profile, v_me.name_key, v_me.birth_date) as differs
    from claimable
  )
  select array_agg(compared.id), array_agg(compared.id) filter (where compared.differs is distinct from 'name'),
         array_agg(compared.id) filter (where compared.differs is null),
         count(distinct compared.birth_date) filter (where compared.differs is null)
  into v_with_address, v_of_name, v_own, v_birth_dates
  from compared;

  -- Two of one name and address, born on two days, are two people.
  if v_birth_dates > 1 or (v_own is null and v_of_name is not null) then
    perform app_private.refuse_person_unclear('birthday');
  elsif v_own is null and v_with_address is not null and not exists (
    select from app_public.patient_profiles
    where patient_profiles.human_id = v_human.principal_id and app_hidden.ascii_lower(patient_profiles.email) = v_human.email
  ) then
    perform app_private.refuse_person_unclear('name');
  end if;

  return query
    update app_public.patient_profiles set human_id = v_human.principal_id
    where patient_profiles.id = any (v_own)
    returning patient_profiles.*;
end;
$$;

comment on function app_public.claim_patient_profiles is
  'Links the profiles that carry the caller''s verified address and name with the caller; without givenName and '
  'familyName the name of the account counts. FORBIDDEN email_not_verified; CONFLICT person_unclear names the fact that is missing.';
grant execute on function app_public.claim_patient_profiles to app_member;

reset role;
-- end of source: functions/patients/claim_patient_profiles.sql

-- source: functions/patients/create_patient.sql
-- Front desk registers a person. The profile is new: one who is known elsewhere is never matched, and one who may be a
-- patient here already is asked about. FND-07, FND-34.

set role app_engine;

create or replace function app_public.create_patient(
  organization_id uuid,
  given_name text,
  family_name text,
  email text default null,
  phone text default null,
  birth_date date default null,
  locale text default 'ro',
  as_new_patient boolean default false
) returns app_public.patients
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_profile app_public.patient_profiles;
  v_candidates app_private.person_candidate[];
begin
  perform app_private.require_permission(organization_id, 'patients.manage');
  perform app_private.lock_people(organization_id);
  -- Written first, so that what is compared is what will stand there; a refusal takes it back.
  insert into app_public.patient_profiles (given_name, family_name, email, phone, birth_date, locale)
  select create_patient.given_name, create_patient.family_name, create_patient.email,
         app_hidden.e164(create_patient.phone, organizations.country), create_patient.birth_date, create_patient.locale
  from app_public.organizations
  where organizations.id = create_patient.organization_id
  returning * into v_profile;

  if as_new_patient is not true then
    select array_agg(candidate) into v_candidates
    from app_private.people_like(
      create_patient.organization_id, v_profile.given_name, v_profile.family_name, v_profile.email, v_profile.phone,
      v_profile.birth_date) as candidate;
    if v_candidates is not null then
      perform app_private.refuse_unclear(v_candidates);
    end if;
  end if;
  return app_private.admit_patient(create_patient.organization_id, v_profile.id);
end;
$$;

comment on function app_public.create_patient is
  'Registers a person as a patient of the clinic. Needs patients.manage; VALIDATION names the field; CONFLICT '
  'person_unclear names the patients with this address, this number, or this name and birthday: asNewPatient registers '
  'another person all the same.';
grant execute on function app_public.create_patient to app_member;

reset role;
-- end of source: functions/patients/create_patient.sql

-- source: functions/patients/invite_patient.sql
-- A clinic asks a patient to take over their own profile. The person accepts with an account that proved the address.
-- FND-07.
-- A profile that has or had an account is the person's at every clinic: they sign in, or claim it, and no single clinic
-- hands it on.

set role app_engine;

create or replace function app_public.invite_patient(
  organization_id uuid,
  patient_profile_id uuid,
  email text default null
) returns app_public.invitations
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
  v_profile app_public.patient_profiles;
  v_years int := (select legal_ages.years from app_private.legal_ages where legal_ages.rule = 'own_account');
  v_email text;
  v_invitation app_public.invitations;
begin
  perform app_private.require_permission(organization_id, 'patients.manage');
  v_remembered := app_private.remembered('invite_patient', jsonb_build_array(organization_id, patient_profile_id, email));
  if v_remembered is not null then
    return jsonb_populate_record(v_invitation, v_remembered);
  end if;

  perform app_private.require_patient(organization_id, patient_profile_id);
  select patient_profiles.* into strict v_profile
  from app_public.patient_profiles
  where patient_profiles.id = invite_patient.patient_profile_id;
  if v_profile.human_id is not null then
    perform app_hidden.refuse('CONFLICT', 'profile_has_an_account', '{}', 'This patient has an account already.');
  end if;
  if v_profile.birth_date + make_interval(years => v_years) > (app_hidden.now() at time zone 'Europe/Bucharest')::date then
    perform app_hidden.refuse(
      'VALIDATION', 'too_young_for_own_account', jsonb_build_object('field', 'patientProfileId', 'years', v_years),
      format('Under %s a caregiver acts for the patient: add one.', v_years));
  end if;
  v_email := coalesce(nullif(btrim(invite_patient.email), ''), v_profile.email);
  if v_email is null then
    perform app_hidden.refuse('VALIDATION', 'required', '{"field": "email"}', 'The profile has no address: give one.');
  end if;

  v_invitation := app_private.send_invitation(
    app_private.open_invitation(
      organization_id, 'patient', v_email, v_profile.given_name || ' ' || v_profile.family_name, patient_profile_id),
    v_profile.locale);
  perform app_private.remember('invite_patient', to_jsonb(v_invitation));
  return v_invitation;
end;
$$;

comment on function app_public.invite_patient is
  'Invites a patient without an account to take over their profile, by mail to this address or to the one of the profile. '
  'Needs patients.manage; CONFLICT profile_has_an_account or already_invited, VALIDATION too_young_for_own_account.';
grant execute on function app_public.invite_patient to app_member;

reset role;
-- end of source: functions/patients/invite_patient.sql

-- source: functions/patients/likely_duplicates.sql
-- Which patients of a clinic are probably one person: shown, never merged by themselves. The name and one more fact
-- agree, or given name, address and number do, and no birthday differs. A page looks at 200 patients, newest first, and
-- finds their like by index, so its cost does not grow with the clinic. FND-34.

set role app_engine;

create or replace function app_public.likely_duplicates(organization_id uuid, before uuid default null)
returns app_public.duplicates_page
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_page app_public.duplicates_page;
begin
  perform app_private.require_permission(organization_id, 'patients.view');

  with page as materialized (
    select patients.id, patients.patient_profile_id
    from app_public.patients
    where patients.organization_id = likely_duplicates.organization_id
      and patients.deleted_at is null
      and (likely_duplicates.before is null or patients.id < likely_duplicates.before)
    order by patients.id desc
    limit 200
  ),
  people as materialized (
    select page.id as patient_id, profile.id, app_hidden.ascii_lower(profile.email) as email, profile.phone, profile.birth_date,
           app_private.name_key(profile.given_name) as given_name,
           app_private.name_key(profile.given_name || ' ' || profile.family_name) as name
    from page
    join app_public.patient_profiles as profile on profile.id = page.patient_profile_id
  ),
  pairs as (
    select people.patient_id, people.id, alike.patient_id as other_patient_id, alike.id as other_id,
           alike.address, alike.name, alike.telephone, alike.birthday
    from people
    cross join lateral (
      select compared.*
      from (
        select found.patient_id, other.id,
               app_hidden.ascii_lower(other.email) = people.email as address,
               app_private.name_key(other.given_name || ' ' || other.family_name) = people.name as name,
               app_private.name_key(other.given_name) = people.given_name as given_name,
               other.phone = people.phone as telephone,
               other.birth_date = people.birth_date as birthday
        -- One index each. What more than twenty have in common says nothing of two.
        from (
          (select patients.id as patient_id, earlier.id
           from app_public.patient_profiles as earlier
           join app_public.patients
             on patients.organization_id = likely_duplicates.organization_id and patients.patient_profile_id = earlier.id
           where app_hidden.ascii_lower(earlier.email) = people.email and patients.deleted_at is null and patients.id < people.patient_id
           limit 20)
          union
          (select patients.id, earlier.id
           from app_public.patient_profiles as earlier
           join app_public.patients
             on patients.organization_id = likely_duplicates.organization_id and patients.patient_profile_id = earlier.id
           where earlier.phone = people.phone and patients.deleted_at is null and patients.id < people.patient_id
           limit 20)
          union
          (select patients.id, earlier.id
           from app_public.patient_profiles as earlier
           join app_public.patients
             on patients.organization_id = likely_duplicates.organization_id and patients.patient_profile_id = earlier.id
           where earlier.birth_date = people.birth_date and patients.deleted_at is null and patients.id < people.patient_id
           limit 20)
        ) as found
        join app_public.patient_profiles as other on other.id = found.id
        -- Names are folded once a pair.
        offset 0
      ) as compared
      where compared.birthday is not false
        -- Or one given name, address and number: a family name that changed, or was written otherwise.
        and (compared.name and (compared.address or compared.telephone or compared.birthday)
             or compared.given_name and compared.address and compared.telephone)
      order by compared.patient_id desc
      limit 5
    ) as alike
  )
  select
    (select coalesce(array_agg(row(
        pairs.patient_id, pairs.id, pairs.other_patient_id, pairs.other_id,
        array_remove(array[case when pairs.address then 'address' end, case when pairs.name then 'name' end,
                           case when pairs.telephone then 'telephone' end, case when pairs.birthday then 'birthday' end], null),
        array_remove(array[case when not pairs.address then 'address' end, case when not pairs.name then 'name' end,
                           case when not pairs.telephone then 'telephone' end], null)
      )::app_public.likely_duplicate order by pairs.patient_id desc, pairs.other_patient_id desc), '{}')
     from pairs),
    (select min(page.id::text)::uuid from page having count(*) = 200)
  into v_page;
  return v_page;
end;
$$;

comment on function app_public.likely_duplicates is
  'Pairs of the clinic''s patients who are probably one person, newest first; pass continueBefore of one page as before of the '
  'next. For staff with patients.view.';
grant execute on function app_public.likely_duplicates to app_member;

reset role;
-- end of source: functions/patients/likely_duplicates.sql

-- source: functions/patients/merge_patients.sql
-- Two patients of a clinic are one person: everything of the one at this clinic goes to the other, who is kept.
-- What each table that points to a patient does is decided in db/tests/patients/merge_patients/leaves_nothing_behind.
-- Locks: the clinic's people, then both patients, then both profiles, each pair in the order of ids; bookings hold their
-- patient for share, so those under way are waited for and move along. FND-34.

set role app_engine;

create or replace function app_public.merge_patients(patient_id uuid, duplicate_id uuid, reason text)
returns app_public.patient_merges
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_today date := (app_hidden.now() at time zone 'Europe/Bucharest')::date;
  v_reason text;
  v_kept app_public.patients;
  v_duplicate app_public.patients;
  v_person app_public.patient_profiles;
  v_other app_public.patient_profiles;
  v_is_the_clinics_own boolean;
  v_moved jsonb;
  v_merge app_public.patient_merges;
begin
  select patients.* into v_kept from app_public.patients where patients.id = merge_patients.patient_id and patients.deleted_at is null;
  perform app_private.require_permission(v_kept.organization_id, 'patients.merge');
  v_reason := app_private.require_reason(reason);
  if patient_id = duplicate_id then
    perform app_hidden.refuse('VALIDATION', 'same_patient', '{"field": "duplicateId"}', 'Name two patients.');
  end if;

  perform app_private.lock_people(v_kept.organization_id);
  perform from app_public.patients
  where patients.organization_id = v_kept.organization_id and patients.id in (merge_patients.patient_id, duplicate_id)
  order by patients.id
  for update;
  select patients.* into v_kept
  from app_public.patients
  where patients.organization_id = v_kept.organization_id and patients.id = v_kept.id and patients.deleted_at is null;
  select patients.* into v_duplicate
  from app_public.patients
  where patients.organization_id = v_kept.organization_id and patients.id = duplicate_id and patients.deleted_at is null;
  if v_kept.id is null or v_duplicate.id is null then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found', '{}', 'There is no such patient at your clinic.');
  end if;

  perform from app_public.patient_profiles
  where patient_profiles.id in (v_kept.patient_profile_id, v_duplicate.patient_profile_id)
  order by patient_profiles.id
  for update;
  select patient_profiles.* into strict v_person from app_public.patient_profiles where patient_profiles.id = v_kept.patient_profile_id;
  select patient_profiles.* into strict v_other from app_public.patient_profiles where patient_profiles.id = v_duplicate.patient_profile_id;

  if v_person.human_id <> v_other.human_id then
    perform app_hidden.refuse(
      'CONFLICT', 'two_accounts', '{}', 'Both patients have an account of their own: whose record it is, they decide.');
  elsif v_person.human_id is null and v_other.human_id is not null then
    perform app_hidden.refuse(
      'CONFLICT', 'account_would_be_lost', '{"field": "duplicateId"}', 'The other patient has an account: keep that one.');
  elsif v_person.birth_date <> v_other.birth_date then
    perform app_hidden.refuse(
      'CONFLICT', 'birth_dates_differ', '{}', 'They were born on two days. If one is a mistake, correct it first.');
  end if;

  -- What a clinic may decide for a person: nothing that another clinic, or the person themselves, also relies on.
  v_is_the_clinics_own := v_person.human_id is null and not exists (
    select from app_public.patients as elsewhere
    where elsewhere.patient_profile_id in (v_person.id, v_other.id) and elsewhere.organization_id <> v_kept.organization_id);
  if not v_is_the_clinics_own and exists (
    select from app_public.caregivers
    where caregivers.patient_profile_id = v_other.id
      and caregivers.revoked_at is null
      and (caregivers.ends_on is null or caregivers.ends_on > v_today)
      and not exists (
        select from app_public.caregivers as known
        where known.patient_profile_id = v_person.id and known.human_id = caregivers.human_id and known.revoked_at is null)
  ) then
    perform app_hidden.refuse(
      'CONFLICT', 'caregivers_differ', '{}',
      'Somebody cares for the one and not for the other. End that link, or let the person name the caregiver first.');
  end if;

  with appointments_moved as (
    update app_public.appointments set patient_profile_id = v_person.id
    where appointments.organization_id = v_kept.organization_id and appointments.patient_profile_id = v_other.id
    returning appointments.id
  ),
  messages_moved as (
    update app_public.messages set patient_profile_id = v_person.id
    where messages.organization_id = v_kept.organization_id
      and messages.patient_profile_id = v_other.id
      -- Both were told of one thing: a person is told once.
      and not exists (
        select from app_public.messages as told
        where told.organization_id = messages.organization_id
          and told.event_id = messages.event_id
          and told.template_key = messages.template_key
          and told.channel = messages.channel
          and told.patient_profile_id = v_person.id
          and told.account_id is not distinct from messages.account_id)
    returning messages.id
  ),
  caregivers_moved as (
    update app_public.caregivers set
      patient_profile_id = v_person.id,
      ends_on = case when app_private.caregiver_ends_on(v_person.birth_date) > v_today
                  then least(caregivers.ends_on, app_private.caregiver_ends_on(v_person.birth_date)) else caregivers.ends_on end
    where v_is_the_clinics_own
      and caregivers.patient_profile_id = v_other.id
      and not (caregivers.revoked_at is null and exists (
        select from app_public.caregivers as known
        where known.patient_profile_id = v_person.id and known.human_id = caregivers.human_id and known.revoked_at is null))
    returning caregivers.id, old.ends_on as ended_on
  ),
  preferences_moved as (
    update app_public.notification_preferences as preference set patient_profile_id = v_person.id
    where v_is_the_clinics_own
      and preference.patient_profile_id = v_other.id
      and not exists (
        select from app_public.notification_preferences as own
        where own.patient_profile_id = v_person.id and own.topic = preference.topic and own.channel = preference.channel)
    returning preference.id
  ),
  quiet_hours_moved as (
    update app_public.quiet_hours set patient_profile_id = v_person.id
    where v_is_the_clinics_own
      and quiet_hours.patient_profile_id = v_other.id
      and not exists (select from app_public.quiet_hours as own where own.patient_profile_id = v_person.id)
    returning quiet_hours.id
  )
  select jsonb_build_object(
    'appointments', (select coalesce(jsonb_agg(appointments_moved.id), '[]') from appointments_moved),
    'messages', (select coalesce(jsonb_agg(messages_moved.id), '[]') from messages_moved),
    'caregivers', (select coalesce(jsonb_agg(jsonb_build_object('id', caregivers_moved.id, 'endsOn', caregivers_moved.ended_on)), '[]')
                   from caregivers_moved),
    'notificationPreferences', (select coalesce(jsonb_agg(preferences_moved.id), '[]') from preferences_moved),
    'quietHours', (select coalesce(jsonb_agg(quiet_hours_moved.id), '[]') from quiet_hours_moved))
  into v_moved;

  update app_private.caregiver_evidence set patient_profile_id = v_person.id
  from jsonb_array_elements(v_moved -> 'caregivers') as moved (link)
  where caregiver_evidence.caregiver_id = (moved.link ->> 'id')::uuid;
  -- It would open an account on a record that has ended.
  update app_public.invitations set status = 'revoked'
  where invitations.organization_id = v_kept.organization_id
    and invitations.patient_profile_id = v_other.id
    and invitations.status = 'open';

  insert into app_public.patient_merges (organization_id, patient_profile_id, merged_profile_id, reason, moved, merged_by)
  values (v_kept.organization_id, v_person.id, v_other.id, v_reason, v_moved, app_private.current_actor_id())
  returning * into v_merge;
  update app_public.patients set deleted_at = app_hidden.now() where patients.id = v_duplicate.id;
  perform app_private.publish(
    'patient.merged', v_kept.organization_id, v_kept.id,
    jsonb_build_object('patientId', v_kept.id, 'mergedPatientId', v_duplicate.id));
  return v_merge;
end;
$$;

comment on function app_public.merge_patients is
  'Two patients of the clinic are one person: what the duplicate has at the clinic goes to patientId, and the duplicate '
  'leaves the lists; name, address, number and birth date of patientId stay. Needs patients.merge and a reason; undoPatientMerge takes it back. '
  'CONFLICT two_accounts, account_would_be_lost, birth_dates_differ, caregivers_differ.';
grant execute on function app_public.merge_patients to app_member;

reset role;
-- end of source: functions/patients/merge_patients.sql

-- source: functions/patients/patient_search_text.sql
-- A patient as somebody looks for them: every word of the names, family names first, and the digits of the number. FND-07.

create or replace function app_private.patient_search_text(profile app_public.patient_profiles) returns text
language sql immutable parallel safe
set search_path = ''
return ' ' || app_hidden.search_text(profile.family_name || ' ' || profile.given_name)
  || coalesce(' ' || substr(profile.phone, 2), '');

comment on function app_private.patient_search_text is
  'What search_patients() looks into, with a space before every word.';
grant execute on function app_private.patient_search_text to app_engine;
-- end of source: functions/patients/patient_search_text.sql

-- source: functions/patients/remove_patient.sql
-- A person is no patient of the clinic any more; the record goes with its appointments, and comes back with them, by
-- hand or when the person is admitted again. FND-10, FND-07.

set role app_engine;

create or replace function app_public.remove_patient(patient_id uuid) returns app_public.patients
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  -- Bookings lock their patient for share: those under way are waited for, later ones refused.
  perform app_private.soft_delete('app_public.patients', patient_id);
  select patients.* into strict v_patient from app_public.patients where patients.id = remove_patient.patient_id;
  perform app_private.require_nothing_to_come((
    select count(*) from app_private.bookings_to_come(v_patient.organization_id) as booking
    join app_public.appointments on appointments.organization_id = booking.organization_id and appointments.claim_id = booking.id
    where appointments.patient_profile_id = v_patient.patient_profile_id));
  return v_patient;
end;
$$;

comment on function app_public.remove_patient is
  'Removes a patient of the clinic with the appointments there; restoreDeletedRow brings them back. Needs patients.manage; '
  'CONFLICT has_future_appointments with their count.';
grant execute on function app_public.remove_patient to app_member;

reset role;
-- end of source: functions/patients/remove_patient.sql

-- source: functions/patients/revoke_caregiver.sql
-- The link ends: by the caregiver, by the person, or by the clinic. FND-07.

set role app_engine;

create or replace function app_public.revoke_caregiver(caregiver_id uuid) returns app_public.caregivers
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_caregiver app_public.caregivers;
begin
  update app_public.caregivers set revoked_at = app_hidden.now()
  where caregivers.id = caregiver_id
    and caregivers.revoked_at is null
    and (caregivers.human_id = app_hidden.current_account_id()
         or exists (
           select from app_public.patient_profiles
           where patient_profiles.id = caregivers.patient_profile_id
             and patient_profiles.human_id = app_hidden.current_account_id())
         or exists (
           select from app_public.patients
           where patients.patient_profile_id = caregivers.patient_profile_id
             and patients.deleted_at is null
             and app_hidden.has_permission(patients.organization_id, 'patients.manage')))
  returning * into v_caregiver;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'caregiver_not_found', '{}', 'There is no such caregiver, or it is not yours to end.');
  end if;
  return v_caregiver;
end;
$$;

comment on function app_public.revoke_caregiver is
  'Ends a caregiver link at once: by the caregiver, the person cared for, or staff with patients.manage.';
grant execute on function app_public.revoke_caregiver to app_member;

reset role;
-- end of source: functions/patients/revoke_caregiver.sql

-- source: functions/patients/search_patients.sql
-- Front desk types what they hear, without diacritics or half a name: muresan, ţăranu, ana mar, 0722 123. FND-07.
-- The rights are asked first, and the engine looks: an index on LIKE, which is not leakproof, carries nothing under row
-- security. The tenant is the first column of the index, so that a clinic's look-up costs what its own patients cost.

set role app_engine;

create or replace function app_public.search_patients(organization_id uuid, query text)
returns setof app_public.patients
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_words text[];
  v_patterns text[];
begin
  perform app_private.require_permission(organization_id, 'patients.view');
  v_words := (
    select array_agg(word order by place)
    from regexp_split_to_table(app_hidden.search_text(left(query, 200)), ' ') with ordinality as part (word, place)
    where word <> '' and place <= 8);
  if v_words is null then
    return;
  end if;
  -- A word of a name is typed from its beginning, a number from anywhere, and at home with a zero.
  v_patterns := array(
    select case when word ~ '^[0-9]+$' then '%' || ltrim(word, '0') || '%' else '% ' || word || '%' end
    from unnest(v_words) as word);

  return query
    select patients.*
    from (
      select patient_search.patient_id, patient_search.text
      from app_private.patient_search
      join app_public.patients as open on open.id = patient_search.patient_id and open.deleted_at is null
      where patient_search.organization_id = search_patients.organization_id
        -- The longest word leads through the index, and the others are looked at beside it.
        and patient_search.text like (select pattern from unnest(v_patterns) as pattern order by length(pattern) desc, pattern limit 1)
        and patient_search.text like all (v_patterns)
      order by starts_with(patient_search.text, ' ' || array_to_string(v_words, ' ')) desc, patient_search.text collate "C"
      limit 100
    ) as found
    join app_public.patients on patients.id = found.patient_id
    join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
    order by starts_with(found.text, ' ' || array_to_string(v_words, ' ')) desc,
             patient_profiles.family_name collate "ro-x-icu", patient_profiles.given_name collate "ro-x-icu", patients.id;
end;
$$;

comment on function app_public.search_patients is
  'Patients of a clinic by the beginnings of their names, in any order and without regard to case and diacritics, or by a '
  'part of their number; the first 100, those whose family name begins with the query first. Needs patients.view.';
grant execute on function app_public.search_patients to app_member;

reset role;
-- end of source: functions/patients/search_patients.sql

-- source: functions/patients/tg_patient_profiles__caregivers.sql
-- A birth date that becomes known, or is corrected, sets the day on which a minor's caregivers end. FND-07.
-- Never later than before: caregivers edit the profile too, and may not lengthen their own link. Who was of age
-- when the link was made keeps a link without a date.

set role app_engine;

create or replace function app_private.tg_patient_profiles__caregivers() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  update app_public.caregivers set ends_on = app_private.caregiver_ends_on(new.birth_date)
  where caregivers.patient_profile_id = new.id
    and caregivers.revoked_at is null
    and app_private.caregiver_ends_on(new.birth_date) > (caregivers.created_at at time zone 'Europe/Bucharest')::date
    and (caregivers.ends_on is null or caregivers.ends_on > app_private.caregiver_ends_on(new.birth_date));
  return new;
end;
$$;

comment on function app_private.tg_patient_profiles__caregivers is
  'Moves the end of caregiver links with the birth date, never to a later day. Trigger _500_caregivers.';

reset role;

create or replace trigger _500_caregivers after update of birth_date on app_public.patient_profiles
  for each row when (old.birth_date is distinct from new.birth_date)
  execute function app_private.tg_patient_profiles__caregivers();
-- end of source: functions/patients/tg_patient_profiles__caregivers.sql

-- source: functions/patients/tg_patient_profiles__email_proof.sql
-- A patient's address says two things: where messages about treatment go, and, until there is an account, who may take
-- the profile over (claim_patient_profiles). So whoever changes it proves what that use needs. FND-07.
--   * With an account, the address is one that the identity provider verified for that account, or none.
--   * Without one, the clinic that keeps the profile writes it down, as it did when it registered the patient; the
--     address proves nothing then: whoever claims the profile shows that it is theirs.
--   * A caregiver writes down the own verified address, so that nobody else is led to the profile.
-- Verbs that join or move profiles answer for themselves: the trigger looks at what callers write directly.

set role app_engine;

create or replace function app_private.tg_patient_profiles__email_proof() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if new.email is null and new.human_id is not null then
    return new;
  end if;
  if exists (
    select from app_public.humans
    where humans.principal_id = coalesce(new.human_id, app_hidden.current_account_id())
      and humans.email = new.email and humans.email_verified_at is not null
  ) then
    return new;
  end if;
  if new.human_id is null and exists (
    select from app_public.patients
    where patients.patient_profile_id = new.id
      and patients.organization_id = any (app_hidden.organization_ids_where('patients.manage'))
      and patients.deleted_at is null
  ) then
    return new;
  end if;
  perform app_hidden.refuse(
    'FORBIDDEN', 'email_not_verified', '{"field": "email"}',
    'Add this address to your account and verify it first; then write it here.');
  return null;
end;
$$;

comment on function app_private.tg_patient_profiles__email_proof is
  'FORBIDDEN email_not_verified, unless the address is verified for the account, or staff keep a profile without one. '
  'Trigger _200_email_proof.';

reset role;

create or replace trigger _200_email_proof before update of email on app_public.patient_profiles
  for each row when (old.email is distinct from new.email and current_user = 'app_member')
  execute function app_private.tg_patient_profiles__email_proof();
-- end of source: functions/patients/tg_patient_profiles__email_proof.sql

-- source: functions/patients/tg_patient_profiles__own_account.sql
-- Below the age of consent to online services a person has no account of their own: a caregiver acts. FND-07.

set role app_engine;

create or replace function app_private.tg_patient_profiles__own_account() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_years int;
begin
  if new.human_id is null or new.birth_date is null then
    return new;
  end if;
  select legal_ages.years into strict v_years from app_private.legal_ages where legal_ages.rule = 'own_account';
  if new.birth_date + make_interval(years => v_years) > (app_hidden.now() at time zone 'Europe/Bucharest')::date then
    perform app_hidden.refuse(
      'VALIDATION', 'too_young_for_own_account', jsonb_build_object('field', 'birthDate', 'years', v_years),
      format('Under %s a caregiver acts for the patient: add one.', v_years));
  end if;
  return new;
end;
$$;

comment on function app_private.tg_patient_profiles__own_account is
  'Refuses an own account below the age in legal_ages. Trigger _200_own_account.';

reset role;

create or replace trigger _200_own_account before insert or update of human_id, birth_date on app_public.patient_profiles
  for each row execute function app_private.tg_patient_profiles__own_account();
-- end of source: functions/patients/tg_patient_profiles__own_account.sql

-- source: functions/patients/tg_patient_profiles__search.sql
-- Whoever is called otherwise, or has another number, is found by it in every clinic. FND-07.

set role app_engine;

create or replace function app_private.tg_patient_profiles__search() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  update app_private.patient_search set text = app_private.patient_search_text(new)
  where patient_search.patient_profile_id = new.id
    and patient_search.text <> app_private.patient_search_text(new);
  return new;
end;
$$;

comment on function app_private.tg_patient_profiles__search is 'Keeps patient_search of a person. Trigger _500_search.';

reset role;

create or replace trigger _500_search after update of given_name, family_name, phone on app_public.patient_profiles
  for each row execute function app_private.tg_patient_profiles__search();
-- end of source: functions/patients/tg_patient_profiles__search.sql

-- source: functions/patients/tg_patients__merged.sql
-- Who was merged into another patient comes back by undoing the merge and by nothing else: restored alone the record
-- would be empty, and the person two patients again. FND-34, FND-10.

set role app_engine;

create or replace function app_private.tg_patients__merged() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_merge_id uuid;
begin
  select patient_merges.id into v_merge_id
  from app_public.patient_merges
  where patient_merges.organization_id = new.organization_id
    and patient_merges.merged_profile_id = new.patient_profile_id
    and patient_merges.undone_at is null;
  if found then
    perform app_hidden.refuse(
      'CONFLICT', 'patient_was_merged', jsonb_build_object('mergeId', v_merge_id),
      'This patient was merged into another one: undo the merge instead.');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_patients__merged is
  'Refuses to bring back a patient who was merged into another one. Trigger _200_merged.';

reset role;

create or replace trigger _200_merged before update of deleted_at on app_public.patients
  for each row when (old.deleted_at is not null and new.deleted_at is null)
  execute function app_private.tg_patients__merged();
-- end of source: functions/patients/tg_patients__merged.sql

-- source: functions/patients/tg_patients__search.sql
-- A new patient can be found, and so can one whose record became another person's. FND-07.

set role app_engine;

create or replace function app_private.tg_patients__search() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into app_private.patient_search (organization_id, patient_id, patient_profile_id, text)
  select new.organization_id, new.id, patient_profiles.id, app_private.patient_search_text(patient_profiles)
  from app_public.patient_profiles
  where patient_profiles.id = new.patient_profile_id
  on conflict on constraint patient_search_pkey do update
    set patient_profile_id = excluded.patient_profile_id, text = excluded.text;
  return new;
end;
$$;

comment on function app_private.tg_patients__search is 'Keeps patient_search of a patient. Trigger _500_search.';

reset role;

create or replace trigger _500_search after insert or update of patient_profile_id on app_public.patients
  for each row execute function app_private.tg_patients__search();
-- end of source: functions/patients/tg_patients__search.sql

-- source: functions/patients/undo_patient_merge.sql
-- Two who were merged are two again: exactly the rows that moved go back, while they are where the merge put them. What
-- came after the merge stays with the patient who was kept. Locks as merge_patients does. FND-34.

set role app_engine;

create or replace function app_public.undo_patient_merge(merge_id uuid, reason text) returns app_public.patient_merges
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text;
  v_merge app_public.patient_merges;
  v_kept app_public.patients;
  v_duplicate app_public.patients;
  v_further uuid;
  v_count bigint;
begin
  select patient_merges.* into v_merge from app_public.patient_merges where patient_merges.id = merge_id;
  perform app_private.require_permission(v_merge.organization_id, 'patients.merge');
  v_reason := app_private.require_reason(reason);

  perform app_private.lock_people(v_merge.organization_id);
  select patient_merges.* into strict v_merge from app_public.patient_merges where patient_merges.id = merge_id for update;
  if v_merge.undone_at is not null then
    perform app_hidden.refuse('STATE', 'merge_is_undone', '{"legal": []}', 'This merge was undone already.');
  end if;
  perform from app_public.patients
  where patients.organization_id = v_merge.organization_id
    and patients.patient_profile_id in (v_merge.patient_profile_id, v_merge.merged_profile_id)
  order by patients.id
  for update;
  select patients.* into strict v_kept
  from app_public.patients
  where patients.organization_id = v_merge.organization_id and patients.patient_profile_id = v_merge.patient_profile_id;
  select patients.* into strict v_duplicate
  from app_public.patients
  where patients.organization_id = v_merge.organization_id and patients.patient_profile_id = v_merge.merged_profile_id;

  select patient_merges.id into v_further
  from app_public.patient_merges
  where patient_merges.organization_id = v_merge.organization_id
    and patient_merges.merged_profile_id = v_merge.patient_profile_id
    and patient_merges.undone_at is null;
  if found then
    perform app_hidden.refuse(
      'CONFLICT', 'merged_further', jsonb_build_object('mergeId', v_further), 'The patient was merged again since: undo that merge first.');
  elsif v_kept.deleted_at is not null then
    perform app_hidden.refuse(
      'CONFLICT', 'belongs_to_something_deleted', '{"entity": "patients"}', 'The patient who was kept is removed: restore the patient first.');
  end if;

  update app_public.appointments set patient_profile_id = v_merge.merged_profile_id
  from jsonb_array_elements_text(v_merge.moved -> 'appointments') as moved (id)
  where appointments.organization_id = v_merge.organization_id
    and appointments.id = moved.id::uuid
    and appointments.patient_profile_id = v_merge.patient_profile_id;
  get diagnostics v_count = row_count;
  if v_count < jsonb_array_length(v_merge.moved -> 'appointments') then
    perform app_hidden.refuse(
      'CONFLICT', 'moved_since',
      jsonb_build_object('appointmentIds', (
        select jsonb_agg(appointments.id order by appointments.id)
        from jsonb_array_elements_text(v_merge.moved -> 'appointments') as moved (id)
        join app_public.appointments on appointments.organization_id = v_merge.organization_id and appointments.id = moved.id::uuid
        where appointments.patient_profile_id <> v_merge.merged_profile_id)),
      'Appointments of the merge moved to somebody else since: move them back first.');
  end if;

  update app_public.messages set patient_profile_id = v_merge.merged_profile_id
  from jsonb_array_elements_text(v_merge.moved -> 'messages') as moved (id)
  where messages.organization_id = v_merge.organization_id and messages.id = moved.id::uuid;
  update app_public.caregivers set patient_profile_id = v_merge.merged_profile_id, ends_on = (moved.link ->> 'endsOn')::date
  from jsonb_array_elements(v_merge.moved -> 'caregivers') as moved (link)
  where caregivers.id = (moved.link ->> 'id')::uuid;
  update app_private.caregiver_evidence set patient_profile_id = v_merge.merged_profile_id
  from jsonb_array_elements(v_merge.moved -> 'caregivers') as moved (link)
  where caregiver_evidence.caregiver_id = (moved.link ->> 'id')::uuid;
  update app_public.notification_preferences as preference set patient_profile_id = v_merge.merged_profile_id
  from jsonb_array_elements_text(v_merge.moved -> 'notificationPreferences') as moved (id)
  where preference.id = moved.id::uuid;
  update app_public.quiet_hours set patient_profile_id = v_merge.merged_profile_id
  from jsonb_array_elements_text(v_merge.moved -> 'quietHours') as moved (id)
  where quiet_hours.id = moved.id::uuid;

  update app_public.patient_merges set undone_at = app_hidden.now(), undone_by = app_private.current_actor_id(), undo_reason = v_reason
  where patient_merges.id = v_merge.id
  returning * into v_merge;
  update app_public.patients set deleted_at = null where patients.id = v_duplicate.id;
  perform app_private.publish(
    'patient.merge_undone', v_kept.organization_id, v_kept.id,
    jsonb_build_object('patientId', v_kept.id, 'mergedPatientId', v_duplicate.id));
  return v_merge;
end;
$$;

comment on function app_public.undo_patient_merge is
  'Takes a merge back: the rows that moved return to the patient they came from, who is in the lists again. Needs '
  'patients.merge and a reason. STATE merge_is_undone; CONFLICT merged_further, moved_since, belongs_to_something_deleted '
  'say what has to be taken back first.';
grant execute on function app_public.undo_patient_merge to app_member;

reset role;
-- end of source: functions/patients/undo_patient_merge.sql

-- source: functions/providers/account_state.sql
-- What a test of a clinic's account is a test of: these keys, these settings, and the account as it was switched off or on.
-- Whoever changes one of them while the vendor is asked has to ask again. FND-23.

create or replace function app_private.account_state(integration app_public.organization_integrations) returns text
language sql stable
set search_path = ''
return encode(sha256(convert_to(
  jsonb_build_array((integration).credentials_version, (integration).settings, (integration).status, (integration).disabled_at)::text,
  'UTF8')), 'hex');

comment on function app_private.account_state is
  'A digest of version of the keys, settings, status and moment of switching off.';
grant execute on function app_private.account_state to app_engine;
-- end of source: functions/providers/account_state.sql

-- source: functions/providers/require_capability.sql
-- A capability that can be served. What is declared and not built is said to be so. FND-22.

create or replace function app_private.require_capability(capability text) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_is_built boolean;
begin
  select service_capabilities.is_built into v_is_built
  from app_public.service_capabilities
  where service_capabilities.key = require_capability.capability;
  if v_is_built is null then
    perform app_hidden.refuse('VALIDATION', 'capability_unknown', '{"field": "capability"}',
      'See serviceCapabilities for what there is.');
  elsif not v_is_built then
    perform app_hidden.refuse('CAPABILITY_NOT_BUILT', 'capability_not_built', jsonb_build_object('capability', capability),
      'This is declared for later; nothing implements it yet.');
  end if;
end;
$$;

comment on function app_private.require_capability is 'Refuses a capability that is unknown, or declared and not built.';
grant execute on function app_private.require_capability to app_engine;
-- end of source: functions/providers/require_capability.sql

-- source: functions/providers/choose_provider.sql
-- A clinic chooses who serves a capability, among what the platform offers. FND-22.

set role app_engine;

create or replace function app_public.choose_provider(
  organization_id uuid, capability text, provider text, integration_id uuid default null
) returns app_public.organization_service_providers
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_offer app_public.platform_service_providers;
  v_choice app_public.organization_service_providers;
begin
  perform app_private.require_permission(organization_id, 'integrations.manage');
  perform app_private.require_capability(capability);

  -- The lock keeps the offer as it is until the choice is written.
  select offer.* into v_offer
  from app_public.platform_service_providers as offer
  where offer.capability = choose_provider.capability and offer.provider = choose_provider.provider
    and (offer.is_offered or offer.is_default)
  for share;
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'provider_not_offered', '{"field": "provider"}',
      'Choose one that the platform offers for this capability: see platformServiceProviders.');
  end if;
  if integration_id is null and not v_offer.has_platform_account then
    perform app_hidden.refuse(
      'VALIDATION', 'integration_required', '{"field": "integrationId"}',
      'The platform has no account there: enter your own with saveIntegration and name it here.');
  end if;
  if integration_id is not null then
    perform from app_public.organization_integrations as integration
    where integration.organization_id = choose_provider.organization_id
      and integration.id = choose_provider.integration_id
      and integration.provider = choose_provider.provider
    for share;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'not_found', '{"field": "integrationId"}',
        'There is no such integration of this provider, or it is not yours to see.');
    end if;
  end if;

  insert into app_public.organization_service_providers (organization_id, capability, provider, integration_id)
  values (choose_provider.organization_id, choose_provider.capability, choose_provider.provider, choose_provider.integration_id)
  on conflict on constraint organization_service_providers_pkey do update
    set provider = excluded.provider, integration_id = excluded.integration_id
  returning * into v_choice;
  return v_choice;
end;
$$;

comment on function app_public.choose_provider is
  'Chooses who serves a capability for the clinic, with its own integration or with the platform''s account. Needs integrations.manage.';
grant execute on function app_public.choose_provider to app_member;

reset role;
-- end of source: functions/providers/choose_provider.sql

-- source: functions/providers/destination_of.sql
-- Where the keys of an account go, as one text that is the same for the same destination. FND-35.
-- Settings that are not there stand in it as null, so that one that is added later is another destination.

set role app_engine;

create or replace function app_private.destination_of(provider text, settings jsonb) returns text
language sql stable security definer
set search_path = ''
begin atomic
  select jsonb_build_object('provider', service_providers.key, 'settings', coalesce((
    select jsonb_object_agg(field ->> 'name', destination_of.settings -> (field ->> 'name'))
    from jsonb_array_elements(service_providers.settings_fields) as field
    where (field ->> 'destination')::boolean), '{}'))::text
  from app_public.service_providers
  where service_providers.key = destination_of.provider;
end;

comment on function app_private.destination_of is
  'The provider with those of its settings that say where an account is, as text: what its keys are bound to.';

reset role;
-- end of source: functions/providers/destination_of.sql

-- source: functions/providers/locked_integration.sql
-- An integration that the caller manages, locked; another clinic's is not there. FND-23.

create or replace function app_private.locked_integration(integration_id uuid) returns app_public.organization_integrations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_integration app_public.organization_integrations;
begin
  select organization_integrations.* into v_integration
  from app_public.organization_integrations
  where organization_integrations.id = locked_integration.integration_id
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  perform app_private.require_permission(v_integration.organization_id, 'integrations.manage');
  return v_integration;
end;
$$;

comment on function app_private.locked_integration is
  'Locks an integration for a change; refuses with NOT_FOUND, or FORBIDDEN for a colleague without integrations.manage.';
grant execute on function app_private.locked_integration to app_engine;
-- end of source: functions/providers/locked_integration.sql

-- source: functions/providers/disable_integration.sql
-- Switched off by hand: nothing goes through this account any more. FND-23.

set role app_engine;

create or replace function app_public.disable_integration(integration_id uuid) returns app_public.organization_integrations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_integration app_public.organization_integrations := app_private.locked_integration(integration_id);
begin
  update app_public.organization_integrations
  set status = 'disabled', disabled_reason = 'by_staff', disabled_at = app_hidden.now()
  where organization_integrations.id = v_integration.id
  returning * into v_integration;
  perform app_private.publish('integration.disabled', v_integration.organization_id, v_integration.id,
    '{"reason": "by_staff"}');
  return v_integration;
end;
$$;

comment on function app_public.disable_integration is
  'Switches an integration off. What it served is refused until it is enabled or another provider is chosen. Needs integrations.manage.';
grant execute on function app_public.disable_integration to app_member;

reset role;
-- end of source: functions/providers/disable_integration.sql

-- source: functions/providers/enable_integration.sql
-- Switched on again, once the vendor has taken the keys. FND-23.

set role app_engine;

create or replace function app_public.enable_integration(integration_id uuid) returns app_public.organization_integrations
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_integration app_public.organization_integrations := app_private.locked_integration(integration_id);
begin
  if v_integration.status = 'disabled'
     and not coalesce(v_integration.last_test_passed and v_integration.last_tested_at >= v_integration.disabled_at, false) then
    perform app_hidden.refuse(
      'STATE', 'test_must_pass_first', jsonb_build_object('from', v_integration.status, 'to', 'active'),
      'Test the integration (testIntegration); when the test passes, it can be enabled.');
  end if;
  update app_public.organization_integrations
  set status = 'active', disabled_reason = null, disabled_at = null, consecutive_auth_failures = 0
  where organization_integrations.id = v_integration.id
  returning * into v_integration;
  perform app_private.publish('integration.enabled', v_integration.organization_id, v_integration.id);
  return v_integration;
end;
$$;

comment on function app_public.enable_integration is
  'Switches an integration on again. A test must have passed since it was disabled. Needs integrations.manage.';
grant execute on function app_public.enable_integration to app_member;

reset role;
-- end of source: functions/providers/enable_integration.sql

-- source: functions/providers/integration_account.sql
-- What a vendor is called with, for the processes that open envelopes; people never read it. FND-23.

set role app_engine;

create or replace function app_hidden.integration_account(integration_id uuid)
returns table (
  organization_id uuid, provider text, settings jsonb, credentials bytea, state text, bound_to text
)
language sql stable strict security definer
set search_path = ''
begin atomic
  select organization_integrations.organization_id, organization_integrations.provider,
         organization_integrations.settings, organization_integrations.credentials::bytea,
         app_private.account_state(organization_integrations), organization_integrations.credentials_bound_to
  from app_public.organization_integrations
  where organization_integrations.id = integration_account.integration_id;
end;

comment on function app_hidden.integration_account is 'The account behind an integration, its keys sealed, and the state that a test is of; no row when there is none.';
grant execute on function app_hidden.integration_account to app_authenticator, app_worker;

reset role;
-- end of source: functions/providers/integration_account.sql

-- source: functions/providers/require_provider.sql
-- A vendor that a clinic may have an account at: known, and offered for something. FND-22, FND-23.

create or replace function app_private.require_provider(provider text) returns app_public.service_providers
language plpgsql stable
set search_path = ''
as $$
declare
  v_provider app_public.service_providers;
begin
  select service_providers.* into v_provider
  from app_public.service_providers
  where service_providers.key = require_provider.provider
    and service_providers.credential_fields <> '[]'
    and exists (
      select from app_public.platform_service_providers as offer
      where offer.provider = service_providers.key and offer.is_offered);
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'provider_not_offered', '{"field": "provider"}',
      'Choose one of the providers that the platform offers: see serviceProviders and platformServiceProviders.');
  end if;
  return v_provider;
end;
$$;

comment on function app_private.require_provider is
  'The provider, or a refusal when it is unknown, not offered or has no accounts.';
grant execute on function app_private.require_provider to app_engine;
-- end of source: functions/providers/require_provider.sql

-- source: functions/providers/integration_form.sql
-- Asked before anything is encrypted: may the caller save this integration, which keys belong into it, and what are they
-- sealed for? FND-23, FND-35.

set role app_engine;

create or replace function app_hidden.integration_form(
  organization_id uuid, provider text, integration_id uuid, settings jsonb, out fields jsonb, out bound_to text
)
language plpgsql stable security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(organization_id, 'integrations.manage');
  if integration_id is not null and not exists (
    select from app_public.organization_integrations
    where organization_integrations.organization_id = integration_form.organization_id
      and organization_integrations.id = integration_form.integration_id
      and organization_integrations.provider = integration_form.provider
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  fields := (app_private.require_provider(provider)).credential_fields;
  bound_to := app_private.destination_of(provider, settings);
end;
$$;

comment on function app_hidden.integration_form is
  'The credential fields of the provider and the destination that these settings make, for a caller who may save this '
  'integration; refusals otherwise.';
grant execute on function app_hidden.integration_form to app_member;

reset role;
-- end of source: functions/providers/integration_form.sql

-- source: functions/providers/record_integration_result.sql
-- Whether the vendor took a clinic's keys. Five refusals in a row switch the integration off: a vendor that is asked
-- with bad keys for hours locks accounts, and the clinic should hear of it. FND-23.

set role app_engine;

create or replace function app_hidden.record_integration_result(integration_id uuid, ok boolean) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_integration app_public.organization_integrations;
begin
  if ok then
    -- Most uses find nothing to write: the row is not written for each message.
    update app_public.organization_integrations
    set last_used_at = app_hidden.now(), consecutive_auth_failures = 0
    where organization_integrations.id = record_integration_result.integration_id
      and (organization_integrations.consecutive_auth_failures > 0
           or organization_integrations.last_used_at is null
           or organization_integrations.last_used_at < app_hidden.now() - interval '5 minutes');
    return;
  end if;

  update app_public.organization_integrations
  set consecutive_auth_failures = organization_integrations.consecutive_auth_failures + 1,
      last_used_at = app_hidden.now()
  where organization_integrations.id = record_integration_result.integration_id
    and organization_integrations.status = 'active'
  returning * into v_integration;
  if v_integration.consecutive_auth_failures >= 5 then
    update app_public.organization_integrations
    set status = 'disabled', disabled_reason = 'credentials_refused', disabled_at = app_hidden.now()
    where organization_integrations.id = v_integration.id;
    perform app_private.publish('integration.disabled', v_integration.organization_id, v_integration.id,
      '{"reason": "credentials_refused"}');
  end if;
end;
$$;

comment on function app_hidden.record_integration_result is
  'Counts what the vendor said of the keys: ok starts the count anew, five refusals in a row disable the integration.';
grant execute on function app_hidden.record_integration_result to app_authenticator, app_worker;

reset role;
-- end of source: functions/providers/record_integration_result.sql

-- source: functions/providers/record_integration_test.sql
-- How a test went. It counts only for the account as it was tested: whoever changed keys or settings meanwhile, or switched
-- it off, tests again. FND-23.

set role app_engine;

create or replace function app_hidden.record_integration_test(
  integration_id uuid, tested_state text, passed boolean, reason text default null
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  update app_public.organization_integrations
  set last_tested_at = app_hidden.now(),
      last_test_passed = record_integration_test.passed,
      last_test_reason = case when record_integration_test.passed then null else record_integration_test.reason end,
      consecutive_auth_failures = case when record_integration_test.passed then 0
                                  else organization_integrations.consecutive_auth_failures end
  where organization_integrations.id = record_integration_test.integration_id
    and app_private.account_state(organization_integrations) = record_integration_test.tested_state;
  if not found then
    perform app_hidden.refuse(
      'CONFLICT', 'changed_during_test', '{}', 'The account was changed or switched while it was tested: test it again.');
  end if;
end;
$$;

comment on function app_hidden.record_integration_test is
  'Records the outcome of a test of the account in this state (app_hidden.integration_account); CONFLICT '
  'changed_during_test when it is another one by now.';
grant execute on function app_hidden.record_integration_test to app_authenticator;

reset role;
-- end of source: functions/providers/record_integration_test.sql

-- source: functions/providers/remove_integration.sql
-- Takes an account out, with its keys. What a capability still uses stays: choose something else for it first. FND-23.

set role app_engine;

create or replace function app_public.remove_integration(integration_id uuid) returns uuid
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_integration app_public.organization_integrations := app_private.locked_integration(integration_id);
  v_capabilities jsonb;
begin
  select jsonb_agg(chosen.capability order by chosen.capability) into v_capabilities
  from app_public.organization_service_providers as chosen
  where chosen.organization_id = v_integration.organization_id and chosen.integration_id = v_integration.id;
  if v_capabilities is not null then
    perform app_hidden.refuse(
      'CONFLICT', 'integration_in_use', jsonb_build_object('capabilities', v_capabilities),
      'Choose another provider for these capabilities first.');
  end if;
  delete from app_public.organization_integrations where organization_integrations.id = v_integration.id;
  perform app_private.publish('integration.removed', v_integration.organization_id, v_integration.id);
  return v_integration.id;
end;
$$;

comment on function app_public.remove_integration is
  'Deletes an integration and its keys. CONFLICT while a capability uses it. Needs integrations.manage.';
grant execute on function app_public.remove_integration to app_member;

reset role;
-- end of source: functions/providers/remove_integration.sql

-- source: functions/providers/require_integration.sql
-- Asked before a test: is this an integration that the caller manages? FND-23.

set role app_engine;

create or replace function app_hidden.require_integration(integration_id uuid) returns void
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_organization_id uuid;
begin
  select organization_integrations.organization_id into v_organization_id
  from app_public.organization_integrations
  where organization_integrations.id = require_integration.integration_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  perform app_private.require_permission(v_organization_id, 'integrations.manage');
end;
$$;

comment on function app_hidden.require_integration is
  'Passes when the caller manages this integration; NOT_FOUND for another clinic''s, FORBIDDEN for a colleague.';
grant execute on function app_hidden.require_integration to app_member;

reset role;
-- end of source: functions/providers/require_integration.sql

-- source: functions/providers/resolve_provider.sql
-- Who serves a capability for a clinic, and with which account: the one place that knows. FND-22.
-- A clinic's own account that is switched off is not replaced by the platform's behind its back.

set role app_engine;

create or replace function app_hidden.resolve_provider(organization_id uuid, capability text)
returns table (provider text, settings jsonb, credentials bytea, integration_id uuid, bound_to text)
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_provider text;
  v_integration_id uuid;
  v_status text;
  v_settings jsonb;
  v_credentials bytea;
  v_bound_to text;
begin
  perform app_private.require_capability(capability);

  select choice.provider, choice.integration_id, integration.status, integration.settings, integration.credentials::bytea,
    integration.credentials_bound_to
  into v_provider, v_integration_id, v_status, v_settings, v_credentials, v_bound_to
  from app_public.organization_service_providers as choice
  left join app_public.organization_integrations as integration
    on integration.organization_id = choice.organization_id and integration.id = choice.integration_id
  where choice.organization_id = resolve_provider.organization_id and choice.capability = resolve_provider.capability;

  if v_status = 'disabled' then
    perform app_hidden.refuse(
      'STATE', 'integration_disabled',
      jsonb_build_object('capability', capability, 'provider', v_provider, 'integrationId', v_integration_id),
      'The clinic''s own account is switched off: test and enable it, or choose another provider.');
  end if;
  if v_provider is null then
    select offer.provider into v_provider
    from app_public.platform_service_providers as offer
    where offer.capability = resolve_provider.capability and offer.is_default;
  end if;
  if v_provider is null then
    perform app_hidden.refuse('STATE', 'provider_missing', jsonb_build_object('capability', capability),
      'The platform has no default for this capability.');
  end if;
  return query select v_provider, coalesce(v_settings, '{}'), v_credentials, v_integration_id, v_bound_to;
end;
$$;

comment on function app_hidden.resolve_provider is
  'The provider of a capability for a clinic, with the settings and sealed keys of its own account, and what they are '
  'sealed for; without keys, the platform''s account. Refuses what is not built and what is switched off.';
grant execute on function app_hidden.resolve_provider to app_authenticator, app_worker;

reset role;
-- end of source: functions/providers/resolve_provider.sql

-- source: functions/providers/settings_problem.sql
-- Says which setting does not fit what the provider declares. FND-23.

create or replace function app_private.settings_problem(fields jsonb, settings jsonb) returns text
language sql stable parallel safe
set search_path = ''
begin atomic
  with declared as (
    select field ->> 'name' as name, field ->> 'kind' as kind, (field ->> 'required')::boolean as required
    from jsonb_array_elements(fields) as field
  )
  select problem.name
  from (
    select given.name
    from jsonb_object_keys(settings) as given (name)
    where given.name not in (select declared.name from declared)
    union all
    select declared.name
    from declared
    cross join lateral (select settings -> declared.name as value, settings ->> declared.name as text) as given
    where case
        when given.value is null or jsonb_typeof(given.value) = 'null' then declared.required
        when declared.kind = 'integer' then
          jsonb_typeof(given.value) <> 'number' or given.text !~ '^[0-9]{1,9}$'
        when declared.kind = 'boolean' then jsonb_typeof(given.value) <> 'boolean'
        when jsonb_typeof(given.value) <> 'string' or length(given.text) > 300
          or given.text ~ '[[:cntrl:]]' then true
        when declared.kind = 'url' then given.text !~ '^https?://[^\s/?#@]+(/[^\s?#]*)?$'
        when declared.kind = 'email' then given.text !~ '^[^\s@]+@[^\s@]+\.[^\s@]+$'
        when declared.kind = 'phone' then given.text !~ '^\+[1-9][0-9]{6,14}$'
        else given.text !~ '\S'
      end
  ) as problem
  order by problem.name
  limit 1;
end;

comment on function app_private.settings_problem is
  'The first setting that is unknown, missing or of another kind; null when all fit.';
grant execute on function app_private.settings_problem to app_engine;
-- end of source: functions/providers/settings_problem.sql

-- source: functions/providers/save_integration.sql
-- Adds or changes a clinic's account at a vendor. The keys arrive sealed; without any, the present ones stay,
-- unless the settings lead elsewhere (tg_organization_integrations__bind_keys). FND-23, FND-35.
-- Behind the mutation saveIntegration, which seals them before this is called: that is why it is not exposed itself.

set role app_engine;

create or replace function app_hidden.save_integration(
  id uuid,
  organization_id uuid,
  provider text,
  label text,
  settings jsonb,
  credentials bytea default null,
  last_four jsonb default null,
  is_new boolean default true
) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_provider app_public.service_providers;
  v_problem text;
begin
  if is_new then
    perform app_private.require_permission(organization_id, 'integrations.manage');
  elsif (app_private.locked_integration(id)).organization_id is distinct from organization_id then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;
  v_provider := app_private.require_provider(provider);
  v_problem := app_private.settings_problem(v_provider.settings_fields, settings);
  if v_problem is not null then
    perform app_hidden.refuse(
      'VALIDATION', 'setting_invalid', jsonb_build_object('field', 'settings.' || left(v_problem, 50)),
      'See the settingsFields of this provider for what belongs there.');
  end if;

  if is_new then
    insert into app_public.organization_integrations
      (id, organization_id, provider, label, settings, credentials, last_four, created_by)
    values
      (save_integration.id, save_integration.organization_id, v_provider.key, btrim(save_integration.label),
       save_integration.settings, save_integration.credentials, save_integration.last_four, app_private.current_actor_id());
    perform app_private.publish('integration.added', organization_id, id);
  else
    update app_public.organization_integrations as integration
    set label = btrim(save_integration.label),
        settings = save_integration.settings,
        credentials = coalesce(save_integration.credentials, integration.credentials),
        last_four = case when save_integration.credentials is null then integration.last_four else save_integration.last_four end,
        credentials_version = integration.credentials_version + (save_integration.credentials is not null)::int,
        -- What was found out about other keys or settings says nothing about these.
        consecutive_auth_failures = 0,
        last_tested_at = null, last_test_passed = null, last_test_reason = null
    where integration.id = save_integration.id and integration.provider = v_provider.key;
    if not found then
      perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
    end if;
    perform app_private.publish('integration.changed', organization_id, id,
      jsonb_build_object('credentialsChanged', credentials is not null));
  end if;
  return id;
end;
$$;

comment on function app_hidden.save_integration is
  'Stores an integration whose keys were sealed for this id. Needs integrations.manage.';
grant execute on function app_hidden.save_integration to app_member;

reset role;
-- end of source: functions/providers/save_integration.sql

-- source: functions/providers/set_platform_provider.sql
-- The platform says which vendors it offers, and which serves whoever chose none. FND-22.

set role app_engine;

create or replace function app_public.set_platform_provider(
  capability text, provider text, is_offered boolean, is_default boolean, has_platform_account boolean
) returns app_public.platform_service_providers
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_provider app_public.platform_service_providers;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Only the platform sets what it offers.');
  end if;
  perform app_private.require_capability(capability);
  perform pg_advisory_xact_lock(hashtextextended('platform_service_providers:' || capability, 0));

  select offer.* into v_provider
  from app_public.platform_service_providers as offer
  where offer.capability = set_platform_provider.capability and offer.provider = set_platform_provider.provider
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'No adapter of this provider serves this capability.');
  end if;
  if v_provider.is_default and not is_default then
    perform app_hidden.refuse('CONFLICT', 'default_needs_a_successor', jsonb_build_object('capability', capability),
      'Make another provider the default instead.');
  end if;
  if is_default and not has_platform_account then
    perform app_hidden.refuse('VALIDATION', 'default_needs_an_account', '{"field": "hasPlatformAccount"}',
      'Clinics that choose nothing use the platform''s account, so the default must have one.');
  end if;
  if not has_platform_account and exists (
    select from app_public.organization_service_providers as choice
    where choice.capability = set_platform_provider.capability and choice.provider = set_platform_provider.provider
      and choice.integration_id is null
  ) then
    perform app_hidden.refuse('CONFLICT', 'platform_account_in_use', jsonb_build_object('capability', capability),
      'Clinics use the platform''s account there: they must choose something else first.');
  end if;

  if is_default then
    update app_public.platform_service_providers as offer set is_default = false
    where offer.capability = set_platform_provider.capability and offer.is_default
      and offer.provider <> set_platform_provider.provider;
  end if;
  update app_public.platform_service_providers as offer
  set is_offered = set_platform_provider.is_offered,
      is_default = set_platform_provider.is_default,
      has_platform_account = set_platform_provider.has_platform_account
  where offer.capability = set_platform_provider.capability and offer.provider = set_platform_provider.provider
  returning * into v_provider;
  return v_provider;
end;
$$;

comment on function app_public.set_platform_provider is
  'Sets whether clinics may choose a provider, whether it serves those that chose none, and whether the platform has an account there. Superadmin only.';
grant execute on function app_public.set_platform_provider to app_member;

reset role;
-- end of source: functions/providers/set_platform_provider.sql

-- source: functions/providers/tg_organization_integrations__bind_keys.sql
-- Keys that were entered for one destination go to no other, whoever changes the row. FND-35.
-- An integration that is pointed elsewhere takes new keys in the same write; without them it would hand the present ones
-- to whoever it is pointed at.

set role app_engine;

create or replace function app_private.tg_organization_integrations__bind_keys() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and new.settings = old.settings and new.provider = old.provider and new.credentials = old.credentials then
    new.credentials_bound_to := old.credentials_bound_to;
    return new;
  end if;
  new.credentials_bound_to := app_private.destination_of(new.provider, new.settings);
  if tg_op = 'UPDATE' and new.credentials = old.credentials and new.credentials_bound_to <> old.credentials_bound_to then
    perform app_hidden.refuse(
      'VALIDATION', 'credentials_required', '{"field": "credentials"}',
      'The stored keys were entered for another destination: enter them again together with the new settings.');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_organization_integrations__bind_keys is
  'Says what the keys are bound to, and refuses another destination without new keys. Trigger _250_bind_keys.';

reset role;
-- end of source: functions/providers/tg_organization_integrations__bind_keys.sql

-- source: functions/providers/use_platform_provider.sql
-- Back to what the platform provides. FND-22.

set role app_engine;

create or replace function app_public.use_platform_provider(organization_id uuid, capability text) returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(organization_id, 'integrations.manage');
  perform app_private.require_capability(capability);
  delete from app_public.organization_service_providers as choice
  where choice.organization_id = use_platform_provider.organization_id
    and choice.capability = use_platform_provider.capability;
  return found;
end;
$$;

comment on function app_public.use_platform_provider is
  'Takes the clinic''s choice back: the platform''s default serves. True when there was one. Needs integrations.manage.';
grant execute on function app_public.use_platform_provider to app_member;

reset role;
-- end of source: functions/providers/use_platform_provider.sql

-- source: functions/scheduling/own_claim_id.sql
-- The hold that a token stands for. One that is over blocks nobody, so that it stands aside changes nothing. SCH-05.

create or replace function app_private.own_claim_id(hold_token text) returns uuid
language sql stable
set search_path = ''
begin atomic
  select tc.id
  from app_private.time_claims as tc
  where (tc.token_hash = sha256(convert_to(own_claim_id.hold_token, 'UTF8'))
         or tc.first_token_hash = sha256(convert_to(own_claim_id.hold_token, 'UTF8')))
    and tc.kind = 'hold';
end;

comment on function app_private.own_claim_id is 'The claim of a hold, alive or over, by its token; null for any other.';

grant execute on function app_private.own_claim_id to app_engine;
-- end of source: functions/scheduling/own_claim_id.sql

-- source: functions/scheduling/require_window.sql
-- A window that is asked for has two ends, in order, and an affordable length: 62 days for everybody, 400 for staff.
-- Days are those of the zone the window is read in: two local months are sixty-two days, also when one of them has an
-- hour more. Instants that no calendar knows are refused before anything is computed with them. SCH-05.

create or replace function app_private.require_window(
  organization_id uuid,
  "from" timestamptz,
  "to" timestamptz,
  timezone text
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_length interval;
  v_days int;
begin
  if "from" is null or "to" is null then
    perform app_hidden.refuse(
      'VALIDATION', 'window_incomplete', jsonb_build_object('rule', 'window_incomplete'),
      'Say from when and to when.');
  elsif not isfinite("from") or not isfinite("to") then
    perform app_hidden.refuse(
      'VALIDATION', 'window_infinite', jsonb_build_object('rule', 'window_infinite'),
      'Both ends of the window must be real dates.');
  elsif "to" < "from" then
    perform app_hidden.refuse(
      'VALIDATION', 'window_inverted', jsonb_build_object('rule', 'window_inverted'),
      'The window ends before it starts.');
  elsif not app_private.is_thinkable("from") or not app_private.is_thinkable("to") then
    perform app_hidden.refuse(
      'VALIDATION', 'window_out_of_range', jsonb_build_object('rule', 'window_out_of_range'),
      'Ask for days between the years 2000 and 2200.');
  end if;

  -- The shorter of the two: whoever counts in elapsed days is within the bound as well.
  v_length := least("to" - "from", ("to" at time zone timezone) - ("from" at time zone timezone));
  if v_length > interval '62 days' then
    v_days := case when app_private.is_staff_of(organization_id) then 400 else 62 end;
    if v_length > make_interval(days => v_days) then
      perform app_hidden.refuse(
        'VALIDATION', 'window_too_long',
        jsonb_build_object('rule', 'window_too_long', 'maxDays', v_days),
        format('Ask for at most %s days at a time.', v_days));
    end if;
  end if;
end;
$$;

comment on function app_private.require_window is
  'Refuses a window of time that is incomplete, infinite, inverted, too long in local days, or in no year that we plan for.';

grant execute on function app_private.require_window to app_engine;
-- end of source: functions/scheduling/require_window.sql

-- source: functions/scheduling/starts_within.sql
-- The starts of one specialist's timetable in [from, to): on the grid of their window, with the slot ending before the
-- window does, and not ruled out by a closing or a claim. SCH-05.
-- Plain SQL, so that PostgreSQL inlines it.

create or replace function app_private.starts_within(
  windows tstzmultirange,
  timezone text,
  step interval,
  duration interval,
  ruled_out tstzmultirange,
  "from" timestamptz,
  "to" timestamptz
) returns setof timestamptz
language sql stable
begin atomic
  select grid.start
  from (
    -- Sets in the select list are streamed; in `from` each would be stored first, at twice the cost.
    select generate_series(
      -- The first instant of the grid that is not before `from`.
      greatest(g.anchor,
               date_bin(starts_within.step, starts_within."from" + starts_within.step - interval '1 microsecond', g.anchor)),
      least(g.until - interval '1 microsecond',
            upper(w.open) - starts_within.duration,
            starts_within."to" - interval '1 microsecond'),
      starts_within.step) as start
    from (select unnest(starts_within.windows) as open) as w
    cross join lateral app_private.grid(w.open, starts_within.timezone) as g
    where upper(w.open) > starts_within."from"
      and lower(w.open) < starts_within."to"
  ) as grid
  where not starts_within.ruled_out @> grid.start;
end;

comment on function app_private.starts_within is 'The free starts of one timetable in [from, to).';

grant execute on function app_private.starts_within to app_engine;
-- end of source: functions/scheduling/starts_within.sql

-- source: functions/scheduling/available_days.sql
-- Which days of a month picker can be clicked. SCH-05.

set role app_engine;

create or replace function app_public.available_days(
  calendar_id uuid,
  "from" date,
  "to" date,
  specialist_id uuid default null,
  hold_token text default null
) returns setof date
language plpgsql stable security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_calendar app_public.calendars;
  v_from timestamptz;
  v_to timestamptz;
  v_first date;
  v_last date;
  v_own_claim_id uuid;
begin
  v_calendar := app_private.visible_calendar(available_days.calendar_id);
  -- Clamped first: a date may be in a year that no instant reaches.
  select case when isfinite(day.first) then least(greatest(day.first, date '1999-01-01'), date '2201-01-01') else day.first end,
         case when isfinite(day.last) then least(greatest(day.last, date '1999-01-01'), date '2201-01-01') else day.last end
  into v_first, v_last
  from (select "from" as first, "to" as last) as day;
  perform app_private.require_window(
    v_calendar.organization_id, v_first::timestamp at time zone 'UTC', v_last::timestamp at time zone 'UTC', 'UTC');
  if available_days.hold_token is not null then
    v_own_claim_id := app_private.own_claim_id(available_days.hold_token);
  end if;
  perform app_private.require_choice(v_calendar, available_days.specialist_id);
  v_from := "from"::timestamp at time zone v_calendar.timezone;
  v_to := "to"::timestamp at time zone v_calendar.timezone;

  -- One slot makes a day: the rest of it is not looked at.
  return query
    with timetables as materialized (
      select t.*
      from app_private.timetables(available_days.calendar_id, v_from, v_to, available_days.specialist_id, true,
        v_own_claim_id) as t
    ),
    days as materialized (
      select "from" + n as date,
        ("from" + n)::timestamp at time zone v_calendar.timezone as midnight,
        ("from" + n + 1)::timestamp at time zone v_calendar.timezone as next_midnight
      from generate_series(0, "to" - "from" - 1) as n
    )
    select days.date
    from days
    where exists (
      select
      from timetables as t
      cross join lateral app_private.starts_within(
        t.windows, t.timezone, t.step, t.duration, t.ruled_out,
        greatest(days.midnight, t.earliest), least(days.next_midnight, t.latest))
    )
    order by days.date;
end;
$$;

comment on function app_public.available_days is
  E'@longestPage 400\n@cost 40\n'
  'Days in [from, to), in the calendar''s zone, on which at least one time can be booked; at most 62 days at a time. '
  'holdToken as availableSlots takes it.';

grant execute on function app_public.available_days to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/available_days.sql

-- source: functions/scheduling/free_starts.sql
-- The engine: every start at which a specialist of the calendar can be booked. Listing, holding and booking ask
-- nothing else, so a hold succeeds exactly when its start is listed. SCH-05, SCH-06.
-- Plain SQL without settings of its own, so that PostgreSQL inlines it into its callers.

create or replace function app_private.free_starts(
  calendar_id uuid,
  "from" timestamptz,
  "to" timestamptz,
  specialist_id uuid default null,
  own_claim_id uuid default null
) returns setof app_private.free_start
language sql stable
begin atomic
  with timetables as materialized (
    select t.*
    from app_private.timetables(
      free_starts.calendar_id, free_starts."from", free_starts."to", free_starts.specialist_id, true,
      free_starts.own_claim_id) as t
  )
  select
    t.specialist_id,
    start,
    start + t.duration,
    tstzrange(start - t.before, start + t.duration + t.after)
  from timetables as t
  cross join lateral app_private.starts_within(
    t.windows, t.timezone, t.step, t.duration, t.ruled_out, t.earliest, t.latest) as start;
end;

comment on function app_private.free_starts is
  'Every start in a window at which a specialist of the calendar can be booked, within notice and horizon. '
  'own_claim_id stands aside.';

grant execute on function app_private.free_starts to app_engine;
-- end of source: functions/scheduling/free_starts.sql

-- source: functions/scheduling/local_time.sql
-- An instant as the clocks of a zone show it, offset included: what a person reads, and what no client can get
-- wrong on the night the clocks change. SCH-05.
-- One expression, so that PostgreSQL inlines it.

create or replace function app_private.local_time(at timestamptz, timezone text) returns text
language sql stable
return to_char(local_time.at at time zone local_time.timezone, 'YYYY-MM-DD"T"HH24:MI:SS')
  || case when local_time.at at time zone local_time.timezone < local_time.at at time zone 'UTC' then '-' else '+' end
  || to_char(
       greatest((local_time.at at time zone local_time.timezone) - (local_time.at at time zone 'UTC'),
                (local_time.at at time zone 'UTC') - (local_time.at at time zone local_time.timezone)),
       'HH24:MI');

comment on function app_private.local_time is
  'ISO 8601 with the offset of the zone at that instant: 2027-03-29T09:00:00+03:00.';

grant execute on function app_private.local_time to app_engine;
-- end of source: functions/scheduling/local_time.sql

-- source: functions/scheduling/available_slots.sql
-- The times a visitor can choose from. SCH-05, APT-05.
-- It answers with starts, never with claims: who else is booked, and with whom, does not leave the database.

set role app_engine;

create or replace function app_public.available_slots(
  calendar_id uuid,
  "from" timestamptz,
  "to" timestamptz,
  specialist_id uuid default null,
  hold_token text default null
) returns setof app_public.slot
language plpgsql stable security definer
set search_path = ''
-- Planned once per connection: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_calendar app_public.calendars;
  v_own_claim_id uuid;
  v_lengths_differ boolean;
begin
  v_calendar := app_private.visible_calendar(available_slots.calendar_id);
  perform app_private.require_window(v_calendar.organization_id, "from", "to", v_calendar.timezone);
  perform app_private.require_choice(v_calendar, available_slots.specialist_id);
  if available_slots.hold_token is not null then
    v_own_claim_id := app_private.own_claim_id(available_slots.hold_token);
  end if;

  select count(distinct coalesce(cs.duration_minutes, 0)) > 1 into v_lengths_differ
  from app_public.calendar_specialists as cs
  where cs.organization_id = v_calendar.organization_id and cs.calendar_id = v_calendar.id;

  if v_lengths_differ then
    -- One row a start, as long as with whom "any" would be assigned to by now.
    return query
      select slot.starts_at, slot.ends_at[1], app_private.local_time(slot.starts_at, v_calendar.timezone),
        case v_calendar.assignment_strategy when 'specific' then slot.specialist_ids else '{}' end,
        case v_calendar.assignment_strategy when 'specific' then slot.specialist_ends_at end
      from (
        select f.starts_at,
          array_agg(f.ends_at order by o.turn) as ends_at,
          array_agg(f.specialist_id order by f.specialist_id) as specialist_ids,
          array_agg(f.ends_at order by f.specialist_id) as specialist_ends_at
        from app_private.free_starts(
          available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as f
        join app_private.assignment_order(available_slots.calendar_id) as o on o.specialist_id = f.specialist_id
        group by f.starts_at
      ) as slot
      order by slot.starts_at;
  elsif v_calendar.assignment_strategy = 'specific' then
    return query
      select slot.starts_at, slot.ends_at, app_private.local_time(slot.starts_at, v_calendar.timezone),
        slot.specialist_ids, null::timestamptz[]
      from (
        select f.starts_at, f.ends_at, array_agg(f.specialist_id order by f.specialist_id) as specialist_ids
        from app_private.free_starts(
          available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as f
        group by f.starts_at, f.ends_at
      ) as slot
      order by slot.starts_at, slot.ends_at;
  else
    return query
      select slot.starts_at, slot.ends_at, app_private.local_time(slot.starts_at, v_calendar.timezone), '{}'::uuid[],
        null::timestamptz[]
      from (
        select distinct f.starts_at, f.ends_at
        from app_private.free_starts(
          available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as f
      ) as slot
      order by slot.starts_at, slot.ends_at;
  end if;
end;
$$;

comment on function app_public.available_slots is
  E'@longestPage 2000\n@cost 20\n'
  'Bookable times of a calendar that start in [from, to), earliest first; at most 62 days at a time. '
  'specialistId narrows to one specialist, where the visitor picks the specialist. '
  'Whoever holds a time and shows holdToken sees it as free.';

grant execute on function app_public.available_slots to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/available_slots.sql

-- source: functions/scheduling/explain_availability.sql
-- "Why can nobody book me on Tuesday?" answered for the front desk. SCH-05.

set role app_engine;

create or replace function app_public.explain_availability(
  calendar_id uuid,
  specialist_id uuid,
  at timestamptz
) returns text
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_specialist app_public.specialists;
begin
  select c.* into v_calendar
  from app_public.calendars as c
  where c.id = explain_availability.calendar_id and c.deleted_at is null
    and app_private.is_staff_of(c.organization_id);
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'calendar_not_found', '{}', 'There is no such calendar at your clinic.');
  end if;
  perform app_private.require_start(at, 'at');

  select sp.* into v_specialist
  from app_public.specialists as sp
  where sp.organization_id = v_calendar.organization_id and sp.id = explain_availability.specialist_id
    and sp.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'specialist_not_found', '{}', 'There is no such specialist at your clinic.');
  end if;
  return coalesce(
    app_private.switched_off(v_calendar.organization_id, v_calendar.id, v_specialist.id, false),
    (select v.rules[1] from app_private.verdicts(v_calendar.id, at, v_specialist.id) as v),
    'free');
end;
$$;

comment on function app_public.explain_availability is
  E'@cost 20\n'
  'For staff: "free", or the first rule that keeps this specialist from being booked at that start: calendar_inactive, '
  'service_inactive, specialist_inactive, not_in_calendar, not_providing_service, in_the_past, inside_notice, '
  'beyond_horizon, outside_hours, closed, off_the_grid or taken.';

grant execute on function app_public.explain_availability to app_member;

reset role;
-- end of source: functions/scheduling/explain_availability.sql

-- source: functions/scheduling/prolong_hold.sql
-- A hold lasts longer: the clinic's hold time from now, and at most twice of it from its making. SCH-06.
-- A step of verbs that have locked the hold. Whoever asked for it again gets a token of its own; the first one stays good,
-- because of two answers that cross the one that arrives last is kept.

create or replace function app_private.prolong_hold(hold app_private.time_claims, token_hash bytea default null)
returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_minutes int;
  v_claim app_private.time_claims;
begin
  select o.hold_minutes into strict v_minutes
  from app_public.organizations as o
  where o.id = hold.organization_id;

  perform app_private.lock_claims(array[hold.id]);
  update app_private.time_claims as tc
  set expires_at = greatest(
        tc.expires_at,
        least(app_hidden.now() + make_interval(mins => v_minutes),
              tc.created_at + make_interval(mins => 2 * v_minutes))),
      first_token_hash = coalesce(tc.first_token_hash, tc.token_hash),
      token_hash = coalesce(prolong_hold.token_hash, tc.token_hash)
  where tc.id = hold.id
  returning tc.* into v_claim;
  return v_claim;
end;
$$;

comment on function app_private.prolong_hold is
  'Moves the expiry of a live hold within its bound; with token_hash it also answers to that token.';

grant execute on function app_private.prolong_hold to app_engine;
-- end of source: functions/scheduling/prolong_hold.sql

-- source: functions/scheduling/extend_hold.sql
-- A long form takes longer; but nobody keeps a time for ever: at most twice the hold time from its making. SCH-06.

set role app_engine;

create or replace function app_public.extend_hold(token text) returns app_public.slot_hold
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  v_claim := app_private.take_hold(extend_hold.token);
  v_claim := app_private.prolong_hold(v_claim);

  return (extend_hold.token, v_claim.calendar_id, v_claim.specialist_id,
          lower(v_claim.during), upper(v_claim.during), v_claim.expires_at)::app_public.slot_hold;
end;
$$;

comment on function app_public.extend_hold is
  'Keeps a held time longer, at most twice the clinic''s hold time from when it was first held; at that bound '
  'expiresAt no longer moves. GONE when the hold is over, NOT_FOUND when there never was one.';

grant execute on function app_public.extend_hold to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/extend_hold.sql

-- source: functions/scheduling/lock_holder.sql
-- What one visitor keeps at a clinic is read and changed by one request at a time. SCH-06.

create or replace function app_private.lock_holder(organization_id uuid, visitor_id text) returns void
language sql volatile
set search_path = ''
begin atomic
  select pg_advisory_xact_lock(hashtextextended('holder:' || lock_holder.organization_id || ':' || lock_holder.visitor_id, 0));
end;

comment on function app_private.lock_holder is 'Locks what a visitor keeps at a clinic until the transaction ends.';

grant execute on function app_private.lock_holder to app_engine;
-- end of source: functions/scheduling/lock_holder.sql

-- source: functions/scheduling/own_hold.sql
-- The time that a visitor keeps already, when they ask for it again: locked, alive, and still one that can be booked.
-- SCH-06. The holder is locked first, so that of two clicks the second finds what the first has made.
-- Whoever does not say who they are is nobody in particular: an address may be a whole town.

create or replace function app_private.own_hold(
  calendar app_public.calendars, starts_at timestamptz, specialist_id uuid, visitor_id text
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  if own_hold.visitor_id is null or own_hold.visitor_id = 'unknown' then
    return null;
  end if;
  perform app_private.lock_holder(calendar.organization_id, own_hold.visitor_id);

  select tc.* into v_claim
  from app_private.time_claims as tc
  where tc.organization_id = calendar.organization_id
    and tc.visitor_id = own_hold.visitor_id
    and tc.calendar_id = calendar.id
    and lower(tc.during) = own_hold.starts_at
    and (own_hold.specialist_id is null or tc.specialist_id = own_hold.specialist_id)
    and tc.kind = 'hold' and tc.released_at is null and tc.expires_at > app_hidden.now()
  order by tc.id
  limit 1;
  if not found then
    return null;
  end if;

  perform app_private.lock_hold(v_claim.id);
  perform app_private.lock_claims(array[v_claim.id]);
  select tc.* into v_claim
  from app_private.time_claims as tc
  where tc.id = v_claim.id
    and lower(tc.during) = own_hold.starts_at
    and tc.kind = 'hold' and tc.released_at is null
  for update;
  if found then
    perform app_private.require_bookable(v_claim, false);
  end if;
  return v_claim;
end;
$$;

comment on function app_private.own_hold is
  'The live hold of this visitor at this start, locked; null when there is none.';

grant execute on function app_private.own_hold to app_engine;
-- end of source: functions/scheduling/own_hold.sql

-- source: functions/scheduling/require_hold_allowance.sql
-- One visitor may keep only so many times at once, and one address only so many more, or a bot holds a clinic's
-- week. A request that waits for its answer keeps its time too, so it counts. SCH-06, APT-09. The locks make the count true for visitors who ask in parallel: visitor first, then address.

create or replace function app_private.require_hold_allowance(
  organization app_public.organizations,
  visitor_id text,
  address inet
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_holds int;
  v_next_free timestamptz;
begin
  if require_hold_allowance.visitor_id is not null then
    perform app_private.lock_holder(organization.id, require_hold_allowance.visitor_id);
    select count(*), min(tc.expires_at) into v_holds, v_next_free
    from app_private.time_claims as tc
    where tc.organization_id = organization.id and tc.visitor_id = require_hold_allowance.visitor_id
      and tc.kind in ('hold', 'request') and tc.released_at is null
      and (tc.expires_at is null or tc.expires_at > app_hidden.now());
    if v_holds >= organization.holds_per_visitor then
      perform app_hidden.refuse(
        'RATE_LIMITED', 'too_many_holds',
        jsonb_build_object(
          'limit', organization.holds_per_visitor,
          'retryAfterSeconds', coalesce(
            ceil(extract(epoch from v_next_free - app_hidden.now())), organization.hold_minutes * 60)),
        'You are keeping as many times as one person can. Book or release one first.');
    end if;
  end if;

  if require_hold_allowance.address is not null then
    perform pg_advisory_xact_lock(
      hashtextextended('holder_address:' || organization.id || ':' || require_hold_allowance.address, 0));
    select count(*), min(tc.expires_at) into v_holds, v_next_free
    from app_private.time_claims as tc
    where tc.organization_id = organization.id and tc.address = require_hold_allowance.address
      and tc.kind in ('hold', 'request') and tc.released_at is null
      and (tc.expires_at is null or tc.expires_at > app_hidden.now());
    if v_holds >= organization.holds_per_address then
      perform app_hidden.refuse(
        'RATE_LIMITED', 'too_many_holds_from_address',
        jsonb_build_object(
          'limit', organization.holds_per_address,
          'retryAfterSeconds', coalesce(
            ceil(extract(epoch from v_next_free - app_hidden.now())), organization.hold_minutes * 60)),
        'Too many times are being kept from your network. Try again in a few minutes.');
    end if;
  end if;
end;
$$;

comment on function app_private.require_hold_allowance is
  'Refuses with RATE_LIMITED when a visitor, or an address, keeps as many times as the clinic allows.';

grant execute on function app_private.require_hold_allowance to app_engine;
-- end of source: functions/scheduling/require_hold_allowance.sql

-- source: functions/scheduling/hold_slot.sql
-- A visitor keeps a time while filling the form. SCH-06, APT-05.

set role app_engine;

create or replace function app_public.hold_slot(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid default null
) returns app_public.slot_hold
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('hold_slot', jsonb_build_array(calendar_id, starts_at, specialist_id));
  v_hold app_public.slot_hold;
  v_calendar app_public.calendars;
  v_organization app_public.organizations;
  v_draft app_private.time_claims;
  v_claim app_private.time_claims;
  v_address inet := nullif(current_setting('app.ip', true), '')::inet;
  v_token text;
begin
  if v_remembered is not null then
    perform app_private.visible_calendar(hold_slot.calendar_id);
    return jsonb_populate_record(v_hold, v_remembered);
  end if;

  v_calendar := app_private.visible_calendar(hold_slot.calendar_id);
  perform app_private.require_choice(v_calendar, hold_slot.specialist_id);
  select o.* into strict v_organization
  from app_public.organizations as o
  where o.id = v_calendar.organization_id;

  v_draft.kind := 'hold';
  v_draft.created_by := app_hidden.current_principal_id();
  -- Two name spaces, or a visitor could call themselves by somebody's id and use up that person's allowance.
  v_draft.visitor_id := coalesce(
    'principal:' || v_draft.created_by, 'visitor:' || nullif(current_setting('app.visitor_id', true), ''));
  -- Whoever has one IPv6 address has the 2^64 of its network.
  v_draft.address := case family(v_address) when 6 then network(set_masklen(v_address, 64)) else v_address end;
  if v_draft.visitor_id is null and v_draft.address is null then
    v_draft.visitor_id := 'unknown';
  end if;
  v_draft.expires_at := app_hidden.now() + make_interval(mins => v_organization.hold_minutes);
  v_token := encode(extensions.gen_random_bytes(16), 'hex');
  v_draft.token_hash := sha256(convert_to(v_token, 'UTF8'));

  -- Whoever asks for the own time again has it longer, and not another one beside it.
  v_claim := app_private.own_hold(v_calendar, hold_slot.starts_at, hold_slot.specialist_id, v_draft.visitor_id);
  if v_claim.id is not null then
    v_claim := app_private.prolong_hold(v_claim, v_draft.token_hash);
  else
    if not app_private.is_staff_of(v_calendar.organization_id) then
      perform app_private.require_hold_allowance(v_organization, v_draft.visitor_id, v_draft.address);
    end if;
    v_claim := app_private.place_claim(v_calendar, hold_slot.starts_at, hold_slot.specialist_id, v_draft);
    perform app_private.publish_held(v_claim);
  end if;

  v_hold := (v_token, v_claim.calendar_id, v_claim.specialist_id,
             lower(v_claim.during), upper(v_claim.during), v_claim.expires_at)::app_public.slot_hold;
  perform app_private.remember('hold_slot', to_jsonb(v_hold));
  return v_hold;
end;
$$;

comment on function app_public.hold_slot is
  'Keeps a listed time for a few minutes and answers with the token that extends, releases or books it. SLOT_TAKEN '
  'when somebody was faster; VALIDATION, naming the rule, when the start is not one that availableSlots lists; '
  'RATE_LIMITED when the caller keeps too many times already. Asked again by the same caller it is the same hold, longer '
  'as extendHold makes it, under a token of its own.';

grant execute on function app_public.hold_slot to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/hold_slot.sql

-- source: functions/scheduling/move_hold.sql
-- The visitor chooses another time: the new one is taken and the old one is free in one step, or nothing changes. SCH-06,
-- APT-05. It stays the same hold under the same token, with the expiry of its making, so nobody keeps a clinic's week by
-- moving about.

set role app_engine;

create or replace function app_public.move_hold(
  token text,
  starts_at timestamptz,
  specialist_id uuid default null
) returns app_public.slot_hold
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('move_hold', jsonb_build_array(token, starts_at, specialist_id));
  v_hold app_public.slot_hold;
  v_calendar app_public.calendars;
  v_old app_private.time_claims;
  v_claim app_private.time_claims;
  v_free app_private.free_start[];
  v_try app_private.free_start;
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_hold, v_remembered);
  end if;

  v_old := app_private.held_claim(move_hold.token);
  v_calendar := app_private.visible_calendar(v_old.calendar_id);
  perform app_private.require_choice(v_calendar, move_hold.specialist_id);
  perform app_private.require_named(v_calendar, move_hold.specialist_id);
  v_free := app_private.by_turn(v_calendar.id, app_private.bookable(
    v_calendar.id, move_hold.starts_at, move_hold.specialist_id, own_claim_id => v_old.id));

  -- Old and new days at once and in the one order.
  perform app_private.lock_specialist_days(
    v_free || (v_old.specialist_id, lower(v_old.during), upper(v_old.during), v_old.blocked)::app_private.free_start);
  v_old := app_private.take_hold(move_hold.token);

  foreach v_try in array v_free loop
    perform app_private.release_expired_holds(v_try.specialist_id, v_try.blocked);
    begin
      update app_private.time_claims as tc
      set specialist_id = v_try.specialist_id,
          during = tstzrange(v_try.starts_at, v_try.ends_at),
          blocked = v_try.blocked
      where tc.id = v_old.id
      returning tc.* into v_claim;
      exit;
    exception when exclusion_violation then
      -- Somebody was faster here; the next one in turn may be free.
      v_claim := null;
    end;
  end loop;
  if v_claim.id is null then
    perform app_private.refuse_taken(v_calendar.id, move_hold.starts_at);
  end if;
  v_claim := app_private.prolong_hold(v_claim);
  if (v_claim.specialist_id, v_claim.during) <> (v_old.specialist_id, v_old.during) then
    perform app_private.publish_released(v_old);
    perform app_private.publish_held(v_claim);
  end if;

  v_hold := (move_hold.token, v_claim.calendar_id, v_claim.specialist_id,
             lower(v_claim.during), upper(v_claim.during), v_claim.expires_at)::app_public.slot_hold;
  perform app_private.remember('move_hold', to_jsonb(v_hold));
  return v_hold;
end;
$$;

comment on function app_public.move_hold is
  'Changes a held time to another start of the same calendar: the old one is free only when the new one is taken, else '
  'nothing changes. The token stays, and the hold ends at most twice the clinic''s hold time from when it was first held. '
  'SLOT_TAKEN, VALIDATION naming the rule, GONE or NOT_FOUND as holdSlot and extendHold say.';

grant execute on function app_public.move_hold to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/move_hold.sql

-- source: functions/scheduling/next_available.sql
-- "The next free times", without the caller guessing a window. SCH-05.

set role app_engine;

create or replace function app_public.next_available(
  calendar_id uuid,
  n int default 1,
  specialist_id uuid default null
) returns setof app_public.slot
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_from timestamptz;
  v_to timestamptz;
  v_last timestamptz;
  v_days int := 4;
  v_found int := 0;
  v_slot app_public.slot;
begin
  v_calendar := app_private.visible_calendar(next_available.calendar_id);
  if n is null or n not between 1 and 50 then
    perform app_hidden.refuse(
      'VALIDATION', 'count_out_of_range',
      jsonb_build_object('rule', 'count_out_of_range', 'field', 'n', 'min', 1, 'max', 50),
      'Ask for 1 to 50 times.');
  end if;

  -- Usually the first days answer; each round looks twice as far, until the horizon.
  v_from := app_hidden.now() + make_interval(mins => v_calendar.notice_minutes);
  v_last := app_hidden.now() + make_interval(hours => (v_calendar.horizon_days + 2) * 24);
  while v_found < n and v_from < v_last loop
    v_to := least(v_from + make_interval(hours => v_days * 24), v_last);
    for v_slot in
      select s.*
      from app_public.available_slots(next_available.calendar_id, v_from, v_to, next_available.specialist_id) as s
      limit n - v_found
    loop
      v_found := v_found + 1;
      return next v_slot;
    end loop;
    v_from := v_to;
    v_days := least(v_days * 2, 62);
  end loop;
end;
$$;

comment on function app_public.next_available is
  E'@cost 20\n'
  'The next n (at most 50) bookable times of a calendar, up to its horizon.';

grant execute on function app_public.next_available to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/next_available.sql

-- source: functions/scheduling/overlapping_hours.sql
-- Hours that stand in each other: two rows of a weekday that overlap, or a night that runs into the next morning's row. The
-- listing reads them as one stretch, so nothing breaks; but whoever typed 09:00 to 17:00 beside 12:00 to 20:00 may have
-- meant something else, and is told. SCH-01, SCH-02.

set role app_engine;

create or replace function app_public.overlapping_hours(organization_id uuid) returns setof app_public.hours_overlap
language plpgsql stable security definer
set search_path = ''
as $$
begin
  if overlapping_hours.organization_id is null or not app_private.is_staff_of(overlapping_hours.organization_id) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found', '{}', 'There is no such thing, or it is not yours to see.');
  end if;

  -- Minutes of the week; what runs past Sunday midnight goes on on Monday.
  return query
    with hours as (
      select h.id, h.specialist_id, null::uuid as calendar_id, h.weekday, h.starts, h.ends
      from app_public.specialist_weekly_hours as h
      where h.organization_id = overlapping_hours.organization_id
      union all
      select h.id, h.specialist_id, h.calendar_id, h.weekday, h.starts, h.ends
      from app_public.calendar_hours as h
      where h.organization_id = overlapping_hours.organization_id
    ), stretches as (
      select hours.*, int4range(
        stretch.first, stretch.first + (extract(epoch from hours.ends - hours.starts)::int / 60 + 1439) % 1440 + 1) as stretch
      from hours
      cross join lateral (
        select (hours.weekday - 1) * 1440 + extract(epoch from hours.starts)::int / 60 as first
      ) as stretch
    )
    select one.specialist_id, one.calendar_id, one.weekday, one.starts, one.ends, other.weekday, other.starts, other.ends
    from stretches as one
    join stretches as other
      on other.specialist_id is not distinct from one.specialist_id
     and other.calendar_id is not distinct from one.calendar_id
     and (one.stretch && other.stretch and (lower(one.stretch), one.id) < (lower(other.stretch), other.id)
          or one.stretch && int4range(lower(other.stretch) + 10080, upper(other.stretch) + 10080))
    order by one.calendar_id nulls first, one.specialist_id, one.weekday, one.starts, other.weekday, other.starts;
end;
$$;

comment on function app_public.overlapping_hours is
  E'@longestPage 400\n'
  'For staff: weekly hours of the clinic that overlap, of one specialist or of one calendar; they count as one stretch.';

grant execute on function app_public.overlapping_hours to app_member;

reset role;
-- end of source: functions/scheduling/overlapping_hours.sql

-- source: functions/scheduling/release_expired_claims.sql
-- Holds nobody came back for: the worker tidies them, so that watchers learn of it and the constraint stays small.
-- Correctness does not wait for it: an expired hold is already free. SCH-06.

set role app_engine;

create or replace function app_private.release_expired_claims() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_due uuid[] := array(
    select tc.id
    from app_private.time_claims as tc
    where tc.kind = 'hold' and tc.released_at is null and tc.expires_at <= app_hidden.now()
    order by tc.expires_at
    limit 1000);
begin
  -- Read again once their days are locked: some were booked within the grace, or released by who came after.
  perform app_private.lock_claims(v_due);
  return app_private.let_go(array(
    select tc.id
    from app_private.time_claims as tc
    where tc.id = any (v_due)
      and tc.expires_at <= app_hidden.now()
    order by tc.id
    for update skip locked));
end;
$$;

comment on function app_private.release_expired_claims is
  'Releases holds that have expired, up to 1000 at a time, and says how many.';

grant execute on function app_private.release_expired_claims to app_worker;

reset role;
-- end of source: functions/scheduling/release_expired_claims.sql

-- source: functions/scheduling/release_hold.sql
-- The visitor chose another time, or closed the form: others need not wait for the timeout. SCH-06.

set role app_engine;

create or replace function app_public.release_hold(token text) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  v_claim := app_private.take_hold(release_hold.token);
  perform app_private.release_claim(v_claim.id);
end;
$$;

comment on function app_public.release_hold is
  'Gives a held time back. GONE when the hold is over, NOT_FOUND when there never was one.';

grant execute on function app_public.release_hold to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/release_hold.sql

-- source: functions/scheduling/remove_calendar.sql
-- A calendar goes once nobody is booked in it any more. FND-10, SCH-02.

set role app_engine;

create or replace function app_public.remove_calendar(calendar_id uuid) returns app_public.calendars
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
begin
  -- Bookings lock their calendar for share (require_calendar): those under way are waited for, later ones refused.
  perform app_private.soft_delete('app_public.calendars', calendar_id);
  select calendars.* into strict v_calendar from app_public.calendars where calendars.id = remove_calendar.calendar_id;
  perform app_private.require_nothing_to_come((
    select count(*) from app_private.bookings_to_come(v_calendar.organization_id) as booking
    where booking.calendar_id = v_calendar.id));
  return v_calendar;
end;
$$;

comment on function app_public.remove_calendar is
  'Removes a calendar; restoreDeletedRow brings it back. Needs calendars.manage; CONFLICT has_future_appointments with their count.';
grant execute on function app_public.remove_calendar to app_member;

reset role;
-- end of source: functions/scheduling/remove_calendar.sql

-- source: functions/scheduling/tg_calendar_specialists__take_turns.sql
-- A newcomer joins the round robin at the current minimum of their tier: at zero every booking would be theirs until
-- they had caught up with years. Who leaves and comes back is a newcomer. SCH-04.

set role app_engine;

create or replace function app_private.tg_calendar_specialists__take_turns() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into app_private.specialist_assignment_tracking (organization_id, calendar_id, specialist_id, assigned_count)
  select new.organization_id, new.calendar_id, new.specialist_id, coalesce(min(t.assigned_count), 0)
  from app_public.calendars as c
  join app_public.calendar_specialists as cs
    on cs.organization_id = c.organization_id and cs.calendar_id = c.id
   and (c.assignment_strategy <> 'priority' or cs.priority = new.priority)
  join app_public.specialists as sp
    on sp.organization_id = cs.organization_id and sp.id = cs.specialist_id
   and sp.scheduling_active and sp.deleted_at is null
  join app_private.specialist_assignment_tracking as t
    on t.organization_id = cs.organization_id and t.calendar_id = cs.calendar_id and t.specialist_id = cs.specialist_id
  where c.organization_id = new.organization_id and c.id = new.calendar_id;
  return null;
end;
$$;

comment on function app_private.tg_calendar_specialists__take_turns is
  'Gives a specialist who joins a calendar their place in its round robin. Trigger _500_take_turns.';

reset role;
-- end of source: functions/scheduling/tg_calendar_specialists__take_turns.sql

-- source: functions/secrets/data_key.sql
-- Hands out a data key as it is kept: wrapped. Only KMS can make it of use. FND-11.

set role app_engine;

create or replace function app_hidden.data_key(organization_id uuid, version int default null)
returns table (key_version int, wrapped_key bytea)
language sql stable security definer
set search_path = ''
begin atomic
  select data_keys.version, data_keys.wrapped
  from app_private.data_keys
  where (data_keys.organization_id = data_key.organization_id
         or data_keys.organization_id is null and data_key.organization_id is null)
    and case when data_key.version is null then data_keys.status = 'active' else data_keys.version = data_key.version end;
end;

comment on function app_hidden.data_key is
  'The wrapped data key of a clinic (null: the platform''s) in this version, or the one that seals now; no row when there is none.';
grant execute on function app_hidden.data_key to app_authenticator, app_worker;

reset role;
-- end of source: functions/secrets/data_key.sql

-- source: functions/secrets/add_first_data_key.sql
-- The first secret of a clinic makes its data key. Two processes may both bring one: the first is kept, and both
-- are answered with that. FND-11.

set role app_engine;

create or replace function app_hidden.add_first_data_key(organization_id uuid, wrapped bytea, master_key_id text)
returns table (key_version int, wrapped_key bytea)
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  insert into app_private.data_keys (organization_id, version, wrapped, master_key_id)
  values (add_first_data_key.organization_id, 1, add_first_data_key.wrapped, add_first_data_key.master_key_id)
  on conflict do nothing;

  -- A statement of its own: it sees what somebody else has committed while we waited.
  return query select active.* from app_hidden.data_key(add_first_data_key.organization_id) as active;
end;
$$;

comment on function app_hidden.add_first_data_key is
  'Keeps the first data key of a clinic (null: the platform) and answers with the one that was kept, ours or another''s.';
grant execute on function app_hidden.add_first_data_key to app_authenticator, app_worker;

reset role;
-- end of source: functions/secrets/add_first_data_key.sql

-- source: functions/secrets/add_next_data_key.sql
-- From here on a clinic seals with a new key; the one before stays readable and is retired when nothing uses it. FND-11.

set role app_engine;

create or replace function app_private.add_next_data_key(
  organization_id uuid, version int, wrapped bytea, master_key_id text
) returns boolean
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  update app_private.data_keys set status = 'retiring'
  where (data_keys.organization_id = add_next_data_key.organization_id
         or data_keys.organization_id is null and add_next_data_key.organization_id is null)
    and data_keys.status = 'active'
    and data_keys.version = add_next_data_key.version - 1;
  if not found then
    return false;
  end if;
  insert into app_private.data_keys (organization_id, version, wrapped, master_key_id)
  values (add_next_data_key.organization_id, add_next_data_key.version, add_next_data_key.wrapped,
          add_next_data_key.master_key_id);
  return true;
end;
$$;

comment on function app_private.add_next_data_key is
  'Makes this the key that seals, after the version before it; false when that one does not seal any more.';
grant execute on function app_private.add_next_data_key to app_worker;

reset role;
-- end of source: functions/secrets/add_next_data_key.sql

-- source: functions/secrets/ciphertext_places.sql
-- Where there are envelopes: asked of the classification, so that a rotation finds a column the day it is classified.
-- Its type decides, not its class: what holds an envelope is sealed again, whatever is said of it. A dropped column has no
-- name any more.
-- A column beside it with the same name and _bound_to holds what its envelopes are bound to besides. FND-11, FND-12, FND-35.

set role app_engine;

create or replace function app_private.ciphertext_places()
returns table (table_name text, column_name text, key_column text, key_type text, has_organization boolean, bound_column text)
language sql stable security definer
set search_path = ''
begin atomic
  select classified_columns.table_name, classified_columns.column_name, key.attname::text,
         pg_catalog.format_type(key.atttypid, key.atttypmod),
         exists (
           select from pg_catalog.pg_attribute
           where pg_attribute.attrelid = encrypted.attrelid and pg_attribute.attname = 'organization_id'),
         (select pg_attribute.attname::text from pg_catalog.pg_attribute
          where pg_attribute.attrelid = encrypted.attrelid and pg_attribute.attname = encrypted.attname || '_bound_to')
  from app_private.classified_columns
  join pg_catalog.pg_attribute as encrypted
    on encrypted.attrelid = classified_columns.table_name::regclass
   and encrypted.attname = classified_columns.column_name
   and encrypted.atttypid = 'app_private.ciphertext'::regtype
  join pg_catalog.pg_index on pg_index.indrelid = encrypted.attrelid and pg_index.indisprimary and pg_index.indnkeyatts = 1
  join pg_catalog.pg_attribute as key on key.attrelid = encrypted.attrelid and key.attnum = pg_index.indkey[0]
  order by 1, 2;
end;

comment on function app_private.ciphertext_places is
  'Every encrypted column with the primary key that its envelopes are bound to.';
grant execute on function app_private.ciphertext_places to app_worker;

reset role;
-- end of source: functions/secrets/ciphertext_places.sql

-- source: functions/secrets/data_keys_to_rewrap.sql
-- Data keys that another master key wrapped, also the retired ones: backups need them. FND-11.

set role app_engine;

create or replace function app_private.data_keys_to_rewrap(master_key_id text, after uuid, batch int)
returns table (id uuid, organization_id uuid, version int, wrapped bytea)
language sql stable security definer
set search_path = ''
begin atomic
  select data_keys.id, data_keys.organization_id, data_keys.version, data_keys.wrapped
  from app_private.data_keys
  where data_keys.master_key_id <> data_keys_to_rewrap.master_key_id
    and (data_keys.id > data_keys_to_rewrap.after or data_keys_to_rewrap.after is null)
  order by data_keys.id
  limit data_keys_to_rewrap.batch;
end;

comment on function app_private.data_keys_to_rewrap is 'The next data keys that this master key does not wrap.';
grant execute on function app_private.data_keys_to_rewrap to app_worker;

reset role;
-- end of source: functions/secrets/data_keys_to_rewrap.sql

-- source: functions/secrets/key_version.sql
-- Which data key opens an envelope: it stands in the header, so readers need not try. FND-11.

create or replace function app_private.key_version(envelope app_private.ciphertext) returns int
language sql immutable strict parallel safe
set search_path = ''
return (get_byte(envelope, 4) << 24) + (get_byte(envelope, 5) << 16) + (get_byte(envelope, 6) << 8) + get_byte(envelope, 7);

comment on function app_private.key_version is 'The version of the data key that sealed this envelope.';
grant execute on function app_private.key_version to app_engine;
-- end of source: functions/secrets/key_version.sql

-- source: functions/secrets/envelopes_to_reseal.sql
-- The next envelopes of a column that an older key sealed, or that are not bound to their destination yet. FND-11, FND-35.

set role app_engine;

create or replace function app_private.envelopes_to_reseal(table_name text, column_name text, after text, batch int)
returns table (row_id text, organization_id uuid, envelope bytea, bound_to text)
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_place record;
begin
  -- The names are taken from the classification, never from the caller.
  select place.* into strict v_place
  from app_private.ciphertext_places() as place
  where place.table_name = envelopes_to_reseal.table_name and place.column_name = envelopes_to_reseal.column_name;

  return query execute format(
    $q$select sealed.%1$I::text, sealed_for.organization_id, sealed.%2$I::bytea, %6$s
       from %3$s as sealed
       cross join lateral (select %4$s as organization_id) as sealed_for
       join app_private.data_keys
         on data_keys.status = 'active'
        and coalesce(data_keys.organization_id, '00000000-0000-0000-0000-000000000000')
          = coalesce(sealed_for.organization_id, '00000000-0000-0000-0000-000000000000')
        and (app_private.key_version(sealed.%2$I) < data_keys.version or %7$s)
       where sealed.%2$I is not null and ($1 is null or sealed.%1$I > $1::%5$s)
       order by sealed.%1$I
       limit $2$q$,
    v_place.key_column, v_place.column_name, v_place.table_name,
    case when v_place.has_organization then 'sealed.organization_id' else 'null::uuid' end, v_place.key_type,
    case when v_place.bound_column is null then 'null::text' else format('sealed.%I', v_place.bound_column) end,
    -- Format 1 knows no destination.
    case when v_place.bound_column is null then 'false' else format('get_byte(sealed.%I, 3) = 1', v_place.column_name) end)
  using envelopes_to_reseal.after, envelopes_to_reseal.batch;
end;
$$;

comment on function app_private.envelopes_to_reseal is
  'Rows after this key whose envelope is not sealed with the present data key of their clinic or not bound to its '
  'destination, in the order of their keys.';
grant execute on function app_private.envelopes_to_reseal to app_worker;

reset role;
-- end of source: functions/secrets/envelopes_to_reseal.sql

-- source: functions/secrets/finish_key_rotation.sql
-- The end of a rotation: nothing is left that it began. FND-11.

set role app_engine;

create or replace function app_private.finish_key_rotation(rotation_id uuid) returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  update app_private.key_rotations set finished_at = clock_timestamp()
  where key_rotations.id = finish_key_rotation.rotation_id
    and key_rotations.finished_at is null
    and not exists (select from app_private.data_keys where data_keys.status = 'retiring')
    and not exists (
      select from app_private.data_keys
      where data_keys.status = 'active' and data_keys.created_at < key_rotations.started_at);
  return found;
end;
$$;

comment on function app_private.finish_key_rotation is
  'Closes a rotation; false while a data key still waits for its successor or for its retirement.';
grant execute on function app_private.finish_key_rotation to app_worker;

reset role;
-- end of source: functions/secrets/finish_key_rotation.sql

-- source: functions/secrets/open_key_rotation.sql
-- A rotation is begun once and gone on with until it is done, whoever is killed on the way. FND-11.

set role app_engine;

create or replace function app_private.open_key_rotation(begin_one boolean default true) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_id uuid;
begin
  if begin_one then
    -- now() is when this transaction began: a data key that is made at this moment may get a successor too many.
    insert into app_private.key_rotations default values on conflict do nothing;
  end if;
  select key_rotations.id into v_id from app_private.key_rotations where key_rotations.finished_at is null;
  return v_id;
end;
$$;

comment on function app_private.open_key_rotation is
  'The rotation that is under way, begun now if there is none and begin_one says so; null otherwise.';
grant execute on function app_private.open_key_rotation to app_worker;

reset role;
-- end of source: functions/secrets/open_key_rotation.sql

-- source: functions/secrets/owners_to_rekey.sql
-- Whose data key is older than the rotation. FND-11.

set role app_engine;

create or replace function app_private.owners_to_rekey(rotation_id uuid, batch int)
returns table (organization_id uuid, next_version int)
language sql stable security definer
set search_path = ''
begin atomic
  select data_keys.organization_id, data_keys.version + 1
  from app_private.data_keys
  join app_private.key_rotations
    on key_rotations.id = owners_to_rekey.rotation_id and data_keys.created_at < key_rotations.started_at
  where data_keys.status = 'active'
  order by data_keys.id
  limit owners_to_rekey.batch;
end;

comment on function app_private.owners_to_rekey is
  'The next clinics (null: the platform) that still seal with a data key from before the rotation.';
grant execute on function app_private.owners_to_rekey to app_worker;

reset role;
-- end of source: functions/secrets/owners_to_rekey.sql

-- source: functions/secrets/replace_envelopes.sql
-- Puts new envelopes in the place of those that were read; what somebody changed meanwhile stays as they wrote it.
-- FND-11.

set role app_engine;

create or replace function app_private.replace_envelopes(
  table_name text, column_name text, row_ids text[], was bytea[], envelopes bytea[]
) returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_place record;
  v_replaced int;
begin
  select place.* into strict v_place
  from app_private.ciphertext_places() as place
  where place.table_name = replace_envelopes.table_name and place.column_name = replace_envelopes.column_name;

  execute format(
    $q$update %1$s as sealed
       set %2$I = replaced.envelope::app_private.ciphertext
       from unnest($1, $2, $3) as replaced (row_id, was, envelope)
       where sealed.%3$I = replaced.row_id::%4$s and sealed.%2$I::bytea = replaced.was$q$,
    v_place.table_name, v_place.column_name, v_place.key_column, v_place.key_type)
  using replace_envelopes.row_ids, replace_envelopes.was, replace_envelopes.envelopes;
  get diagnostics v_replaced = row_count;
  return v_replaced;
end;
$$;

comment on function app_private.replace_envelopes is
  'Stores each new envelope where the old one still is; answers how many.';
grant execute on function app_private.replace_envelopes to app_worker;

reset role;
-- end of source: functions/secrets/replace_envelopes.sql

-- source: functions/secrets/retire_data_keys.sql
-- Retires the keys that no envelope uses. Writers take their key's lock before they store, we take it before we look:
-- whatever they stored is seen, and who comes later is refused. FND-11.
-- A process that has not noticed yet seals with the old key for a while, hence the grace.

set role app_engine;

create or replace function app_private.retire_data_keys(grace interval) returns table (retired int, waiting int)
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_ids uuid[];
  v_place record;
begin
  select coalesce(array_agg(locked.id), '{}') into v_ids
  from (
    select data_keys.id from app_private.data_keys
    where data_keys.status = 'retiring' and data_keys.updated_at <= clock_timestamp() - retire_data_keys.grace
    order by data_keys.id
    for update
  ) as locked;

  for v_place in select * from app_private.ciphertext_places() loop
    exit when v_ids = '{}';
    execute format(
      $q$select coalesce(array_agg(data_keys.id), '{}')
         from app_private.data_keys
         where data_keys.id = any ($1)
           and (coalesce(data_keys.organization_id, '00000000-0000-0000-0000-000000000000'), data_keys.version) not in (
             select coalesce(%1$s, '00000000-0000-0000-0000-000000000000'), app_private.key_version(sealed.%2$I)
             from %3$s as sealed
             where sealed.%2$I is not null)$q$,
      case when v_place.has_organization then 'sealed.organization_id' else 'null::uuid' end,
      v_place.column_name, v_place.table_name)
    into v_ids using v_ids;
  end loop;

  update app_private.data_keys set status = 'retired' where data_keys.id = any (v_ids);
  return query
    select cardinality(v_ids), count(*)::int from app_private.data_keys where data_keys.status = 'retiring';
end;
$$;

comment on function app_private.retire_data_keys is
  'Retires data keys that were replaced at least this long ago and are in no row; answers how many, and how many still wait.';
grant execute on function app_private.retire_data_keys to app_worker;

reset role;
-- end of source: functions/secrets/retire_data_keys.sql

-- source: functions/secrets/rewrap_data_key.sql
-- The same data key in another wrapping: no envelope notices. FND-11.

set role app_engine;

create or replace function app_private.rewrap_data_key(id uuid, was bytea, wrapped bytea, master_key_id text) returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  update app_private.data_keys
  set wrapped = rewrap_data_key.wrapped, master_key_id = rewrap_data_key.master_key_id
  where data_keys.id = rewrap_data_key.id and data_keys.wrapped = rewrap_data_key.was;
  return found;
end;
$$;

comment on function app_private.rewrap_data_key is
  'Replaces the wrapping if it is still the one that was read; false when somebody else was faster.';
grant execute on function app_private.rewrap_data_key to app_worker;

reset role;
-- end of source: functions/secrets/rewrap_data_key.sql

-- source: functions/secrets/tg_ciphertext__key_in_use.sql
-- No envelope is stored under a key that is unknown or retired. The lock on the key is shared among writers and waits
-- for nobody but the retirement of this very key, so a key is never retired under an envelope. FND-11.
-- Arguments: the encrypted columns of the table. A table without organization_id uses the platform's keys.

set role app_engine;

create or replace function app_private.tg_ciphertext__key_in_use() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_row jsonb := to_jsonb(new);
  v_organization_id uuid := (v_row ->> 'organization_id')::uuid;
  v_column text;
  v_version int;
begin
  foreach v_column in array tg_argv loop
    -- bytea reads as \x… in JSON.
    v_version := app_private.key_version((v_row ->> v_column)::bytea::app_private.ciphertext);
    continue when v_version is null;
    perform from app_private.data_keys
    where (data_keys.organization_id = v_organization_id or data_keys.organization_id is null and v_organization_id is null)
      and data_keys.version = v_version
      and data_keys.status in ('active', 'retiring')
    for share;
    if not found then
      perform app_hidden.refuse(
        'CONFLICT', 'data_key_not_in_use', jsonb_build_object('version', v_version),
        'The data key was changed at this moment. Try again.');
    end if;
  end loop;
  return new;
end;
$$;

comment on function app_private.tg_ciphertext__key_in_use is
  'Refuses an envelope under a data key that is unknown or retired. Trigger _300_key_in_use, with the encrypted columns.';

reset role;
-- end of source: functions/secrets/tg_ciphertext__key_in_use.sql

-- source: policies/appointments/appointment_moves.sql
-- The history of an appointment: staff with appointments.view. Append-only: nobody holds update or delete. APT-01.

select app_private.classify('app_public.appointment_moves', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "appointment_id", "moved_by", "moved_at", "overridden_rules"],
    "phi": ["from_status", "to_status", "reason"]}',
  unaudited => 'Is itself a ledger; each move is also in the audit, as the change of its appointment.');
select app_private.protect('app_public.appointment_moves', engine => 'select, insert');

grant select on app_public.appointment_moves to app_member;

create policy appointment_moves_select_staff on app_public.appointment_moves for select to app_member
  using (
    organization_id = any ((select app_hidden.organization_ids_where('appointments.view'))::uuid[])
    -- One look-up a row, and the appointment's own policies hide what was deleted.
    and exists (select from app_public.appointments where appointments.id = appointment_moves.appointment_id)
  );
-- end of source: policies/appointments/appointment_moves.sql

-- source: policies/appointments/appointment_transfers.sql
-- Staff with appointments.view see from which chart to which an appointment moved; no patient does, since it names
-- another one. Append-only: nobody holds update or delete. FND-34.

select app_private.classify('app_public.appointment_transfers', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "appointment_id", "moved_by", "created_at"],
    "phi": ["patient_profile_id", "from_profile_id", "reason"]}',
  person_column => 'patient_profile_id');
select app_private.protect('app_public.appointment_transfers', engine => 'select, insert');

grant select on app_public.appointment_transfers to app_member;

create policy appointment_transfers_select_staff on app_public.appointment_transfers for select to app_member
  using (
    organization_id = any ((select app_hidden.organization_ids_where('appointments.view'))::uuid[])
    -- One look-up a row, and the appointment's own policies hide what was deleted.
    and exists (select from app_public.appointments where appointments.id = appointment_transfers.appointment_id)
  );
-- end of source: policies/appointments/appointment_transfers.sql

-- source: policies/appointments/appointments.sql
-- Staff with appointments.view at the clinic; the patient and those who care for the patient. Written by verbs only.
-- APT-01, APT-02.

select app_private.classify('app_public.appointments', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "booking_request_id", "claim_id", "locale", "overridden_rules", "created_by",
                    "created_at", "updated_at", "deleted_at"],
    "public": ["organizer_email"],
    "pii_basic": ["contact_email", "contact_phone", "contact_name"],
    "phi": ["patient_profile_id", "calendar_id", "service_id", "specialist_id", "status", "starts_at",
            "ends_at", "modality", "price_amount", "currency", "cancellation_reason", "override_reason"]}',
  person_column => 'patient_profile_id');
select app_private.allow_soft_delete('app_public.appointments', 'appointments.manage',
  'r.contact_name || '', '' || to_char(r.starts_at at time zone
     (select timezone from app_public.organizations where id = r.organization_id), ''YYYY-MM-DD HH24:MI'')',
  follows => 'app_public.patients');
select app_private.protect('app_public.appointments', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, patient_profile_id, calendar_id, service_id, specialist_id, booking_request_id, status,
              starts_at, ends_at, modality, price_amount, currency, contact_email, contact_phone, contact_name, locale,
              cancellation_reason, created_by, created_at, updated_at)
   on app_public.appointments to app_member;

create policy appointments_select_staff on app_public.appointments for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('appointments.view'))::uuid[]) and deleted_at is null);

create policy appointments_select_patient on app_public.appointments for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
    and organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
    and deleted_at is null
  );
-- end of source: policies/appointments/appointments.sql

-- source: policies/appointments/booking_requests.sql
-- Staff with appointments.view; the guest only through the token of the request. APT-09.

select app_private.classify('app_public.booking_requests', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "claim_id", "locale", "respond_by", "decided_at", "decided_by",
                    "created_at", "updated_at"],
    "pii_basic": ["given_name", "family_name", "email", "phone"],
    "public": ["organizer_email"],
    "phi": ["calendar_id", "service_id", "specialist_id", "status", "message", "starts_at", "ends_at",
            "price_amount", "currency", "rejection_reason"],
    "auth_secret": ["token_hash"]}',
  protected => '{"digest": ["token_hash"]}');
select app_private.protect('app_public.booking_requests',
  engine => 'select, insert, update',
  guard => true,
  facts => '{person given_name, person family_name, email email, phone phone}');

grant select (id, organization_id, calendar_id, service_id, specialist_id, status, given_name, family_name, email, phone, message,
              locale, starts_at, ends_at, price_amount, currency, respond_by, decided_at, decided_by, rejection_reason,
              created_at, updated_at)
   on app_public.booking_requests to app_member;

create policy booking_requests_select_staff on app_public.booking_requests for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('appointments.view'))::uuid[]));
-- end of source: policies/appointments/booking_requests.sql

-- source: policies/audit/anchored_heads.sql
-- What verification compares a chain with. FND-09.

select app_private.classify('audit.anchored_heads', home => 'cell', retention => 'ledger', classes =>
  '{"operational": ["anchor_number", "scope_id", "sequence", "hash"]}',
  unaudited => 'The audit log itself.');
select app_private.protect('audit.anchored_heads', engine => 'select, insert');
-- end of source: policies/audit/anchored_heads.sql

-- source: policies/audit/anchors.sql
-- Prepared and confirmed by the task that brings them to object storage. FND-09.

select app_private.classify('audit.anchors', home => 'cell', retention => 'ledger', classes =>
  '{"operational": ["number", "object_key", "surface", "bytes", "hash", "previous_hash", "created_at", "stored_at"]}',
  unaudited => 'The audit log itself.');
select app_private.protect('audit.anchors', engine => 'select, insert, update (stored_at)');
-- end of source: policies/audit/anchors.sql

-- source: policies/audit/entries.sql
-- A clinic's log is read by whoever has audit.view there, the platform's by superadmins; values are asked for one entry
-- at a time (audit_entries_values). Written by audit.append(), changed by erasure only. FND-08.

select app_private.classify('audit.entries', home => 'clinic', retention => 'ledger', classes => '{
  "operational": ["id", "organization_id", "scope_id", "occurred_at", "seal_id", "position", "actor_id", "impersonator_id",
                  "session_role", "request_id", "action", "table_name", "row_key", "changed", "key", "digest", "bytes",
                  "hash"],
  "phi": ["old", "new"],
  "pii_basic": ["person_id", "ip", "user_agent"]}',
  person_column => 'person_id', unaudited => 'The audit log itself.');
select app_private.protect('audit.entries', engine => 'select, insert, update (old, new, ip, user_agent, key)');

grant select (id, organization_id, scope_id, occurred_at, actor_id, impersonator_id, session_role, request_id, action,
              table_name, row_key, person_id, changed)
   on audit.entries to app_member;

create policy entries_select_auditor on audit.entries for select to app_member
  using (scope_id = any ((select app_hidden.organization_ids_where('audit.view'))::uuid[]));

create policy entries_select_superadmin on audit.entries for select to app_member
  using (scope_id = '00000000-0000-0000-0000-000000000000' and (select app_hidden.is_superadmin()));
-- end of source: policies/audit/entries.sql

-- source: policies/audit/heads.sql
-- Moved at every commit that leaves an entry. FND-09.

select app_private.classify('audit.heads', home => 'clinic', retention => 'ledger', classes =>
  '{"operational": ["scope_id", "sequence", "hash", "sealed_at"]}',
  unaudited => 'The audit log itself.');
select app_private.protect('audit.heads', engine => 'select, insert, update');
-- end of source: policies/audit/heads.sql

-- source: policies/audit/seals.sql
-- Written at commit, read by verification. FND-09.

select app_private.classify('audit.seals', home => 'clinic', retention => 'ledger', classes =>
  '{"operational": ["id", "scope_id", "sequence", "occurred_at", "sealed_at", "entries", "entries_hash", "bytes", "hash"]}',
  unaudited => 'The audit log itself.');
select app_private.protect('audit.seals', engine => 'select, insert');
-- end of source: policies/audit/seals.sql

-- source: policies/catalog/service_specialists.sql
-- Who can provide what: staff and patients of the clinic. CAT-02, SPC-05.

select app_private.classify('app_public.service_specialists', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["organization_id", "service_id", "specialist_id"], "operational": ["created_at"]}');
select app_private.protect('app_public.service_specialists', engine => 'select');

grant select on app_public.service_specialists to app_member;
grant insert (organization_id, service_id, specialist_id), delete on app_public.service_specialists to app_member;

create policy service_specialists_select_staff on app_public.service_specialists for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

create policy service_specialists_select_patient on app_public.service_specialists for select to app_member
  using (
    organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
    and service_id in (select services.id from app_public.services)
    and specialist_id in (select specialists.id from app_public.specialists)
  );

create policy service_specialists_insert_manager on app_public.service_specialists for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('services.manage'))::uuid[]));

create policy service_specialists_delete_manager on app_public.service_specialists for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('services.manage'))::uuid[]));
-- end of source: policies/catalog/service_specialists.sql

-- source: policies/catalog/services.sql
-- Staff see all, patients of the clinic the active ones, guests only through `clinic_by_slug`. CAT-01, SPC-05.

select app_private.classify('app_public.services', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "name", "description", "translations", "duration_minutes",
               "price_amount", "currency", "modality"],
    "operational": ["is_active", "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.services', 'services.manage', 'r.name');
select app_private.protect('app_public.services', engine => 'select, update (deleted_at)', facts => '{name name}');

grant select on app_public.services to app_member;
grant insert (organization_id, name, description, translations, duration_minutes, price_amount, currency, modality, is_active),
      update (name, description, translations, duration_minutes, price_amount, currency, modality, is_active)
   on app_public.services to app_member;

create policy services_select_staff on app_public.services for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]) and deleted_at is null);

create policy services_select_patient on app_public.services for select to app_member
  using (organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]) and is_active and deleted_at is null);

create policy services_insert_manager on app_public.services for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('services.manage'))::uuid[]));

create policy services_update_manager on app_public.services for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('services.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.organization_ids_where('services.manage'))::uuid[]));
-- end of source: policies/catalog/services.sql

-- source: policies/catalog/specialist_specialties.sql
-- Part of the listing: staff and patients of the clinic. SPC-03, SPC-05.

select app_private.classify('app_public.specialist_specialties', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["organization_id", "specialist_id", "specialty_id", "specialty_scope_id"],
    "operational": ["created_at"]}');
select app_private.protect('app_public.specialist_specialties', engine => 'select');

grant select (organization_id, specialist_id, specialty_id, created_at) on app_public.specialist_specialties to app_member;
grant insert (organization_id, specialist_id, specialty_id), delete on app_public.specialist_specialties to app_member;

create policy specialist_specialties_select_staff on app_public.specialist_specialties for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

create policy specialist_specialties_select_patient on app_public.specialist_specialties for select to app_member
  using (
    organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
    and specialist_id in (select specialists.id from app_public.specialists)
  );

create policy specialist_specialties_insert_manager on app_public.specialist_specialties for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('specialists.manage'))::uuid[]));

create policy specialist_specialties_delete_manager on app_public.specialist_specialties for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('specialists.manage'))::uuid[]));

create or replace trigger _150_scope before insert on app_public.specialist_specialties
  for each row execute function app_private.tg_specialist_specialties__scope();
-- end of source: policies/catalog/specialist_specialties.sql

-- source: policies/catalog/specialists.sql
-- Staff see their clinic's specialists, patients those of their clinics, guests none. The listing columns are
-- all that is granted: account, contact and the rest come from `specialist_details`, to staff only. SPC-05, SPC-06.

select app_private.classify('app_public.specialists', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "scheduling_timezone", "scheduling_active", "created_at",
                    "updated_at", "deleted_at"],
    "pii_basic": ["human_id", "title", "given_name", "family_name", "registration_number", "contact_email",
                  "contact_phone"]}',
  person_column => 'human_id');
select app_private.allow_soft_delete('app_public.specialists', 'specialists.manage',
  'concat_ws('' '', r.title, r.given_name, r.family_name)');
select app_private.protect('app_public.specialists',
  engine => 'select, update',
  facts => '{name title, person given_name, person family_name, email contact_email, phone contact_phone}');

grant select (id, organization_id, title, given_name, family_name, scheduling_active, created_at, updated_at) on app_public.specialists to app_member;
grant insert (organization_id, human_id, title, given_name, family_name, registration_number,
              contact_email, contact_phone, scheduling_timezone, scheduling_active),
      update (human_id, title, given_name, family_name, registration_number,
              contact_email, contact_phone, scheduling_timezone, scheduling_active)
   on app_public.specialists to app_member;

create policy specialists_select_staff on app_public.specialists for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]) and deleted_at is null);

create policy specialists_select_patient on app_public.specialists for select to app_member
  using (organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]) and deleted_at is null);

create policy specialists_insert_manager on app_public.specialists for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('specialists.manage'))::uuid[]));

create policy specialists_update_manager on app_public.specialists for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('specialists.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.organization_ids_where('specialists.manage'))::uuid[]));
-- end of source: policies/catalog/specialists.sql

-- source: policies/catalog/specialties.sql
-- The platform's specialties are everyone's to read; a clinic adds its own with specialties.manage. SPC-01.

select app_private.classify('app_public.specialties', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "scope_id", "slug", "name", "translations"],
    "operational": ["created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.specialties', 'specialties.manage', 'r.name');
select app_private.protect('app_public.specialties', engine => 'select, update (deleted_at)', facts => '{name name}');

grant select (id, organization_id, slug, name, translations, created_at, updated_at) on app_public.specialties to app_member;
grant insert (organization_id, slug, name, translations),
      update (slug, name, translations)
   on app_public.specialties to app_member;

create policy specialties_select_everyone on app_public.specialties for select to app_member
  using (organization_id is null and deleted_at is null);

create policy specialties_select_staff on app_public.specialties for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]) and deleted_at is null);

create policy specialties_select_patient on app_public.specialties for select to app_member
  using (organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]) and deleted_at is null);

create policy specialties_insert_manager on app_public.specialties for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('specialties.manage'))::uuid[]));

create policy specialties_update_manager on app_public.specialties for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('specialties.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.organization_ids_where('specialties.manage'))::uuid[]));

create policy specialties_all_migrator on app_public.specialties for all to app_owner
  using (organization_id is null)
  with check (organization_id is null);
-- end of source: policies/catalog/specialties.sql

-- source: policies/classification/classified_columns.sql
-- What each column holds. FND-12.

select app_private.classify('app_private.classified_columns', home => 'platform', retention => 'reference', classes =>
  '{"public": ["table_name", "column_name", "class", "retention", "protection"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.classified_columns', engine => 'select');
-- end of source: policies/classification/classified_columns.sql

-- source: policies/classification/classified_tables.sql
-- What each table holds. FND-12.

select app_private.classify('app_private.classified_tables', home => 'platform', retention => 'reference', classes =>
  '{"public": ["table_name", "home", "retention", "person_column", "unaudited"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.classified_tables', engine => 'select');
-- end of source: policies/classification/classified_tables.sql

-- source: policies/classification/data_classes.sql
-- What a class means, read wherever personal data is handled. FND-12.

select app_private.classify('app_private.data_classes', home => 'platform', retention => 'reference', classes =>
  '{"public": ["name", "description", "is_personal", "is_masked", "is_encrypted"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.data_classes', engine => 'select');
-- end of source: policies/classification/data_classes.sql

-- source: policies/classification/retentions.sql
-- How long things are kept. FND-12.

select app_private.classify('app_private.retentions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "description", "keep_for", "citation", "confirmed_by"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.retentions', engine => 'select');
-- end of source: policies/classification/retentions.sql

-- source: policies/core/error_codes.sql
-- Everyone may read what an error code means; only migrations write it. FND-29.

select app_private.classify('app_hidden.error_codes', home => 'platform', retention => 'reference', classes =>
  '{"public": ["code", "sqlstate", "http_status", "meaning"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_hidden.error_codes');

grant select on app_hidden.error_codes to app_anonymous, app_member, app_link, app_authenticator, app_worker, app_engine;

create policy error_codes_select_everyone on app_hidden.error_codes
  for select to app_anonymous, app_member, app_link, app_authenticator, app_worker, app_engine
  using (true);
-- end of source: policies/core/error_codes.sql

-- source: policies/core/object_surfaces.sql
-- What processes keep in the object store; written by migrations. FND-12.

select app_private.classify('app_private.object_surfaces', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "prefix", "description", "class", "retention"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.object_surfaces', engine => 'select');
-- end of source: policies/core/object_surfaces.sql

-- source: policies/core/state_transitions.sql
-- Read by the guard and by verbs, written by migrations only. APT-01.

select app_private.classify('app_private.state_transitions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["entity", "from_state", "to_state", "actor", "permission", "not_before", "lead_minutes", "event",
               "quiet_because"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.state_transitions', engine => 'select');
-- end of source: policies/core/state_transitions.sql

-- source: policies/core/time_zones.sql
-- The zones one may choose from are public; migrations keep them. FND-01.

select app_private.classify('app_public.time_zones', home => 'platform', retention => 'reference', classes =>
  '{"public": ["name"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.time_zones');

grant select on app_public.time_zones to app_anonymous, app_member, app_engine;

create policy time_zones_select_everyone on app_public.time_zones for select to app_anonymous, app_member, app_engine
  using (true);
-- end of source: policies/core/time_zones.sql

-- source: policies/deletion/soft_deletes.sql
-- What can be deleted and brought back, and who may: read by the engine, written by migrations. FND-10.

select app_private.classify('app_private.soft_deletes', home => 'platform', retention => 'reference', classes =>
  '{"public": ["table_name", "permission", "label", "follows"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.soft_deletes', engine => 'select');
-- end of source: policies/deletion/soft_deletes.sql

-- source: policies/events/effects.sql
-- The worker claims and finishes effects through functions. FND-14, FND-15.

select app_private.classify('app_private.effects', home => 'cell', retention => 'ledger', classes =>
  '{"operational": ["key", "attempts", "claimed_at", "claimed_by", "done_at", "result"]}',
  unaudited => 'Is itself a ledger, of what was done outside and by which worker.');
select app_private.protect('app_private.effects', engine => 'select, insert, update');
-- end of source: policies/events/effects.sql

-- source: policies/events/event_consumers.sql
-- Read by the engine; changed by migrations only. FND-14.

select app_private.classify('app_private.event_consumers', home => 'platform', retention => 'reference', classes =>
  '{"public": ["name", "description"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.event_consumers', engine => 'select');
-- end of source: policies/events/event_consumers.sql

-- source: policies/events/event_deliveries.sql
-- Queued by the trigger of events, worked off through functions. FND-14.

select app_private.classify('app_private.event_deliveries', home => 'clinic', retention => 'ledger', classes =>
  '{"operational": ["event_id", "consumer", "subject_id", "position", "delivered_at", "attempts"], "pii_basic": ["last_error"]}',
  unaudited => 'How far the worker is with each event; nobody else writes it.');
select app_private.protect('app_private.event_deliveries', engine => 'select, insert, update');
-- end of source: policies/events/event_deliveries.sql

-- source: policies/events/event_subscriptions.sql
-- Read when an event is published; changed by migrations only. FND-14.

select app_private.classify('app_private.event_subscriptions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["consumer", "event_name"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.event_subscriptions', engine => 'select');
-- end of source: policies/events/event_subscriptions.sql

-- source: policies/events/event_types.sql
-- Read by publish(); changed by migrations only. FND-14.

select app_private.classify('app_private.event_types', home => 'platform', retention => 'reference', classes =>
  '{"public": ["name", "version", "description", "subject_type", "payload_schema"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.event_types', engine => 'select');
-- end of source: policies/events/event_types.sql

-- source: policies/events/events.sql
-- Written by publish(), read by consumers; never changed. FND-14.

select app_private.classify('app_private.events', home => 'clinic', retention => 'ledger', classes =>
  '{"operational": ["id", "organization_id", "name", "version", "subject_type", "subject_id", "actor_id",
                    "request_id", "cause_id", "occurred_at", "position"],
    "phi": ["payload"]}',
  unaudited => 'Is itself a ledger that nobody can change, of what the audited rows went through.');
select app_private.protect('app_private.events', engine => 'select, insert');
-- end of source: policies/events/events.sql

-- source: policies/events/webhook_receipts.sql
-- Taken, applied and purged through functions; nobody reads what a vendor sent. FND-25.

select app_private.classify('app_private.webhook_receipts', home => 'cell', retention => 'operations', classes =>
  '{"pii_basic": ["raw_body", "headers", "last_error"],
    "operational": ["id", "provider", "integration_id", "event_id", "type", "occurred_at", "received_at",
                    "body_hash", "status", "outcome", "attempts", "processed_at", "conflict_count",
                    "conflicted_at"]}',
  unaudited => 'It is a trace itself; what a delivery changes is followed where it changes it.');
select app_private.protect('app_private.webhook_receipts', engine => 'select, insert, update, delete', guard => true);
-- end of source: policies/events/webhook_receipts.sql

-- source: policies/events/worker_heartbeats.sql
-- Workers beat, and are reaped, through functions. FND-14.

select app_private.classify('app_private.worker_heartbeats', home => 'cell', retention => 'operations', classes =>
  '{"operational": ["worker_id", "host", "pid", "started_at", "seen_at"]}',
  unaudited => 'A sign of life every few seconds, of processes and not of people.');
select app_private.protect('app_private.worker_heartbeats', engine => 'select, insert, update, delete');
-- end of source: policies/events/worker_heartbeats.sql

-- source: policies/facts/phone_regions.sql
-- Numbering plans are no secret; whoever writes a telephone number has it read by them. Only migrations write. FND-07.

select app_private.classify('app_hidden.phone_regions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["region", "calling_code", "place", "idd_prefix", "national_prefix", "national_prefix_becomes",
               "national_number", "leading_digits", "assigned_numbers", "possible_lengths"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_hidden.phone_regions');

grant select on app_hidden.phone_regions to app_member, app_engine;

create policy phone_regions_select_everyone on app_hidden.phone_regions for select to app_member, app_engine
  using (true);
-- end of source: policies/facts/phone_regions.sql

-- source: policies/files/file_surface_types.sql
-- Which types a surface takes; changed by migrations only. FND-13.

select app_private.classify('app_private.file_surface_types', home => 'platform', retention => 'reference', classes =>
  '{"public": ["surface", "content_type"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.file_surface_types', engine => 'select');
-- end of source: policies/files/file_surface_types.sql

-- source: policies/files/file_surfaces.sql
-- What may be uploaded where; changed by migrations only. FND-13, FND-12.

select app_private.classify('app_private.file_surfaces', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "prefix", "description", "owner_kind", "audience", "max_bytes", "max_files", "manage_permission",
               "uploaded_by_owner", "class", "retention"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.file_surfaces', engine => 'select');
-- end of source: policies/files/file_surfaces.sql

-- source: policies/files/file_types.sql
-- Types whose bytes can be checked; changed by migrations only. FND-13.

select app_private.classify('app_private.file_types', home => 'platform', retention => 'reference', classes =>
  '{"public": ["content_type", "extensions"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.file_types', engine => 'select');
-- end of source: policies/files/file_types.sql

-- source: policies/files/files.sql
-- A checked file is readable exactly where its owner row is: each policy asks the owner's own. Until then its uploader
-- sees the row, so that it can be uploaded and confirmed. Written by verbs only. FND-13.
-- Clinics, services, specialists and a patient's own appointments are few, so they are read once per query. A clinic's
-- appointments are many: one look-up by their key a row.

select app_private.classify('app_public.files', home => 'clinic', retention => 'medical_record', classes =>
  '{"phi": ["filename", "sha256"],
    "operational": ["id", "organization_id", "surface", "audience", "service_id", "specialist_id", "appointment_id",
                    "owner_organization_id", "owner_kind", "content_type", "size_bytes", "object_key", "uploaded_key", "status", "rejection", "uploaded_by", "expires_at",
                    "confirmed_at", "created_at", "updated_at", "deleted_at", "objects_removed_at"]}');
select app_private.protect('app_public.files', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, surface, service_id, specialist_id, appointment_id, owner_organization_id, filename,
              content_type, size_bytes, sha256, object_key, uploaded_key, status, rejection, uploaded_by, expires_at,
              confirmed_at, created_at, updated_at)
   on app_public.files to app_member;

create policy files_select_uploader on app_public.files for select to app_member
  using (
    uploaded_by = (select app_hidden.current_principal_id())
    and status in ('pending', 'rejected') and deleted_at is null
    and (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[])
         or organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]))
  );

create policy files_select_of_organization on app_public.files for select to app_member
  using (
    status = 'confirmed' and deleted_at is null
    and owner_organization_id in (select organizations.id from app_public.organizations)
  );

create policy files_select_of_service on app_public.files for select to app_member
  using (status = 'confirmed' and deleted_at is null and service_id in (select services.id from app_public.services));

create policy files_select_of_specialist on app_public.files for select to app_member
  using (status = 'confirmed' and deleted_at is null and specialist_id in (select specialists.id from app_public.specialists));

create policy files_select_of_patient on app_public.files for select to app_member
  using (
    status = 'confirmed' and deleted_at is null
    and appointment_id in (
      select appointments.id from app_public.appointments
      where appointments.patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
    )
  );

create policy files_select_of_appointment on app_public.files for select to app_member
  using (
    status = 'confirmed' and deleted_at is null and appointment_id is not null
    and organization_id = any ((select app_hidden.organization_ids_where('appointments.view'))::uuid[])
    and exists (
      select from app_public.appointments
      where appointments.organization_id = files.organization_id and appointments.id = files.appointment_id
    )
  );

create policy files_select_audience on app_public.files
  as restrictive for select to app_member
  using (
    audience = 'owner_readers'
    or organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[])
  );
-- end of source: policies/files/files.sql

-- source: policies/idempotency/remembered_mutations.sql
-- Verbs remember and repeat through functions; nobody else sees what was answered. FND-26.

select app_private.classify('app_private.remembered_mutations', home => 'cell', retention => 'operations', classes =>
  '{"auth_secret": ["request_digest", "arguments_digest", "response"], "operational": ["operation", "created_at"]}',
  protected => '{"digest": ["request_digest", "arguments_digest"], "ciphertext": ["response"]}',
  unaudited => 'Kept for a day, unreadable without the caller''s key; the mutation itself is audited.');
select app_private.protect('app_private.remembered_mutations', engine => 'select, insert, update, delete');
-- end of source: policies/idempotency/remembered_mutations.sql

-- source: policies/identity/humans.sql
-- One sees oneself and one's colleagues; a patient's account is the patient's own. FND-02.

select app_private.classify('app_public.humans', home => 'person', retention => 'account', classes =>
  '{"operational": ["provider_org_id", "email_verified_at", "closed_at", "locale", "created_at", "updated_at"],
    "pii_basic": ["principal_id", "email", "display_name"]}',
  person_column => 'principal_id');
select app_private.protect('app_public.humans', engine => 'select, insert, update', facts => '{name display_name}');

grant select (principal_id, email, email_verified_at, display_name, locale, created_at, updated_at) on app_public.humans to app_member;
grant update (display_name, locale) on app_public.humans to app_member;

create policy humans_select_self on app_public.humans for select to app_member
  using (principal_id = (select app_hidden.current_account_id()));

create policy humans_select_colleague on app_public.humans for select to app_member
  using (principal_id = any ((select app_hidden.current_colleague_ids())::uuid[]));

create policy humans_update_self on app_public.humans for update to app_member
  using (principal_id = (select app_hidden.current_account_id()))
  with check (principal_id = (select app_hidden.current_account_id()));
-- end of source: policies/identity/humans.sql

-- source: policies/identity/identities.sql
-- Which sign-in is which human: `sign_in` reads and makes it, the provider's events change it. FND-03, FND-25.

select app_private.classify('app_private.identities', home => 'person', retention => 'account', classes =>
  '{"pii_basic": ["subject", "principal_id", "provider_name", "provider_locale"],
    "operational": ["issuer", "linked_at", "provider_changed_at", "banned_at", "ended_at"]}',
  person_column => 'principal_id');
select app_private.protect('app_private.identities', engine => 'select, insert, update');
-- end of source: policies/identity/identities.sql

-- source: policies/identity/invitation_roles.sql
-- Seen by whoever may invite, written by `invite_member`. FND-04.

select app_private.classify('app_public.invitation_roles', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "invitation_id", "role_id", "created_at"]}');
select app_private.protect('app_public.invitation_roles', engine => 'select, insert');

grant select on app_public.invitation_roles to app_member;

create policy invitation_roles_select_staff on app_public.invitation_roles for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('members.manage'))::uuid[]));
-- end of source: policies/identity/invitation_roles.sql

-- source: policies/identity/invitations.sql
-- What the clinic typed, for whoever may invite. The invited person reads `my_invitations`. FND-04, FND-07.

select app_private.classify('app_public.invitations', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "kind", "status", "invited_by", "sent_times", "expires_at", "created_at", "updated_at"],
    "pii_basic": ["email", "name", "patient_profile_id"]}',
  person_column => 'patient_profile_id');
select app_private.protect('app_public.invitations',
  engine => 'select, insert, update', guard => true, facts => '{person name, email email}');

grant select on app_public.invitations to app_member;

create policy invitations_select_staff on app_public.invitations for select to app_member
  using (
    case kind
      when 'member' then organization_id = any ((select app_hidden.organization_ids_where('members.manage'))::uuid[])
      else organization_id = any ((select app_hidden.organization_ids_where('patients.manage'))::uuid[])
    end
  );
-- end of source: policies/identity/invitations.sql

-- source: policies/identity/membership_roles.sql
-- Who holds which role: seen by colleagues, written by `grant_role` and `revoke_role`. FND-04.

select app_private.classify('app_public.membership_roles', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "membership_id", "role_id", "granted_by", "created_at"]}');
select app_private.protect('app_public.membership_roles', engine => 'select, insert, delete');

grant select on app_public.membership_roles to app_member;

create policy membership_roles_select_staff on app_public.membership_roles for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));
-- end of source: policies/identity/membership_roles.sql

-- source: policies/identity/memberships.sql
-- Who works where: seen by colleagues and by oneself, written by `accept_invitation` and `end_membership`. FND-04.

select app_private.classify('app_public.memberships', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "created_at", "updated_at", "ended_at"],
    "pii_basic": ["human_id", "member_name"]}',
  person_column => 'human_id');
select app_private.protect('app_public.memberships', engine => 'select, insert, update');

grant select on app_public.memberships to app_member;

create policy memberships_select_staff on app_public.memberships for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));
-- end of source: policies/identity/memberships.sql

-- source: policies/identity/permissions.sql
-- What can be allowed is no secret to whoever edits roles. FND-04.

select app_private.classify('app_public.permissions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["name", "description"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.permissions');

grant select on app_public.permissions to app_member, app_engine;

create policy permissions_select_everyone on app_public.permissions for select to app_member, app_engine
  using (true);
-- end of source: policies/identity/permissions.sql

-- source: policies/identity/principals.sql
-- One sees oneself and one's colleagues. FND-02.

select app_private.classify('app_public.principals', home => 'person', retention => 'account', classes =>
  '{"operational": ["kind", "platform_role", "disabled_at", "created_at"], "pii_basic": ["id"]}',
  person_column => 'id');
select app_private.protect('app_public.principals', engine => 'select, insert, update');

grant select (id, kind, disabled_at, created_at) on app_public.principals to app_member;

create policy principals_select_self on app_public.principals for select to app_member
  using (id = (select app_hidden.current_account_id()));

create policy principals_select_colleague on app_public.principals for select to app_member
  using (id = any ((select app_hidden.current_colleague_ids())::uuid[]));

create policy principals_select_superadmin on app_public.principals for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/identity/principals.sql

-- source: policies/identity/provider_organizations.sql
-- Which clinic an organization of the identity provider is: written by the platform, read when somebody leaves. FND-25.

select app_private.classify('app_private.provider_organizations', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "issuer", "provider_org_id", "mapped_at"]}');
select app_private.protect('app_private.provider_organizations', engine => 'select, insert, update');
-- end of source: policies/identity/provider_organizations.sql

-- source: policies/identity/revoked_sessions.sql
-- Sessions ended before their token: read at every request. FND-03.

-- A session's id opens nothing, since tokens are signed; but it follows a person around.
select app_private.classify('app_private.revoked_sessions', home => 'cell', retention => 'operations', classes =>
  '{"pii_basic": ["session_id"], "operational": ["revoked_at"]}',
  unaudited => 'Written once for each session that ends early: the row is the record.');
select app_private.protect('app_private.revoked_sessions', engine => 'select, insert');
-- end of source: policies/identity/revoked_sessions.sql

-- source: policies/identity/role_permissions.sql
-- What a clinic's roles allow, seen by its members, written by `define_role`. FND-04.

select app_private.classify('app_public.role_permissions', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "role_id", "permission"]}');
select app_private.protect('app_public.role_permissions', engine => 'select, insert, delete');

grant select on app_public.role_permissions to app_member;

create policy role_permissions_select_staff on app_public.role_permissions for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));
-- end of source: policies/identity/role_permissions.sql

-- source: policies/identity/roles.sql
-- A clinic's roles, seen by its members and written by `define_role`, which keeps anyone from granting above themselves. FND-04.

select app_private.classify('app_public.roles', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "key", "name", "system_role_key", "created_at", "updated_at"]}');
select app_private.protect('app_public.roles', engine => 'select, insert, update', facts => '{name name}');

grant select on app_public.roles to app_member;

create policy roles_select_staff on app_public.roles for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));
-- end of source: policies/identity/roles.sql

-- source: policies/identity/service_accounts.sql
-- The platform's processes; clinics need not know them. FND-02.

select app_private.classify('app_public.service_accounts', home => 'platform', retention => 'reference', classes =>
  '{"operational": ["principal_id", "name", "created_at"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.service_accounts', engine => 'select');

grant select on app_public.service_accounts to app_member;

create policy service_accounts_select_superadmin on app_public.service_accounts for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/identity/service_accounts.sql

-- source: policies/identity/system_role_permissions.sql
-- What they allow. FND-04.

select app_private.classify('app_public.system_role_permissions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["role_key", "permission"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.system_role_permissions');

grant select on app_public.system_role_permissions to app_member, app_engine;

create policy system_role_permissions_select_everyone on app_public.system_role_permissions
  for select to app_member, app_engine
  using (true);
-- end of source: policies/identity/system_role_permissions.sql

-- source: policies/identity/system_roles.sql
-- The roles every clinic starts with. FND-04.

select app_private.classify('app_public.system_roles', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "name", "name_ro"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.system_roles');

grant select on app_public.system_roles to app_member, app_engine;

create policy system_roles_select_everyone on app_public.system_roles for select to app_member, app_engine
  using (true);
-- end of source: policies/identity/system_roles.sql

-- source: policies/limits/spent_allowances.sql
-- Servers share spending through one function. FND-27.

select app_private.classify('app_private.spent_allowances', home => 'cell', retention => 'operations', classes =>
  '{"operational": ["key_digest", "spent_until"]}',
  unaudited => 'Counters that are gone within the hour.');
select app_private.protect('app_private.spent_allowances', engine => 'select, insert, update, delete');
-- end of source: policies/limits/spent_allowances.sql

-- source: policies/notify/channels.sql
-- Read by the rules that choose a channel; changed by migrations only. FND-15.

select app_private.classify('app_private.channels', home => 'platform', retention => 'reference', classes =>
  '{"public": ["name", "reaches", "quiet_from", "quiet_until", "per_person_and_day"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.channels', engine => 'select');
-- end of source: policies/notify/channels.sql

-- source: policies/notify/clinic_message_templates.sql
-- A clinic's own words and every earlier version, for whoever may edit them. FND-15.

select app_private.classify('app_public.clinic_message_templates', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "template_key", "channel", "locale", "version", "title", "body", "created_by",
                    "created_at"]}');
select app_private.protect('app_public.clinic_message_templates', engine => 'select, insert');

grant select on app_public.clinic_message_templates to app_member;

create policy clinic_message_templates_select_staff on app_public.clinic_message_templates for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('message_templates.manage'))::uuid[]));
-- end of source: policies/notify/clinic_message_templates.sql

-- source: policies/notify/clinic_suppressed_addresses.sql
-- Read when something is told, added to by what a clinic's own vendor reports, taken from when it is lifted. FND-35.

select app_private.classify('app_private.clinic_suppressed_addresses', home => 'clinic', retention => 'clinic', classes =>
  '{"pii_basic": ["address"], "operational": ["organization_id", "channel", "reason", "since"]}',
  unaudited => 'Each row is the record of one report; when it is lifted, lifted_suppressions says so, on record.');
select app_private.protect('app_private.clinic_suppressed_addresses', engine => 'select, insert, delete');
-- end of source: policies/notify/clinic_suppressed_addresses.sql

-- source: policies/notify/inbox_items.sql
-- One reads one's own messages, at the clinic the request names or at all of them. Nobody else does: not the clinic,
-- whose copy is the message, and not a caregiver, who is written to on their own. FND-15.

select app_private.classify('app_public.inbox_items', home => 'clinic', retention => 'account', classes =>
  '{"phi": ["title", "body"],
    "pii_basic": ["human_id"],
    "operational": ["id", "organization_id", "message_id", "created_at", "read_at"]}',
  person_column => 'human_id',
  unaudited => 'A copy of a message that is kept on its own; only its reader changes it, by reading.');
select app_private.protect('app_public.inbox_items', engine => 'select, insert, update');

grant select (id, organization_id, human_id, title, body, created_at, read_at) on app_public.inbox_items to app_member;

create policy inbox_items_select_self on app_public.inbox_items for select to app_member
  using (
    human_id = (select app_hidden.current_account_id())
    and organization_id = coalesce((select app_hidden.current_organization_id()), organization_id));
-- end of source: policies/notify/inbox_items.sql

-- source: policies/notify/lifted_suppressions.sql
-- Written when an address is written to again, and never changed: audited, with who did it and why. FND-35, FND-08.

select app_private.classify('app_private.lifted_suppressions', home => 'clinic', retention => 'clinic', classes =>
  '{"pii_basic": ["address", "because"],
    "operational": ["id", "organization_id", "channel", "reason", "since", "lifted_by", "lifted_at"]}');
select app_private.protect('app_private.lifted_suppressions', engine => 'select, insert');
-- end of source: policies/notify/lifted_suppressions.sql

-- source: policies/notify/message_channels.sql
-- Read when something is told; changed by migrations only. FND-15.

select app_private.classify('app_private.message_channels', home => 'platform', retention => 'reference', classes =>
  '{"public": ["template_key", "channel", "route", "rank", "is_default"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.message_channels', engine => 'select');
-- end of source: policies/notify/message_channels.sql

-- source: policies/notify/message_moves.sql
-- Read when a vendor reports; changed by migrations only. FND-15, FND-35.

select app_private.classify('app_private.message_moves', home => 'platform', retention => 'reference', classes =>
  '{"public": ["report", "from_state", "to_state", "unless_reported"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.message_moves', engine => 'select');
-- end of source: policies/notify/message_moves.sql

-- source: policies/notify/message_reports.sql
-- Kept as it came, applied by functions. FND-15, FND-25.

select app_private.classify('app_private.message_reports', home => 'cell', retention => 'operations', classes =>
  '{"pii_basic": ["reason"],
    "operational": ["id", "integration_id", "vendor", "vendor_id", "status", "occurred_at", "address_is_dead", "received_at", "counted_at"]}',
  unaudited => 'Each row is the record of one report.');
select app_private.protect('app_private.message_reports', engine => 'select, insert, update (counted_at)');
-- end of source: policies/notify/message_reports.sql

-- source: policies/notify/message_templates.sql
-- Read when something is told and when it leaves; changed by migrations only. FND-15.

select app_private.classify('app_private.message_templates', home => 'platform', retention => 'reference', classes =>
  '{"public": ["template_key", "channel", "locale", "version", "title", "body"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.message_templates', engine => 'select');
-- end of source: policies/notify/message_templates.sql

-- source: policies/notify/message_topics.sql
-- What one can switch on and off is no secret to whoever signs in. FND-15.

select app_private.classify('app_public.message_topics', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "kind", "name", "name_ro"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.message_topics');

grant select on app_public.message_topics to app_member, app_engine;

create policy message_topics_select_everyone on app_public.message_topics for select to app_member, app_engine
  using (true);
-- end of source: policies/notify/message_topics.sql

-- source: policies/notify/message_types.sql
-- Read when something is told; changed by migrations only. FND-15.

select app_private.classify('app_private.message_types', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "topic", "variables", "sample", "calendar_status", "urgent_within", "expires_with", "lasts", "visitor_limit"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.message_types', engine => 'select');
-- end of source: policies/notify/message_types.sql

-- source: policies/notify/messages.sql
-- Queued by notify(), worked off through functions. What was sent to whom is seen by staff with messages.view and by the
-- patient; what it said and how it was carried by neither. FND-15.

select app_private.classify('app_public.messages', home => 'clinic', retention => 'operations', classes =>
  '{"operational": ["id", "organization_id", "template_key", "channel", "route", "rank", "locale", "template_version",
                    "clinic_template_id", "event_id", "calendar_uid", "calendar_sequence", "is_urgent", "not_before",
                    "expires_at", "status", "attempts", "attempted_at", "integration_id", "vendor", "vendor_id", "sent_at", "delivered_at",
                    "created_at", "updated_at"],
    "pii_basic": ["patient_profile_id", "recipient_human_id", "account_id", "recipient_name", "recipient_email",
                  "recipient_phone", "recipient", "address", "mailbox", "reason"],
    "phi": ["data"]}',
  person_column => 'patient_profile_id',
  unaudited => 'What leaves, and what became of it: each row is the record of one message.');
select app_private.protect('app_public.messages', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, template_key, channel, locale, patient_profile_id, recipient_name, address, status, reason,
              not_before, expires_at, sent_at, delivered_at, created_at, updated_at)
  on app_public.messages to app_member;

create policy messages_select_staff on app_public.messages for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('messages.view'))::uuid[]));

create policy messages_select_person on app_public.messages for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
    and organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]));
-- end of source: policies/notify/messages.sql

-- source: policies/notify/notification_preferences.sql
-- One's own, and those of whom one cares for. The clinic neither sees nor changes them. FND-15, FND-07.

select app_private.classify('app_public.notification_preferences', home => 'person', retention => 'account', classes =>
  '{"pii_basic": ["human_id", "patient_profile_id"],
    "operational": ["id", "topic", "channel", "is_enabled", "created_at", "updated_at"]}',
  person_column => 'human_id');
select app_private.protect('app_public.notification_preferences', engine => 'select, insert, update');

grant select on app_public.notification_preferences to app_member;

create policy notification_preferences_select_person on app_public.notification_preferences for select to app_member
  using (
    human_id = (select app_hidden.current_account_id())
    or patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]));
-- end of source: policies/notify/notification_preferences.sql

-- source: policies/notify/opt_outs.sql
-- Read when something is told, added to by a STOP, taken from by a START. FND-15.

select app_private.classify('app_private.opt_outs', home => 'clinic', retention => 'clinic', classes =>
  '{"pii_basic": ["address"], "operational": ["organization_id", "channel", "since", "to_own_account"]}',
  unaudited => 'Each row is the record of one wish.');
select app_private.protect('app_private.opt_outs', engine => 'select, insert, update (to_own_account), delete');
-- end of source: policies/notify/opt_outs.sql

-- source: policies/notify/push_subscriptions.sql
-- A person sees in how many browsers they are told, and nobody reads the keys but the worker. FND-15.

-- The keys say how to reach a browser. Alone they open nothing: a push service takes only what the platform's own key
-- signs. Nobody but the engine may read them all the same.
select app_private.classify('app_public.push_subscriptions', home => 'person', retention => 'account', classes =>
  '{"pii_basic": ["human_id", "endpoint", "p256dh", "auth"], "operational": ["id", "created_at"]}',
  person_column => 'human_id',
  unaudited => 'Browsers come and go by themselves; what was sent to one is a message.');
select app_private.protect('app_public.push_subscriptions', engine => 'select, insert, update, delete');

grant select (id, human_id, created_at) on app_public.push_subscriptions to app_member;

create policy push_subscriptions_select_self on app_public.push_subscriptions for select to app_member
  using (human_id = (select app_hidden.current_account_id()));
-- end of source: policies/notify/push_subscriptions.sql

-- source: policies/notify/quiet_hours.sql
-- One's own, and those of whom one cares for. The clinic neither sees nor changes them. FND-15, FND-07.

select app_private.classify('app_public.quiet_hours', home => 'person', retention => 'account', classes =>
  '{"pii_basic": ["human_id", "patient_profile_id"],
    "operational": ["id", "quiet_from", "quiet_until", "timezone", "created_at", "updated_at"]}',
  person_column => 'human_id');
select app_private.protect('app_public.quiet_hours', engine => 'select, insert, update');

grant select on app_public.quiet_hours to app_member;

create policy quiet_hours_select_person on app_public.quiet_hours for select to app_member
  using (
    human_id = (select app_hidden.current_account_id())
    or patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]));
-- end of source: policies/notify/quiet_hours.sql

-- source: policies/notify/suppressed_addresses.sql
-- Read when something is told, added to by bounces and complaints, taken from when it is lifted. FND-15, FND-35.

select app_private.classify('app_private.suppressed_addresses', home => 'cell', retention => 'clinic', classes =>
  '{"pii_basic": ["address"], "operational": ["channel", "reason", "since"]}',
  unaudited => 'Each row is the record of one report; when it is lifted, lifted_suppressions says so, on record.');
select app_private.protect('app_private.suppressed_addresses', engine => 'select, insert, delete');
-- end of source: policies/notify/suppressed_addresses.sql

-- source: policies/notify/visitor_limits.sql
-- Read when a visitor causes something; changed by migrations, or by an operator under attack. FND-35.

select app_private.classify('app_private.visitor_limits', home => 'platform', retention => 'reference', classes =>
  '{"public": ["name", "per_hour", "per_day"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.visitor_limits', engine => 'select');
-- end of source: policies/notify/visitor_limits.sql

-- source: policies/notify/whatsapp_templates.sql
-- The approved texts of a clinic, for whoever may edit its messages. FND-15.

select app_private.classify('app_public.whatsapp_templates', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "template_key", "locale", "content_sid", "variables", "created_at", "updated_at"]}');
select app_private.protect('app_public.whatsapp_templates', engine => 'select, insert, update');

grant select, delete on app_public.whatsapp_templates to app_member;

create policy whatsapp_templates_select_staff on app_public.whatsapp_templates for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('message_templates.manage'))::uuid[]));

create policy whatsapp_templates_delete_staff on app_public.whatsapp_templates for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('message_templates.manage'))::uuid[]));
-- end of source: policies/notify/whatsapp_templates.sql

-- source: policies/operations/dead_letter_decisions.sql
-- Written by the verbs about dead letters. FND-28.

select app_private.classify('app_private.dead_letter_decisions', home => 'cell', retention => 'ledger', classes =>
  '{"operational": ["id", "job_id", "task", "key", "payload", "last_error", "decision", "reason", "decided_by", "decided_at"]}');
select app_private.protect('app_private.dead_letter_decisions', engine => 'select, insert');
-- end of source: policies/operations/dead_letter_decisions.sql

-- source: policies/organizations/organizations.sql
-- Clinics as their members, their patients and the platform see them. Visitors only meet active ones, through
-- `clinic_by_slug`. FND-01.

-- How to reach a clinic stands on its booking page.
select app_private.classify('app_public.organizations', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "slug", "name", "locale", "timezone", "currency", "country", "calling_code",
               "contact_email", "contact_phone", "street", "city"],
    "operational": ["tenancy_mode", "activated_at", "booking_response_hours", "response_lead_hours",
                    "start_lead_minutes", "hold_minutes",
                    "holds_per_visitor", "holds_per_address", "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.organizations', null, 'r.name');
select app_private.protect('app_public.organizations',
  engine => 'select, insert, update',
  facts => '{name name, name street, name city, email contact_email, phone contact_phone}');

grant select on app_public.organizations to app_member;
grant update (name, locale, timezone, contact_email, contact_phone, street, city, booking_response_hours,
              response_lead_hours, start_lead_minutes, hold_minutes, holds_per_visitor, holds_per_address)
   on app_public.organizations to app_member;

create policy organizations_select_staff on app_public.organizations for select to app_member
  using (id = any ((select app_hidden.current_staff_organization_ids())::uuid[]) and deleted_at is null);

create policy organizations_select_patient on app_public.organizations for select to app_member
  using (id = any ((select app_hidden.current_patient_organization_ids())::uuid[]) and activated_at is not null and deleted_at is null);

create policy organizations_select_superadmin on app_public.organizations for select to app_member
  using ((select app_hidden.is_superadmin()) and deleted_at is null);

create policy organizations_update_manager on app_public.organizations for update to app_member
  using (id = any ((select app_hidden.organization_ids_where('organization.manage'))::uuid[]) and deleted_at is null)
  with check (id = any ((select app_hidden.organization_ids_where('organization.manage'))::uuid[]));
-- end of source: policies/organizations/organizations.sql

-- source: policies/patients/caregiver_evidence.sql
-- Written by `add_caregiver`, read through `caregivers_evidence`. FND-07.

select app_private.classify('app_private.caregiver_evidence', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id", "created_at"], "pii_basic": ["caregiver_id", "patient_profile_id", "evidence"]}',
  person_column => 'patient_profile_id');
select app_private.protect('app_private.caregiver_evidence', engine => 'select, insert, update');
-- end of source: policies/patients/caregiver_evidence.sql

-- source: policies/patients/caregivers.sql
-- Who acts for whom: the caregiver, the person, and staff of a clinic of the person. FND-07.

select app_private.classify('app_public.caregivers', home => 'person', retention => 'medical_record', classes =>
  '{"operational": ["id", "added_by", "ends_on", "revoked_at", "created_at", "updated_at"],
    "pii_basic": ["patient_profile_id", "human_id", "relationship"]}',
  person_column => 'patient_profile_id');
select app_private.protect('app_public.caregivers', engine => 'select, insert, update');

grant select on app_public.caregivers to app_member;

create policy caregivers_select_self on app_public.caregivers for select to app_member
  using (human_id = (select app_hidden.current_account_id()));

create policy caregivers_select_person on app_public.caregivers for select to app_member
  using (patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]));

create policy caregivers_select_staff on app_public.caregivers for select to app_member
  using (
    exists (
      select from app_public.patients
      where patients.patient_profile_id = caregivers.patient_profile_id
        and patients.organization_id = any ((select app_hidden.organization_ids_where('patients.view'))::uuid[])
        and patients.deleted_at is null
    )
  );
-- end of source: policies/patients/caregivers.sql

-- source: policies/patients/legal_ages.sql
-- Ages the law sets; migrations write them, functions read them. FND-07.

select app_private.classify('app_private.legal_ages', home => 'platform', retention => 'reference', classes =>
  '{"public": ["rule", "years", "citation", "confirmed_by"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.legal_ages', engine => 'select');
-- end of source: policies/patients/legal_ages.sql

-- source: policies/patients/patient_merges.sql
-- Staff with patients.merge see what was merged at their clinic, and what to undo. Written by verbs only. FND-34.

select app_private.classify('app_public.patient_merges', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "merged_by", "created_at", "undone_at", "undone_by"],
    "phi": ["patient_profile_id", "merged_profile_id", "reason", "moved", "undo_reason"]}',
  person_column => 'patient_profile_id');
select app_private.protect('app_public.patient_merges', engine => 'select, insert, update');

grant select (id, organization_id, patient_profile_id, merged_profile_id, reason, merged_by, created_at, undone_at, undone_by,
              undo_reason)
   on app_public.patient_merges to app_member;

create policy patient_merges_select_staff on app_public.patient_merges for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('patients.merge'))::uuid[]));
-- end of source: policies/patients/patient_merges.sql

-- source: policies/patients/patient_profiles.sql
-- The person and those who care for them; staff of the clinics where the person is a patient. The test for
-- staff is one index look-up a row, never a list of every patient. FND-07.

select app_private.classify('app_public.patient_profiles', home => 'person', retention => 'medical_record', classes =>
  '{"operational": ["locale", "created_at", "updated_at"],
    "pii_basic": ["id", "human_id", "given_name", "family_name", "email", "phone", "birth_date"]}',
  person_column => 'id');
select app_private.protect('app_public.patient_profiles',
  engine => 'select, insert, update', facts => '{person given_name, person family_name, email email, phone phone}');

grant select on app_public.patient_profiles to app_member;

-- What an address may become is said in functions/identity/tg_patient_profiles__email_proof.sql.
grant update (given_name, family_name, email, phone, birth_date, locale) on app_public.patient_profiles to app_member;

create policy patient_profiles_select_person on app_public.patient_profiles for select to app_member
  using (id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]));

create policy patient_profiles_select_staff on app_public.patient_profiles for select to app_member
  using (
    exists (
      select from app_public.patients
      where patients.patient_profile_id = patient_profiles.id
        and patients.organization_id = any ((select app_hidden.organization_ids_where('patients.view'))::uuid[])
        and patients.deleted_at is null
    )
  );

create policy patient_profiles_update_person on app_public.patient_profiles for update to app_member
  using (id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]))
  with check (id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]));

-- Until the person has an account, the clinic that made the profile keeps it.
create policy patient_profiles_update_staff on app_public.patient_profiles for update to app_member
  using (
    human_id is null and exists (
      select from app_public.patients
      where patients.patient_profile_id = patient_profiles.id
        and patients.organization_id = any ((select app_hidden.organization_ids_where('patients.manage'))::uuid[])
        and patients.deleted_at is null
    )
  )
  with check (
    human_id is null and exists (
      select from app_public.patients
      where patients.patient_profile_id = patient_profiles.id
        and patients.organization_id = any ((select app_hidden.organization_ids_where('patients.manage'))::uuid[])
        and patients.deleted_at is null
    )
  );
-- end of source: policies/patients/patient_profiles.sql

-- source: policies/patients/patient_search.sql
-- Read and kept by functions of the engine alone. FND-07.

select app_private.classify('app_private.patient_search', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id"], "phi": ["patient_id", "patient_profile_id"], "pii_basic": ["text"]}',
  person_column => 'patient_profile_id',
  unaudited => 'Derived from patients and patient_profiles, whose changes are on record.');
select app_private.protect('app_private.patient_search', engine => 'select, insert, update');
-- end of source: policies/patients/patient_search.sql

-- source: policies/patients/patients.sql
-- A clinic's patients: staff with patients.view, and the person. FND-07.

select app_private.classify('app_public.patients', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "created_at", "updated_at", "deleted_at"],
    "phi": ["patient_profile_id"]}',
  person_column => 'patient_profile_id');
select app_private.allow_soft_delete('app_public.patients', 'patients.manage',
  '(select concat_ws('' '', given_name, family_name) from app_public.patient_profiles where id = r.patient_profile_id)');
select app_private.protect('app_public.patients', engine => 'select, insert, update');

grant select on app_public.patients to app_member;

create policy patients_select_staff on app_public.patients for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('patients.view'))::uuid[]) and deleted_at is null);

create policy patients_select_person on app_public.patients for select to app_member
  using (patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]) and organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]) and deleted_at is null);
-- end of source: policies/patients/patients.sql

-- source: policies/providers/organization_integrations.sql
-- Seen by whoever may manage them, without the keys; written through verbs. FND-23.

select app_private.classify('app_public.organization_integrations', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "provider", "label", "settings", "credentials_bound_to", "credentials_version", "last_four", "status",
                    "disabled_reason", "disabled_at", "consecutive_auth_failures", "last_tested_at", "last_test_passed",
                    "last_test_reason", "last_used_at", "created_by", "created_at", "updated_at"],
    "auth_secret": ["credentials"]}',
  protected => '{"ciphertext": ["credentials"]}');
select app_private.protect('app_public.organization_integrations',
  engine => 'select, insert, update, delete', guard => true, facts => '{name label}');

grant select (id, organization_id, provider, label, settings, credentials_version, last_four, status, disabled_reason,
              disabled_at, consecutive_auth_failures, last_tested_at, last_test_passed, last_test_reason, last_used_at,
              created_by, created_at, updated_at)
   on app_public.organization_integrations to app_member;

create policy organization_integrations_select_manager on app_public.organization_integrations for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('integrations.manage'))::uuid[]));

create or replace trigger _250_bind_keys before insert or update of provider, settings, credentials_bound_to on app_public.organization_integrations
  for each row execute function app_private.tg_organization_integrations__bind_keys();

create or replace trigger _300_key_in_use before insert or update of credentials on app_public.organization_integrations
  for each row execute function app_private.tg_ciphertext__key_in_use('credentials');
-- end of source: policies/providers/organization_integrations.sql

-- source: policies/providers/organization_service_providers.sql
-- What a clinic chose, seen by whoever may choose; written through verbs. FND-22.

select app_private.classify('app_public.organization_service_providers', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "capability", "provider", "integration_id", "created_at", "updated_at"]}');
select app_private.protect('app_public.organization_service_providers', engine => 'select, insert, update, delete');

grant select on app_public.organization_service_providers to app_member;

create policy organization_service_providers_select_manager on app_public.organization_service_providers
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('integrations.manage'))::uuid[]));
-- end of source: policies/providers/organization_service_providers.sql

-- source: policies/providers/platform_service_providers.sql
-- What the platform offers: signed-in people read it, migrations add to it, superadmins set it through a verb. FND-22.

select app_private.classify('app_public.platform_service_providers', home => 'platform', retention => 'reference', classes =>
  '{"public": ["capability", "provider", "is_default", "is_offered", "has_platform_account", "created_at", "updated_at"]}');
select app_private.protect('app_public.platform_service_providers', engine => 'select, update');

grant select on app_public.platform_service_providers to app_member;

create policy platform_service_providers_select_everyone on app_public.platform_service_providers
  for select to app_member
  using (true);
-- end of source: policies/providers/platform_service_providers.sql

-- source: policies/providers/service_capabilities.sql
-- What vendors are chosen for; migrations keep it. FND-22.

select app_private.classify('app_public.service_capabilities', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "description", "is_built"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.service_capabilities');

grant select on app_public.service_capabilities to app_member, app_engine;

create policy service_capabilities_select_everyone on app_public.service_capabilities
  for select to app_member, app_engine
  using (true);
-- end of source: policies/providers/service_capabilities.sql

-- source: policies/providers/service_providers.sql
-- The vendors and the forms of their integrations; migrations keep them. FND-22.

select app_private.classify('app_public.service_providers', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "name", "credential_fields", "settings_fields"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.service_providers');

grant select on app_public.service_providers to app_member, app_engine;

create policy service_providers_select_everyone on app_public.service_providers for select to app_member, app_engine
  using (true);
-- end of source: policies/providers/service_providers.sql

-- source: policies/scheduling/calendar_hours.sql
-- Staff see a calendar's own hours, calendars.manage edits them. SCH-02, SCH-03.

select app_private.classify('app_public.calendar_hours', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "calendar_id", "specialist_id", "weekday", "starts", "ends",
                    "created_at", "updated_at"]}');
select app_private.protect('app_public.calendar_hours', engine => 'select');

grant select, delete on app_public.calendar_hours to app_member;
grant insert (organization_id, calendar_id, specialist_id, weekday, starts, ends),
      update (specialist_id, weekday, starts, ends)
   on app_public.calendar_hours to app_member;

create policy calendar_hours_select_staff on app_public.calendar_hours for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

create policy calendar_hours_insert_manager on app_public.calendar_hours for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

create policy calendar_hours_update_manager on app_public.calendar_hours for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

create policy calendar_hours_delete_manager on app_public.calendar_hours for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));
-- end of source: policies/scheduling/calendar_hours.sql

-- source: policies/scheduling/calendar_specialists.sql
-- Who can be booked in a calendar: staff and patients of the clinic see it, calendars.manage edits it. SCH-03, SPC-05.

select app_private.classify('app_public.calendar_specialists', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "calendar_id", "specialist_id", "priority", "duration_minutes",
                    "created_at", "updated_at"]}');
select app_private.protect('app_public.calendar_specialists', engine => 'select');

grant select, delete on app_public.calendar_specialists to app_member;
grant insert (organization_id, calendar_id, specialist_id, priority, duration_minutes),
      update (priority, duration_minutes)
   on app_public.calendar_specialists to app_member;

create policy calendar_specialists_select_staff on app_public.calendar_specialists for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

create policy calendar_specialists_select_patient on app_public.calendar_specialists for select to app_member
  using (
    organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
    and calendar_id in (select calendars.id from app_public.calendars)
    and specialist_id in (select specialists.id from app_public.specialists)
  );

create policy calendar_specialists_insert_manager on app_public.calendar_specialists for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

create policy calendar_specialists_update_manager on app_public.calendar_specialists for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

create policy calendar_specialists_delete_manager on app_public.calendar_specialists for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

create or replace trigger _500_take_turns after insert on app_public.calendar_specialists
  for each row execute function app_private.tg_calendar_specialists__take_turns();
-- end of source: policies/scheduling/calendar_specialists.sql

-- source: policies/scheduling/calendars.sql
-- Who sees and edits calendars. Staff by membership, patients of the clinic those that are open to them; guests only
-- through `available_slots`. SCH-02, SPC-05.

select app_private.classify('app_public.calendars', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "service_id", "name", "translations", "timezone", "modality",
               "duration_minutes", "price_amount"],
    "operational": ["assignment_strategy", "allows_any_specialist", "step_minutes", "buffer_before_minutes",
                    "buffer_after_minutes", "notice_minutes", "horizon_days", "is_public", "is_active",
                    "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.calendars', 'calendars.manage', 'r.name', follows => 'app_public.services');
select app_private.protect('app_public.calendars', engine => 'select, update (deleted_at)', facts => '{name name}');

grant select on app_public.calendars to app_member;
grant insert (organization_id, service_id, name, translations, timezone, modality, assignment_strategy, allows_any_specialist,
              duration_minutes, step_minutes, buffer_before_minutes, buffer_after_minutes, notice_minutes, horizon_days,
              price_amount, is_public, is_active),
      update (name, translations, timezone, modality, assignment_strategy, allows_any_specialist,
              duration_minutes, step_minutes, buffer_before_minutes, buffer_after_minutes, notice_minutes, horizon_days,
              price_amount, is_public, is_active)
   on app_public.calendars to app_member;

create policy calendars_select_staff on app_public.calendars for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]) and deleted_at is null);

create policy calendars_select_patient on app_public.calendars for select to app_member
  using (organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
         and is_public and is_active and deleted_at is null);

create policy calendars_insert_manager on app_public.calendars for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));

create policy calendars_update_manager on app_public.calendars for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.organization_ids_where('calendars.manage'))::uuid[]));
-- end of source: policies/scheduling/calendars.sql

-- source: policies/scheduling/specialist_assignment_tracking.sql
-- The round robin's counters are the engine's alone: nobody may lend their turn a hand. SCH-04.

select app_private.classify('app_private.specialist_assignment_tracking', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["organization_id", "calendar_id", "specialist_id", "assigned_count", "last_assigned_at"]}',
  unaudited => 'Counters of the round robin: they follow from bookings, which are audited.');
select app_private.protect('app_private.specialist_assignment_tracking', engine => 'select, insert, update');
-- end of source: policies/scheduling/specialist_assignment_tracking.sql

-- source: policies/scheduling/specialist_schedule_overrides.sql
-- Staff see everybody's vacations and other hours; schedules.manage edits them, a specialist edits their own.
-- Visitors meet them only as free times. SCH-01.

-- A note may say why somebody is away: "concediu medical" is about health.
select app_private.classify('app_public.specialist_schedule_overrides', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "specialist_id", "kind", "starts_on", "ends_on", "starts",
                    "ends", "created_at", "updated_at"],
    "phi": ["note"]}');
select app_private.protect('app_public.specialist_schedule_overrides', engine => 'select');

grant select, delete on app_public.specialist_schedule_overrides to app_member;
grant insert (organization_id, specialist_id, kind, starts_on, ends_on, starts, ends, note),
      update (kind, starts_on, ends_on, starts, ends, note)
   on app_public.specialist_schedule_overrides to app_member;

create policy specialist_schedule_overrides_select_staff on app_public.specialist_schedule_overrides
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

create policy specialist_schedule_overrides_insert_manager on app_public.specialist_schedule_overrides
  for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]));

create policy specialist_schedule_overrides_insert_self on app_public.specialist_schedule_overrides
  for insert to app_member
  with check (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  );

create policy specialist_schedule_overrides_update_manager on app_public.specialist_schedule_overrides
  for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]));

create policy specialist_schedule_overrides_update_self on app_public.specialist_schedule_overrides
  for update to app_member
  using (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  )
  with check (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  );

create policy specialist_schedule_overrides_delete_manager on app_public.specialist_schedule_overrides
  for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]));

create policy specialist_schedule_overrides_delete_self on app_public.specialist_schedule_overrides
  for delete to app_member
  using (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  );
-- end of source: policies/scheduling/specialist_schedule_overrides.sql

-- source: policies/scheduling/specialist_weekly_hours.sql
-- Staff see everybody's usual hours; schedules.manage edits them, a specialist edits their own. Visitors meet them
-- only as free times. SCH-01.

select app_private.classify('app_public.specialist_weekly_hours', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "specialist_id", "weekday", "starts", "ends", "created_at",
                    "updated_at"]}');
select app_private.protect('app_public.specialist_weekly_hours', engine => 'select');

grant select, delete on app_public.specialist_weekly_hours to app_member;
grant insert (organization_id, specialist_id, weekday, starts, ends),
      update (weekday, starts, ends)
   on app_public.specialist_weekly_hours to app_member;

create policy specialist_weekly_hours_select_staff on app_public.specialist_weekly_hours for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]));

create policy specialist_weekly_hours_insert_manager on app_public.specialist_weekly_hours for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]));

create policy specialist_weekly_hours_insert_self on app_public.specialist_weekly_hours for insert to app_member
  with check (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  );

create policy specialist_weekly_hours_update_manager on app_public.specialist_weekly_hours for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]));

create policy specialist_weekly_hours_update_self on app_public.specialist_weekly_hours for update to app_member
  using (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  )
  with check (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  );

create policy specialist_weekly_hours_delete_manager on app_public.specialist_weekly_hours for delete to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('schedules.manage'))::uuid[]));

create policy specialist_weekly_hours_delete_self on app_public.specialist_weekly_hours for delete to app_member
  using (
    organization_id = any ((select app_hidden.organization_ids_where('schedules.manage_own'))::uuid[])
    and specialist_id = any ((select app_hidden.current_specialist_ids())::uuid[])
  );
-- end of source: policies/scheduling/specialist_weekly_hours.sql

-- source: policies/scheduling/time_claims.sql
-- Nobody sees claims: who is booked when, and under which token, is the engine's alone. SCH-06.

-- Who holds a time is nobody's business once it is booked or let go; the claim stays with its appointment.
select app_private.classify('app_private.time_claims', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "specialist_id", "calendar_id", "kind", "during", "blocked",
                    "expires_at", "released_at", "counted_at", "created_by", "created_at"],
    "pii_basic": ["visitor_id", "address"],
    "auth_secret": ["token_hash", "first_token_hash"]}',
  protected => '{"digest": ["token_hash", "first_token_hash"]}', kept => '{"operations": ["visitor_id", "address", "token_hash", "first_token_hash"]}',
  unaudited => 'Every look at a time writes here; what became of it is an audited request or appointment.');
select app_private.protect('app_private.time_claims', engine => 'select, insert, update');
-- end of source: policies/scheduling/time_claims.sql

-- source: policies/secrets/data_keys.sql
-- Wrapped keys, handed out and rotated through functions. FND-11.

-- A wrapped key opens nothing without KMS, and is the key to everything with it: masked like a secret.
select app_private.classify('app_private.data_keys', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "version", "master_key_id", "status", "created_at", "updated_at"],
    "auth_secret": ["wrapped"]}',
  protected => '{"ciphertext": ["wrapped"]}');
select app_private.protect('app_private.data_keys', engine => 'select, insert, update', guard => true);
-- end of source: policies/secrets/data_keys.sql

-- source: policies/secrets/key_rotations.sql
-- Begun, gone on with and finished by the worker. FND-11.

select app_private.classify('app_private.key_rotations', home => 'cell', retention => 'ledger', classes =>
  '{"operational": ["id", "started_at", "finished_at"]}');
select app_private.protect('app_private.key_rotations', engine => 'select, insert, update');
-- end of source: policies/secrets/key_rotations.sql
