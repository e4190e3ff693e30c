-- Test: specialists - staff and patients of the clinic meet name, title and specialties; guests meet nobody here. SPC-05.
begin;
select plan(26);
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.patient('dan');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.patient('ana');
select tests.patient('carmen', account => false);
select tests.caregiver('corina', 'carmen');
select tests.specialist('stefan');
select tests.specialist('gone');
update app_public.specialists set deleted_at = now() where id = tests.id('gone');
create function pg_temp.seen() returns text[] language sql as 'select array_agg(title || given_name order by given_name) from app_public.specialists';

select r from unnest('{olga,ana,corina}'::text[]) p, lateral (select tests.act_as(p)) a, lateral is(pg_temp.seen(), '{Dr.Stefan}', p || ' sees the specialist, and not the removed one') r;
select r from unnest('{otto,dan}'::text[]) p, lateral (select tests.act_as(p)) a, lateral is(pg_temp.seen(), null, p || ' of another clinic sees none') r;
select r from unnest('{olga,ana,corina}'::text[]) p, lateral (select tests.act_as(p)) a,
  unnest('{human_id,registration_number,contact_email,contact_phone,scheduling_timezone,deleted_at}'::text[]) c,
  lateral throws_ok(format('select %I from app_public.specialists', c), '42501', null, format('%s is refused %s', p, c)) r;
select tests.act_as('ana');
select throws_ok('select 1 from app_public.specialists where contact_email is not null', '42501', null, 'not even as a condition');
select tests.act_as('a visitor');
select throws_ok('select id from app_public.specialists', '42501', null, 'a visitor reads no specialist');
select throws_ok('select specialty_id from app_public.specialist_specialties', '42501', null, 'and no specialty of one');
select * from finish();
rollback;
