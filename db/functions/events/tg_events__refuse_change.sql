-- What happened is not rewritten, by nobody. FND-14.
-- Per statement: it refuses before a row is looked for, so the answer is the same for whoever sees no row. The engine alone
-- gets to delete, and only what its retention has passed for: tg_events__refuse_early_end looks at what it deleted.

create or replace function app_private.tg_events__refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if tg_op = 'DELETE' and current_user = 'app_engine' then
    return null;
  end if;
  perform app_hidden.refuse('IMMUTABLE', 'event_is_immutable');
  return null;
end;
$$;

comment on function app_private.tg_events__refuse_change is 'Refuses update, delete and truncate of events, but to the engine what is over.';

create or replace trigger _200_refuse_change
  before update or delete or truncate on app_private.events
  for each statement execute function app_private.tg_events__refuse_change();
