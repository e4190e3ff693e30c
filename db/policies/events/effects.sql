-- The worker claims and finishes effects through functions. FND-14, FND-15.

select app_private.classify('app_private.effects', home => 'cell', retention => 'ledger', classes =>
  '{"operational": ["key", "attempts", "claimed_at", "claimed_by", "done_at", "result"]}',
  unaudited => 'Is itself a ledger, of what was done outside and by which worker.');
select app_private.protect('app_private.effects', engine => 'select, insert, update');
