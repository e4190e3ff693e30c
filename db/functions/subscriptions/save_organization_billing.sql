-- As whom a clinic is billed. The tax id arrives sealed; without one, the present one stays. Invoices that were issued keep what they say,
-- and a subscription the currency and the zone that it began with. BIL-10.
-- Behind the mutation saveOrganizationBilling, which seals before this is called: that is why it is not exposed itself.

set role app_engine;

create or replace function app_hidden.save_organization_billing(
  organization_id uuid,
  legal_name text,
  street text,
  city text,
  county text,
  postal_code text,
  country text,
  registration_number text,
  billing_email text,
  currency text,
  timezone text,
  cadence text,
  tax_id bytea default null,
  tax_id_last_four text default null
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_hidden.require_billing_manager(organization_id);
  insert into app_public.organization_billing as details
    (organization_id, legal_name, street, city, county, postal_code, country, registration_number, billing_email, currency, timezone,
     cadence, tax_id, tax_id_last_four, updated_by)
  values
    (save_organization_billing.organization_id, save_organization_billing.legal_name, save_organization_billing.street,
     save_organization_billing.city, save_organization_billing.county, nullif(btrim(save_organization_billing.postal_code), ''),
     save_organization_billing.country, nullif(btrim(save_organization_billing.registration_number), ''),
     save_organization_billing.billing_email, save_organization_billing.currency, save_organization_billing.timezone,
     save_organization_billing.cadence, save_organization_billing.tax_id, save_organization_billing.tax_id_last_four,
     app_private.current_actor_id())
  on conflict on constraint organization_billing_pkey do update set
    legal_name = excluded.legal_name, street = excluded.street, city = excluded.city, county = excluded.county,
    postal_code = excluded.postal_code, country = excluded.country, registration_number = excluded.registration_number,
    billing_email = excluded.billing_email, currency = excluded.currency, timezone = excluded.timezone, cadence = excluded.cadence,
    tax_id = coalesce(excluded.tax_id, details.tax_id),
    tax_id_last_four = coalesce(excluded.tax_id_last_four, details.tax_id_last_four),
    updated_by = excluded.updated_by;
  perform app_private.publish('organization_billing.changed', organization_id, organization_id);
end;
$$;

comment on function app_hidden.save_organization_billing is
  'Stores the billing details of a clinic, with a tax id that was sealed for it. Needs billing.manage, or a superadmin.';
grant execute on function app_hidden.save_organization_billing to app_member;

create or replace function app_hidden.require_billing_manager(organization_id uuid) returns void
language plpgsql stable security definer
set search_path = ''
as $$
begin
  if not app_hidden.is_superadmin() or not exists (
    select from app_public.organizations
    where organizations.id = require_billing_manager.organization_id and organizations.deleted_at is null
  ) then
    perform app_private.require_permission(organization_id, 'billing.manage');
  end if;
end;
$$;

comment on function app_hidden.require_billing_manager is
  'Passes for who may change the billing details of a clinic: its staff with billing.manage, a superadmin. FORBIDDEN, NOT_FOUND.';
grant execute on function app_hidden.require_billing_manager to app_member;

reset role;
