-- Test: forget_remembered_mutations - answers are kept for a day and then deleted, by the worker only. FND-26, FND-27.
begin;
select plan(7);
select tests.freeze_time('2027-03-01 08:00+02');
insert into app_private.remembered_mutations (request_digest, operation, arguments_digest, response, created_at)
select sha256(k::bytea), 'hold_slot', sha256(k::bytea), extensions.pgp_sym_encrypt('{}', k), at::timestamptz
from (values ('old', '2027-02-28 07:59:59.999999+02'), ('older', '2027-02-01 08:00+02'), ('young', '2027-02-28 08:00+02')) as rows (k, at);
select tests.act_as('a visitor');
select throws_ok($$select app_private.forget_remembered_mutations()$$, '42501', null, 'a visitor forgets nothing');
select throws_ok($$select from app_private.remembered_mutations$$, '42501', null, 'and reads nothing');
select tests.act_as('the worker');
select is(app_private.forget_remembered_mutations(), 2, 'two are over');
select is(app_private.forget_remembered_mutations(), 0, 'once');
select tests.act_as('the database');
select results_eq($$select request_digest from app_private.remembered_mutations$$, $$values (sha256('young'))$$, 'the young one stays');

insert into app_private.spent_allowances values (decode(md5('a'), 'hex'), statement_timestamp() - interval '1 second'), (decode(md5('b'), 'hex'), statement_timestamp() + interval '1 minute');
select tests.act_as('the worker');
select lives_ok($$select app_private.forget_spent_allowances()$$, 'spending that is over is forgotten');
select tests.act_as('the database');
select results_eq($$select key_digest from app_private.spent_allowances$$, $$values (decode(md5('b'), 'hex'))$$, 'and only that');
select * from finish();
rollback;
