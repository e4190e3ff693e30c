-- A billing period begins: its row, and the bill of what is paid for it in advance. BIL-02.

create or replace function app_private.open_billing_period(draft app_public.billing_periods) returns app_public.billing_periods
language plpgsql volatile
set search_path = ''
as $$
declare
  v_period app_public.billing_periods;
begin
  insert into app_public.billing_periods
    (organization_id, subscription_id, position, starts_on, ends_on, during, is_trial, cadence, created_at)
  values
    (draft.organization_id, draft.subscription_id, draft.position, draft.starts_on, draft.ends_on, draft.during, draft.is_trial,
     draft.cadence, app_hidden.now())
  returning * into v_period;
  if not v_period.is_trial then
    perform app_private.open_period_invoice(v_period.organization_id, v_period.id);
  end if;
  return v_period;
end;
$$;

comment on function app_private.open_billing_period is
  'Writes a period of a locked subscription, and bills what is paid in advance for it; of a trial nothing.';
grant execute on function app_private.open_billing_period to app_engine;

create or replace function app_private.close_billing_period(period app_public.billing_periods) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.close_period(period.organization_id, period.id);
  update app_public.billing_periods set closed_at = app_hidden.now()
  where billing_periods.organization_id = period.organization_id and billing_periods.id = period.id
    and billing_periods.closed_at is null;
end;
$$;

comment on function app_private.close_billing_period is 'Bills what was used in a period of a locked subscription, once.';
grant execute on function app_private.close_billing_period to app_engine;
