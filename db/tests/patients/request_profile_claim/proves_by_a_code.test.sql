-- Test: request_profile_claim, confirm_profile_claim - a profile is taken over by a code to the contact that the clinic has, and nothing else. FND-32, FND-34.
begin;
select plan(63);
select tests.freeze_time('2027-03-01 22:30+02');
select tests.clinic('draft', draft => true);
select tests.clinic('boreal');
select tests.patient('maria', account => false, email => 'maria@old.test');
select tests.clinic('atlas');
select tests.patient('maria ene', account => false, email => 'maria@old.test', birth_date => '1980-05-17');
update app_public.patient_profiles set phone = '+40722333444' where id = tests.id('maria ene');
select tests.patient('old account');
select tests.patient('kid', account => false, birth_date => '2015-01-01');
select tests.patient('ward', account => false), tests.caregiver('cezar', 'ward');
select tests.patient('twin one', account => false, email => 'twin@old.test'), tests.patient('twin two', account => false, email => 'twin@old.test');
update app_public.patient_profiles set given_name = 'Twin', family_name = 'Pop' where email = 'twin@old.test';
select tests.person('maria new'), tests.person('mallory'), tests.person('silent');
update app_public.humans set email_verified_at = null where principal_id = tests.id('silent');

create function pg_temp.ask(name text, contact text, given text default 'Maria', family text default 'Ene', birth date default null)
returns app_public.profile_claim language plpgsql as $$
declare v_claim app_public.profile_claim := app_public.request_profile_claim(tests.id('atlas'), contact, given, family, birth);
begin
  perform tests.remember(name, v_claim.id);
  return v_claim;
end;
$$;
create function pg_temp.told() returns text[] language sql security definer as $$
  select coalesce(array_agg(channel || ' ' || address order by created_at, id), '{}') from app_public.messages where template_key = 'profile_claim_code' and status = 'queued';
$$;
-- What the worker reads as the message leaves.
create function pg_temp.code_of(claim text) returns text language sql security definer as $$
  select left_with.data ->> 'code'
  from app_public.messages
  cross join lateral app_private.claim_message(messages.id) as left_with
  where messages.data ->> 'code' = (select code_id::text from app_private.profile_claims where id = tests.id(claim));
$$;
create function pg_temp.other(code text) returns text language sql as $$ select lpad(((code::int + 1) % 1000000)::text, 6, '0') $$;
create function pg_temp.owner(patient text) returns uuid language sql security definer as $$
  select human_id from app_public.patient_profiles where id = tests.id(patient);
$$;

-- Who may ask, and where.
select tests.act_as('silent');
select * from tests.refuses($$select pg_temp.ask('x', 'maria@old.test')$$, 'FORBIDDEN', 'email_not_verified', 'an account without a proved address asks for nothing');
select tests.act_as('maria new');
select * from tests.refuses($$select app_public.request_profile_claim(tests.id('draft'), 'maria@old.test', 'Maria', 'Ene')$$, 'NOT_FOUND', 'organization_not_found', 'a draft is not there');
select * from tests.refuses($$select pg_temp.ask('x', '  ')$$, 'VALIDATION', 'required', 'a contact is needed');
select * from tests.refuses($$select pg_temp.ask('x', '12')$$, 'VALIDATION', null, 'and one that can be');

