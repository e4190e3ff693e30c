-- One visitor may keep only so many times at once, and one address only so many more, or a bot holds a clinic's
-- week. A request that waits for its answer keeps its time too, so it counts. SCH-06, APT-09. The locks make the count true for visitors who ask in parallel: visitor first, then address.

create or replace function app_private.require_hold_allowance(
  organization app_public.organizations,
  visitor_id text,
  address inet
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_holds int;
  v_next_free timestamptz;
begin
  if require_hold_allowance.visitor_id is not null then
    perform app_private.lock_holder(organization.id, require_hold_allowance.visitor_id);
    select count(*), min(tc.expires_at) into v_holds, v_next_free
    from app_private.time_claims as tc
    where tc.organization_id = organization.id and tc.visitor_id = require_hold_allowance.visitor_id
      and tc.kind in ('hold', 'request') and tc.released_at is null
      and (tc.expires_at is null or tc.expires_at > app_hidden.now());
    if v_holds >= organization.holds_per_visitor then
      perform app_hidden.refuse(
        'RATE_LIMITED', 'too_many_holds',
        jsonb_build_object(
          'limit', organization.holds_per_visitor,
          'retryAfterSeconds', coalesce(
            ceil(extract(epoch from v_next_free - app_hidden.now())), organization.hold_minutes * 60)));
    end if;
  end if;

  if require_hold_allowance.address is not null then
    perform pg_advisory_xact_lock(
      hashtextextended('holder_address:' || organization.id || ':' || require_hold_allowance.address, 0));
    select count(*), min(tc.expires_at) into v_holds, v_next_free
    from app_private.time_claims as tc
    where tc.organization_id = organization.id and tc.address = require_hold_allowance.address
      and tc.kind in ('hold', 'request') and tc.released_at is null
      and (tc.expires_at is null or tc.expires_at > app_hidden.now());
    if v_holds >= organization.holds_per_address then
      perform app_hidden.refuse(
        'RATE_LIMITED', 'too_many_holds_from_address',
        jsonb_build_object(
          'limit', organization.holds_per_address,
          'retryAfterSeconds', coalesce(
            ceil(extract(epoch from v_next_free - app_hidden.now())), organization.hold_minutes * 60)));
    end if;
  end if;
end;
$$;

comment on function app_private.require_hold_allowance is
  'Refuses with RATE_LIMITED when a visitor, or an address, keeps as many times as the clinic allows.';

grant execute on function app_private.require_hold_allowance to app_engine;
