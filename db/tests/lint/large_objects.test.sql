-- Test: lint - nobody keeps data where no policy, class or audit sees it. FND-05, FND-12.
begin;
select plan(5);
select is_empty(
  $$select object, problem from tests.lint('large_objects')$$,
  'nobody keeps data where no policy, class or audit sees it');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.act_as('olga');
select throws_ok('select lo_from_bytea(0, ''x'')', '42501', null, 'a member cannot');
select tests.act_as('a visitor');
select throws_ok('select lo_create(0)', '42501', null, 'nor can a visitor');
select tests.act_as('the worker');
select throws_ok('select lo_creat(-1)', '42501', null, 'nor the worker');
select tests.act_as('the database');

create temporary table before as select object from tests.lint('large_objects');
grant execute on function lo_put(oid, bigint, bytea) to public;
select lo_create(4711);
select set_eq(
  $$select object from tests.lint('large_objects') except select object from before$$,
  array[
    'lo_put(oid,bigint,bytea)',
    'large object 4711'
  ],
  'a function that is open again and an object are named');
select * from finish();
rollback;
