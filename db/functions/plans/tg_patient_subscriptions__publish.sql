-- Every move of a subscription, and every change of its tier, is an event. FND-21, FND-14.
-- _200_guard_state has refused what is no move.

set role app_engine;

create or replace function app_private.tg_patient_subscriptions__publish() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_from text := case when tg_op = 'UPDATE' then old.status else '' end;
  v_event text := 'patient_subscription.tier_changed';
begin
  if new.status <> v_from then
    select distinct transition.event into strict v_event
    from app_private.state_transitions as transition
    where transition.entity = 'patient_subscriptions' and transition.from_state = v_from and transition.to_state = new.status;
  elsif new.tier_id = old.tier_id then
    return new;
  end if;

  perform app_private.publish(
    v_event, new.organization_id, new.id,
    jsonb_strip_nulls(jsonb_build_object(
      'subscriptionId', new.id, 'patientProfileId', new.patient_profile_id, 'tierId', new.tier_id,
      'fromTierId', case when tg_op = 'UPDATE' and new.tier_id <> old.tier_id then old.tier_id end,
      'from', nullif(v_from, ''), 'to', new.status)));
  return new;
end;
$$;

comment on function app_private.tg_patient_subscriptions__publish is
  'Publishes the event of a move, or that the tier is another. Trigger _900_publish.';

reset role;

create or replace trigger _900_publish after insert or update of status, tier_id on app_public.patient_subscriptions
  for each row execute function app_private.tg_patient_subscriptions__publish();
