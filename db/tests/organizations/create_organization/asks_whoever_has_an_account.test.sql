-- Test: create_organization - somebody with an account owns a clinic when they accept, and the platform names another one if they do not. FND-01, FND-04.
begin;
select plan(34);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('closed');
update app_public.organizations set deleted_at = now() where id = tests.id('closed');
select tests.clinic('cetus');
select tests.staff('carla', 'owner');
select tests.person('root', superadmin => true);
select tests.person('second root', superadmin => true);
select tests.person('nora');
select tests.person('otto');
create function pg_temp.members(clinic text) returns text[] language sql security definer as $$
  select array_agg(h.email || ' ' || r.key order by h.email) from app_public.memberships m
  join app_public.humans h on h.principal_id = m.human_id
  left join app_public.membership_roles mr on mr.membership_id = m.id left join app_public.roles r on r.id = mr.role_id
  where m.organization_id = tests.id(clinic);
$$;
create function pg_temp.invited(clinic text) returns text[] language sql security definer as $$
  select array_agg(email || ' ' || status order by created_at, email) from app_public.invitations where organization_id = tests.id(clinic);
$$;
create function pg_temp.mine() returns uuid language sql as 'select id from app_public.my_invitations()';

select tests.act_as('root');
select tests.remember('atlas', (app_public.create_organization('atlas', 'Atlas', ' Nora@People.test', 'Nora')).id);
select tests.remember('own', (app_public.create_organization('own', 'Own', 'root@people.test', 'Root')).id);
select tests.remember('new', (app_public.create_organization('new', 'New', 'nobody@people.test', 'Nobody')).id);
select is(pg_temp.members('own'), '{root@people.test owner}', 'the superadmin who names their own address has said yes');
select is(pg_temp.members('new'), '{nobody@people.test owner}', 'whoever never signed in is named');
select is(pg_temp.members('atlas'), null, 'whoever has an account is nobody''s to join to a clinic');
select is(pg_temp.invited('atlas'), '{nora@people.test open}', 'they are invited');
select tests.act_as('the database');
select results_eq(
  $$select template_key, address, locale from app_public.messages where organization_id = tests.id('atlas')$$,
  $$values ('member_invited', 'nora@people.test', 'ro')$$, 'by mail');
select app_private.consume_notifications(events.id) from app_private.events where organization_id = tests.id('atlas');
select is((select count(*) from app_public.messages where organization_id = tests.id('atlas')), 1::bigint, 'and welcomed as an owner by nothing');

select tests.act_as('nora');
select results_eq($$select clinic_name, role_names from app_public.my_invitations()$$, $$values ('Atlas', '{Proprietar}'::text[])$$, 'she reads what as');
select app_public.decline_invitation(pg_temp.mine());
select tests.act_as('carla');
select app_public.invite_member(tests.id('cetus'), 'nora@people.test', 'Nora', array[tests.role_id('admin')]);
select * from tests.refuses($$select app_public.appoint_owner(tests.id('atlas'), 'carla@people.test', 'Carla')$$, 'FORBIDDEN', 'superadmin_only', 'no owner of another clinic takes it');
select tests.act_as('root');
select * from tests.refuses($$select app_public.appoint_owner(tests.id('atlas'), 'nora@people.test', 'Nora')$$, 'STATE', 'invitation_declined', 'who declined is left alone');
select * from tests.refuses($$select app_public.appoint_owner(uuidv7(), 'otto@people.test', 'Otto')$$, 'NOT_FOUND', 'organization_not_found', 'a clinic that is none');
select * from tests.refuses($$select app_public.appoint_owner(tests.id('closed'), 'otto@people.test', 'Otto')$$, 'NOT_FOUND', 'organization_not_found', 'or is closed');
select * from tests.refuses($$select app_public.appoint_owner(tests.id('cetus'), 'root@people.test', 'Root')$$, 'CONFLICT', 'clinic_has_members', 'a clinic of somebody is not handed on');
select is((app_public.appoint_owner(tests.id('atlas'), 'second.root@people.test', 'Root')).slug, 'atlas', 'the platform asks another one');
select is((app_public.appoint_owner(tests.id('atlas'), 'otto@people.test', 'Otto')).slug, 'atlas', 'and, before they answer, a third');
select is(pg_temp.invited('atlas'), '{nora@people.test declined,otto@people.test open,second.root@people.test revoked}', 'one is asked at a time');
select is(pg_temp.invited('cetus'), '{nora@people.test open}', 'what another clinic asked is not taken back');
select tests.act_as('the database');
select tests.remember('taken back', id) from app_public.invitations where email = 'second.root@people.test';
select tests.act_as('second root');
select * from tests.refuses($$select app_public.accept_invitation(tests.id('taken back'))$$, 'GONE', 'invitation_is_over', 'whose invitation was taken back comes too late');

-- Who invited must be superadmin still.
select tests.act_as('the database');
update app_public.principals set platform_role = null where id = tests.id('root');
select tests.act_as('otto');
select * from tests.refuses('select app_public.accept_invitation(pg_temp.mine())', 'GONE', 'inviter_may_no_longer', 'a superadmin of before lets nobody in');
select tests.act_as('the database');
update app_public.principals set platform_role = 'superadmin', disabled_at = now() where id = tests.id('root');
select tests.act_as('otto');
select * from tests.refuses('select app_public.accept_invitation(pg_temp.mine())', 'GONE', 'inviter_may_no_longer', 'nor one whose account is closed');
select tests.act_as('the database');
update app_public.principals set disabled_at = null where id = tests.id('root');
select tests.act_as('otto');
select is((app_public.accept_invitation(pg_temp.mine())).status, 'accepted', 'otto accepts');
select is(pg_temp.members('atlas'), '{otto@people.test owner}', 'and owns it');
select ok(app_hidden.has_permission(tests.id('atlas'), 'members.manage'), 'with all an owner may') from (select tests.act_as(tests.id('otto'), tests.id('atlas')));
select tests.act_as('root');
select * from tests.refuses($$select app_public.appoint_owner(tests.id('atlas'), 'root@people.test', 'Root')$$, 'CONFLICT', 'clinic_has_members', 'from then on it is his');
select tests.act_as('the database');
update app_public.memberships set ended_at = now() where organization_id = tests.id('atlas');
select tests.act_as('root');
select * from tests.refuses($$select app_public.appoint_owner(tests.id('atlas'), 'root@people.test', 'Root')$$, 'CONFLICT', 'clinic_has_members', 'also when he has left');
select * from finish();
rollback;
