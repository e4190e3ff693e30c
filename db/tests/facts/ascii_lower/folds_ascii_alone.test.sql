-- Test: ascii_lower - A to Z are folded, and nothing that merely looks like them. FND-03.
begin;
select plan(9);
select is(app_hidden.ascii_lower('ABCDEFGHIJKLMNOPQRSTUVWXYZ'), 'abcdefghijklmnopqrstuvwxyz', 'every letter is folded');
select is(app_hidden.ascii_lower('a1!_-@.é ș'), 'a1!_-@.é ș', 'what is no capital stays');
select is(app_hidden.ascii_lower(null), null, 'nothing stays nothing');
select is(app_hidden.ascii_lower(look_alike), look_alike, format('%s stays', what))
from (values (U&'\0130', 'I with a dot'), (U&'\212A', 'the Kelvin sign'), (U&'\FF21', 'a full-width A'), ('Ș', 'a Romanian capital')) as t (look_alike, what);

create function pg_temp.plan_of(query text) returns setof text language plpgsql as $$
begin
  return query execute 'explain ' || query;
end;
$$;
create table pg_temp.addresses (address text not null);
create index addresses_idx on pg_temp.addresses (app_hidden.ascii_lower(address));
set local enable_seqscan = off;
select is(
  (select string_agg(line, e'\n') from pg_temp.plan_of($$select from pg_temp.addresses where app_hidden.ascii_lower(address) = 'a@b.test'$$) as line) ~ 'Index Cond', true,
  'an index on it is found');
select is(
  (select count(*) from generate_series(1, 126) as code
   where app_hidden.ascii_lower(chr(code)) <> lower(chr(code))), 0::bigint, 'on ASCII it is lower()');
select * from finish();
rollback;
