--! Previous: sha1:3c6935873b563fba6aeb9a7a52376fe338ccc273
--! Hash: sha1:de6eeaf2b27ba636f6c2668ce546ec02fe665cc4
--! Message: who accepts says who they are

--! split: 500-accepting-says-who.sql
-- Whoever accepts an invitation to a patient's profile says who they are.
drop function if exists app_public.accept_invitation(uuid);

--! split: 501-tests-are-of-a-state.sql
-- A test of a clinic's account is recorded for the state that was tested.
drop function if exists app_hidden.record_integration_test(uuid, int, boolean, text);
drop function if exists app_hidden.integration_account(uuid);

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions and db/policies: change those, not this file.

-- source: functions/appointments/book_directly.sql
-- Somebody stands at the desk, or is on the telephone: front desk books a time without holding it first. Notice, hours,
-- closings and the grid are the clinic's own rules and give way to a reason, which is kept with the appointment and its
-- first move; another claim never does. APT-01, SCH-06.
-- requires: functions/core/refuse.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/appointments/require_to_book.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/scheduling/claim_slot.sql
-- requires: functions/scheduling/visible_calendar.sql
-- requires: functions/scheduling/may_override.sql
-- requires: functions/scheduling/verdicts.sql
-- requires: functions/scheduling/count_assignment.sql

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

comment on function app_public.book_directly(uuid, timestamptz, uuid, uuid, text) is
  'Books a time for a patient of the clinic without a hold: a walk-in, a call. Needs appointments.manage. overrideReason '
  'sets notice, horizon, hours, closings and the grid aside and is kept with the appointment; a walk-in may be entered up '
  'to an hour after its start. SLOT_TAKEN whatever the reason; VALIDATION names the rule.';
grant execute on function app_public.book_directly(uuid, timestamptz, uuid, uuid, text) to app_member;

reset role;
-- end of source: functions/appointments/book_directly.sql

-- source: functions/appointments/confirm_booking_request.sql
-- The clinic says yes, in one transaction: patient found or made, claim handed over, appointment booked. APT-09.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/appointments/locked_booking_request.sql
-- requires: functions/appointments/require_to_answer.sql
-- requires: functions/appointments/patient_for_request.sql
-- requires: functions/scheduling/require_bookable.sql
-- requires: functions/scheduling/convert_claim.sql
-- requires: functions/scheduling/count_assignment.sql

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

comment on function app_public.confirm_booking_request(uuid, uuid, boolean, text) is
  'Turns a booking request into an appointment. Of the clinic''s patients the one is taken whose address and name agree; '
  'one who shares only the address or the number is unclear, unless patientProfileId names the patient or asNewPatient is '
  'set; where nobody is like it, the guest becomes a patient. Needs appointments.manage; STATE when it was answered '
  'already, GONE past its deadline, CONFLICT person_unclear with the candidates. When the time can no longer be booked, '
  'what holdSlot says of the rule; overrideReason sets it aside and is kept.';
grant execute on function app_public.confirm_booking_request(uuid, uuid, boolean, text) to app_member;

reset role;
-- end of source: functions/appointments/confirm_booking_request.sql

-- source: functions/notify/queue_messages.sql
-- Chooses the channels and queues the messages: one insert and one add_jobs, for one person or two thousand. FND-15.
-- Within a route the first channel that may be used is; what stood in the way of an earlier one is kept as a row of its
-- own, and so is a person whom no channel reaches. What a visitor causes is bounded for each mailbox (FND-35); what follows
-- a message that was told about the same request is told, too, or a calendar would keep what is over.
-- requires: functions/core/now.sql
-- requires: functions/notify/mailbox_of.sql
-- requires: functions/notify/recipient_is_full.sql
-- requires: functions/notify/ways_to_reach.sql
-- requires: functions/notify/delivery_of.sql
-- requires: policies/events/graphile_worker.sql

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

comment on function app_private.queue_messages(uuid, text, app_private.message_recipient[], uuid, uuid, timestamptz, text, int) is
  'Queues what the rules allow and records what they do not; with a route and a rank only what comes after that rank. '
  'Answers the ids of the new messages.';

