-- The worker claims and finishes effects through functions. FND-14, FND-15.

select app_private.classify('app_private.effects', home => 'cell', retention => 'operations', classes =>
  '{"operational": ["key", "attempts", "claimed_at", "claimed_by", "done_at", "result"]}',
  unaudited => 'Is itself a ledger, of what was done outside and by which worker.');
select app_private.protect('app_private.effects', engine => 'select, insert, update, delete');
-- A job is tried 25 times within some four days, and one that is replayed later finds that its message is no longer
-- queued: no retry makes an effect of 90 days ago once more.
select app_private.retain('app_private.effects', 'operations', 'delete', kept_from => 'claimed_at');
