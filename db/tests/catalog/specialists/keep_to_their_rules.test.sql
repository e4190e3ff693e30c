-- Test: specialists - a member once, a real zone, a name; another clinic's members and rows stay out. SPC-02, SPC-06, FND-06.
begin;
select plan(35);
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.specialist('sorin');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.staff('nora', 'specialist');
select tests.patient('ana');
create function pg_temp.hire(human uuid default null, zone text default 'Europe/Bucharest', given text default 'Nora', clinic text default 'atlas', phone text default null, email text default null, title text default 'Dr.')
returns void language sql as $$
  insert into app_public.specialists (organization_id, human_id, title, given_name, family_name, registration_number, contact_email, contact_phone, scheduling_timezone)
  values (tests.id(clinic), human, title, given, 'Pop', 'B-123', email, phone, zone);
$$;
select tests.act_as('adrian');
select lives_ok($$select pg_temp.hire(tests.id('nora'))$$, 'a member becomes a specialist');
select * from tests.breaks($$select pg_temp.hire(tests.id('nora'))$$, 'specialists_human_is_specialist_once', 'once');
select lives_ok('select pg_temp.hire()', 'one who has no login yet');
select lives_ok('select pg_temp.hire()', 'and another');
select * from tests.breaks($$select pg_temp.hire(tests.id('otto'))$$, 'specialists_organization_id_human_id_fkey', 'staff of another clinic are none of this');
select * from tests.breaks($$select pg_temp.hire(uuidv7())$$, 'specialists_organization_id_human_id_fkey', 'nor is nobody');
select * from tests.breaks($$select pg_temp.hire(zone => 'Europe/Cluj')$$, 'specialists_scheduling_timezone_fkey', 'a zone is an IANA zone');
select * from tests.breaks($$select pg_temp.hire(zone => 'EET-2')$$, 'specialists_scheduling_timezone_fkey', 'and no POSIX guess');
select * from tests.breaks($$select pg_temp.hire(zone => '')$$, 'specialists_scheduling_timezone_fkey', 'nor blank');
select * from tests.breaks($$select pg_temp.hire(zone => null)$$, 'scheduling_timezone', 'nor missing');
select * from tests.breaks($$select pg_temp.hire(given => ' ')$$, 'specialists_given_name_is_not_blank', 'a name is a name');
select * from tests.breaks($$select pg_temp.hire(title => '')$$, 'specialists_title_is_not_blank', 'a title too');
select * from tests.refuses($$select pg_temp.hire(phone => '0722 123 45')$$, 'VALIDATION', 'wrong_length', 'a phone can be dialled');
select * from tests.refuses($$select pg_temp.hire(email => 'nora@')$$, 'VALIDATION', 'not_an_address', 'an address is whole');
select * from tests.refuses($$select pg_temp.hire(clinic => 'boreal')$$, '42501', null, 'nobody hires for another clinic');
select throws_ok($$update app_public.specialists set deleted_at = now()$$, '42501', null, 'nobody removes but by the verb');
select throws_ok($$delete from app_public.specialists$$, '42501', null, 'nor deletes');
select throws_ok($$update app_public.specialists set organization_id = tests.id('boreal')$$, '42501', null, 'nor moves to another clinic');
select tests.changes_nothing($$update app_public.specialists set given_name = 'X' where id = tests.id('sorin')$$, 'another clinic''s specialist stays');

select tests.act_as('flavia');
select * from tests.refuses('select pg_temp.hire()', '42501', null, 'front desk hires nobody');
select tests.changes_nothing($$update app_public.specialists set scheduling_active = false$$, 'and pauses nobody');
select tests.act_as('the database');
update app_public.specialists set deleted_at = now() where human_id = tests.id('nora');
select tests.act_as('adrian');
select lives_ok($$select pg_temp.hire(tests.id('nora'))$$, 'who was removed can be taken back');
select * from finish();
rollback;
