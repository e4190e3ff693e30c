-- What follows, and when, if the bills of a clinic stay unpaid. BIL-05.

set role app_engine;

create or replace function app_public.dunning_preview(organization_id uuid) returns setof app_public.dunning_preview_step
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  if not app_hidden.is_superadmin() then
    perform app_private.require_permission(organization_id, 'billing.view');
  end if;
  select subscriptions.* into v_subscription
  from app_public.organization_subscriptions as subscriptions
  where subscriptions.organization_id = dunning_preview.organization_id and subscriptions.status <> 'canceled';
  return query
    select steps.invoice_id, steps.day, steps.action,
           case when steps.action <> 'retry' and steps.done_at is null
             then greatest(steps.due_at, app_private.covered_until(v_subscription, paid_only => v_subscription.status = 'suspended'))
             else steps.due_at end,
           steps.done_at
    from app_private.dunning_steps_of(v_subscription) as steps
    order by 4, steps.invoice_id, steps.day;
end;
$$;

comment on function app_public.dunning_preview is
  'Every step about every unpaid bill of a clinic: those that were taken, and those that follow if it stays unpaid. Needs billing.view, or a superadmin.';
grant execute on function app_public.dunning_preview to app_member;

reset role;
