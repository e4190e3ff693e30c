-- What was published never changes, and clinics are billed by it: the owner of the table and the engine included. FND-20.

create or replace function app_private.tg_platform_tier_versions__keep() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if old.published_at is not null
    or tg_op = 'UPDATE' and (new.id, new.tier_id, new.version) is distinct from (old.id, old.tier_id, old.version) then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "platform_tier_versions"}');
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end;
$$;

comment on function app_private.tg_platform_tier_versions__keep is
  'IMMUTABLE never_changed for a version that was published, and for another place of a draft. Trigger _300_keep.';
