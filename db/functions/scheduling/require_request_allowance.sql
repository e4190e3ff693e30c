-- One visitor asks only so often in an hour and a day, and one network only so much more, at all clinics together and
-- whatever became of the requests: to ask and withdraw in a loop is bounded as well. FND-35, APT-09.
-- The locks make the count true for those who ask in parallel: visitor first, then address, as for holds.

set role app_engine;
create or replace function app_private.require_request_allowance(visitor_id text, address inet) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_now timestamptz := app_hidden.now();
  v_limit app_private.visitor_limits;
  v_asked timestamptz[];
  v_free_at timestamptz;
begin
  for v_limit in
    select visitor_limits.*
    from app_private.visitor_limits
    where visitor_limits.name = 'visitor' and require_request_allowance.visitor_id is not null
      or visitor_limits.name = 'address' and require_request_allowance.address is not null
    order by visitor_limits.name desc
  loop
    -- Newest first. Two statements, because each has its index.
    if v_limit.name = 'visitor' then
      perform pg_advisory_xact_lock(hashtextextended('requests of visitor:' || require_request_allowance.visitor_id, 0));
      v_asked := array(
        select time_claims.created_at
        from app_private.time_claims
        join app_public.booking_requests
          on booking_requests.organization_id = time_claims.organization_id and booking_requests.claim_id = time_claims.id
        where time_claims.visitor_id = require_request_allowance.visitor_id
          and time_claims.kind in ('request', 'appointment')
          and time_claims.created_at > v_now - interval '1 day'
        order by time_claims.created_at desc
        limit v_limit.per_day);
    else
      perform pg_advisory_xact_lock(hashtextextended('requests of address:' || require_request_allowance.address, 0));
      v_asked := array(
        select time_claims.created_at
        from app_private.time_claims
        join app_public.booking_requests
          on booking_requests.organization_id = time_claims.organization_id and booking_requests.claim_id = time_claims.id
        where time_claims.address = require_request_allowance.address
          and time_claims.kind in ('request', 'appointment')
          and time_claims.created_at > v_now - interval '1 day'
        order by time_claims.created_at desc
        limit v_limit.per_day);
    end if;

    v_free_at := greatest(
      v_asked[v_limit.per_day] + interval '1 day',
      case when v_asked[v_limit.per_hour] > v_now - interval '1 hour' then v_asked[v_limit.per_hour] + interval '1 hour' end);
    if v_free_at is not null then
      perform app_hidden.refuse(
        'RATE_LIMITED',
        case v_limit.name when 'visitor' then 'too_many_requests' else 'too_many_requests_from_address' end,
        jsonb_build_object('retryAfterSeconds', greatest(ceil(extract(epoch from v_free_at - v_now)), 1)));
    end if;
  end loop;
end;
$$;

comment on function app_private.require_request_allowance is
  'Refuses with RATE_LIMITED when a visitor, or an address, has made as many booking requests as an hour or a day allows.';
reset role;
