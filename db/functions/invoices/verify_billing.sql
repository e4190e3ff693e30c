-- For superadmins: everything that a clinic was ever billed is computed again, and each difference is told. BIL-02, BIL-06.

set role app_engine;

create or replace function app_public.verify_billing(organization_id uuid)
returns table (problem text, invoice_id uuid, period_id uuid, expected jsonb, found jsonb)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  return query select problems.* from app_private.verify_bills(verify_billing.organization_id) as problems;
  return query
  select 'number_missing', null::uuid, null::uuid, jsonb_build_object('series', gaps.series, 'number', gaps.missing), null::jsonb
  from app_private.verify_numbers() as gaps;
end;
$$;

comment on function app_public.verify_billing is
  E'@nullable invoice_id\n@nullable period_id\n@nullable expected\n@nullable found\nEach difference between what a clinic was billed and what it comes to when it is computed again: lines, amounts, inputs, '
  'hashes, postings, the provider''s totals, and numbers that are missing in the series of this server. Nothing when all is well. '
  'Superadmins only.';
grant execute on function app_public.verify_billing to app_member;

reset role;
