-- Test: invite_member, invite_patient, resend_invitation - a request that comes again with its idempotency key is answered
-- as the first time, and mails once; who is a member elsewhere, or was one with a closed account, is invited. FND-26, FND-04, FND-07.
begin;
select plan(12);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('otto', 'admin');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('closed', 'admin', email => 'closed@people.test');
update app_public.humans set closed_at = now() where email = 'closed@people.test';
select tests.patient('ana', account => false, birth_date => '2011-03-01', email => 'ana@people.test');
select tests.patient('younger', account => false, birth_date => '2011-03-02', email => 'younger@people.test');
create function pg_temp.mails(to_whom text) returns bigint language sql security definer as $$ select count(*) from app_public.messages where recipient_email = to_whom $$;
create function pg_temp.invite(email text) returns uuid language sql as $$
  select (app_public.invite_member(tests.id('atlas'), email, 'A colleague', array[tests.role_id('billing')])).id;
$$;
create function pg_temp.invite_ana() returns uuid language sql as $$ select (app_public.invite_patient(tests.id('atlas'), tests.id('ana'))).id $$;
select tests.act_as('olga');
select set_config('app.idempotency_key', '7d1f8d3e-invite', true);
select tests.remember('nora', pg_temp.invite('nora@people.test'));
select is(pg_temp.invite('nora@people.test'), tests.id('nora'), 'the same invitation');
select is(pg_temp.mails('nora@people.test'), 1::bigint, '… with one mail');
select throws_ok($$select pg_temp.invite('other@people.test')$$, 'RX422', 'idempotency_key_reused', 'another address is another request');
select is(pg_temp.mails('other@people.test'), 0::bigint, '… which is not made');
select tests.remember('ana''s', pg_temp.invite_ana());
select is(pg_temp.invite_ana(), tests.id('ana''s'), 'a patient is invited once');
select is(pg_temp.mails('ana@people.test'), 1::bigint, '… with one mail, on the sixteenth birthday');
select is((app_public.resend_invitation(tests.id('nora'))).id, tests.id('nora'), 'sent again');
select is((app_public.resend_invitation(tests.id('nora'))).id, tests.id('nora'), '… and asked for once more');
select is(pg_temp.mails('nora@people.test'), 2::bigint, 'it is one more mail');
select set_config('app.idempotency_key', '', true);
select throws_ok($$select app_public.invite_patient(tests.id('atlas'), tests.id('younger'))$$, 'RX400', 'too_young_for_own_account', 'a day before the birthday nobody is invited');
select isnt(pg_temp.invite('otto@people.test'), null, 'who works at another clinic is invited like anybody');
select isnt(pg_temp.invite('closed@people.test'), null, 'and so is the new owner of an address whose account was closed');
select * from finish();
rollback;
