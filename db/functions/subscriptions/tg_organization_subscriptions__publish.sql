-- Every move of a clinic's subscription is an event. _200_guard_state has refused what is no move. BIL-01, FND-14.

set role app_engine;

create or replace function app_private.tg_organization_subscriptions__publish() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_from text := case when tg_op = 'UPDATE' then old.status else '' end;
  v_event text;
begin
  if new.status <> v_from then
    select distinct transition.event into strict v_event
    from app_private.state_transitions as transition
    where transition.entity = 'organization_subscriptions' and transition.from_state = v_from and transition.to_state = new.status;
    perform app_private.publish(
      v_event, new.organization_id, new.id,
      jsonb_strip_nulls(jsonb_build_object(
        'subscriptionId', new.id, 'tierVersionId', new.tier_version_id, 'from', nullif(v_from, ''), 'to', new.status)));
  end if;
  return new;
end;
$$;

comment on function app_private.tg_organization_subscriptions__publish is 'Publishes the event of a move. Trigger _900_publish.';

reset role;

create or replace trigger _900_publish after insert or update of status on app_public.organization_subscriptions
  for each row execute function app_private.tg_organization_subscriptions__publish();
