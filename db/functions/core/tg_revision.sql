-- Who saves what several people edit names the revision that they read: the last of two does not win unseen. SEG-01, AUT-01, DOC-01.
-- The column holds the revision that stands, and in an update the one that was read. An update that names none is of none in
-- particular. What stays as it was is no new revision. docs/decisions/0153.

create or replace function app_private.tg_revision() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if new.revision is distinct from old.revision then
    perform app_hidden.refuse('CONFLICT', 'changed_meanwhile');
  end if;
  if to_jsonb(new) - 'updated_at' <> to_jsonb(old) - 'updated_at' then
    new.revision := old.revision + 1;
  end if;
  return new;
end;
$$;

comment on function app_private.tg_revision is
  'CONFLICT changed_meanwhile where another revision was read than stands; counts the next. Trigger _200_revision.';
