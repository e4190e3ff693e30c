-- The end of a chain, locked until commit; made when the clinic writes its first entry. FND-09.

create or replace function audit.locked_head(organization_id uuid) returns audit.heads
language plpgsql volatile
set search_path = ''
as $$
declare
  v_scope_id uuid := coalesce(locked_head.organization_id, '00000000-0000-0000-0000-000000000000');
  v_head audit.heads;
begin
  loop
    select heads.* into v_head from audit.heads where heads.scope_id = v_scope_id for update;
    exit when found;
    insert into audit.heads (scope_id, organization_id, sequence, hash, sealed_at)
    values (v_scope_id, locked_head.organization_id, 0, decode(repeat('00', 32), 'hex'), clock_timestamp())
    on conflict on constraint heads_pkey do nothing;
  end loop;
  return v_head;
end;
$$;

comment on function audit.locked_head(uuid) is 'Locks the head of the clinic''s chain; null is the platform''s.';

revoke all on function audit.locked_head(uuid) from public;
grant execute on function audit.locked_head(uuid) to app_engine;
