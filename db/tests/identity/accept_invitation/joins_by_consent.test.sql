-- Test: accept_invitation - whoever proved the invited address joins with the roles offered, and keeps their own name. FND-02, FND-04.
begin;
select plan(36);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('adrian', 'admin');
select tests.person('nora');
select tests.person('mallory');
update app_public.humans set display_name = 'Nora Ene', locale = 'en' where email = 'nora@people.test';
create function pg_temp.roles(who text default 'nora') returns text[] language sql security definer as $$
  select array_agg(r.key order by r.key) from app_public.membership_roles mr
  join app_public.roles r on r.id = mr.role_id
  join app_public.memberships m on m.id = mr.membership_id
  where m.human_id = tests.id(who);
$$;
create function pg_temp.invite(roles text[], email text default 'nora@people.test') returns uuid language sql as $$
  select (app_public.invite_member(tests.id('atlas'), email, 'What the clinic says', array(select tests.role_id(r) from unnest(roles) r))).id;
$$;
select tests.act_as('adrian');
select tests.remember('first', pg_temp.invite('{billing,specialist}'));

select tests.act_as('mallory');
select * from tests.refuses($$select app_public.accept_invitation(tests.id('first'))$$, 'NOT_FOUND', 'invitation_not_found', 'who has another address has no invitation');
select * from tests.refuses($$select app_public.decline_invitation(tests.id('first'))$$, 'NOT_FOUND', 'invitation_not_found', 'and declines none');
select * from tests.refuses($$select app_public.accept_invitation(uuidv7())$$, 'NOT_FOUND', 'invitation_not_found', 'as with one that does not exist');
select tests.act_as('the database');
update app_public.humans set email_verified_at = null where principal_id = tests.id('nora');
select tests.act_as('nora');
select * from tests.refuses($$select app_public.accept_invitation(tests.id('first'))$$, 'NOT_FOUND', 'invitation_not_found', 'an address that nobody proved is no proof');
select is((select count(*) from app_public.my_invitations()), 0::bigint, 'and reads nothing');
select tests.act_as('the database');
update app_public.humans set email_verified_at = now() where principal_id = tests.id('nora');

select tests.act_as('nora');
select is((app_public.accept_invitation(tests.id('first'))).status, 'accepted', 'nora accepts');
select is(pg_temp.roles(), '{billing,specialist}', 'with the roles offered');
select is((select (display_name, locale)::text from app_public.me()), '("Nora Ene",en)', 'called as she calls herself');
select * from tests.refuses($$select app_public.accept_invitation(tests.id('first'))$$, 'GONE', 'invitation_is_over', 'once');
select * from tests.refuses($$select app_public.decline_invitation(tests.id('first'))$$, 'GONE', 'invitation_is_over', 'a yes is not taken back by a no');
select tests.act_as('adrian');
select is((select display_name from app_public.humans where email = 'nora@people.test'), 'Nora Ene', 'now colleagues know her');
select is((select status from app_public.invitations where id = tests.id('first')), 'accepted', 'and the clinic reads that she accepted');
select tests.act_as('the database');
select is((select array_agg(distinct granted_by) from app_public.membership_roles where membership_id = tests.membership_id('nora')), array[tests.id('adrian')], 'the roles are given by who invited');

-- She leaves, and comes back.
select tests.act_as('nora');
select app_public.end_membership(tests.membership_id('nora'));
select tests.act_as('olga');
select is((select count(*) from app_public.humans where email = 'nora@people.test'), 0::bigint, 'who left is no longer looked at');
select is((select member_name from app_public.memberships where id = tests.membership_id('nora')), 'Nora Ene', 'but for the name, because what she did stays');
select tests.remember('second', pg_temp.invite('{front_desk}'));
select tests.act_as('nora');
select app_public.accept_invitation(tests.id('second'));
select is(pg_temp.roles(), '{front_desk}', 'she comes back without what she held before');
select is((select (ended_at, member_name)::text from app_public.memberships where id = tests.membership_id('nora')), '(,)', 'as the same member');

-- Whoever became a colleague meanwhile keeps what they hold; roles that went meanwhile make nobody one.
select tests.act_as('the database');
select tests.person('emil');
insert into app_public.roles (organization_id, key, name) values (tests.id('atlas'), 'helper', 'Helper');
select tests.act_as('adrian');
select tests.remember('to emil', pg_temp.invite('{helper}', 'emil@people.test'));
select tests.act_as('the database');
delete from app_public.roles where key = 'helper';
select tests.act_as('emil');
select * from tests.refuses($$select app_public.accept_invitation(tests.id('to emil'))$$, 'GONE', 'role_is_gone', 'a role that went is not given');
select is(pg_temp.roles('emil'), null, 'and nobody joins without one');
select tests.act_as('adrian');
select app_public.revoke_invitation(tests.id('to emil'));
select tests.remember('to emil again', pg_temp.invite('{billing}', 'emil@people.test'));
select tests.act_as('the database');
select tests.staff('emil', 'front_desk', 'atlas');
select tests.act_as('emil');
select is((app_public.accept_invitation(tests.id('to emil again'))).status, 'accepted', 'a colleague accepts');
select is(pg_temp.roles('emil'), '{billing,front_desk}', 'and has both roles');

-- Whoever invited must still be able to.
select tests.act_as('adrian');
select tests.remember('by a manager', pg_temp.invite('{billing}', 'mallory@people.test'));
select tests.act_as('the database');
update app_public.memberships set ended_at = app_hidden.now() where id = tests.membership_id('adrian');
select tests.act_as('mallory');
select * from tests.refuses($$select app_public.accept_invitation(tests.id('by a manager'))$$, 'GONE', 'inviter_may_no_longer', 'who was let go lets nobody in');
select tests.act_as('olga');
select app_public.revoke_invitation(tests.id('by a manager'));
select tests.act_as('mallory');
select * from tests.refuses($$select app_public.accept_invitation(tests.id('by a manager'))$$, 'GONE', 'invitation_is_over', 'what was taken back is over');
select tests.freeze_time('2027-03-04 08:00+02');
select tests.act_as('olga');
select tests.remember('late', pg_temp.invite('{billing}', 'mallory@people.test'));
select tests.freeze_time('2027-03-18 08:00+02');
select tests.act_as('mallory');
select * from tests.refuses($$select app_public.accept_invitation(tests.id('late'))$$, 'GONE', 'invitation_is_over', 'and what expired');
select tests.act_as('a visitor');
select throws_ok($$select app_public.accept_invitation(uuidv7())$$, '42501', null, 'a visitor accepts nothing');
select throws_ok($$select app_public.my_invitations()$$, '42501', null, 'nor reads any');
select * from finish();
rollback;
