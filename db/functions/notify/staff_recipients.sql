-- The staff of a clinic that messages about an event go to. FND-15.

create or replace function app_private.staff_recipients(organization_id uuid, permission text) returns app_private.message_recipient[]
language sql stable
set search_path = ''
begin atomic
  select array_agg(row(null, human_id, null, null, null, null, null)::app_private.message_recipient)
  from app_private.staff_who_may(staff_recipients.organization_id, staff_recipients.permission) as human_id;
end;

comment on function app_private.staff_recipients is 'The staff of a clinic who have a permission, as recipients of messages; null when there is nobody.';
grant execute on function app_private.staff_recipients to app_engine;
