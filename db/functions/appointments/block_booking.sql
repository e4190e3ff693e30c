-- A clinic keeps a patient from booking by themselves, for a reason that the patient reads. A person decides it, always: what is
-- computed about people may only be shown to whoever decides. APT-06, docs/decisions/0115.
-- Locks the patient, which bookings hold for share: those under way are waited for, later ones are refused.

set role app_engine;

create or replace function app_public.block_booking(patient_id uuid, reason text, until timestamptz default null)
returns app_public.booking_blocks
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
  v_block app_public.booking_blocks;
begin
  v_patient := app_private.patient_to_block(patient_id);
  if until <= app_hidden.now() then
    perform app_hidden.refuse('VALIDATION', 'already_past', '{"field": "until"}');
  end if;
  v_block := app_private.standing_block(v_patient.organization_id, v_patient.patient_profile_id);
  if v_block.id is not null then
    perform app_hidden.refuse('CONFLICT', 'booking_blocked_already', jsonb_build_object('bookingBlockId', v_block.id));
  end if;

  insert into app_public.booking_blocks (organization_id, patient_profile_id, reason, until, blocked_by, created_at)
  values (
    v_patient.organization_id, v_patient.patient_profile_id, app_private.require_reason(reason), block_booking.until,
    app_private.current_actor_id(), app_hidden.now())
  returning * into v_block;
  perform app_private.publish_block_event('patient.booking_blocked', v_block);
  return v_block;
end;
$$;

comment on function app_public.block_booking is
  E'@arg reason Why; the patient reads it.\n@arg until Until when; without it, until it is lifted.\n'
  'Keeps a patient from booking by themselves; staff go on booking for them, with a reason. Needs patients.block. CONFLICT '
  'booking_blocked_already; VALIDATION already_past.';
grant execute on function app_public.block_booking to app_member;

create or replace function app_public.lift_booking_block(booking_block_id uuid, reason text) returns app_public.booking_blocks
language sql volatile strict security definer
set search_path = ''
return app_private.decide_booking_block(booking_block_id, 'lifted', reason);

comment on function app_public.lift_booking_block is
  E'@arg bookingBlockId The block, by its id.\n@arg reason Why; the patient reads it.\n'
  'The patient may book by themselves again. Needs patients.block; STATE booking_block_lifted.';
grant execute on function app_public.lift_booking_block to app_member;

create or replace function app_public.uphold_booking_block(booking_block_id uuid, reason text) returns app_public.booking_blocks
language sql volatile strict security definer
set search_path = ''
return app_private.decide_booking_block(booking_block_id, 'upheld', reason);

comment on function app_public.uphold_booking_block is
  E'@arg bookingBlockId The block, by its id.\n@arg reason Why it stays; the patient reads it.\n'
  'Answers a patient who contests a block: somebody other than who blocked has looked at it, and it stays. Needs patients.block. '
  'STATE booking_block_not_contested, booking_block_lifted; FORBIDDEN review_by_another.';
grant execute on function app_public.uphold_booking_block to app_member;

-- The person asks for another person to look at it. Law 190/2018, GDPR articles 21 and 22.
create or replace function app_public.contest_booking_block(booking_block_id uuid, objection text) returns app_public.booking_blocks
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_block app_public.booking_blocks;
begin
  select booking_blocks.* into v_block
  from app_public.booking_blocks
  where booking_blocks.id = booking_block_id
    and booking_blocks.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'booking_block_not_found');
  elsif v_block.decision = 'lifted' then
    perform app_hidden.refuse('STATE', 'booking_block_lifted');
  elsif v_block.contested_at is not null then
    perform app_hidden.refuse('STATE', 'booking_block_contested', jsonb_build_object('contestedAt', v_block.contested_at, 'timezone', (
      select organizations.timezone from app_public.organizations where organizations.id = v_block.organization_id)));
  end if;
  update app_public.booking_blocks set
    contested_at = app_hidden.now(),
    objection = app_private.require_reason(contest_booking_block.objection)
  where booking_blocks.id = v_block.id
  returning * into v_block;
  perform app_private.publish_block_event('patient.booking_block_contested', v_block);
  return v_block;
end;
$$;

comment on function app_public.contest_booking_block is
  E'@arg bookingBlockId The block, by its id.\n@arg objection What the patient says to it.\n'
  'Asks for another person of the clinic to look at a block, once: by the patient, or somebody who cares for them. STATE '
  'booking_block_contested, booking_block_lifted.';
grant execute on function app_public.contest_booking_block to app_member;

reset role;
