-- Every move of a form has an actor, a time and an event, whoever makes it. What is published of a signature is said by
-- whoever signs, who knows how. FRM-04, FRM-07.

set role app_engine;

create or replace function app_private.tg_forms__record_move() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_from text := case when tg_op = 'UPDATE' then old.status else '' end;
  v_event text;
begin
  if v_from = new.status then
    return null;
  end if;
  insert into app_public.form_moves (organization_id, form_id, from_status, to_status, moved_by, moved_at, reason)
  values (new.organization_id, new.id, nullif(v_from, ''), new.status, app_private.current_actor_id(), app_hidden.now(),
          case when v_from = 'completed' and new.status = 'in_progress' then new.reopen_reason end);

  select min(transition.event) into v_event
  from app_private.state_transitions as transition
  where transition.entity = 'forms' and transition.from_state = v_from and transition.to_state = new.status;
  if v_event is not null and new.status <> 'signed' then
    perform app_private.publish(v_event, new.organization_id, new.id, app_private.form_event_payload(new));
  end if;
  return null;
end;
$$;

comment on function app_private.tg_forms__record_move is
  'Writes form_moves and publishes form.created, form.completed, form.reopened and form.cancelled. Trigger _900_record_move.';

reset role;
