--! Previous: sha1:de6eeaf2b27ba636f6c2668ce546ec02fe665cc4
--! Hash: sha1:b7f0006f1e8d50efb7355b9817d4b64d2955a737
--! Message: bookings ask each question once

--! split: 100-expired-holds.sql
-- A claim of one's own is alive or released already when expired holds in its way are let go: none has to stand aside.
drop function if exists app_private.release_expired_holds(uuid, tstzrange, uuid);

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions and db/policies: change those, not this file.

-- source: functions/scheduling/count_assignment.sql
-- The round robin moves when a booking is made, not when a time is held: who only looks costs nobody a turn. SCH-04.
-- requires: functions/core/now.sql
-- requires: functions/scheduling/lock_claims.sql

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

comment on function app_private.count_assignment(uuid) is
  'Counts a claim in its calendar''s round robin, once however often it is called.';

grant execute on function app_private.count_assignment(uuid) to app_engine;
-- end of source: functions/scheduling/count_assignment.sql

-- source: functions/scheduling/require_bookable.sql
-- The predicate of the listing, asked again of a time that is kept already: between the hold and the booking, or the
-- request and its confirmation, somebody may have closed the day, switched off the calendar, or let the start pass. SCH-06,
-- APT-01, APT-09.
-- The claim keeps its length, and its notice counts from when it was made: whoever fills the form for five minutes does
-- not come too late by them. Whether it is taken is the exclusion constraint's to say, under which the claim stands.
-- An override needs the permission and a reason; the caller records both. It sets aside everything but another claim, a
-- past longer than an hour (a walk-in is written down when there is time), and what is removed.
-- requires: functions/core/now.sql
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/scheduling/verdicts.sql
-- requires: functions/scheduling/switched_off.sql
-- requires: functions/scheduling/refuse_rule.sql
-- requires: functions/scheduling/may_override.sql

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

comment on function app_private.require_bookable(app_private.time_claims, boolean, text) is
  'Asks the rules again of a claim that is kept, as the public or as staff; refuses with the first one broken. With a '
  'reason of somebody who may override: the rules that were set aside.';

grant execute on function app_private.require_bookable(app_private.time_claims, boolean, text) to app_engine;
-- end of source: functions/scheduling/require_bookable.sql

-- source: functions/scheduling/let_go.sql
-- Time becomes free again, and whoever watches is told, once. A step of verbs that have locked the days. SCH-06.
-- requires: functions/core/now.sql
-- requires: functions/scheduling/publish_released.sql

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

comment on function app_private.let_go(uuid[]) is
  'Releases claims whose days the caller has locked, and publishes slot.released for each; how many were not free already.';

grant execute on function app_private.let_go(uuid[]) to app_engine;
-- end of source: functions/scheduling/let_go.sql

-- source: functions/scheduling/release_expired_holds.sql
-- An expired hold is free to everybody who lists, but still trips the exclusion constraint, because now() cannot stand
-- in its predicate. Whoever finds one in the way releases it. SCH-06.
-- The caller has locked the days of the span. What somebody has locked all the same is being tidied by the worker.
-- requires: functions/core/now.sql
-- requires: functions/scheduling/let_go.sql

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

comment on function app_private.release_expired_holds(uuid, tstzrange) is
  'Releases expired holds of a specialist that are in the way of a span, and says how many.';

grant execute on function app_private.release_expired_holds(uuid, tstzrange) to app_engine;
-- end of source: functions/scheduling/release_expired_holds.sql

-- source: functions/scheduling/revive_hold.sql
-- A hold that expired a moment ago is honoured while its time is free; whoever took it meanwhile keeps it. SCH-06.
-- A step of take_hold, which has locked the days.
-- requires: functions/core/now.sql
-- requires: functions/events/publish.sql
-- requires: functions/scheduling/release_expired_holds.sql
-- requires: functions/scheduling/refuse_taken.sql
-- requires: functions/scheduling/publish_held.sql

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

comment on function app_private.revive_hold(app_private.time_claims) is
  'Takes the time of an expired hold again; SLOT_TAKEN when somebody else has it.';

grant execute on function app_private.revive_hold(app_private.time_claims) to app_engine;
-- end of source: functions/scheduling/revive_hold.sql

-- source: functions/scheduling/bookable.sql
-- The one predicate of list and hold: who can be booked at this start. It reads what the listing reads, so a hold succeeds
-- exactly when its start is listed; a time that is kept is asked again by require_bookable(). SCH-05, SCH-06.
-- override is for staff, who give a reason that the caller records: it sets notice, horizon, hours, closings and the grid
-- aside, never another claim, nor a past longer than an hour. It goes to those for whom least is set aside: nobody is
-- called back from a vacation while a colleague is there.
-- requires: functions/scheduling/verdicts.sql
-- requires: functions/scheduling/refuse_rule.sql
-- requires: functions/scheduling/require_start.sql

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

