-- Staff of the clinic see further and are not limited like visitors. SCH-05, SCH-06.
-- A visitor is staff of nothing: nobody is looked for.

create or replace function app_private.is_staff_of(organization_id uuid) returns boolean
language sql stable
set search_path = ''
return app_hidden.current_principal_id() is not null
  and is_staff_of.organization_id = any (app_hidden.current_staff_organization_ids());

comment on function app_private.is_staff_of is 'Whether the caller works at this clinic.';

grant execute on function app_private.is_staff_of to app_engine;
