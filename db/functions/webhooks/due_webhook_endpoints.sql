-- Who has something due and room for it, in turn: beyond the one whose turn was last, and then from the first on. It looks no
-- further than for as many as are asked for, and into the index once for each: a join would read all that is due. WHK-02.

create or replace function app_private.due_webhook_endpoints(is_failing boolean, after uuid, most int) returns uuid[]
language plpgsql stable
set search_path = ''
as $$
declare
  c_last constant uuid := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  v_now timestamptz := app_hidden.now();
  v_room int := app_private.webhooks_at_once(is_failing);
  v_found uuid[] := '{}';
  v_beyond uuid;
  v_until uuid;
begin
  for v_beyond, v_until in values (after, c_last), (uuid '00000000-0000-0000-0000-000000000000', after) loop
    v_found := v_found || array(
      select endpoints.subscription_id
      from app_private.webhook_endpoints as endpoints
      where endpoints.subscription_id > v_beyond and endpoints.subscription_id <= v_until
        and (endpoints.failing_since is not null) = due_webhook_endpoints.is_failing
        and (endpoints.slowed_until is null or endpoints.slowed_until <= v_now)
        and (
          select due.next_attempt_at <= v_now
          from app_public.webhook_events as due
          where due.subscription_id = endpoints.subscription_id and due.status = 'pending'
          order by due.next_attempt_at
          limit 1)
        and v_room > (
          select count(*)
          from app_public.webhook_events as sending
          where sending.subscription_id = endpoints.subscription_id
            and sending.claim is not null and sending.status = 'pending' and sending.next_attempt_at > v_now)
      order by endpoints.subscription_id
      limit most - cardinality(v_found));
  end loop;
  return v_found;
end;
$$;

comment on function app_private.due_webhook_endpoints is
  'The endpoints that may be sent something now, so many at most, in the order of their turns.';
grant execute on function app_private.due_webhook_endpoints to app_engine;