revoke all on function app_private.queue_messages(uuid, text, app_private.message_recipient[], uuid, uuid, timestamptz, text, int) from public;
reset role;
-- end of source: functions/notify/queue_messages.sql

-- source: functions/identity/appoint_first_owner.sql
-- The first owner of a clinic, who has nobody there to invite them. Whoever never signed in is named, and their first
-- sign-in makes them the owner; somebody with an account is asked, as everybody is who joins a clinic. The superadmin who
-- names their own address has said yes. FND-01, FND-04.
-- requires: functions/core/current_actor_id.sql
-- requires: functions/identity/address_key.sql
-- requires: functions/identity/human_by_email.sql
-- requires: functions/identity/open_invitation.sql
-- requires: functions/identity/send_invitation.sql

set role app_engine;

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

comment on function app_private.appoint_first_owner(app_public.organizations, text, text) is
  'Makes whoever has no account yet, or the caller, the owner of a clinic without members; invites anybody else.';

reset role;
-- end of source: functions/identity/appoint_first_owner.sql

-- source: functions/core/appoint_owner.sql
-- The owner whom the platform invited declined, or let the invitation pass: the platform names another one. A clinic that
-- ever had a member is no longer the platform's to hand on. FND-01, FND-04.
-- requires: functions/core/refuse.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/identity/is_superadmin.sql
-- requires: functions/identity/appoint_first_owner.sql

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

comment on function app_public.appoint_owner(uuid, text, text) is
  'Names another first owner of a clinic that nobody has joined yet, and takes an open invitation back. Whoever has an '
  'account is invited. Superadmin only; NOT_FOUND organization_not_found, CONFLICT clinic_has_members.';
grant execute on function app_public.appoint_owner(uuid, text, text) to app_member;

reset role;
-- end of source: functions/core/appoint_owner.sql

-- source: functions/core/create_organization.sql
-- The platform opens a clinic: with its roles, its owner (or the invitation to own it) and its events, in one transaction. FND-01, FND-04, TEN-01.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/identity/is_superadmin.sql
-- requires: functions/identity/appoint_first_owner.sql
-- requires: functions/identity/tg_organizations__roles.sql
-- requires: functions/events/publish.sql

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

comment on function app_public.create_organization(text, text, text, text, text, text, text, text, text, boolean) is
  'Opens a clinic with its owner. Whoever has an account already is invited to own it, and appointOwner names another one '
  'if they decline. A draft is invisible to the public until activateOrganization. Superadmin only.';
grant execute on function app_public.create_organization(text, text, text, text, text, text, text, text, text, boolean) to app_member;

reset role;
-- end of source: functions/core/create_organization.sql

-- source: functions/core/open_first_clinic.sql
-- The platform's first superadmin and first clinic, before anybody could sign in and make them. FND-36, FND-01, FND-02.
-- The operator runs it as the engine (npm run first-clinic); no role of the API may. Everything after it is done by the
-- superadmin through the API, so a platform that has one already refuses, unless told that another is meant.
-- requires: functions/core/refuse.sql
-- requires: functions/core/create_organization.sql
-- requires: functions/identity/address_key.sql
-- requires: functions/identity/human_by_email.sql

set role app_engine;

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

  update app_public.principals set platform_role = 'superadmin'
  where id = v_superadmin_id and platform_role is distinct from 'superadmin';
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

comment on function app_private.open_first_clinic(text, text, text, text, text, text, text, text, text, boolean) is
  'Makes the first superadmin and the first clinic with its owner; false when exactly these are there already. '
  'CONFLICT platform_has_a_superadmin when somebody else is superadmin and another one is not meant.';

reset role;
-- end of source: functions/core/open_first_clinic.sql

-- source: functions/files/enqueue_object_sweeps.sql
-- Looks once a day for objects that nobody needs. FND-13.
-- requires: policies/events/graphile_worker.sql

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

