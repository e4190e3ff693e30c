-- What was written down is not rewritten, by nobody. FND-08.
-- Per statement, so that the answer is the same for whoever sees no row. One change exists: the engine takes out what
-- erasure takes out, which tg_entries__only_erase holds to.

create or replace function audit.tg_refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' and current_user = 'app_engine' and tg_table_name in ('entries', 'anchors') then
    return null;
  end if;
  perform app_hidden.refuse('IMMUTABLE', 'audit_is_append_only');
  return null;
end;
$$;

comment on function audit.tg_refuse_change is 'Refuses update, delete and truncate of the log. Trigger _200_refuse_change.';

create or replace trigger _200_refuse_change before update or delete or truncate on audit.entries
  for each statement execute function audit.tg_refuse_change();
create or replace trigger _200_refuse_change before update or delete or truncate on audit.seals
  for each statement execute function audit.tg_refuse_change();
create or replace trigger _200_refuse_change before update or delete or truncate on audit.anchors
  for each statement execute function audit.tg_refuse_change();
create or replace trigger _200_refuse_change before update or delete or truncate on audit.anchored_heads
  for each statement execute function audit.tg_refuse_change();
create or replace trigger _200_refuse_change before delete or truncate on audit.heads
  for each statement execute function audit.tg_refuse_change();
