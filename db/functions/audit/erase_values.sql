-- Erasure reaches the log: values, addresses and the key of the digest are taken out, and the chain still verifies.
-- FND-08, FND-09, and what GDPR art. 17 will call.
-- Each erased entry gets an entry of its own in the same chain, which names it and the reason. Verification asks for
-- it: values that are gone without one were taken by somebody else.

create or replace function audit.erase_values(
  reason text,
  person_id uuid default null,
  table_name text default null,
  row_key text default null
) returns int
language plpgsql volatile
set search_path = ''
as $$
declare
  v_entries audit.entries[];
  v_entry audit.entries;
  v_id uuid;
begin
  if nullif(btrim(erase_values.reason), '') is null then
    perform app_hidden.refuse('VALIDATION', 'reason_missing', '{"field": "reason"}');
  end if;
  if erase_values.person_id is null and (erase_values.table_name is null or erase_values.row_key is null) then
    perform app_hidden.refuse('VALIDATION', 'nothing_named');
  end if;

  -- All at first: the first entry of a month makes its partition, which nobody may be reading then. Chains are in order.
  v_entries := array(
    select entries
    from audit.entries
    where (erase_values.person_id is null or entries.person_id = erase_values.person_id)
      and (erase_values.row_key is null or (entries.table_name = erase_values.table_name and entries.row_key = erase_values.row_key))
      and entries.key is not null
      and entries.action <> 'erase'
    order by entries.scope_id, entries.occurred_at, entries.id
  );
  foreach v_entry in array v_entries loop
    update audit.entries set old = null, new = null, ip = null, user_agent = null, key = null
    where entries.scope_id = v_entry.scope_id and entries.occurred_at = v_entry.occurred_at and entries.id = v_entry.id;
    v_id := audit.append(
      v_entry.organization_id, 'erase', 'audit.entries', v_entry.id::text, null, null, null,
      jsonb_build_object('reason', erase_values.reason));
  end loop;
  return cardinality(v_entries);
end;
$$;

comment on function audit.erase_values is
  'Takes the values out of every entry about this person, or this row, and records the reason for each; returns how many.';
grant execute on function audit.erase_values to app_engine;
