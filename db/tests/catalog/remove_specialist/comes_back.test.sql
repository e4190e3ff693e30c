-- Test: remove_specialist - one who was removed comes back, inactive, unless a colleague is that human meanwhile. FND-10, SPC-06.
begin;
select plan(7);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.specialist('stefan', account => true);
select tests.act_as('adrian');
select app_public.remove_specialist(tests.id('stefan'));
select is((select label from app_public.deleted_rows()), 'Dr. Stefan Ionescu', 'listed by name');
insert into app_public.specialists (organization_id, human_id, given_name, family_name)
select tests.id('atlas'), human_id, 'Ștefan', 'Ionescu' from app_public.memberships where id = tests.membership_id('stefan');
select * from tests.breaks($$select app_public.restore_deleted_row('specialists', tests.id('stefan'))$$,
  'specialists_human_is_specialist_once', 'the human is a specialist again already');
update app_public.specialists set human_id = null where given_name = 'Ștefan';
select lives_ok($$select app_public.restore_deleted_row('specialists', tests.id('stefan'))$$, 'else the first one comes back');
select is((select scheduling_active from app_public.specialists where id = tests.id('stefan')), false, 'and takes no appointments until somebody says so');
select is((select count(*) from app_public.deleted_rows()), 0::bigint, 'nothing is left in the list');
select tests.act_as('stefan');
select is(app_hidden.current_specialist_ids(), array[tests.id('stefan')], 'and is that human again');
select * from finish();
rollback;
