-- The anchors that object storage confirmed, to be held beside what it has. FND-09.

set role app_engine;

create or replace function audit.stored_anchors() returns table (number int, hash bytea)
language sql stable security definer
set search_path = ''
begin atomic
  select anchors.number::int, anchors.hash from audit.anchors where anchors.stored_at is not null order by anchors.number;
end;

comment on function audit.stored_anchors is 'Number and hash of every anchor that is in object storage.';

grant execute on function audit.stored_anchors to app_worker;
reset role;
