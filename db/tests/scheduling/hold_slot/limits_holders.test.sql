-- Test: hold_slot, require_hold_allowance - a visitor and an address keep only so many times at once. SCH-06.
begin;
select plan(23);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('borealis');
select tests.specialist('horia', weekly => '{"mon": [["09:00", "19:00"]]}');
select tests.calendar('elsewhere', specialists => '{horia}', minutes => 60);
select tests.clinic('atlas');
select tests.staff('maria', 'front_desk');
select tests.patient('petru');
select tests.specialist('ana', weekly => '{"mon": [["09:00", "19:00"]]}');
select tests.specialist('bogdan', weekly => '{"mon": [["09:00", "19:00"]]}');
select tests.calendar('visits', specialists => '{ana,bogdan}', minutes => 60);
update app_public.organizations set holds_per_visitor = 2, holds_per_address = 3;

create function pg_temp.hold(hour int) returns text language plpgsql as $$
declare
  v_hold app_public.slot_hold;
begin
  v_hold := app_public.hold_slot(tests.id('visits'), '2027-03-08 00:00+02'::timestamptz + make_interval(hours => hour));
  return v_hold.token;
end;
$$;
create function pg_temp.from_address(address text) returns void language sql as
  $$select set_config('app.ip', address, true)$$;
grant execute on all functions in schema pg_temp to public;

select tests.act_as('a visitor');
select lives_ok('select pg_temp.hold(9)', 'a first');
select lives_ok('select pg_temp.hold(10)', 'a second');
select throws_ok('select pg_temp.hold(11)', 'RX429', 'too_many_holds', 'not a third');
select pg_temp.from_address('198.51.100.1');
select throws_ok('select pg_temp.hold(11)', 'RX429', 'too_many_holds', 'nor from another address');
select lives_ok($$select app_public.hold_slot(tests.id('elsewhere'), '2027-03-08 09:00+02')$$, 'another clinic counts for itself');

select tests.act_as('another visitor');
select lives_ok('select pg_temp.hold(11)', 'another visitor of the same address takes the third');
select tests.act_as('a third visitor');
select throws_ok('select pg_temp.hold(12)', 'RX429', 'too_many_holds_from_address', 'and nobody from there a fourth');
select lives_ok($$select app_public.hold_slot(tests.id('elsewhere'), '2027-03-08 10:00+02')$$, 'but at another clinic');
select tests.act_as('petru');
select throws_ok('select pg_temp.hold(12)', 'RX429', 'too_many_holds_from_address', 'signed in or not');
select pg_temp.from_address('198.51.100.2');
select lives_ok('select pg_temp.hold(12)', 'another address is another matter');
select tests.act_as('maria');
select lives_ok('select pg_temp.hold(h) from generate_series(13, 18) as h', 'staff of the clinic are not limited');

select tests.act_as('a fourth visitor');
select pg_temp.from_address('2001:db8:1:2::1');
select pg_temp.hold(9);
select tests.act_as('a fifth visitor');
select pg_temp.from_address('2001:db8:1:2:ffff::9');
select pg_temp.hold(10);
select tests.act_as('a sixth visitor');
select pg_temp.from_address('2001:db8:1:2:3:4:5:6');
select pg_temp.hold(11);
select tests.act_as('a seventh visitor');
select pg_temp.from_address('2001:db8:1:2:abcd::');
select throws_ok('select pg_temp.hold(12)', 'RX429', 'too_many_holds_from_address', 'a network of IPv6 is one address');
select pg_temp.from_address('2001:db8:1:3::1');
select lives_ok('select pg_temp.hold(12)', 'the next one another');

select tests.become('app_anonymous');
select pg_temp.from_address('');
select lives_ok('select pg_temp.hold(13)', 'whoever is not known at all');
select lives_ok('select pg_temp.hold(14)', 'keeps as many');
select throws_ok('select pg_temp.hold(15)', 'RX429', 'too_many_holds', 'as one visitor does');

select tests.act_as('the database');
select is((select count(*) from app_private.time_claims where organization_id = tests.id('atlas')), 16::bigint, 'a refusal claims nothing');
create function pg_temp.refusal() returns jsonb language plpgsql as $$
declare
  v_detail text;
begin
  perform pg_temp.hold(15);
  return null;
exception when sqlstate 'RX429' then
  get stacked diagnostics v_detail = pg_exception_detail;
  return v_detail::jsonb;
end;
$$;
grant execute on function pg_temp.refusal to public;
select tests.freeze_time('2027-03-01 08:07+02');
select tests.act_as('a visitor');
select is(pg_temp.refusal(), '{"limit": 2, "retryAfterSeconds": 180}', 'the refusal says when to try again');
select tests.freeze_time('2027-03-01 08:10+02');
select lives_ok('select pg_temp.hold(15)', 'an expired hold no longer counts');
select lives_ok($$select app_public.release_hold(pg_temp.hold(16))$$, 'nor does one that was given back');
select lives_ok('select pg_temp.hold(16)', 'so there is room for another');
select throws_ok('select pg_temp.hold(17)', 'RX429', 'too_many_holds', 'until there is not');

-- Half a name is one: a visitor without an address, an address without a visitor.
select tests.act_as('an eighth visitor');
select pg_temp.from_address('');
select pg_temp.hold(17);
select tests.become('app_anonymous');
select pg_temp.from_address('198.51.100.9');
select pg_temp.hold(18);
select tests.act_as('the database');
select results_eq(
  $$select visitor_id, address from app_private.time_claims where released_at is null order by id desc limit 2$$,
  $$values (null, '198.51.100.9'::inet), ('visitor:' || md5('an eighth visitor')::uuid, null)$$, 'each is kept as what it is');
select * from finish();
rollback;
