-- The audit log in one line each.

create or replace function tests.seal() returns void
language plpgsql volatile
as $$
begin
  set constraints all immediate;
  set constraints all deferred;
end;
$$;

comment on function tests.seal() is 'What a commit does to the audit log: seals what is open. The test goes on in the same transaction.';

create or replace function tests.entries_of(table_name text, row_key uuid) returns setof audit.entries
language sql volatile security definer
as $$
  select * from audit.entries e
  where e.table_name = entries_of.table_name and e.row_key = entries_of.row_key::text
  order by e.id;
$$;

comment on function tests.entries_of(text, uuid) is 'The entries of a row, in the order in which they were written.';

-- A superuser's hand: triggers, foreign keys and constraints are off while the statement runs, and what it did is taken
-- back after verification has spoken.
create or replace function tests.after_tampering(statement text, asked text) returns text
language plpgsql volatile security definer
as $$
declare
  v_answer text;
  v_hits bigint;
begin
  begin
    perform set_config('session_replication_role', 'replica', true);
    execute after_tampering.statement;
    get diagnostics v_hits = row_count;
    execute after_tampering.asked into v_answer;
    raise exception using errcode = 'TT000';
  exception
    when sqlstate 'TT000' then null;
    when unique_violation then return 'a key stood in the way';
  end;
  if v_hits = 0 then
    return 'the statement touched nothing';
  end if;
  return v_answer;
end;
$$;

comment on function tests.after_tampering(text, text) is
  'What a query answers after this statement was run by a superuser with triggers off; taken back afterwards.';

create or replace function tests.tampered(statement text, organization uuid) returns text
language sql volatile
as $$
  select tests.after_tampering(tampered.statement, format(
    $q$select concat_ws(' ', finding, concat_ws('.', sequence, position)) from audit.verify(%L)$q$, tampered.organization));
$$;

comment on function tests.tampered(text, uuid) is
  'What verification finds after this statement was run by a superuser with triggers off: "changed 12.3", the finding, its '
  'sequence and position.';
