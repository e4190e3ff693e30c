-- Which of those who listen to a clinic may not any more: has_permission() for each of them in one query, as
-- sessions_over() asks for sessions. FND-15, FND-04.

set role app_engine;

create or replace function app_hidden.listeners_over(
  principal_ids uuid[],
  named_organization_ids uuid[],
  organization_ids uuid[],
  permissions text[]
) returns table (place int, reason text)
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  for v_place in 1 .. cardinality(principal_ids) loop
    -- Until the transaction ends, which is when this function does: the server asks by itself.
    perform set_config('app.principal_id', principal_ids[v_place]::text, true),
            set_config('app.organization_id', coalesce(named_organization_ids[v_place]::text, ''), true);
    continue when app_hidden.has_permission(organization_ids[v_place], permissions[v_place]);
    place := v_place;
    reason := case when organization_ids[v_place] = any (app_hidden.current_staff_organization_ids())
      then 'permission_missing' else 'not_found' end;
    return next;
  end loop;
end;
$$;

comment on function app_hidden.listeners_over is
  'Of people given as columns, with the clinic that their connection names (or null), the clinic that they listen to and the '
  'permission it takes: the places, from 1, of those who lack it, and why.';
grant execute on function app_hidden.listeners_over to app_authenticator;

reset role;
