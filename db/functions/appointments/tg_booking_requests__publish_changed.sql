-- Whoever watches the clinic's requests hears that one is another specialist's now. FND-14, SCH-12.

set role app_engine;

create or replace function app_private.tg_booking_requests__publish_changed() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform app_private.publish('booking_request.changed', new.organization_id, new.id, jsonb_build_object(
    'bookingRequestId', new.id, 'specialistId', new.specialist_id, 'fromSpecialistId', old.specialist_id));
  return null;
end;
$$;

comment on function app_private.tg_booking_requests__publish_changed is
  'Publishes booking_request.changed. Trigger _900_publish_changed.';

reset role;

create or replace trigger _900_publish_changed
  after update of specialist_id, starts_at, ends_at on app_public.booking_requests
  for each row
  when ((old.specialist_id, old.starts_at, old.ends_at) is distinct from (new.specialist_id, new.starts_at, new.ends_at))
  execute function app_private.tg_booking_requests__publish_changed();
