-- Who the caller is where holds are counted: an account, a visitor who says who they are, an address. SCH-06, SCH-10.

create or replace function app_private.caller_as_holder() returns app_private.time_claims
language plpgsql stable
set search_path = ''
as $$
declare
  v_holder app_private.time_claims;
  v_address inet := nullif(current_setting('app.ip', true), '')::inet;
begin
  v_holder.created_by := app_hidden.current_principal_id();
  -- Two name spaces, or a visitor could call themselves by somebody's id and use up that person's allowance.
  v_holder.visitor_id := coalesce(
    'principal:' || v_holder.created_by, 'visitor:' || nullif(current_setting('app.visitor_id', true), ''));
  -- Whoever has one IPv6 address has the 2^64 of its network.
  v_holder.address := case family(v_address) when 6 then network(set_masklen(v_address, 64)) else v_address end;
  if v_holder.visitor_id is null and v_holder.address is null then
    v_holder.visitor_id := 'unknown';
  end if;
  return v_holder;
end;
$$;

comment on function app_private.caller_as_holder is 'A claim that says who the caller is: created_by, visitor_id, address.';
grant execute on function app_private.caller_as_holder to app_engine;
