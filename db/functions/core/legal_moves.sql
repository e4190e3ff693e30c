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
