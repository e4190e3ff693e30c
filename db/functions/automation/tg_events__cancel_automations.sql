-- What is undone takes along the actions that wait because of it, in the same transaction. AUT-03.
-- A row that a worker has in hand is passed over, so that nobody who cancels waits for it: it asks is_undone() itself.

set role app_engine;

create or replace function app_private.tg_events__cancel_automations() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  update app_public.automation_executions set outcome = 'skipped', reason = 'cancelled', ended_at = app_hidden.now()
  where automation_executions.id in (
    select waiting.id
    from app_private.events as began
    join app_private.automation_events
      on automation_events.event_name = began.name and new.name = any (automation_events.undone_by)
    join app_public.automation_executions as waiting
      on waiting.organization_id = began.organization_id and waiting.event_id = began.id and waiting.outcome = 'waiting'
    where began.organization_id = new.organization_id and began.subject_id = new.subject_id and began.position < new.position
    for update of waiting skip locked);
  return null;
end;
$$;

comment on function app_private.tg_events__cancel_automations is
  'Cancels the actions that wait because of what this event takes back. Trigger _800_cancel_automations.';

-- A patient who leaves takes along whatever waits for them.
create or replace function app_private.tg_patients__cancel_automations() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  update app_public.automation_executions set outcome = 'skipped', reason = 'cancelled', ended_at = app_hidden.now()
  where automation_executions.id in (
    select waiting.id
    from app_public.automation_executions as waiting
    where waiting.organization_id = new.organization_id and waiting.patient_profile_id = new.patient_profile_id
      and waiting.outcome = 'waiting'
    for update of waiting skip locked);
  return null;
end;
$$;

comment on function app_private.tg_patients__cancel_automations is
  'Cancels the actions that wait for a patient who is removed. Trigger _800_cancel_automations.';

reset role;

create or replace trigger _800_cancel_automations after insert on app_private.events
  for each row when (new.name in (
    'appointment.cancelled', 'appointment.reinstated', 'appointment.rescheduled', 'consent.withdrawn', 'form.cancelled',
    'form.reopened', 'patient.booking_block_lifted', 'patient_subscription.active', 'patient_subscription.canceled',
    'patient_subscription.expired'))
  execute function app_private.tg_events__cancel_automations();

create or replace trigger _800_cancel_automations after update of deleted_at on app_public.patients
  for each row when (old.deleted_at is null and new.deleted_at is not null)
  execute function app_private.tg_patients__cancel_automations();
