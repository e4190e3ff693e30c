-- Who may see what a clinic is billed: its staff with billing.view, and superadmins. BIL-06.

create or replace function app_private.require_billing_view(organization_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if not app_hidden.is_superadmin() then
    perform app_private.require_permission(require_billing_view.organization_id, 'billing.view');
  end if;
end;
$$;

comment on function app_private.require_billing_view is
  'Refuses with FORBIDDEN for a colleague without billing.view, with NOT_FOUND for anyone else but superadmins.';
grant execute on function app_private.require_billing_view to app_engine;
