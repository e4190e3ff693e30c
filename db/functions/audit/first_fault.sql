-- Reads a part of a chain again and names the first thing that is not as it was sealed. FND-09.
-- One statement: each row is held to its own bytes, hash and digest where it is read, then to its neighbours. `return
-- query` may use parallel workers, where `select into` may not.
-- `offset 0` keeps a row's own checks where it is read, and a fault from being worked out twice.
-- The bytes of a row begin with a count (4 bytes) and the hash before it (type and length, 8, then the hash or nothing).

set role app_engine;

create or replace function audit.first_fault(
  scope_id uuid, first bigint, last bigint, earliest timestamptz, latest timestamptz
) returns table (finding text, sequence bigint, "position" int, entry_id uuid)
language plpgsql stable security definer
set search_path = ''
set work_mem = '64MB'
set jit = off
set parallel_setup_cost = 0
set parallel_tuple_cost = 0
set min_parallel_table_scan_size = '1MB'
as $$
#variable_conflict use_column
begin
  return query
  with sealed as (
    select s.sequence, s.occurred_at, s.id, s.entries, s.entries_hash, s.hash, substr(s.bytes, 13, 32) as previous,
      case
        when sha256(s.bytes) <> s.hash then 'changed'
        when s.bytes <> own.bytes then
          -- All but the sequence: eight bytes after the chain.
          case when overlay(s.bytes placing '' from 77 for 8) = overlay(own.bytes placing '' from 77 for 8)
            then 'reordered' else 'changed' end
      end as fault
    from audit.seals as s
    cross join lateral (
      select audit.seal_bytes(substr(s.bytes, 13, 32), s.scope_id, s.sequence, s.id, s.occurred_at, s.sealed_at,
                              s.entries, s.entries_hash) as bytes
    ) as own
    where s.scope_id = first_fault.scope_id and s.sequence between first_fault.first - 1 and first_fault.last
    offset 0
  ),
  chain as (
    select s.sequence, s.previous_sequence, s.id, s.entries, s.entries_hash,
      case
        when s.sequence > s.previous_sequence + 1 then 'missing|seal'
        when s.sequence = s.previous_sequence then 'added|seal'
        when s.fault is not null then s.fault || '|seal'
        when s.previous <> s.previous_hash then 'changed|seal before' -- this one remembers another
      end as fault
    from (
      select sealed.*,
        lag(sealed.sequence, 1, case when first_fault.first = 1 then 0 else first_fault.first - 2 end) over before as previous_sequence,
        lag(sealed.hash, 1, decode(repeat('00', 32), 'hex')) over before as previous_hash
      from sealed
      window before as (order by sealed.sequence, sealed.occurred_at rows unbounded preceding)
    ) as s
  ),
  written as (
    select e.seal_id, e.position, e.id, e.hash, own.previous,
      case
        when sha256(e.bytes) <> e.hash then 'changed'
        when e.bytes <> own.bytes then
          -- All but seal and position: 36 bytes after the hash before.
          case when overlay(e.bytes placing '' from own.place for 36) = overlay(own.bytes placing '' from own.place for 36)
            then 'reordered' else 'changed' end
        when e.key is null then case when num_nonnulls(e.old, e.new, e.ip, e.user_agent) > 0 then 'values differ' else 'erased' end
        when audit.entry_digest(e.old, e.new, e.ip, e.user_agent, e.key) <> e.digest then 'values differ'
      end as fault
    from audit.entries as e
    cross join lateral (
      select case when get_byte(e.bytes, 8) = 0 then substr(e.bytes, 13, 32) end as previous -- a length, or -1 for null
    ) as before
    cross join lateral (
      select before.previous,
             audit.entry_bytes(before.previous, e.seal_id, e.position, e.id, e.organization_id, e.occurred_at, e.actor_id,
               e.impersonator_id, e.session_role, e.request_id, e.action, e.table_name, e.row_key, e.person_id, e.changed,
               e.digest) as bytes,
             case when before.previous is null then 13 else 45 end as place
    ) as own
    where e.scope_id = first_fault.scope_id and e.occurred_at between first_fault.earliest and first_fault.latest
    offset 0
  ),
  placed as (
    select w.seal_id, w.position, w.id, w.hash, w.fault, w.is_last,
      w.position > case when w.is_first then 0 else w.previous_position end + 1 as is_after_a_gap,
      not w.is_first and w.position = w.previous_position as is_second,
      w.previous is distinct from case when not w.is_first then w.previous_hash end as is_unlinked
    from (
      -- One window over all: a partition for each seal would cost more than the look at its neighbour.
      select written.*, lag(written.seal_id) over written_order is distinct from written.seal_id as is_first,
             lead(written.seal_id) over written_order is distinct from written.seal_id as is_last,
             lag(written.position) over written_order as previous_position, lag(written.hash) over written_order as previous_hash
      from written
      window written_order as (order by written.seal_id, written.position, written.id rows unbounded preceding)
    ) as w
  ),
  found as (
    select s.sequence, s.previous_sequence, e.seal_id, e.position, e.id,
      case
        when s.id is null then
          case when e.seal_id not in (
            select other.id from audit.seals as other
            where other.scope_id = first_fault.scope_id and other.occurred_at between first_fault.earliest and first_fault.latest
          ) then 'unsealed' end
        when s.sequence < first_fault.first then null
        when s.fault is not null then s.fault
        when e.id is null then 'missing|after'
        when e.is_after_a_gap then 'missing|before'
        when e.is_second or e.position > s.entries then 'added'
        when e.fault <> 'erased' then e.fault
        when coalesce(e.fault = 'erased', false) and e.id::text not in (
          select erasure.row_key
          from audit.entries as erasure
          join audit.seals as of_erasure on of_erasure.scope_id = erasure.scope_id and of_erasure.id = erasure.seal_id
          where erasure.scope_id = first_fault.scope_id and erasure.action = 'erase' and erasure.row_key is not null
        ) then 'values missing'
        when e.is_unlinked then 'changed|before'
        when e.is_last and e.position < s.entries then 'missing|after'
        when e.is_last and e.hash <> s.entries_hash then 'changed'
      end as fault
    from chain as s
    full join placed as e on e.seal_id = s.id
    offset 0
  ),
  first_found as (
    select f.* from found as f where f.fault is not null order by f.sequence nulls last, f.position limit 1
  )
  select split_part(f.fault, '|', 1),
    case f.fault when 'missing|seal' then f.previous_sequence + 1 when 'changed|seal before' then f.sequence - 1 else f.sequence end,
    case when f.fault like '%|seal%' then null when f.fault like '%|before' then f.position - 1
         when f.fault like '%|after' then coalesce(f.position, 0) + 1 else f.position end,
    case when f.fault = 'changed|before' then before.id when f.fault not like '%|%' then f.id end
  from first_found as f
  left join lateral (
    select e.id
    from audit.entries as e
    where e.scope_id = first_fault.scope_id and e.occurred_at between first_fault.earliest and first_fault.latest
      and e.seal_id = f.seal_id and e.position < f.position
    order by e.position desc, e.id desc
    limit 1
  ) as before on f.fault = 'changed|before';
end;
$$;

comment on function audit.first_fault is
  'The first thing in these sequences of a chain that is not as it was sealed, or no row. Times enclose the seals.';

reset role;
