-- Who may name a specialist: the visitor where the calendar lets them pick, staff always. Elsewhere the clinic
-- assigns, and an answer per specialist would tell who is away. SCH-02, SCH-04.

create or replace function app_private.require_choice(
  calendar app_public.calendars,
  specialist_id uuid
) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if specialist_id is null then
    return;
  end if;

  if calendar.assignment_strategy <> 'specific' and not app_private.is_staff_of(calendar.organization_id) then
    perform app_hidden.refuse(
      'VALIDATION', 'specialist_is_assigned',
      jsonb_build_object('rule', 'specialist_is_assigned', 'field', 'specialistId'));
  end if;

  if not exists (
    select
    from app_public.calendar_specialists as cs
    join app_public.service_specialists as ss
      on ss.organization_id = cs.organization_id and ss.specialist_id = cs.specialist_id
     and ss.service_id = calendar.service_id
    join app_public.specialists as sp
      on sp.organization_id = cs.organization_id and sp.id = cs.specialist_id
     and sp.scheduling_active and sp.deleted_at is null
    where cs.organization_id = calendar.organization_id
      and cs.calendar_id = calendar.id
      and cs.specialist_id = require_choice.specialist_id
  ) then
    perform app_hidden.refuse(
      'VALIDATION', 'unknown_specialist',
      jsonb_build_object('rule', 'unknown_specialist', 'field', 'specialistId'));
  end if;
end;
$$;

comment on function app_private.require_choice is
  'Refuses a specialist whom the caller may not pick, or who cannot be booked in this calendar.';

grant execute on function app_private.require_choice to app_engine;
