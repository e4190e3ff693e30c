-- The start that somebody names is a time of this world. SCH-05, SCH-06.

create or replace function app_private.require_start(at timestamptz, field text default 'startsAt') returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if at is null or not app_private.is_thinkable(at) then
    perform app_hidden.refuse(
      'VALIDATION', 'start_invalid', jsonb_build_object('rule', 'start_invalid', 'field', field));
  end if;
end;
$$;

comment on function app_private.require_start is
  'VALIDATION start_invalid for a start that is missing, infinite or in no year that we plan for.';

grant execute on function app_private.require_start to app_engine;
