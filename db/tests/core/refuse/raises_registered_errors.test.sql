-- Test: refuse - every code has its SQLSTATE, and an unregistered code is a fault. FND-29.
begin;
select plan((select count(*) from app_hidden.error_codes)::int + 4);
select throws_ok(
  format('select app_hidden.refuse(%L, %L)', e.code, 'some_reason'), e.sqlstate::char(5), 'some_reason', e.code || ' is ' || e.sqlstate)
from app_hidden.error_codes e order by e.code;
select throws_ok($$select app_hidden.refuse('NO_SUCH_CODE', 'some_reason')$$, 'P0002', null, 'an unregistered code cannot be raised');
create function pg_temp.detail_of(statement text) returns text language plpgsql as $$
declare v text; begin execute statement; return null; exception when others then get stacked diagnostics v = pg_exception_detail; return v; end $$;
select is(pg_temp.detail_of($$select app_hidden.refuse('STATE', 'r', '{"a": 1}')$$), '{"a": 1}', 'details are JSON');
select is(pg_temp.detail_of($$select app_hidden.refuse('STATE', 'r', null)$$), '{}', 'and an object when there are none');
select tests.act_as('a visitor');
select throws_ok($$insert into app_hidden.error_codes values ('X', 'RXXXX', 400, 'x')$$, '42501', null, 'nobody registers a code at run time');
select * from finish();
rollback;