comment on function app_private.bookable(uuid, timestamptz, uuid, boolean, uuid) is
  'Who can be booked at a start. Nobody: SLOT_TAKEN, or VALIDATION naming the rule.';

grant execute on function app_private.bookable(uuid, timestamptz, uuid, boolean, uuid) to app_engine;
-- end of source: functions/scheduling/bookable.sql

-- source: functions/scheduling/claim_slot.sql
-- Books a time directly, without a hold before it: the front desk on the phone, a signed-in patient. SCH-06, APT-01.
-- The caller has checked permission, and records the reason for an override. Whoever could be chosen is locked before the
-- days, as who removes a specialist does, so that a booking is either counted there or refused here.
-- requires: functions/core/refuse.sql
-- requires: functions/core/current_principal_id.sql
-- requires: functions/scheduling/visible_calendar.sql
-- requires: functions/scheduling/require_choice.sql
-- requires: functions/catalog/require_specialist.sql
-- requires: functions/scheduling/require_calendar.sql
-- requires: functions/scheduling/place_claim.sql

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

comment on function app_private.claim_slot(uuid, timestamptz, uuid, text, boolean) is
  'Takes a start for a request or an appointment; the specialist by strategy when none is named. '
  'override sets notice, horizon, hours and grid aside, never another claim.';

grant execute on function app_private.claim_slot(uuid, timestamptz, uuid, text, boolean) to app_engine;
-- end of source: functions/scheduling/claim_slot.sql

-- source: functions/scheduling/uncount_assignment.sql
-- A booking cancelled before its start gives the turn back. SCH-04.
-- requires: functions/core/now.sql
-- requires: functions/scheduling/lock_claims.sql

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

comment on function app_private.uncount_assignment(uuid) is
  'Takes a counted claim back out of the round robin, unless its start has come.';

grant execute on function app_private.uncount_assignment(uuid) to app_engine;
-- end of source: functions/scheduling/uncount_assignment.sql

-- source: functions/appointments/move_appointment.sql
-- Every verb on an appointment is this one: lock, authorize, move. Of two at once the second finds what the first
-- left and is refused with the moves that are legal now. APT-01.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/authorize_move.sql
-- requires: functions/scheduling/release_claim.sql
-- requires: functions/scheduling/uncount_assignment.sql

set role app_engine;

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

comment on function app_private.move_appointment(uuid, text, text) is
  'Moves an appointment of the caller; NOT_FOUND, FORBIDDEN, or STATE with the legal moves. Cancelled and no-show free the time.';

reset role;
-- end of source: functions/appointments/move_appointment.sql

-- source: functions/appointments/tg_appointments__record_move.sql
-- Every move has an actor, a time and an event, whoever makes it. APT-01, FND-14.
-- _200_guard_state has refused what is no move.
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/events/publish.sql

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

comment on function app_private.tg_appointments__record_move() is
  'Writes appointment_moves and publishes the event of the move. Trigger _900_record_move.';

reset role;

create or replace trigger _900_record_move after insert or update of status on app_public.appointments
  for each row execute function app_private.tg_appointments__record_move();
-- end of source: functions/appointments/tg_appointments__record_move.sql

-- source: functions/appointments/tg_booking_requests__publish.sql
-- Every answer to a request is an event; mails to the guest follow from it. APT-09, FND-14.
-- _200_guard_state has refused what is no move.
-- requires: functions/events/publish.sql

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

comment on function app_private.tg_booking_requests__publish() is 'Publishes the event of a move. Trigger _900_publish.';

reset role;

create or replace trigger _900_publish after insert or update of status on app_public.booking_requests
  for each row execute function app_private.tg_booking_requests__publish();
-- end of source: functions/appointments/tg_booking_requests__publish.sql

-- source: functions/catalog/reassign_specialist.sql
-- Everything still to come goes from one specialist to another, all or nothing: the exclusion constraint on
-- time_claims decides whether the colleague is free. SPC-06.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/scheduling/bookings_to_come.sql
-- requires: functions/scheduling/lock_specialist_days.sql
-- requires: functions/scheduling/release_expired_holds.sql

set role app_engine;

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

comment on function app_private.reassign_specialist(uuid, uuid, uuid) is
  'Moves future appointments and requests to a colleague; CONFLICT colleague_not_free when any of them overlaps. '
  'The caller has locked both specialists.';

reset role;
-- end of source: functions/catalog/reassign_specialist.sql

-- source: functions/catalog/remove_specialist.sql
-- A specialist goes. Whoever still has appointments with them is counted in the refusal, or moves to a colleague. SPC-06.
-- requires: functions/core/refuse.sql
-- requires: functions/core/soft_delete.sql
-- requires: functions/scheduling/bookings_to_come.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/catalog/reassign_specialist.sql

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

