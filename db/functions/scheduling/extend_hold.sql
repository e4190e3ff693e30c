-- A long form takes longer; but nobody keeps a time for ever: at most twice the hold time from its making. SCH-06.

set role app_engine;

create or replace function app_public.extend_hold(token text) returns app_public.slot_hold
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  v_claim := app_private.take_hold(extend_hold.token);
  v_claim := app_private.prolong_hold(v_claim);

  return (extend_hold.token, v_claim.calendar_id, v_claim.specialist_id,
          lower(v_claim.during), upper(v_claim.during), v_claim.expires_at)::app_public.slot_hold;
end;
$$;

comment on function app_public.extend_hold is
  'Keeps a held time longer, at most twice the clinic''s hold time from when it was first held; at that bound '
  'expiresAt no longer moves. GONE when the hold is over, NOT_FOUND when there never was one.';

grant execute on function app_public.extend_hold to app_anonymous, app_member;

reset role;
