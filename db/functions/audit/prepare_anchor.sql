-- Writes down where every chain ends, as a document for the world outside the database. FND-09.
-- Each document names the hash of the one before, so they are a chain as well. The row is committed before the object
-- is stored: a run that is killed in between leaves it to the next one, with the same bytes.

set role app_engine;

create or replace function audit.prepare_anchor() returns table (number bigint, object_key text, bytes bytea)
language plpgsql volatile security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_before audit.anchors;
  v_number bigint;
  v_bytes bytea;
begin
  perform pg_advisory_xact_lock(hashtextextended('audit: anchor', 0));
  select anchors.* into v_before from audit.anchors order by anchors.number desc limit 1;
  v_number := coalesce(v_before.number, 0) + 1;

  select convert_to(jsonb_build_object(
        'number', v_number,
        'previous', encode(v_before.hash, 'hex'),
        'at', to_char(app_hidden.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'heads', jsonb_agg(jsonb_build_object(
          'organization', nullif(moved.scope_id, '00000000-0000-0000-0000-000000000000'), 'sequence', moved.sequence, 'hash', encode(moved.hash, 'hex'))
          order by moved.scope_id))::text, 'UTF8')
    into v_bytes
    from audit.heads as moved
    where not exists (
      select from audit.anchored_heads as anchored
      where anchored.scope_id = moved.scope_id and anchored.sequence = moved.sequence)
    having count(*) > 0;

  if v_bytes is not null then
    insert into audit.anchors (number, object_key, bytes, hash, previous_hash, created_at)
    values (v_number, 'audit/anchors/' || lpad(v_number::text, 12, '0') || '.json', v_bytes, sha256(v_bytes), v_before.hash,
            app_hidden.now());
    insert into audit.anchored_heads (anchor_number, scope_id, sequence, hash)
    select v_number, coalesce(head.organization, '00000000-0000-0000-0000-000000000000'), head.sequence,
           decode(head.hash, 'hex')
    from jsonb_to_recordset(convert_from(v_bytes, 'UTF8')::jsonb -> 'heads') as head (organization uuid, sequence bigint, hash text);
  end if;

  return query
  select anchors.number, anchors.object_key, anchors.bytes from audit.anchors where anchors.stored_at is null order by anchors.number;
end;
$$;

comment on function audit.prepare_anchor is
  'Makes an anchor of all chains that moved since the last, if any did, and answers with those that are not in object storage yet.';

grant execute on function audit.prepare_anchor to app_worker;
reset role;
