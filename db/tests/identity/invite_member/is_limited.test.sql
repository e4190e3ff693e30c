-- Test: invite_member, resend_invitation, revoke_invitation - whoever is invited is not besieged. FND-04, FND-15.
begin;
select plan(23);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('flavia', 'front_desk');
select tests.person('nora');
create function pg_temp.invite(email text default 'nora@people.test', clinic text default 'atlas') returns uuid language sql as $$
  select (app_public.invite_member(tests.id(clinic), email, 'Nora', array[tests.role_id('billing', clinic)])).id;
$$;
create function pg_temp.mails() returns bigint language sql security definer as $$
  select count(*) from app_public.messages where recipient_email = 'nora@people.test';
$$;
select tests.act_as('olga');
select tests.remember('first', pg_temp.invite());
select is((app_public.revoke_invitation(tests.id('first'))).status, 'revoked', 'taken back');
select * from tests.refuses($$select app_public.revoke_invitation(tests.id('first'))$$, 'STATE', 'invitation_is_over', 'once');
select * from tests.refuses($$select app_public.resend_invitation(tests.id('first'))$$, 'STATE', 'invitation_is_over', 'what was taken back is not sent');
select tests.remember('second', pg_temp.invite());
select lives_ok($$select app_public.resend_invitation(tests.id('second'))$$, 'the third mail of the day');
select * from tests.refuses($$select app_public.resend_invitation(tests.id('second'))$$, 'RATE_LIMITED', 'invited_often', 'there is no fourth');
select app_public.revoke_invitation(tests.id('second'));
select * from tests.refuses($$select pg_temp.invite()$$, 'RATE_LIMITED', 'invited_often', 'by a new invitation neither');
select isnt(pg_temp.invite('carol@people.test'), null, 'another address is another matter');
select is(pg_temp.mails(), 3::bigint, 'three mails');
select tests.freeze_time('2027-03-02 08:00+02');
select tests.remember('third', pg_temp.invite());
select is((app_public.resend_invitation(tests.id('third'))).expires_at, '2027-03-16 08:00+02', 'a day later it goes on, for 14 days');
select app_public.resend_invitation(tests.id('third'));
select tests.freeze_time('2027-03-03 08:00+02');
select app_public.resend_invitation(tests.id('third')), app_public.resend_invitation(tests.id('third'));
select * from tests.refuses($$select app_public.resend_invitation(tests.id('third'))$$, 'STATE', 'sent_often', 'five mails are all that one invitation sends');

select tests.act_as('flavia');
select * from tests.refuses($$select app_public.revoke_invitation(tests.id('third'))$$, 'FORBIDDEN', 'permission_missing', 'front desk does not take it back');
select tests.act_as('otto');
select * from tests.refuses($$select app_public.resend_invitation(tests.id('third'))$$, 'NOT_FOUND', 'invitation_not_found', 'to another clinic it is not there');
select tests.act_as('nora');
select is((app_public.decline_invitation(tests.id('third'))).status, 'declined', 'nora says no');
select tests.act_as('olga');
select * from tests.refuses($$select pg_temp.invite()$$, 'STATE', 'invitation_declined', 'which holds for a while');
select tests.freeze_time('2027-04-03 08:00+02');
select isnt(pg_temp.invite(), null, 'and not for ever');
select * from finish();
rollback;
