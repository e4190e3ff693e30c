-- Test: act_as - a test stands where a request stands, and cannot be somebody nobody made. FND-02, FND-05.
begin;
select plan(12);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.patient('ana');

select tests.act_as('olga');
select is(current_user::text, 'app_member', 'whoever signs in is app_member');
select is(app_hidden.current_principal_id(), tests.id('olga'), 'and themselves');
select is(app_hidden.current_organization_id(), tests.id('atlas'), 'at their clinic');

select tests.act_as('a visitor');
select is(current_user::text, 'app_anonymous', 'a visitor is app_anonymous');
select is(app_hidden.current_principal_id(), null, 'and nobody');
select set_config('tests.first_visitor', current_setting('app.visitor_id'), true);
select tests.act_as('another visitor');
select isnt(current_setting('app.visitor_id'), current_setting('tests.first_visitor'), 'another visitor is another one');

select tests.act_as('the worker');
select throws_ok('select * from app_public.patients', '42501', null, 'the worker reads no patient');
select tests.act_as('the database');
select is(current_user, session_user, 'the database is the test''s own login');

select throws_ok($$select tests.act_as('nobody')$$, 'P0001', 'nobody is named "nobody"', 'a person nobody made cannot act');
select throws_ok($$select tests.id('nothing')$$, 'P0001', 'the test remembers nothing named "nothing"',
  'and a name nobody gave is never null');

select tests.freeze_time('2027-03-01 08:00+02');
select tests.act_as('ana');
select is(app_hidden.now(), '2027-03-01 08:00+02'::timestamptz, 'the clock stands, whoever looks');
select tests.freeze_time('2027-03-02 08:00+02');
select is(app_hidden.now(), '2027-03-02 08:00+02'::timestamptz, 'until the test moves it');
select * from finish();
rollback;
