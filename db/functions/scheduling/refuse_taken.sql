-- The one way to say that somebody was faster. SCH-06.

create or replace function app_private.refuse_taken(calendar_id uuid, starts_at timestamptz) returns void
language sql stable
set search_path = ''
as $$
  select app_hidden.refuse(
    'SLOT_TAKEN', 'slot_taken',
    jsonb_build_object('calendarId', refuse_taken.calendar_id, 'startsAt', refuse_taken.starts_at));
$$;

comment on function app_private.refuse_taken is 'Refuses with SLOT_TAKEN.';

grant execute on function app_private.refuse_taken to app_engine;