-- Found and not found answer alike; only the stored contact is written to.
select is((select (is_claimed, attempts_left, expires_at)::text from pg_temp.ask('by mail', ' Maria@OLD.test ')), '(f,5,"2027-03-01 20:45:00+00")', 'she asks with the address that the clinic has');
select is((select (is_claimed, attempts_left, expires_at)::text from pg_temp.ask('stranger', 'nobody@old.test')), '(f,5,"2027-03-01 20:45:00+00")', 'of nobody the answer is the same');
select is(pg_temp.told(), '{email maria@old.test}', 'one mail went, to what the clinic has');
select tests.act_as('mallory');
select is((select (is_claimed, attempts_left)::text from pg_temp.ask('other name', 'maria@old.test', 'Mara')), '(f,5)', 'another name');
select is((select (is_claimed, attempts_left)::text from pg_temp.ask('other birthday', 'maria@old.test', birth => '1981-05-17')), '(f,5)', 'another birthday');
select is((select (is_claimed, attempts_left)::text from pg_temp.ask('alike', 'twin@old.test', 'Twin', 'Pop')), '(f,5)', 'two who are alike');
select is((select (is_claimed, attempts_left)::text from pg_temp.ask('a child', '+40722000111', 'Kid', 'Popescu')), '(f,5)', 'a child');
select is((select (is_claimed, attempts_left)::text from pg_temp.ask('a ward', '+40722000111', 'Ward', 'Popescu')), '(f,5)', 'who has a caregiver');
select is(pg_temp.told(), '{email maria@old.test}', 'and none of them is written to');
select * from tests.refuses($$select pg_temp.ask('x', 'maria@old.test')$$, 'RATE_LIMITED', 'many_claims', 'nobody asks more than five times a day');
select tests.act_as('the database');
select is((select count(*) from app_private.profile_claims where patient_profile_id is not null), 1::bigint, 'one claim has a patient behind it');
select tests.act_as('old account');
select is((select (is_claimed, attempts_left)::text from pg_temp.ask('taken', 'old.account@people.test', 'Old', 'Account')), '(f,5)', 'who has an account');
select is(pg_temp.told(), '{email maria@old.test}', 'is nobody''s to take over');

-- The code is nowhere before it leaves, and its digest alone is kept after.
select tests.act_as('the database');
select is((select digest from app_private.codes c join app_private.profile_claims p on p.code_id = c.id where p.id = tests.id('by mail')), null, 'no code is made before the mail leaves');
create temporary table codes as select pg_temp.code_of('by mail') as code;
grant select on codes to public;
select matches((select code from codes), '^[0-9]{6}$', 'six digits leave with the mail, at night too');
select is((select octet_length(digest) from app_private.codes c join app_private.profile_claims p on p.code_id = c.id where p.id = tests.id('by mail')), 32, 'what stays is a digest');
select is((select count(*) from app_public.messages where data::text ~ (select '\m' || code || '\M' from codes)), 0::bigint, 'the message log does not have it');
select is((select count(*) from graphile_worker._private_jobs where payload::text ~ (select '\m' || code || '\M' from codes)), 0::bigint, 'nor a job');
select is((select count(*) from audit.entries where entries::text ~ (select '\m' || code || '\M' from codes)), 0::bigint, 'nor the audit');

-- Wrong ones are counted, whoever else tries finds nothing.
select tests.act_as('mallory');
select * from tests.refuses($$select app_public.confirm_profile_claim(tests.id('by mail'), (select code from codes), tests.terms())$$, 'NOT_FOUND', 'claim_not_found', 'another account does not have the claim, code or not');
select is((select (is_claimed, attempts_left)::text from app_public.confirm_profile_claim(tests.id('other name'), (select code from codes), tests.terms())), '(f,4)', 'nor does a code open another claim');
select tests.act_as('maria new');
select * from tests.refuses($$select app_public.confirm_profile_claim(uuidv7(), '123456')$$, 'NOT_FOUND', 'claim_not_found', 'a claim that does not exist');
select is((select (is_claimed, attempts_left)::text from app_public.confirm_profile_claim(tests.id('by mail'), pg_temp.other((select code from codes)), tests.terms())), '(f,4)', 'a wrong code is counted');
select is(pg_temp.owner('maria ene'), null, 'and gives nothing');
select is((select (is_claimed, attempts_left)::text from app_public.confirm_profile_claim(tests.id('stranger'), '123456', tests.terms())), '(f,4)', 'as where nobody was found');
select * from tests.refuses($$select app_public.confirm_profile_claim(tests.id('by mail'), (select code from codes))$$, 'CONSENT_REQUIRED', 'terms_not_accepted', 'the right code without the terms');
select is((select (is_claimed, organization_id = tests.id('atlas'))::text from app_public.confirm_profile_claim(tests.id('by mail'), ' ' || overlay((select code from codes) placing ' ' from 4 for 0), tests.terms())), '(t,t)', 'with them, and as people type it, it is hers');
select is((select array_agg(id) from app_public.patient_profiles), array[tests.id('maria ene')], 'that chart, and of the other clinic none');
select is((select (is_claimed)::text from app_public.confirm_profile_claim(tests.id('by mail'), 'whatever')), 'true', 'asked again it answers the same');
select tests.act_as('the database');
select is((select array_agg(purpose_code order by purpose_code) from app_public.consents where patient_profile_id = tests.id('maria ene')), '{org_terms}', 'what she accepted stands in the ledger');
select is((select array_agg(purpose_code) from app_public.consents where human_id = tests.id('maria new')), '{platform_terms}', 'and the platform''s terms for the account');
select is((select count(*) from app_private.codes where digest is not null), 0::bigint, 'the digest is gone with its use');

