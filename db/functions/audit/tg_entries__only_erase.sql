-- The one change an entry knows: everything that may be personal is taken out, with the key, at once. FND-08.

create or replace function audit.tg_entries__only_erase() returns trigger
language plpgsql volatile
set search_path = ''
as $$
declare
  v_erased audit.entries := old;
begin
  v_erased.old := null;
  v_erased.new := null;
  v_erased.ip := null;
  v_erased.user_agent := null;
  v_erased.key := null;
  -- What is generated is filled in after this trigger.
  v_erased.scope_id := new.scope_id;
  if new is distinct from v_erased then
    perform app_hidden.refuse('IMMUTABLE', 'audit_is_append_only');
  end if;
  return new;
end;
$$;

comment on function audit.tg_entries__only_erase is
  'Lets an update through that leaves nothing personal and changes nothing else. Trigger _200_only_erase.';

create or replace trigger _200_only_erase before update on audit.entries
  for each row execute function audit.tg_entries__only_erase();
