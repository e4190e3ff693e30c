-- Verifies a chain, or a part of it, and what the anchors and the head remember of it. FND-09.
-- The answer is one row: finding is null for a chain that is whole, or says what is wrong first, by sequence:
--   changed          not what was sealed             missing         a seal or an entry is gone
--   reordered        intact, in another place        added           a second one in the same place
--   values differ    not what the digest was made of values missing  gone, and no record of an erasure
--   unsealed         an entry that no commit sealed  head differs    the chain does not end where its head says
--   tail cut         an anchor knows of more         anchor differs  an anchor remembers another hash

set role app_engine;

create or replace function audit.verify_sequences(organization uuid, first bigint default 1, last bigint default null)
returns table (seals bigint, entries bigint, finding text, sequence bigint, "position" int, entry_id uuid)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_scope_id constant uuid := coalesce(verify_sequences.organization, '00000000-0000-0000-0000-000000000000');
  v_first constant bigint := greatest(verify_sequences.first, 1);
  v_last constant bigint := coalesce(verify_sequences.last, 9223372036854775807);
  v_earliest timestamptz;
  v_latest timestamptz;
  v_end bigint;
begin
  select min(s.occurred_at), max(s.occurred_at), count(*), coalesce(sum(s.entries), 0)
  into v_earliest, v_latest, seals, entries
  from audit.seals as s
  where s.scope_id = v_scope_id and s.sequence between v_first and v_last;

  -- With the end of the chain, whatever stands after it belongs to the range, too.
  select max(s.sequence) into v_end from audit.seals as s where s.scope_id = v_scope_id;
  if v_last >= coalesce(v_end, 0) then
    v_latest := 'infinity';
  end if;
  if v_first = 1 then
    v_earliest := '-infinity';
  end if;

  select fault.* into finding, sequence, "position", entry_id
  from audit.first_fault(v_scope_id, v_first, v_last, v_earliest, v_latest) as fault;

  if finding is null then
    select case when anchored.sequence > coalesce(v_end, 0) then 'tail cut' else 'anchor differs' end, anchored.sequence
    into finding, sequence
    from audit.anchored_heads as anchored
    where anchored.scope_id = v_scope_id and anchored.sequence between v_first and v_last
      and not exists (
        select from audit.seals as s
        where s.scope_id = v_scope_id and s.sequence = anchored.sequence and s.hash = anchored.hash)
    order by anchored.sequence
    limit 1;
  end if;

  if finding is null then
    select 'head differs', coalesce(v_end, 0) into finding, sequence
    from (select v_scope_id as scope_id) as chain
    left join audit.heads on heads.scope_id = chain.scope_id
    left join audit.seals as s on s.scope_id = chain.scope_id and s.sequence = v_end
    where (coalesce(heads.sequence, 0), coalesce(heads.hash, decode(repeat('00', 32), 'hex')))
      is distinct from (coalesce(s.sequence, 0), coalesce(s.hash, decode(repeat('00', 32), 'hex')));
  end if;
  return next;
end;
$$;

comment on function audit.verify_sequences is
  'Verifies the seals of these sequences of a clinic''s chain (null: the platform''s) against the one before them, the '
  'anchors and the head. finding is null when all is whole.';

grant execute on function audit.verify_sequences to app_worker;
reset role;
