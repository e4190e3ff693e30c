-- Object storage has the document. FND-09.

set role app_engine;

create or replace function audit.confirm_anchor(number bigint) returns void
language sql volatile strict security definer
set search_path = ''
as $$
  update audit.anchors set stored_at = clock_timestamp()
  where anchors.number = confirm_anchor.number and anchors.stored_at is null
$$;

comment on function audit.confirm_anchor is 'Marks an anchor as stored outside.';

grant execute on function audit.confirm_anchor to app_worker;
reset role;
