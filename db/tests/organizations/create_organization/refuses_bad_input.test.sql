-- Test: create_organization - what is not a slug, a zone, a currency, a language, a name or an address is refused by name. FND-01, FND-29.
begin;
select plan(34);
select tests.clinic('atlas');
select tests.person('root', superadmin => true);
create function pg_temp.attempt(
  slug text default 'boreal', name text default 'Boreal', email text default 'otto@boreal.test', locale text default 'ro',
  timezone text default 'Europe/Bucharest', currency text default 'RON'
) returns app_public.organizations language sql as $$
  select app_public.create_organization(slug, name, email, 'Otto', locale, timezone, currency);
$$;

select tests.act_as('root');
select * from tests.breaks($$select pg_temp.attempt(slug => 'atlas')$$, 'organizations_slug_is_unique', 'a slug that is taken');
select * from tests.breaks($$select pg_temp.attempt(slug => 'Boreal')$$, 'organizations_slug_is_a_slug', 'capitals in a slug');
select * from tests.breaks($$select pg_temp.attempt(slug => '../boreal')$$, 'organizations_slug_is_a_slug', 'a path as a slug');
select * from tests.breaks($$select pg_temp.attempt(slug => e'boreal\n')$$, 'organizations_slug_is_a_slug', 'a slug with a line end');
select * from tests.breaks($$select pg_temp.attempt(slug => '')$$, 'organizations_slug_is_a_slug', 'an empty slug');
select * from tests.breaks($$select pg_temp.attempt(slug => repeat('a', 64))$$, 'organizations_slug_is_a_slug', 'a slug of 64 letters');
select * from tests.breaks($$select pg_temp.attempt(slug => null)$$, 'slug', 'no slug');
select * from tests.breaks($$select pg_temp.attempt(timezone => 'Europe/Bucuresti')$$, 'organizations_timezone_fkey', 'a zone that does not exist');
select * from tests.breaks($$select pg_temp.attempt(timezone => 'Foo/Bar3')$$, 'organizations_timezone_fkey', 'a zone that PostgreSQL alone would guess at');
select * from tests.breaks($$select pg_temp.attempt(currency => 'lei')$$, 'organizations_currency_is_a_code', 'a currency that is no code');
select * from tests.breaks($$select pg_temp.attempt(currency => 'RO')$$, 'organizations_currency_is_a_code', 'a currency that is too short');
select * from tests.refuses($$select pg_temp.attempt(currency => 'RONX')$$, '22001', null, 'a currency that is too long');
select * from tests.breaks($$select pg_temp.attempt(locale => 'fr')$$, 'organizations_locale_is_supported', 'a language that we do not speak');
select * from tests.breaks($$select pg_temp.attempt(name => '   ')$$, 'organizations_name_is_not_blank', 'a blank name');
select * from tests.breaks($$select pg_temp.attempt(name => repeat('a', 201))$$, 'organizations_name_is_at_most_200_characters_long', 'a name of 201 letters');
select * from tests.breaks($$select pg_temp.attempt(email => 'otto')$$, 'humans_email_is_valid', 'an owner without an address');
select * from tests.breaks($$select pg_temp.attempt(email => null)$$, 'email', 'no owner');
select * from finish();
rollback;
