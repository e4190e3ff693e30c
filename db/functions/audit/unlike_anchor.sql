-- What of an anchor that was read from object storage does not fit the chains of today. FND-09.

set role app_engine;

create or replace function audit.unlike_anchor(heads jsonb)
returns table (organization uuid, sequence bigint, finding text)
language sql stable strict security definer
set search_path = ''
begin atomic
  select anchored.organization, anchored.sequence,
         case when seals.hash is null then 'tail cut' else 'anchor differs' end
  from jsonb_to_recordset(unlike_anchor.heads) as anchored (organization uuid, sequence bigint, hash text)
  left join audit.seals
    on seals.scope_id = coalesce(anchored.organization, '00000000-0000-0000-0000-000000000000')
   and seals.sequence = anchored.sequence
  where seals.hash is distinct from decode(anchored.hash, 'hex');
end;

comment on function audit.unlike_anchor is
  'Heads of an anchor, [{organization, sequence, hash}], that the chains do not have, or have with another hash.';

grant execute on function audit.unlike_anchor to app_worker;
reset role;
