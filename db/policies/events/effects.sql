-- The worker claims and finishes effects through functions. FND-14, FND-15.

alter table app_private.effects enable row level security;
alter table app_private.effects force row level security;

grant select, insert, update, delete on app_private.effects to app_engine;

drop policy if exists effects_all_engine on app_private.effects;
create policy effects_all_engine on app_private.effects
  for all to app_engine
  using (true) with check (true);

select app_private.classify('app_private.effects', 'operations',
  '{"operational": ["key", "attempts", "claimed_at", "claimed_by", "done_at", "result"]}',
  unaudited => 'Is itself a ledger, of what was done outside and by which worker.');
-- A job is tried 25 times within some four days, and one that is replayed later finds that its message is no longer
-- queued: no retry makes an effect of 90 days ago once more.
select app_private.retain('app_private.effects', 'operations', 'delete', kept_from => 'claimed_at');
