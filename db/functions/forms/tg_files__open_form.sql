-- Files of a form come and go while it is open: afterwards they are what was answered, and signed with it. FRM-04, FRM-06.
-- The lock makes an upload and a completion wait for each other.

set role app_engine;

create or replace function app_private.tg_files__open_form() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_form app_public.forms;
begin
  select forms.* into strict v_form from app_public.forms where forms.id = new.form_id for share;
  if new.status <> 'deleted' then
    perform app_private.require_form_stands(v_form);
  end if;
  if v_form.status in ('completed', 'signed') then
    perform app_hidden.refuse(
      'IMMUTABLE', case v_form.status when 'signed' then 'form_is_signed' else 'form_is_completed' end,
      jsonb_build_object('formId', new.form_id));
  end if;
  return null;
end;
$$;

comment on function app_private.tg_files__open_form is
  'IMMUTABLE form_is_completed or form_is_signed for files that come to a closed form or leave it, STATE form_is_cancelled. Triggers _300_open_form.';

reset role;

create or replace trigger _300_open_form after insert on app_public.files
  for each row when (new.surface = 'forms')
  execute function app_private.tg_files__open_form();
create or replace trigger _300_open_form_still after update of status on app_public.files
  for each row when (new.surface = 'forms' and old.status <> new.status and new.status in ('confirmed', 'deleted'))
  execute function app_private.tg_files__open_form();
