-- What was published or computed is not rewritten, by nobody: the owner of the table and the engine included. FRM-02, FRM-04.
-- Per statement: it refuses before a row is looked for, so the answer is the same for whoever sees no row. An update by
-- on conflict, a cascade and truncate come by here as well.

create or replace function app_private.tg_frozen() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_hidden.refuse('IMMUTABLE', 'never_changed', jsonb_build_object('entity', tg_table_name));
  return null;
end;
$$;

comment on function app_private.tg_frozen is 'Refuses every update, delete and truncate. Trigger _200_frozen.';
