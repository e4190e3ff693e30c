-- Test: forget_spent_allowances - what is full again goes, what is not stays. FND-27.
begin;
select plan(1);
do $$
begin
  insert into app_private.spent_allowances (key_digest, spent_until)
  values (decode(repeat('01', 16), 'hex'), statement_timestamp() - interval '1 microsecond'), (decode(repeat('02', 16), 'hex'), statement_timestamp()),
         (decode(repeat('03', 16), 'hex'), statement_timestamp() + interval '1 second');
  perform app_private.forget_spent_allowances();
end;
$$;
select set_eq(
  'select key_digest from app_private.spent_allowances',
  $$values (decode(repeat('02', 16), 'hex')), (decode(repeat('03', 16), 'hex'))$$, 'until its very moment an allowance is spent');
select * from finish();
rollback;
