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
-- back after verification has spoken. The answer is "changed 12.3": the finding, its sequence and position.
create or replace function tests.tampered(statement text, organization uuid) returns text
language plpgsql volatile security definer
as $$
declare
  v_found text;
  v_hits bigint;
begin
  begin
    perform set_config('session_replication_role', 'replica', true);
    execute tampered.statement;
    get diagnostics v_hits = row_count;
    select concat_ws(' ', v.finding, concat_ws('.', v.sequence, v.position)) into v_found from audit.verify(tampered.organization) v;
    raise exception using errcode = 'TT000';
  exception
    when sqlstate 'TT000' then null;
    when unique_violation then return 'a key stood in the way';
  end;
  if v_hits = 0 then
    return 'the statement touched nothing';
  end if;
  return v_found;
end;
$$;

comment on function tests.tampered(text, uuid) is
  'What verification finds after this statement was run by a superuser with triggers off; taken back afterwards.';
