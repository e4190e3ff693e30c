-- Test: sign_in - who was named before they ever signed in is met by address, and called as they call themselves. FND-03, FND-04.
begin;
select plan(8);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.person('root', superadmin => true);
select tests.act_as('root');
select tests.remember('atlas', (app_public.create_organization('atlas', 'Atlas', 'Nora@Atlas.test', 'Somebody''s Typo')).id);
select tests.act_as('the database');
select tests.remember('nora', principal_id) from app_public.humans where email = 'nora@atlas.test';
select is((select email_verified_at from app_public.humans where principal_id = tests.id('nora')), null, 'nobody has proved the address yet');

create function pg_temp.sign_in(name text, locale text, subject text default 'user_nora') returns uuid language sql as $$
  select app_hidden.sign_in('https://issuer', subject, 's', 'nora@atlas.test', true, name, locale, tests.id('atlas'));
$$;
create function pg_temp.called() returns text language sql security definer as $$
  select display_name || ' ' || locale from app_public.humans where principal_id = tests.id('nora');
$$;
select tests.act_as('the authenticator');
select is(pg_temp.sign_in('Nora Ene', 'en'), tests.id('nora'), 'the first sign-in is the human who was named');
select is(pg_temp.called(), 'Nora Ene en', 'with the own name and language');
select is(pg_temp.sign_in('Another Name', 'ro', 'user_nora_2'), tests.id('nora'), 'a second sign-in of hers');
select is(pg_temp.called(), 'Nora Ene en', 'renames nobody');
select tests.act_as('the database');
select is((select email_verified_at from app_public.humans where principal_id = tests.id('nora')), '2027-03-01 08:00+02', 'the address is proved');
select tests.act_as(tests.id('nora'), tests.id('atlas'));
select ok(app_hidden.has_permission(tests.id('atlas'), 'members.manage'), 'what the platform gave her is there');
select tests.act_as('the database');
update app_public.humans set email_verified_at = null where principal_id = tests.id('nora');
select tests.act_as('the authenticator');
select pg_temp.sign_in('🙂', 'fr', 'user_nora_3');
select is(pg_temp.called(), 'Nora Ene en', 'a name that cannot be read, and a language we do not speak, change nothing');
select * from finish();
rollback;
