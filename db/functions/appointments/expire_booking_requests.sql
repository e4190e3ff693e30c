-- Requests that nobody answered in time let their time go. The worker calls it every minute; however late it
-- comes, what is due is done. APT-09.

set role app_engine;

create or replace function app_private.expire_booking_requests() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_claim_ids uuid[];
begin
  with expired as (
    with due as (
      select booking_requests.id
      from app_public.booking_requests
      where booking_requests.status = 'requested' and booking_requests.respond_by <= app_hidden.now()
      order by booking_requests.respond_by
      limit 500
      for update skip locked
    )
    update app_public.booking_requests set status = 'expired', decided_at = app_hidden.now()
    from due
    where booking_requests.id = due.id
    returning booking_requests.claim_id
  )
  select coalesce(array_agg(expired.claim_id), '{}') into v_claim_ids from expired;
  -- At once, so that all their days are locked in the one order.
  perform app_private.release_claims(v_claim_ids);
  return cardinality(v_claim_ids);
end;
$$;

comment on function app_private.expire_booking_requests is 'Expires up to 500 overdue booking requests and frees their time; returns how many.';
grant execute on function app_private.expire_booking_requests to app_worker;

reset role;
