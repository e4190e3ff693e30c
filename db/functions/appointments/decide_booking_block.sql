-- What blocks of bookings have in common: which one stands, whose it is, and how it is decided about. APT-06.

create or replace function app_private.standing_block(organization_id uuid, patient_profile_id uuid) returns app_public.booking_blocks
language sql stable
set search_path = ''
begin atomic
  select booking_blocks
  from app_public.booking_blocks
  where booking_blocks.organization_id = standing_block.organization_id
    and booking_blocks.patient_profile_id = standing_block.patient_profile_id
    and booking_blocks.decision is distinct from 'lifted'
    and (booking_blocks.until is null or booking_blocks.until > app_hidden.now())
  order by booking_blocks.until desc nulls first, booking_blocks.id
  limit 1;
end;

comment on function app_private.standing_block is 'The block that keeps a patient from booking by themselves now; null where there is none.';
grant execute on function app_private.standing_block to app_engine;

create or replace function app_private.patient_to_block(patient_id uuid) returns app_public.patients
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  select patients.* into v_patient
  from app_public.patients
  where patients.id = patient_to_block.patient_id and patients.deleted_at is null
    and patients.organization_id = any (app_hidden.organization_ids_where('patients.view'))
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_not_found');
  end if;
  perform app_private.require_permission(v_patient.organization_id, 'patients.block');
  return v_patient;
end;
$$;

comment on function app_private.patient_to_block is 'The patient, locked, for staff with patients.block; NOT_FOUND patient_not_found, or FORBIDDEN.';
grant execute on function app_private.patient_to_block to app_engine;

create or replace function app_private.decide_booking_block(booking_block_id uuid, decision text, reason text) returns app_public.booking_blocks
language plpgsql volatile
set search_path = ''
as $$
declare
  v_block app_public.booking_blocks;
begin
  select booking_blocks.* into v_block
  from app_public.booking_blocks
  where booking_blocks.id = decide_booking_block.booking_block_id
    and booking_blocks.organization_id = any (app_hidden.organization_ids_where('patients.view'))
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'booking_block_not_found');
  end if;
  perform app_private.require_permission(v_block.organization_id, 'patients.block');
  if v_block.decision = 'lifted' then
    perform app_hidden.refuse('STATE', 'booking_block_lifted');
  elsif decide_booking_block.decision = 'upheld' and v_block.contested_at is null then
    perform app_hidden.refuse('STATE', 'booking_block_not_contested');
  elsif decide_booking_block.decision = 'upheld' and v_block.blocked_by = app_private.current_actor_id() then
    perform app_hidden.refuse('FORBIDDEN', 'review_by_another');
  end if;
  update app_public.booking_blocks set
    decision = decide_booking_block.decision,
    decided_at = app_hidden.now(),
    decided_by = app_private.current_actor_id(),
    decision_reason = app_private.require_reason(decide_booking_block.reason)
  where booking_blocks.id = v_block.id
  returning * into v_block;
  perform app_private.publish_block_event(
    case v_block.decision when 'lifted' then 'patient.booking_block_lifted' else 'patient.booking_block_upheld' end, v_block);
  return v_block;
end;
$$;

comment on function app_private.decide_booking_block is
  'Lifts a block, or says that it stays; NOT_FOUND booking_block_not_found, FORBIDDEN, or STATE.';
grant execute on function app_private.decide_booking_block to app_engine;

create or replace function app_private.publish_block_event(name text, block app_public.booking_blocks) returns void
language sql volatile
set search_path = ''
as $$
  select app_private.publish(
    publish_block_event.name, (block).organization_id, patients.id,
    jsonb_build_object('patientId', patients.id, 'bookingBlockId', (block).id))
  from app_public.patients
  where patients.organization_id = (block).organization_id and patients.patient_profile_id = (block).patient_profile_id
$$;

comment on function app_private.publish_block_event is 'Publishes what just happened to a block of bookings, as ids.';
grant execute on function app_private.publish_block_event to app_engine;
