-- Whether the audit log of a clinic is what was written, in a span of time. FND-09.

set role app_engine;

create or replace function audit.verify(
  organization uuid, "from" timestamptz default '-infinity', "to" timestamptz default 'infinity'
) returns table (seals bigint, entries bigint, finding text, sequence bigint, "position" int, entry_id uuid)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_from constant timestamptz := coalesce(verify."from", '-infinity');
  v_to constant timestamptz := coalesce(verify."to", 'infinity');
  v_first bigint;
  v_last bigint;
begin
  -- Transactions commit in another order than they start, so a span of time is the sequences from its first to its last.
  select min(s.sequence), max(s.sequence) into v_first, v_last
  from audit.seals as s
  where s.scope_id = coalesce(verify.organization, '00000000-0000-0000-0000-000000000000')
    and s.occurred_at >= v_from and s.occurred_at < v_to;

  return query
  select * from audit.verify_sequences(
    verify.organization,
    case when v_from = '-infinity' then 1 else coalesce(v_first, 9223372036854775807) end,
    case when v_to < 'infinity' then coalesce(v_last, 0) end);
end;
$$;

comment on function audit.verify is
  'Verifies the chain of a clinic (null: the platform''s) from one time to another, without times the whole. One row: '
  'seals and entries read; finding, null when all is whole, else what is wrong first, with its sequence, position and entry.';

grant execute on function audit.verify to app_worker;
reset role;
