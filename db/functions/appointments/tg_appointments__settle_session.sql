-- What is called off, or missed, gives the session of its plan back or keeps it, as it was promised at booking and whoever moves
-- it: a verb, or time. The plans are locked here; whoever moves has locked the days before. APT-03, CAT-04.

set role app_engine;

create or replace function app_private.tg_appointments__settle_session() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if new.excuse_reason is not null
    or (new.status = 'cancelled' and (not coalesce(new.is_late_cancellation, false) or new.late_cancel_session = 'given_back'))
    or (new.status = 'noshow' and new.no_show_session = 'given_back')
  then
    perform app_private.restore_entitlement(new.organization_id, 'sessions', 'appointment', new.id);
    new.plan_session_number := null;
  end if;
  return new;
end;
$$;

comment on function app_private.tg_appointments__settle_session is
  'Gives the session back where the appointment does not take place and the policy says so. Trigger _300_settle_session.';

reset role;

create or replace trigger _300_settle_session before update of status on app_public.appointments
  for each row
  when (new.status in ('cancelled', 'noshow') and old.status <> new.status and new.plan_session_number is not null)
  execute function app_private.tg_appointments__settle_session();
