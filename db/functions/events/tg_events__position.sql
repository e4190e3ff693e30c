-- Numbers the events of one subject: one more than its last. FND-14, SCA-01.
-- A number of the whole table would start again on another server, and events that moved there with their clinic
-- would seem to be later than what happens next. publish() holds the lock on the subject; the unique constraint
-- refuses who does without. A row that brings its position, as one that moves does, keeps it.

create or replace function app_private.tg_events__position() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  new.position := 1 + coalesce((
    select events.position
    from app_private.events
    where events.subject_id = new.subject_id
    order by events.position desc
    limit 1
  ), 0);
  return new;
end;
$$;

comment on function app_private.tg_events__position is 'Numbers the event within its subject. Trigger _150_position.';

create or replace trigger _150_position before insert on app_private.events
  for each row when (new.position is null) execute function app_private.tg_events__position();
