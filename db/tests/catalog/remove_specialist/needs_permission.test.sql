-- Test: remove_specialist - with specialists.manage at the clinic; for others there is nobody. SPC-06.
begin;
select plan(17);
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana');
select tests.specialist('stefan', account => true);
select tests.specialist('gone');
update app_public.specialists set deleted_at = now() where id = tests.id('gone');
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.remove_specialist(tests.id('stefan'))$$, 'FORBIDDEN', 'permission_missing', 'front desk');
select * from tests.refuses($$select app_public.remove_specialist(tests.id('gone'))$$, 'NOT_FOUND', 'not_found', 'who is gone is gone for them too');
select r.* from unnest('{otto,ana}'::text[]) p, lateral (select tests.act_as(p)) a,
  lateral tests.refuses($$select app_public.remove_specialist(tests.id('stefan'))$$, 'NOT_FOUND', 'not_found', p || ' is told nothing') r;
select * from tests.refuses($$select app_public.remove_specialist(uuidv7())$$, 'NOT_FOUND', 'not_found', 'nobody is answered alike');
select * from tests.refuses($$select app_public.remove_specialist(null)$$, 'NOT_FOUND', 'not_found', 'null is nobody');
select tests.act_as('otto');
select * from tests.refuses($$select app_public.remove_specialist(tests.id('stefan'), uuidv7())$$, 'NOT_FOUND', 'not_found', 'whoever they name to take over');
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.remove_specialist(uuidv7())$$, '42501', null, 'a visitor cannot call it');
select tests.act_as('the database');
select is((select deleted_at from app_public.specialists where id = tests.id('stefan')), null, 'the specialist works on');
select * from finish();
rollback;