comment on function app_public.remove_specialist(uuid, uuid) is
  'Removes a specialist; restoreDeletedRow brings them back, inactive. With appointments to come: CONFLICT has_future_appointments with their count, or they go to reassignTo.';
grant execute on function app_public.remove_specialist(uuid, uuid) to app_member;

reset role;
-- end of source: functions/catalog/remove_specialist.sql

-- source: functions/catalog/specialist_details.sql
-- What staff may know of a specialist beyond the listing; patients and guests are refused. SPC-02, SPC-05, SPC-06.
-- By id: a computed column would be handed the whole row, and members may not read all of it.
-- requires: functions/identity/require_permission.sql

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

comment on function app_public.specialist_details(uuid) is
  'Account, contact and zone of a specialist: for staff with specialists.view_org. Others get FORBIDDEN or NOT_FOUND.';
grant execute on function app_public.specialist_details(uuid) to app_member;

reset role;
-- end of source: functions/catalog/specialist_details.sql

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

comment on function app_private.own_claim_id(text) is 'The claim of a hold, alive or over, by its token; null for any other.';

grant execute on function app_private.own_claim_id(text) to app_engine;
-- end of source: functions/scheduling/own_claim_id.sql

-- source: functions/scheduling/prolong_hold.sql
-- A hold lasts longer: the clinic's hold time from now, and at most twice of it from its making. SCH-06.
-- A step of verbs that have locked the hold. Whoever asked for it again gets a token of its own; the first one stays good,
-- because of two answers that cross the one that arrives last is kept.
-- requires: functions/core/now.sql
-- requires: functions/scheduling/lock_claims.sql

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

comment on function app_private.prolong_hold(app_private.time_claims, bytea) is
  'Moves the expiry of a live hold within its bound; with token_hash it also answers to that token.';

grant execute on function app_private.prolong_hold(app_private.time_claims, bytea) to app_engine;
-- end of source: functions/scheduling/prolong_hold.sql

-- source: functions/scheduling/move_hold.sql
-- The visitor chooses another time: the new one is taken and the old one is free in one step, or nothing changes. SCH-06,
-- APT-05. It stays the same hold under the same token, with the expiry of its making, so nobody keeps a clinic's week by
-- moving about.
-- requires: functions/core/refuse.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/scheduling/take_hold.sql
-- requires: functions/scheduling/held_claim.sql
-- requires: functions/scheduling/visible_calendar.sql
-- requires: functions/scheduling/require_choice.sql
-- requires: functions/scheduling/require_named.sql
-- requires: functions/scheduling/bookable.sql
-- requires: functions/scheduling/by_turn.sql
-- requires: functions/scheduling/lock_hold.sql
-- requires: functions/scheduling/lock_specialist_days.sql
-- requires: functions/scheduling/release_expired_holds.sql
-- requires: functions/scheduling/prolong_hold.sql
-- requires: functions/scheduling/publish_held.sql
-- requires: functions/scheduling/publish_released.sql
-- requires: functions/scheduling/refuse_taken.sql

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

comment on function app_public.move_hold(text, timestamptz, uuid) is
  'Changes a held time to another start of the same calendar: the old one is free only when the new one is taken, else '
  'nothing changes. The token stays, and the hold ends at most twice the clinic''s hold time from when it was first held. '
  'SLOT_TAKEN, VALIDATION naming the rule, GONE or NOT_FOUND as holdSlot and extendHold say.';

grant execute on function app_public.move_hold(text, timestamptz, uuid) to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/move_hold.sql

-- source: functions/scheduling/overlapping_hours.sql
-- Hours that stand in each other: two rows of a weekday that overlap, or a night that runs into the next morning's row. The
-- listing reads them as one stretch, so nothing breaks; but whoever typed 09:00 to 17:00 beside 12:00 to 20:00 may have
-- meant something else, and is told. SCH-01, SCH-02.
-- requires: functions/core/refuse.sql
-- requires: functions/scheduling/is_staff_of.sql

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

comment on function app_public.overlapping_hours(uuid) is
  E'@longestPage 400\n'
  'For staff: weekly hours of the clinic that overlap, of one specialist or of one calendar; they count as one stretch.';

grant execute on function app_public.overlapping_hours(uuid) to app_member;

reset role;
-- end of source: functions/scheduling/overlapping_hours.sql

-- source: functions/scheduling/release_expired_claims.sql
-- Holds nobody came back for: the worker tidies them, so that watchers learn of it and the constraint stays small.
-- Correctness does not wait for it: an expired hold is already free. SCH-06.
-- requires: functions/core/now.sql
-- requires: functions/scheduling/lock_claims.sql
-- requires: functions/scheduling/let_go.sql

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

comment on function app_private.release_expired_claims() is
  'Releases holds that have expired, up to 1000 at a time, and says how many.';

grant execute on function app_private.release_expired_claims() to app_worker;

reset role;
-- end of source: functions/scheduling/release_expired_claims.sql
