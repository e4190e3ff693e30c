-- Where the visitor picks the specialist and "any" is not offered, one has to be named. SCH-02, SCH-06.

create or replace function app_private.require_named(calendar app_public.calendars, specialist_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if require_named.specialist_id is null
    and calendar.assignment_strategy = 'specific' and not calendar.allows_any_specialist then
    perform app_hidden.refuse(
      'VALIDATION', 'specialist_required',
      jsonb_build_object('rule', 'specialist_required', 'field', 'specialistId'));
  end if;
end;
$$;

comment on function app_private.require_named is
  'VALIDATION specialist_required where the calendar offers no "any" and nobody is named.';

grant execute on function app_private.require_named to app_engine;
