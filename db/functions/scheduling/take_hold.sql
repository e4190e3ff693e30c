-- The holder shows the token; the hold, then its specialist-days, then the claim are locked, so that booking, moving,
-- extending, releasing and expiry come one after the other. Who guesses learns nothing: an unknown token is one answer,
-- a dead one another. SCH-06.
-- Booking locks specialist and calendar too, before the days, as who removes them does. And it comes in time when the
-- hold expired a moment ago and nobody else took the time: the visitor pressed the button, the clock was faster.

create or replace function app_private.take_hold(token text, to_book boolean default false)
returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
  v_is_over boolean;
  v_needs boolean;
begin
  v_claim := app_private.held_claim(take_hold.token);
  if to_book then
    perform app_private.require_specialist(v_claim.organization_id, v_claim.specialist_id);
    perform app_private.require_calendar(v_claim.organization_id, v_claim.calendar_id);
    v_needs := app_private.needs_resources(v_claim.organization_id, v_claim.calendar_id);
    if v_needs then
      perform app_private.lock_clinic_resources(v_claim.organization_id);
    end if;
  end if;
  perform app_private.lock_claims(array[v_claim.id]);
  select tc.* into strict v_claim
  from app_private.time_claims as tc
  where tc.id = v_claim.id
  for update;

  v_is_over := v_claim.released_at is not null or v_claim.expires_at <= app_hidden.now();
  if v_claim.kind = 'hold' and not v_is_over then
    return v_claim;
  elsif v_claim.kind = 'hold' and to_book
    -- Given back is given back: only who waited too long is waited for.
    and (v_claim.released_at is null or v_claim.released_at >= v_claim.expires_at)
    and v_claim.expires_at > app_hidden.now() - interval '60 seconds'
  then
    return app_private.revive_hold(v_claim, v_needs);
  end if;
  perform app_hidden.refuse('GONE', 'hold_expired');
end;
$$;

comment on function app_private.take_hold is
  'The live hold of this token, locked with its days. An unknown token is NOT_FOUND; expired, released or booked is GONE. '
  'to_book honours a hold for 60 seconds more, unless somebody else took the time: SLOT_TAKEN.';

grant execute on function app_private.take_hold to app_engine;
