-- Links and kiosks whose time is over end by the clock, and the chain says so; the door refused them before. CNS-05, CNS-06.

set role app_engine;

create or replace function app_private.expire_signature_links() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_link app_public.signature_links;
  v_count int := 0;
begin
  for v_link in
    select signature_links.*
    from app_public.signature_links
    where signature_links.status = 'open' and signature_links.expires_at <= app_hidden.now()
    order by signature_links.expires_at
    limit 200
    for update skip locked
  loop
    v_count := v_count + app_private.end_signature_link(v_link.id, 'expired')::int;
  end loop;
  return v_count;
end;
$$;

comment on function app_private.expire_signature_links is 'Ends the next 200 links and kiosks that are over; answers how many.';
grant execute on function app_private.expire_signature_links to app_worker;

reset role;
