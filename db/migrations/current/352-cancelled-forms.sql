-- A form that staff take back before anybody answered it (FRM-04).

alter table app_public.forms drop constraint if exists forms_status_is_known;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.forms add constraint forms_status_is_known
  check (status in ('pending', 'in_progress', 'completed', 'signed', 'cancelled'));
comment on constraint forms_status_is_known on app_public.forms is
  E'pending: Nobody has answered yet.\n'
  'in_progress: Some of it is answered.\n'
  'completed: Everything that is asked is answered.\n'
  'signed: Signed; nothing of it changes any more.\n'
  'cancelled: Staff took it back before anybody answered.';

alter table app_public.form_moves drop constraint if exists form_moves_from_status_is_known;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.form_moves add constraint form_moves_from_status_is_known
  check (from_status in ('pending', 'in_progress', 'completed', 'signed', 'cancelled'));
alter table app_public.form_moves drop constraint if exists form_moves_to_status_is_known;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.form_moves add constraint form_moves_to_status_is_known
  check (to_status in ('pending', 'in_progress', 'completed', 'signed', 'cancelled'));

