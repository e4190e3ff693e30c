-- Test: embedding_origins_of - a clinic says whose pages may show its booking page; only https origins. APT-05, FND-04.
begin;
select plan(33);
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('flavia', 'front_desk');

select tests.act_as('a visitor');
select is(app_hidden.embedding_origins_of('atlas'), '{}', 'nobody, until the clinic says so');
select tests.act_as('olga');
select lives_ok($$update app_public.organizations set embedding_origins = '{https://www.atlas.ro,https://xn--clinic-9ya.ro:8443}'$$, 'origins, with a port too');
select tests.act_as('flavia');
select tests.changes_nothing($$update app_public.organizations set embedding_origins = '{https://flavia.ro}'$$, 'front desk may not');
select tests.act_as('a visitor');
select is(app_hidden.embedding_origins_of('atlas'), '{https://www.atlas.ro,https://xn--clinic-9ya.ro:8443}', 'they are told');
select is(app_hidden.embedding_origins_of('boreal'), '{}', 'of each clinic its own');
select is(app_hidden.embedding_origins_of('nobody'), null, 'of no clinic nothing');
select is(app_hidden.embedding_origins_of(null), null, 'and of no name');

select tests.act_as('olga');
select tests.breaks(
  format('update app_public.organizations set embedding_origins = %L', origins), 'organizations_embedding_origins_are_https_origins', what)
from (values
  (array['http://www.atlas.ro'], 'without TLS'),
  (array['https://www.atlas.ro/'], 'a path'),
  (array['https://www.atlas.ro https://other.ro'], 'two in one'),
  (array['https://www.atlas.ro; script-src *'], 'another directive'),
  (array['https://*.atlas.ro'], 'a pattern'),
  (array['*'], 'everybody'),
  (array['https://atlas'], 'a name without a domain'),
  (array['https://Atlas.ro'], 'capitals'),
  (array['https://olga@atlas.ro'], 'a user'),
  (array['https://www.atlas.ro', null], 'nothing'),
  (array['https://www.atlas.ro', ''], 'an empty one')
) as t (origins, what);
select tests.breaks(
  format('update app_public.organizations set embedding_origins = %L',
    (select array_agg('https://a' || n || '.ro') from generate_series(1, 21) as n)),
  'organizations_embedding_origins_are_https_origins', 'more than anybody has');

select tests.act_as('the database');
update app_public.organizations set activated_at = null where id = tests.id('boreal');
update app_public.organizations set deleted_at = now() where id = tests.id('atlas');
select tests.act_as('a visitor');
select is(app_hidden.embedding_origins_of('boreal'), null, 'a draft is no clinic');
select is(app_hidden.embedding_origins_of('atlas'), null, 'and a removed one is gone');
select tests.act_as('the database');
select * from finish();
rollback;
