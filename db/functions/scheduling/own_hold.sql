-- The time that a visitor keeps already, when they ask for it again: locked, alive, and still one that can be booked.
-- SCH-06. The holder is locked first, so that of two clicks the second finds what the first has made.
-- Whoever does not say who they are is nobody in particular: an address may be a whole town.

create or replace function app_private.own_hold(
  calendar app_public.calendars, starts_at timestamptz, specialist_id uuid, visitor_id text
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_claim app_private.time_claims;
begin
  if own_hold.visitor_id is null or own_hold.visitor_id = 'unknown' then
    return null;
  end if;
  perform app_private.lock_holder(calendar.organization_id, own_hold.visitor_id);

  select tc.* into v_claim
  from app_private.time_claims as tc
  where tc.organization_id = calendar.organization_id
    and tc.visitor_id = own_hold.visitor_id
    and tc.calendar_id = calendar.id
    and lower(tc.during) = own_hold.starts_at
    and (own_hold.specialist_id is null or tc.specialist_id = own_hold.specialist_id)
    and tc.kind = 'hold' and tc.released_at is null and tc.expires_at > app_hidden.now()
  order by tc.id
  limit 1;
  if not found then
    return null;
  end if;

  perform app_private.lock_hold(v_claim.id);
  perform app_private.lock_claims(array[v_claim.id]);
  select tc.* into v_claim
  from app_private.time_claims as tc
  where tc.id = v_claim.id
    and lower(tc.during) = own_hold.starts_at
    and tc.kind = 'hold' and tc.released_at is null
  for update;
  if found then
    perform app_private.require_bookable(v_claim, false);
  end if;
  return v_claim;
end;
$$;

comment on function app_private.own_hold is
  'The live hold of this visitor at this start, locked; null when there is none.';

grant execute on function app_private.own_hold to app_engine;
