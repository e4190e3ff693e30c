-- The request that its guest is about to change, locked: the clinic may be answering it at this moment. APT-09.

create or replace function app_private.locked_guest_request(seen app_public.booking_requests) returns app_public.booking_requests
language plpgsql volatile
set search_path = ''
as $$
declare
  v_request app_public.booking_requests;
begin
  if seen.status <> 'requested' then
    return seen;
  end if;
  select booking_requests.* into strict v_request
  from app_public.booking_requests
  where booking_requests.id = seen.id
  for update;
  return v_request;
end;
$$;

comment on function app_private.locked_guest_request is
  'The same request as it is now, locked while it waits for an answer; one that was answered never changes.';
grant execute on function app_private.locked_guest_request to app_engine;

create or replace function app_private.withdraw_request(request app_public.booking_requests, reason text default null)
returns app_public.booking_requests
language plpgsql volatile
set search_path = ''
as $$
declare
  v_request app_public.booking_requests;
begin
  update app_public.booking_requests
  set status = 'withdrawn', decided_at = app_hidden.now(), withdrawal_reason = nullif(btrim(reason), '')
  where booking_requests.id = (request).id
  returning * into v_request;
  perform app_private.release_claim(v_request.claim_id);
  return v_request;
end;
$$;

comment on function app_private.withdraw_request is
  'Takes a request back and frees its time; the caller has locked it. STATE once the clinic has answered.';
grant execute on function app_private.withdraw_request to app_engine;
