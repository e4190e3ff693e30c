-- Nobody grants, or takes away, more than they hold. FND-04.

create or replace function app_private.require_grantable(organization_id uuid, permissions text[]) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_above text[];
begin
  select array_agg(asked.permission order by asked.permission) into v_above
  from unnest(permissions) as asked (permission)
  where not app_hidden.has_permission(require_grantable.organization_id, asked.permission);

  if v_above is not null then
    perform app_hidden.refuse('FORBIDDEN', 'above_yourself', jsonb_build_object('permissions', to_jsonb(v_above)));
  end if;
end;
$$;

comment on function app_private.require_grantable is
  'Refuses with FORBIDDEN when the caller lacks one of these permissions at the clinic.';
grant execute on function app_private.require_grantable to app_engine;
