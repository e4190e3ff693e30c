-- Forms come with the appointment, by whichever verb it is made or moved. FRM-08.

set role app_engine;

create or replace function app_private.tg_appointments__ask_forms() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform app_private.ask_forms(new);
  return null;
end;
$$;

comment on function app_private.tg_appointments__ask_forms is
  'Makes the forms that an appointment asks for. Triggers _910_ask_forms and _910_ask_forms_of_change.';

reset role;

create or replace trigger _910_ask_forms after insert on app_public.appointments
  for each row execute function app_private.tg_appointments__ask_forms();
create or replace trigger _910_ask_forms_of_change after update of starts_at, service_id, calendar_id on app_public.appointments
  for each row
  when ((old.starts_at, old.service_id, old.calendar_id) is distinct from (new.starts_at, new.service_id, new.calendar_id))
  execute function app_private.tg_appointments__ask_forms();
