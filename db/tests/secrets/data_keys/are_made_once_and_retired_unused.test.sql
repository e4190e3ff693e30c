-- Test: data keys - one seals at a time, and none is retired under an envelope. FND-11.
begin;
select plan(28);
select tests.clinic('atlas');

select tests.act_as('the authenticator');
select is_empty($$select * from app_hidden.data_key(tests.id('atlas'))$$, 'a clinic without secrets has no data key');
select results_eq(
  $$select key_version, wrapped_key from app_hidden.add_first_data_key(tests.id('atlas'), convert_to(repeat('a', 60), 'UTF8'), 'm1')$$,
  $$values (1, convert_to(repeat('a', 60), 'UTF8'))$$, 'the first secret makes version 1');
select results_eq(
  $$select key_version, wrapped_key from app_hidden.add_first_data_key(tests.id('atlas'), convert_to(repeat('b', 60), 'UTF8'), 'm1')$$,
  $$values (1, convert_to(repeat('a', 60), 'UTF8'))$$, 'who comes second is answered with the first');
select results_eq(
  $$select key_version from app_hidden.add_first_data_key(null, convert_to(repeat('p', 60), 'UTF8'), 'm1')$$,
  $$values (1)$$, 'the platform has one of its own');
select is_empty($$select * from app_hidden.data_key(tests.id('atlas'), 2)$$, 'there is no other version');

select tests.act_as('the database');
select * from tests.breaks(
  $$insert into app_private.data_keys (organization_id, version, wrapped, master_key_id) values (tests.id('atlas'), 2, extensions.gen_random_bytes(32), 'm1')$$,
  'data_keys_wrapped_is_no_bare_secret', 'a key in the clear is not stored');
select tests.integration('twilio');

select tests.act_as('the worker');
select tests.remember('rotation', app_private.open_key_rotation());
select is(app_private.open_key_rotation(), tests.id('rotation'), 'a rotation that is open is gone on with');
select tests.act_as('the database');
update app_private.key_rotations set started_at = now() + interval '1 second';
select tests.act_as('the worker');
select results_eq(
  $$select organization_id is null, next_version from app_private.owners_to_rekey(tests.id('rotation'), 10) order by 1$$,
  $$values (false, 2), (true, 2)$$, 'everybody with an older key waits for a successor');
select ok(not app_private.add_next_data_key(tests.id('atlas'), 3, extensions.gen_random_bytes(60), 'm1'), 'no version is left out');
select ok(app_private.add_next_data_key(null, 2, extensions.gen_random_bytes(60), 'm1'), 'the platform gets the next version');
select ok(app_private.add_next_data_key(tests.id('atlas'), 2, extensions.gen_random_bytes(60), 'm1'), 'a clinic gets its own, from the version that the platform had');
select results_eq($$select key_version from app_hidden.data_key(tests.id('atlas'))$$, $$values (2)$$, 'from now on it seals');
select results_eq($$select key_version from app_hidden.data_key(tests.id('atlas'), 1)$$, $$values (1)$$, 'the one before still opens');

select results_eq(
  $$select row_id::uuid, organization_id from app_private.envelopes_to_reseal('app_public.organization_integrations', 'credentials', null, 10)$$,
  $$values (tests.id('twilio'), tests.id('atlas'))$$, 'what the old key sealed is found');
select is_empty(
  $$select * from app_private.envelopes_to_reseal('app_public.organization_integrations', 'credentials', tests.id('twilio')::text, 10)$$,
  'nothing is found after the last row');
select throws_ok(
  $$select * from app_private.envelopes_to_reseal('app_public.humans', 'email', null, 10)$$, 'P0002', null,
  'only classified places are read');

select results_eq($$select retired, waiting from app_private.retire_data_keys('1 minute')$$, $$values (0, 2)$$,
  'a key that was replaced just now waits for processes that have not noticed');
select results_eq($$select retired, waiting from app_private.retire_data_keys('0')$$, $$values (1, 1)$$,
  'a key that an envelope uses is not retired; the platform''s is in no row');
select ok(not app_private.finish_key_rotation(tests.id('rotation')), 'and the rotation is not finished');

select tests.act_as('the database');
select results_eq(
  $$select organization_id, version from app_private.data_keys where status = 'retiring'$$, $$values (tests.id('atlas'), 1)$$, 'the one that waits is the clinic''s');
update app_public.organization_integrations set credentials = tests.envelope(2) where id = tests.id('twilio');
select tests.act_as('the worker');
select results_eq($$select retired, waiting from app_private.retire_data_keys('0')$$, $$values (1, 0)$$, 'unused, it is');
select tests.act_as('the database');
update app_private.key_rotations set started_at = now() - interval '1 hour';
select tests.act_as('the worker');
select ok(app_private.finish_key_rotation(tests.id('rotation')), 'then the rotation is finished');
select is(app_private.open_key_rotation(false), null, 'and none is open');
select ok(app_private.add_next_data_key(tests.id('atlas'), 3, extensions.gen_random_bytes(60), 'm1'), 'a clinic''s key is followed again');
select results_eq($$select key_version from app_hidden.data_key(null)$$, $$values (2)$$, '… and the platform''s of the same version goes on');
select tests.act_as('the database');
select * from tests.refuses(
  $$update app_public.organization_integrations set credentials = tests.envelope(1) where id = tests.id('twilio')$$,
  'CONFLICT', 'data_key_not_in_use', 'nothing is stored under a retired key');
select * from finish();
rollback;
