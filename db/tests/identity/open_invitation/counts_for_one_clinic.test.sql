-- Test: open_invitation, send_invitation, invitation_to_me, my_invitations - what one clinic asked, and what it was answered,
-- is no other's; limits and times hold to the second. FND-04, FND-07, FND-15.
begin;
select plan(28);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.patient('paul', account => false, email => 'nora@people.test');
select tests.patient('petra', account => false, email => 'petra@people.test');
select tests.person('nora');
select tests.person('carol');
create function pg_temp.invite(email text, clinic text default 'atlas') returns uuid language sql as $$
  select (app_public.invite_member(tests.id(clinic), email, 'A colleague', array[tests.role_id('billing', clinic)])).id;
$$;
create function pg_temp.status(invitation text) returns text language sql security definer as $$ select status from app_public.invitations where id = tests.id(invitation) $$;
create function pg_temp.at(at timestamptz, who text) returns void language sql as $$ select tests.freeze_time(at); select tests.act_as(who); $$;

-- What ran out is set aside for the same address at the same clinic.
select tests.act_as('otto');
select tests.remember('boreal to nora', pg_temp.invite('nora@people.test', 'boreal'));
select tests.act_as('olga');
select tests.remember('atlas to nora', pg_temp.invite('nora@people.test')), tests.remember('atlas to carol', pg_temp.invite('carol@people.test'));
select tests.remember('paul''s', (app_public.invite_patient(tests.id('atlas'), tests.id('paul'))).id);
select pg_temp.at('2027-03-15 07:59:59+02', 'nora');
select is((select count(*) from app_public.my_invitations()), 3::bigint, 'a second before it ends an invitation is open');
select pg_temp.at('2027-03-15 08:00+02', 'nora');
select is((select count(*) from app_public.my_invitations()), 0::bigint, 'then it is over');
select * from tests.refuses($$select app_public.decline_invitation(tests.id('atlas to nora'))$$, 'GONE', 'invitation_is_over', '… to the second');
select tests.act_as('olga');
select isnt(pg_temp.invite('nora@people.test'), null, 'another one may follow');
select is(array[pg_temp.status('atlas to nora'), pg_temp.status('boreal to nora'), pg_temp.status('atlas to carol')], '{expired,open,open}', 'which sets aside that one alone');

-- A no holds for 30 days, for this person, this clinic, and as what was asked.
select pg_temp.at('2027-04-01 08:00+03', 'olga');
select tests.remember('declined', pg_temp.invite('nora@people.test'));
select tests.act_as('nora');
select is((app_public.decline_invitation(tests.id('declined'))).status, 'declined', 'nora says no');
select tests.act_as('otto');
select isnt(pg_temp.invite('nora@people.test', 'boreal'), null, 'which no other clinic is told');
select tests.act_as('olga');
select isnt(pg_temp.invite('carol@people.test'), null, 'another person may be asked');
select isnt((app_public.invite_patient(tests.id('atlas'), tests.id('paul'))).id, null, 'and the same address as a patient');
select * from tests.refuses($$select pg_temp.invite('nora@people.test')$$, 'STATE', 'invitation_declined', 'not again as a colleague');
select pg_temp.at('2027-05-01 07:59:59+03', 'olga');
select * from tests.refuses($$select pg_temp.invite('nora@people.test')$$, 'STATE', 'invitation_declined', 'up to the last second');
select pg_temp.at('2027-05-01 08:00+03', 'olga');
select isnt(pg_temp.invite('nora@people.test'), null, 'after 30 days');

-- 200 people a day, of one clinic.
select pg_temp.at('2027-06-01 08:00+03', 'the database');
create function pg_temp.filled(clinic text, count int, at timestamptz) returns void language sql as $$
  insert into app_public.invitations (organization_id, kind, email, name, invited_by, expires_at, created_at, status)
  select tests.id(clinic), 'member', format('%s.%s@people.test', at::date, n), 'N', tests.id('olga'), at + interval '14 days', at, 'open' from generate_series(1, count) n;
$$;
select pg_temp.filled('atlas', 199, '2027-06-01 07:00+03'), pg_temp.filled('atlas', 1, '2027-05-31 08:00+03'), pg_temp.filled('boreal', 200, '2027-06-01 07:00+03');
select tests.act_as('olga');
select isnt(pg_temp.invite('the.200th@people.test'), null, 'the two hundredth: those of a day ago and those of others do not count');
select * from tests.refuses($$select pg_temp.invite('the.201st@people.test')$$, 'RATE_LIMITED', 'many_invitations', 'and no more');
select pg_temp.at('2027-06-02 06:59:59+03', 'olga');
select * from tests.refuses($$select pg_temp.invite('the.201st@people.test')$$, 'RATE_LIMITED', 'many_invitations', 'until those are a day old');
select pg_temp.at('2027-06-02 07:00+03', 'olga');
select isnt(pg_temp.invite('the.201st@people.test'), null, 'then it goes on');

-- Three mails a day to one address, from one clinic.
select pg_temp.at('2027-07-01 08:00+03', 'otto');
select pg_temp.invite('carol@people.test', 'boreal');
select tests.act_as('olga');
select tests.remember('to carol', pg_temp.invite('carol@people.test'));
select app_public.resend_invitation(tests.id('to carol')), app_public.resend_invitation(tests.id('to carol'));
select is((select cardinality(sent_times) from app_public.invitations where id = tests.id('to carol')), 3, 'three, whatever another clinic sent');
select pg_temp.at('2027-07-02 07:59:59+03', 'olga');
select * from tests.refuses($$select app_public.resend_invitation(tests.id('to carol'))$$, 'RATE_LIMITED', 'invited_often', 'no fourth within the day');
select pg_temp.at('2027-07-02 08:00+03', 'olga');
select lives_ok($$select app_public.resend_invitation(tests.id('to carol'))$$, 'a day later there is');

-- A clinic that closed asks nobody.
select tests.act_as('the database');
update app_public.organizations set deleted_at = app_hidden.now() where slug = 'atlas';
select tests.act_as('carol');
select is((select array_agg(clinic_name) from app_public.my_invitations()), '{Boreal}', 'the invitation of a closed clinic is not read');
select * from tests.refuses($$select app_public.decline_invitation(tests.id('to carol'))$$, 'NOT_FOUND', 'invitation_not_found', 'nor answered');
select * from finish();
rollback;
