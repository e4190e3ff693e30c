-- Whoever watches the clinic's day hears of what is no move: another time or specialist, removed, brought back. FND-14, SCH-12.

set role app_engine;

create or replace function app_private.tg_appointments__publish_changed() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform app_private.publish('appointment.changed', new.organization_id, new.id, jsonb_build_object(
    'appointmentId', new.id, 'specialistId', new.specialist_id, 'fromSpecialistId', old.specialist_id));
  return null;
end;
$$;

comment on function app_private.tg_appointments__publish_changed is
  'Publishes appointment.changed. Trigger _900_publish_changed.';

reset role;

create or replace trigger _900_publish_changed
  after update of specialist_id, starts_at, ends_at, deleted_at on app_public.appointments
  for each row
  when ((old.specialist_id, old.starts_at, old.ends_at, old.deleted_at) is distinct from
        (new.specialist_id, new.starts_at, new.ends_at, new.deleted_at))
  execute function app_private.tg_appointments__publish_changed();
