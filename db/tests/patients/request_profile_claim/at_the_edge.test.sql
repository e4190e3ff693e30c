-- Test: request_profile_claim, confirm_profile_claim, try_code - at the last second, at the last try, with one key twice, and of who changed meanwhile. FND-32, FND-26.
begin;
select plan(25);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('atlas');
select tests.patient('maria ene', account => false, email => 'maria@old.test');
select tests.person('maria new'), tests.person('corina');
create function pg_temp.ask(name text) returns uuid language plpgsql as $$
declare v_claim app_public.profile_claim := app_public.request_profile_claim(tests.id('atlas'), 'maria@old.test', 'Maria', 'Ene');
begin
  return tests.remember(name, v_claim.id);
end;
$$;
create function pg_temp.code_of(claim text) returns text language sql security definer as $$
  select left_with.data ->> 'code'
  from app_public.messages cross join lateral app_private.claim_message(messages.id) as left_with
  where messages.data ->> 'code' = (select code_id::text from app_private.profile_claims where id = tests.id(claim));
$$;
create function pg_temp.try(claim text, code text) returns text language sql as $$
  select case when is_claimed then 'claimed' else 'left' end || ' ' || attempts_left from app_public.confirm_profile_claim(tests.id(claim), code, tests.terms());
$$;
create function pg_temp.digests() returns bigint language sql security definer as $$ select count(digest) from app_private.codes; $$;
create function pg_temp.messages() returns bigint language sql security definer as $$ select count(*) from app_public.messages; $$;
create function pg_temp.let_go() returns void language sql security definer as $$
  update app_public.patient_profiles set human_id = null where id = tests.id('maria ene');
$$;

-- One key is one code.
select tests.act_as('maria new');
select set_config('app.idempotency_key', 'once', true);
select is(pg_temp.ask('first'), (pg_temp.ask('again')), 'the same key brings the same claim');
select is(pg_temp.messages(), 1::bigint, 'and one message');
select tests.act_as('the database');
update app_public.organizations set activated_at = null where id = tests.id('atlas');
select tests.act_as('maria new');
select * from tests.refuses($$select pg_temp.ask('closed')$$, 'NOT_FOUND', 'organization_not_found', 'at a clinic that closed since, not even the key helps');
select tests.act_as('the database');
update app_public.organizations set activated_at = now() where id = tests.id('atlas');
select set_config('app.idempotency_key', '', true);

-- The last try, and the last second.
create temporary table codes (code text);
grant select on codes to public;
insert into codes select pg_temp.code_of('first');
select tests.act_as('maria new');
select is((select array_agg(pg_temp.try('first', 'none') order by n) from generate_series(1, 4) n), '{"left 4","left 3","left 2","left 1"}', 'four are wrong');
select is(pg_temp.digests(), 1::bigint, 'the digest waits for the fifth');
select is(pg_temp.try('first', (select code from codes)), 'claimed 0', 'which is right, and there is none left');
select is(pg_temp.digests(), 0::bigint, 'nor a digest');
select pg_temp.let_go(), pg_temp.ask('fifth wrong');
select tests.act_as('the database');
update codes set code = pg_temp.code_of('fifth wrong');
select tests.act_as('maria new');
select is((select array_agg(pg_temp.try('fifth wrong', 'none') order by n) from generate_series(1, 5) n), '{"left 4","left 3","left 2","left 1","left 0"}', 'five are wrong');
select is(pg_temp.digests(), 0::bigint, 'and the digest goes');
select pg_temp.ask('late');
select tests.act_as('the database');
update codes set code = pg_temp.code_of('late');
select tests.act_as('maria new');
select tests.freeze_time('2027-03-01 10:15+02');
select * from tests.refuses($$select pg_temp.try('late', (select code from codes))$$, 'GONE', 'claim_is_over', 'a quarter of an hour is over when it is');

-- Three a day to one patient, five of one account; a day is over when it is.
select tests.act_as('corina');
select is((select count(pg_temp.ask('of corina ' || n)) from generate_series(1, 5) n), 5::bigint, 'another account asks for five');
select is(pg_temp.messages(), 3::bigint, 'and none is sent');
select tests.freeze_time('2027-03-02 09:59:59+02');
select is(pg_temp.messages(), 3::bigint, 'as three went within a day');
select * from tests.refuses($$select pg_temp.ask('sixth')$$, 'RATE_LIMITED', 'many_claims', 'and a sixth is refused');
select tests.freeze_time('2027-03-02 10:00+02');
select tests.act_as('maria new');
select isnt(pg_temp.ask('next day'), null, 'a day after the first three');
select is(pg_temp.messages(), 4::bigint, 'the next is sent');
select tests.freeze_time('2027-03-02 10:15+02');
select tests.act_as('corina');
select isnt(pg_temp.ask('of corina, the next day'), null, 'and the other account may ask again');

-- Whoever is removed meanwhile, or has somebody who cares for them, is not taken over.
select tests.freeze_time('2027-03-04 10:00+02');
select tests.act_as('maria new');
select isnt(pg_temp.ask('meanwhile'), null, 'once more');
select tests.act_as('the database');
update codes set code = pg_temp.code_of('meanwhile');
update app_public.patients set deleted_at = now();
select tests.act_as('maria new');
select * from tests.refuses($$select pg_temp.try('meanwhile', (select code from codes))$$, 'GONE', 'claim_is_over', 'a patient who was removed');
select tests.act_as('the database');
update app_public.patients set deleted_at = null;
select tests.caregiver('corina', 'maria ene');
select tests.act_as('maria new');
select * from tests.refuses($$select pg_temp.try('meanwhile', (select code from codes))$$, 'GONE', 'claim_is_over', 'and one whom somebody cares for');
select * from finish();
rollback;
