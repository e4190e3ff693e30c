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
      jsonb_build_object('entity', entity, 'from', from_state, 'to', to_state));
  end if;

  perform app_hidden.refuse(
    'STATE', 'illegal_move',
    jsonb_build_object('entity', entity, 'from', from_state, 'to', to_state,
                       'legal', app_private.legal_moves(entity, from_state)));
end;
$$;

comment on function app_private.authorize_move is
  'Passes when the current principal may make this move; refuses with FORBIDDEN, or STATE naming the legal moves.';

grant execute on function app_private.authorize_move to app_engine;
