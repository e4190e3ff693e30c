-- Brings what a period was given to what it comes to: the difference is granted or taken back, never more than is left. The
-- key of a period makes sure that it is given once, whoever tries. CAT-06.

create or replace function app_private.give(entitlement app_public.patient_entitlements, at timestamptz) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_difference int := entitlement.accrued_before + entitlement.per_period - coalesce(entitlement.granted, 0);
begin
  if v_difference > 0 then
    perform app_private.write_entry(entitlement, 'grant', v_difference, at, case when entitlement.granted is null
      then concat_ws(':', 'period', entitlement.id, entitlement.from_month) end);
  elsif v_difference < 0 then
    v_difference := greatest(v_difference, -app_public.patient_entitlements_balance(entitlement));
    if v_difference < 0 then
      perform app_private.write_entry(entitlement, 'expire', v_difference, at);
    end if;
  end if;
  update app_public.patient_entitlements set granted = coalesce(patient_entitlements.granted, 0) + v_difference
  where patient_entitlements.organization_id = entitlement.organization_id and patient_entitlements.id = entitlement.id;
end;
$$;

comment on function app_private.give is 'Grants or takes back what a period still lacks or has too much. A second time does nothing.';
grant execute on function app_private.give to app_engine;
