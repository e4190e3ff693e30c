-- Test: end_membership - nobody lets go who is above them, and strangers find nobody. FND-04.
begin;
select plan(16);
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('nora', 'owner');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana');
prepare let_olga_go as select app_public.end_membership(tests.membership_id('olga', 'atlas'));

select tests.act_as('adrian');
select * from tests.refuses('execute let_olga_go', 'FORBIDDEN', 'above_yourself', 'an admin cannot let an owner go');
select tests.act_as('flavia');
select * from tests.refuses('execute let_olga_go', 'FORBIDDEN', 'permission_missing', 'front desk lets nobody go');
select tests.act_as('otto');
select * from tests.refuses('execute let_olga_go', 'NOT_FOUND', 'membership_not_found', 'an owner of another clinic finds nobody');
select tests.act_as('ana');
select * from tests.refuses('execute let_olga_go', 'NOT_FOUND', 'membership_not_found', 'nor does a patient');
select tests.act_as('olga', 'boreal');
select * from tests.refuses('execute let_olga_go', 'NOT_FOUND', 'membership_not_found', 'nor who names another clinic');
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.end_membership(uuidv7())$$, '42501', null, 'a visitor cannot call it');
select tests.act_as('nora');
select lives_ok('execute let_olga_go', 'another owner can');
select tests.act_as('olga');
select is((select count(*) from app_public.organizations), 0::bigint, 'and she is gone');
select tests.act_as('nora');
select throws_ok($$select app_public.end_membership(tests.membership_id('nora'))$$, 'RX412', 'last_owner', 'so the other is the last');

-- Her account is closed, so the clinic has no owner who could act.
select tests.act_as('the database');
update app_public.principals set disabled_at = now() where id = tests.id('nora');
select tests.act_as('flavia');
select lives_ok($$select app_public.end_membership(tests.membership_id('flavia'))$$, 'who owns nothing may leave, whoever else is there');
select * from finish();
rollback;
