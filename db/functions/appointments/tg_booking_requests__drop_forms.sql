-- A request that became no appointment leaves no forms to fill in with the patient that the guest was taken for, and no patient
-- who was made for it alone. APT-09, FRM-08.

set role app_engine;

create or replace function app_private.tg_booking_requests__drop_forms() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform app_private.let_go_of_guest(new);
  return null;
end;
$$;

comment on function app_private.tg_booking_requests__drop_forms is
  'Takes back what was made ahead for a request which fell through: forms, and the patient. Trigger _910_drop_forms.';

reset role;

create or replace trigger _910_drop_forms after update of status on app_public.booking_requests
  for each row
  when (new.patient_profile_id is not null and new.status in ('rejected', 'expired', 'withdrawn') and old.status = 'requested')
  execute function app_private.tg_booking_requests__drop_forms();