-- By telephone, and five tries.
update app_public.patient_profiles set human_id = null where id = tests.id('maria ene');
select tests.act_as('maria new');
select is((select attempts_left from pg_temp.ask('by phone', '0722 333 444')), 5, 'she names the number');
select is((pg_temp.told())[cardinality(pg_temp.told())], 'sms +40722333444', 'an SMS goes, at night too');
select tests.act_as('the database');
update codes set code = pg_temp.code_of('by phone');
select tests.act_as('maria new');
select is((select array_agg((c.claim).attempts_left order by n) from (select n, app_public.confirm_profile_claim(tests.id('by phone'), pg_temp.other((select code from codes)), tests.terms()) as claim from generate_series(1, 5) n) c), '{4,3,2,1,0}', 'five wrong codes');
select * from tests.refuses($$select app_public.confirm_profile_claim(tests.id('by phone'), (select code from codes), tests.terms())$$, 'GONE', 'claim_is_over', 'then the right one is none any more');
select is(pg_temp.owner('maria ene'), null, 'and nothing was taken over');

-- A second sending makes another code; the first is none then. A quarter of an hour, and it is over.
select is((select attempts_left from pg_temp.ask('twice', 'maria@old.test')), 5, 'a third code of the day');
select tests.act_as('the database');
update codes set code = pg_temp.code_of('twice');
create temporary table second_codes as select pg_temp.code_of('twice') as code;
grant select on second_codes to public;
select tests.act_as('maria new');
select is((select is_claimed from app_public.confirm_profile_claim(tests.id('twice'), (select nullif(c.code, s.code) from codes c, second_codes s), tests.terms())), false, 'the code of the first sending is none any more');
select tests.freeze_time('2027-03-01 22:45:01+02');
select * from tests.refuses($$select app_public.confirm_profile_claim(tests.id('twice'), (select code from second_codes), tests.terms())$$, 'GONE', 'claim_is_over', 'after a quarter of an hour it is over');
select is((select attempts_left from pg_temp.ask('fourth', 'maria@old.test')), 5, 'a fourth time the answer is the same');
select tests.act_as('the database');
select is((select patient_profile_id from app_private.profile_claims where id = tests.id('fourth')), null, 'and nothing is sent: three a day are enough to whoever reads them');
select is((select count(*) from app_public.messages where template_key = 'profile_claim_code'), 3::bigint, 'three messages in all');

-- A message that leaves too late carries no code.
select tests.freeze_time('2027-03-03 08:00+02');
select tests.act_as('maria new');
select is((select attempts_left from pg_temp.ask('late', 'maria@old.test')), 5, 'the next day');
select tests.act_as('the database');
update app_public.messages set expires_at = '2027-03-04 08:00+02' where data ->> 'code' = (select code_id::text from app_private.profile_claims where id = tests.id('late'));
select tests.freeze_time('2027-03-03 08:15:01+02');
select is(pg_temp.code_of('late'), null, 'a code that is over is not sent');
select is((select (status, reason)::text from app_public.messages order by id desc limit 1), '(skipped,expired)', 'and the log says why');

-- What became of the profile meanwhile counts.
select tests.freeze_time('2027-03-05 08:00+02');
select tests.act_as('maria new');
select is((select attempts_left from pg_temp.ask('meanwhile', 'maria@old.test')), 5, 'once more');
select tests.act_as('the database');
update codes set code = pg_temp.code_of('meanwhile');
update app_public.patient_profiles set human_id = tests.id('mallory') where id = tests.id('maria ene');
select tests.act_as('maria new');
select * from tests.refuses($$select app_public.confirm_profile_claim(tests.id('meanwhile'), (select code from codes), tests.terms())$$, 'GONE', 'claim_is_over', 'who was faster with another proof keeps it');
select * from finish();
rollback;
