-- Test: claim_effect - what was done is not claimed again, what failed is. FND-14, FND-15.
begin;
select plan(11);
select tests.act_as('the worker');
select is(app_private.claim_effect('email:2', 'worker-a'), 'claimed', 'one that is never finished');
select is(app_private.claim_effect('email:1', 'worker-a'), 'claimed', 'a new effect is claimed');
select lives_ok($$select app_private.release_effect('email:1')$$, 'it fails and the claim is given back');
select is(app_private.claim_effect('email:1', 'worker-b'), 'claimed', 'the retry claims it again');
select lives_ok($$select app_private.finish_effect('email:1', '{"sent": true}')$$, 'this time it is done');
select lives_ok($$select app_private.release_effect('email:1')$$, 'and given back');
select is(app_private.claim_effect('email:1', 'worker-a'), 'done', 'nobody makes it again');
select throws_ok($$select app_private.claim_effect('nonsense', 'worker-a')$$, '23514', null, 'a key names its kind');

select tests.act_as('the database');
select results_eq(
  $$select attempts, claimed_by, done_at is not null, result from app_private.effects where key = 'email:1'$$,
  $$values (2, 'worker-b', true, '{"sent": true}'::jsonb)$$,
  'the ledger says who did it, in how many attempts and with what result');
select is((select done_at from app_private.effects where key = 'email:2'), null, 'and of no other that it was done');
select is_empty($$select * from app_private.effects where key = 'nonsense'$$, 'a refused claim leaves nothing');
select * from finish();
rollback;
