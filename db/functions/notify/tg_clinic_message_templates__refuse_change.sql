-- What a message was written with is not rewritten. FND-15.

create or replace function app_private.tg_clinic_message_templates__refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_hidden.refuse('IMMUTABLE', 'message_template_is_immutable');
  return null;
end;
$$;

comment on function app_private.tg_clinic_message_templates__refuse_change is 'Refuses update, delete and truncate of a version.';

create or replace trigger _200_refuse_change
  before update or delete or truncate on app_public.clinic_message_templates
  for each statement execute function app_private.tg_clinic_message_templates__refuse_change();
