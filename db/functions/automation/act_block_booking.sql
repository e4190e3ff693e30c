-- block_booking: the patient may not book by themselves, for a reason that they read and may contest. AUT-02, APT-06.
-- A person decides it, always (docs/decisions/0115): whoever saved the automation, so somebody else reviews it.

create or replace function app_private.act_block_booking(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.patient_of_step(step);
  v_author uuid := app_private.author_of_step(step);
  v_block app_public.booking_blocks;
begin
  if v_author is null then
    return app_private.acted('failed', 'decided_by_nobody');
  end if;
  v_block := app_private.standing_block(step.organization_id, step.patient_profile_id);
  if v_block.id is not null then
    return app_private.acted('skipped', 'booking_blocked_already', jsonb_build_object('bookingBlockId', v_block.id));
  end if;
  insert into app_public.booking_blocks
    (organization_id, patient_profile_id, reason, until, blocked_by, automation_rule_version_id, created_at)
  values (step.organization_id, v_patient.patient_profile_id, app_private.require_reason(step.config ->> 'reason'),
          app_hidden.now() + make_interval(days => (step.config ->> 'days')::int), v_author, step.rule_version_id, app_hidden.now())
  returning * into v_block;
  perform app_private.publish_block_event('patient.booking_blocked', v_block);
  return app_private.acted('done', null, jsonb_build_object('bookingBlockId', v_block.id));
end;
$$;

comment on function app_private.act_block_booking is 'Keeps the patient from booking by themselves, by the decision of who saved the automation.';
grant execute on function app_private.act_block_booking to app_engine;
