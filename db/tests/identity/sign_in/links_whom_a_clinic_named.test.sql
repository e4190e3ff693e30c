-- Test: sign_in - who was named as staff before they ever signed in is met by email. FND-03, FND-04.
begin;
select plan(5);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.act_as('olga');
select app_public.add_member(tests.id('atlas'), 'Nora@Atlas.test', 'Nora', array[tests.role_id('front_desk')]);
select tests.act_as('the database');
select tests.remember('nora', principal_id) from app_public.humans where email = 'nora@atlas.test';
select is((select email_verified_at from app_public.humans where principal_id = tests.id('nora')), null, 'nobody has proved the address yet');

select tests.act_as('the authenticator');
select is(
  app_hidden.sign_in('https://issuer', 'user_nora', 's', 'nora@atlas.test', true, 'Somebody Else', 'en', tests.id('atlas')), tests.id('nora'),
  'the first sign-in is the human whom the clinic named');
select tests.act_as('the database');
select is((select email_verified_at from app_public.humans where principal_id = tests.id('nora')), '2027-03-01 08:00+02', 'the address is proved');
select is((select display_name from app_public.humans where principal_id = tests.id('nora')), 'Nora', 'the name stays');
select tests.act_as(tests.id('nora'), tests.id('atlas'));
select is((select count(*) from app_public.my_permissions(tests.id('atlas'))), 8::bigint, 'and what the clinic gave is there');
select * from finish();
rollback;
