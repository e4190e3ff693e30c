-- An event stands until its retention has passed, whoever deletes it; and while that is held, it stands. FND-14, GDP-03.

create or replace function app_private.tg_events__refuse_early_end() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if exists (
    select from ended
    where not exists (
      select from app_private.retention_acts() as acts
      where acts.table_name = 'app_private.events'
        and acts.act = 'delete'
        and ended.occurred_at < app_hidden.now() - acts.keep_for)
  ) then
    perform app_hidden.refuse('IMMUTABLE', 'event_is_immutable');
  end if;
  return null;
end;
$$;

comment on function app_private.tg_events__refuse_early_end is 'Refuses to delete events before their time is over.';

create or replace trigger _900_refuse_early_end
  after delete on app_private.events
  referencing old table as ended
  for each statement execute function app_private.tg_events__refuse_early_end();