comment on function app_private.enqueue_object_sweeps() is 'One sweep a clinic, so that a long one holds up no other; returns how many.';
grant execute on function app_private.enqueue_object_sweeps() to app_worker;

reset role;
-- end of source: functions/files/enqueue_object_sweeps.sql

-- source: functions/identity/asserted_identity.sql
-- Who the caller is, for comparing with a patient's profile: the name that they say, else the one of the account, and
-- the birthday that they say, else the one that a profile of theirs has. FND-07, FND-34.
-- requires: functions/identity/current_account_id.sql
-- requires: functions/identity/name_key.sql

set role app_engine;

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

comment on function app_private.asserted_identity(text, text, date) is
  'The caller''s name as name_key compares it, and birthday where one is said or known.';

reset role;
-- end of source: functions/identity/asserted_identity.sql

-- source: functions/identity/fact_that_differs.sql
-- An address may be a family's, so that it never decides alone who takes a profile over: the name must agree, and a
-- birthday must not differ. Asked by whoever claims a profile and by whoever accepts an invitation to one. FND-07, FND-34.
-- requires: functions/identity/name_key.sql

set role app_engine;

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

comment on function app_private.fact_that_differs(app_public.patient_profiles, text, date) is
  'name or birthday, whichever speaks against that somebody of this name and birthday is the person of the profile; null if nothing does.';

reset role;
-- end of source: functions/identity/fact_that_differs.sql

-- source: functions/identity/refuse_person_unclear.sql
-- What somebody is asked for whose address alone speaks for a profile. FND-07, FND-34.
-- requires: functions/core/refuse.sql

set role app_engine;

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

comment on function app_private.refuse_person_unclear(text) is
  'CONFLICT person_unclear; the details name the fact, name or birthday, that the person is to give.';

reset role;
-- end of source: functions/identity/refuse_person_unclear.sql

-- source: functions/identity/require_inviter.sql
-- Nobody comes in by the word of somebody who may no longer give it: a member by what they are allowed, the platform while
-- nobody is at the clinic. FND-04.
-- requires: functions/core/refuse.sql

set role app_engine;

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

comment on function app_private.require_inviter(app_public.invitations) is
  'GONE inviter_may_no_longer when whoever invited could not do so today.';

reset role;
-- end of source: functions/identity/require_inviter.sql

-- source: functions/identity/accept_invitation.sql
-- The invited person says yes, and only now do person and clinic know each other. FND-04, FND-07.
-- The proof is the address: the account has proved the one that the clinic wrote to. Nothing secret stands in the mail, so
-- whoever it is forwarded to gets nothing. The name of the account stays what the person calls themselves. An address may
-- be a family's, so that a profile is handed on only to whoever has its name as well, as if it was claimed.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/current_account_id.sql
-- requires: functions/identity/asserted_identity.sql
-- requires: functions/identity/fact_that_differs.sql
-- requires: functions/identity/refuse_person_unclear.sql
-- requires: functions/identity/invitation_to_me.sql
-- requires: functions/identity/require_inviter.sql
-- requires: functions/identity/received_invitation_of.sql

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

comment on function app_public.accept_invitation(uuid, text, text, date) is
  'Joins the clinic with the roles offered, or takes over the patient profile. The caller''s verified address must be the '
  'invited one: NOT_FOUND invitation_not_found otherwise, GONE invitation_is_over or inviter_may_no_longer. Of a profile '
  'the name must agree too, givenName and familyName or else the name of the account, and birthDate must not differ: '
  'CONFLICT person_unclear names the fact that is missing.';
grant execute on function app_public.accept_invitation(uuid, text, text, date) to app_member;

reset role;
-- end of source: functions/identity/accept_invitation.sql

