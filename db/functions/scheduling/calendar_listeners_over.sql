-- Which of those who listen to calendars that are not public may not any more: is_staff_of() for each of them in one query,
-- as listeners_over() asks for permissions. SCH-07.

set role app_engine;

create or replace function app_hidden.calendar_listeners_over(
  principal_ids uuid[],
  named_organization_ids uuid[],
  calendar_ids uuid[]
) returns table (place int)
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  for v_place in 1 .. cardinality(principal_ids) loop
    -- Until the transaction ends, which is when this function does: the server asks by itself.
    perform set_config('app.principal_id', principal_ids[v_place]::text, true),
            set_config('app.organization_id', coalesce(named_organization_ids[v_place]::text, ''), true);
    continue when exists (
      select from app_public.calendars as c
      where c.id = calendar_ids[v_place] and app_private.is_staff_of(c.organization_id));
    place := v_place;
    return next;
  end loop;
end;
$$;

comment on function app_hidden.calendar_listeners_over is
  'Of people given as columns, with the clinic that their connection names (or null) and the calendar that they listen to: '
  'the places, from 1, of those who do not work at the calendar''s clinic.';
grant execute on function app_hidden.calendar_listeners_over to app_authenticator;

reset role;
