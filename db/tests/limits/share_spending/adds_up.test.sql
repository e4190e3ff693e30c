-- Test: share_spending - what servers report of one caller adds up, and runs off with time. FND-27.
begin;
select plan(8);
create function pg_temp.share(key text, ms int) returns int language sql as $$
  select ahead_ms from app_hidden.share_spending(array[decode(md5(key), 'hex')], array[ms]) $$;
select tests.act_as('the authenticator');
select is(pg_temp.share('ana', 10000), 10000, 'the first report');
select cmp_ok(abs(pg_temp.share('ana', 5000) - 15000), '<', 1000, 'a second one comes on top, less what has run off since');
select is(pg_temp.share('dan', 700), 700, 'another caller has an allowance of their own');
select is(pg_temp.share('ana', 2000000000), 3600000, 'nobody is ahead for longer than an hour');
select is(
  (select array_agg(ahead_ms order by ahead_ms) from app_hidden.share_spending(array[decode(md5('x'), 'hex'), decode(md5('y'), 'hex')], '{1,2}')),
  '{1,2}', 'many callers in one statement');
select tests.act_as('the database');
update app_private.spent_allowances set spent_until = statement_timestamp() - interval '1 day' where key_digest = decode(md5('dan'), 'hex');
select tests.act_as('the authenticator');
select is(pg_temp.share('dan', 300), 300, 'what is long past does not count');
select throws_ok($$select from app_private.spent_allowances$$, '42501', null, 'the table itself is not the servers'' to read');
select tests.act_as('ana''s visitor');
select throws_ok($$select app_hidden.share_spending('{}', '{}')$$, '42501', null, 'and callers spend through servers only');
select * from finish();
rollback;
