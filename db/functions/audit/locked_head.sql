-- The end of a chain, locked until commit; made when the clinic writes its first entry. FND-09.

create or replace function audit.locked_head(scope_id uuid) returns audit.heads
language plpgsql volatile
set search_path = ''
as $$
declare
  v_head audit.heads;
begin
  loop
    select heads.* into v_head from audit.heads where heads.scope_id = locked_head.scope_id for update;
    exit when found;
    insert into audit.heads (scope_id, sequence, hash, sealed_at)
    values (locked_head.scope_id, 0, decode(repeat('00', 32), 'hex'), clock_timestamp())
    on conflict on constraint heads_pkey do nothing;
  end loop;
  return v_head;
end;
$$;

comment on function audit.locked_head(uuid) is 'Locks the head of a chain.';

revoke all on function audit.locked_head(uuid) from public;
grant execute on function audit.locked_head(uuid) to app_engine;
