-- The visitor chooses another time: the new one is taken and the old one is free in one step, or nothing changes. SCH-06,
-- APT-05. It stays the same hold under the same token, with the expiry of its making, so nobody keeps a clinic's week by
-- moving about.

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
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_hold, v_remembered);
  end if;

  v_old := app_private.held_claim(move_hold.token);
  v_calendar := app_private.visible_calendar(v_old.calendar_id);
  perform app_private.require_choice(v_calendar, move_hold.specialist_id);
  v_claim := app_private.move_claim(v_old.id, v_calendar, move_hold.starts_at, move_hold.specialist_id);
  v_claim := app_private.prolong_hold(v_claim);

  v_hold := (move_hold.token, v_claim.calendar_id, v_claim.specialist_id,
             lower(v_claim.during), upper(v_claim.during), v_claim.expires_at)::app_public.slot_hold;
  perform app_private.remember('move_hold', to_jsonb(v_hold));
  return v_hold;
end;
$$;

comment on function app_public.move_hold is
  'Changes a held time to another start of the same calendar: the old one is free only when the new one is taken, else '
  'nothing changes. The token stays, and the hold ends at most twice the clinic''s hold time from when it was first held. '
  'SLOT_TAKEN, VALIDATION naming the rule, GONE or NOT_FOUND as holdSlot and extendHold say.';

grant execute on function app_public.move_hold to app_anonymous, app_member;

reset role;