-- source: functions/identity/add_caregiver.sql
-- A parent, guardian or relative acts for a patient: on evidence, and for a minor until the age the law sets. Whoever
-- has an account decides for themselves. Of an address that somebody signs in with, the name must agree: a slip of the
-- pen would show a stranger the record. The caregiver is named, not asked: what is written down is a relation that the
-- clinic has seen evidence of, a child's parent must be there before they have an account, and the link asks nothing of
-- them. They end it themselves with revoke_caregiver. FND-07, FND-34.
-- requires: functions/identity/address_key.sql
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/identity/current_account_id.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/human_by_email.sql
-- requires: functions/identity/name_key.sql
-- requires: functions/identity/caregiver_ends_on.sql

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

comment on function app_public.add_caregiver(uuid, uuid, text, text, text, text) is
  'Lets a human act for a patient, on evidence: named by the patient, or by staff with patients.manage while the patient '
  'has no account. For a minor the link ends on the birthday that the law sets.';
grant execute on function app_public.add_caregiver(uuid, uuid, text, text, text, text) to app_member;

reset role;
-- end of source: functions/identity/add_caregiver.sql

-- source: functions/identity/claim_patient_profiles.sql
-- Someone who was registered by a clinic, or booked as a guest, takes over their own profile by this one explicit act.
-- The identity provider's verification of the address proves the mailbox, and a mailbox may be a family's: the name
-- must agree as well, and a birthday must not differ. Profiles of two clinics stay two. FND-07, FND-34.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/identity/current_account_id.sql
-- requires: functions/identity/asserted_identity.sql
-- requires: functions/identity/fact_that_differs.sql
-- requires: functions/identity/refuse_person_unclear.sql

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

comment on function app_public.claim_patient_profiles(text, text, date) is
  'Links the profiles that carry the caller''s verified address and name with the caller; without givenName and '
  'familyName the name of the account counts. FORBIDDEN email_not_verified; CONFLICT person_unclear names the fact that is missing.';
grant execute on function app_public.claim_patient_profiles(text, text, date) to app_member;

reset role;
-- end of source: functions/identity/claim_patient_profiles.sql

-- source: functions/providers/account_state.sql
-- What a test of a clinic's account is a test of: these keys, these settings, and the account as it was switched off or on.
-- Whoever changes one of them while the vendor is asked has to ask again. FND-23.

set role app_engine;

create or replace function app_private.account_state(integration app_public.organization_integrations) returns text
language sql stable
set search_path = ''
return encode(sha256(convert_to(
  jsonb_build_array((integration).credentials_version, (integration).settings, (integration).status, (integration).disabled_at)::text,
  'UTF8')), 'hex');

comment on function app_private.account_state(app_public.organization_integrations) is
  'A digest of version of the keys, settings, status and moment of switching off.';

reset role;
-- end of source: functions/providers/account_state.sql

-- source: functions/providers/integration_account.sql
-- What a vendor is called with, for the processes that open envelopes; people never read it. FND-23.
-- requires: functions/providers/account_state.sql

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

comment on function app_hidden.integration_account(uuid) is 'The account behind an integration, its keys sealed, and the state that a test is of; no row when there is none.';
grant execute on function app_hidden.integration_account(uuid) to app_authenticator, app_worker;

reset role;
-- end of source: functions/providers/integration_account.sql

-- source: functions/providers/record_integration_test.sql
-- How a test went. It counts only for the account as it was tested: whoever changed keys or settings meanwhile, or switched
-- it off, tests again. FND-23.
-- requires: functions/core/now.sql
-- requires: functions/core/refuse.sql
-- requires: functions/providers/account_state.sql

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

comment on function app_hidden.record_integration_test(uuid, text, boolean, text) is
  'Records the outcome of a test of the account in this state (app_hidden.integration_account); CONFLICT '
  'changed_during_test when it is another one by now.';
grant execute on function app_hidden.record_integration_test(uuid, text, boolean, text) to app_authenticator;

reset role;
-- end of source: functions/providers/record_integration_test.sql

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

comment on function app_private.settings_problem(jsonb, jsonb) is
  'The first setting that is unknown, missing or of another kind; null when all fit.';
grant execute on function app_private.settings_problem(jsonb, jsonb) to app_engine;
-- end of source: functions/providers/settings_problem.sql
