-- Test: dead_letters - jobs that used up their attempts are listed, replayed and discarded by the platform. FND-28.
begin;
select plan(19);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.person('root', superadmin => true);

select graphile_worker.add_job('deliver_email', '{"messageId": "00000000-0000-7000-8000-000000000001"}', job_key => name)
from (values ('dead'), ('also dead'), ('alive'), ('running')) as jobs (name);
update graphile_worker._private_jobs set attempts = max_attempts, last_error = 'MailDelayed smtp ETIMEDOUT'
where key in ('dead', 'also dead', 'running');
update graphile_worker._private_jobs set locked_at = now(), locked_by = 'worker-1' where key = 'running';

create function pg_temp.job(name text) returns bigint language sql security definer
  return (select id from graphile_worker._private_jobs where key = job.name);

select tests.act_as('root');
select results_eq(
  $$select task, key, last_error from app_public.dead_letters() order by key$$,
  $$values ('deliver_email', 'also dead', 'MailDelayed smtp ETIMEDOUT'), ('deliver_email', 'dead', 'MailDelayed smtp ETIMEDOUT')$$,
  'only those that nobody will try again');

select lives_ok(format('select app_public.replay_dead_letter(%s)', pg_temp.job('dead')), 'one is tried again');
select * from tests.refuses(format('select app_public.replay_dead_letter(%s)', pg_temp.job('dead')),
  'NOT_FOUND', 'dead_letter_not_found', 'once');
select * from tests.refuses(format('select app_public.replay_dead_letter(%s)', pg_temp.job('running')),
  'NOT_FOUND', 'dead_letter_not_found', 'not while it runs');
select * from tests.refuses(format('select app_public.discard_dead_letter(%s, %L)', pg_temp.job('alive'), 'not needed'),
  'NOT_FOUND', 'dead_letter_not_found', 'what is still tried is not thrown away');
select * from tests.breaks(format('select app_public.discard_dead_letter(%s, %L)', pg_temp.job('also dead'), ' '),
  'dead_letter_decisions_discarding_says_why', 'nobody throws away without a reason');
select lives_ok(format('select app_public.discard_dead_letter(%s, %L)', pg_temp.job('also dead'), 'the clinic closed'),
  'with a reason it goes');
select is_empty('select from app_public.dead_letters()', 'none is left');

select tests.act_as('olga');
select * from tests.refuses('select app_public.dead_letters()', 'FORBIDDEN', 'superadmin_only', 'a clinic sees none');
select * from tests.refuses('select app_public.replay_dead_letter(1)', 'FORBIDDEN', 'superadmin_only', 'nor decides about any');

select tests.act_as('the database');
select results_eq(
  $$select attempts::int, run_at <= clock_timestamp() from graphile_worker._private_jobs where key = 'dead'$$,
  $$values (0, true)$$, 'the replayed one is due, with all its attempts');
select is_empty($$select from graphile_worker._private_jobs where key = 'also dead'$$, 'the discarded one is gone');
select results_eq(
  $$select decision, key, reason, decided_by from app_private.dead_letter_decisions order by decision$$,
  $$values ('discarded', 'also dead', 'the clinic closed', tests.id('root')),
           ('replayed', 'dead', null, tests.id('root'))$$,
  'and who decided what stays on record');
select * from finish();
rollback;
