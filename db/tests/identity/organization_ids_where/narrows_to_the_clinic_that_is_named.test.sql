-- Test: organization_ids_where - the clinic that a request names hides the others and opens none. FND-04.
begin;
select plan(13);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.patient('ana');
select tests.specialist('stefan');
select tests.clinic('boreal');
select tests.staff('olga', 'billing');
select tests.patient('ana');
select tests.specialist('sorin');
select tests.clinic('corvin');
create function pg_temp.seen() returns text[] language sql as $$
  select coalesce(array_agg(distinct o.slug order by o.slug), '{}') from app_public.specialists s join app_public.organizations o on o.id = s.organization_id;
$$;

select tests.act_as(tests.id('olga'));
select is(pg_temp.seen(), '{atlas,boreal}', 'a member of two clinics sees both');
select is(app_hidden.organization_ids_where('members.manage'), array[tests.id('atlas')], 'and may where the role allows');
select tests.act_as('olga', 'atlas');
select is(pg_temp.seen(), '{atlas}', 'naming one hides the other');
select is((select array_agg(slug) from app_public.organizations), '{atlas}', 'with all that it is');
select tests.act_as('olga', 'boreal');
select is(pg_temp.seen(), '{boreal}', 'naming the other hides the one');
select is(app_hidden.organization_ids_where('members.manage'), '{}', 'and its rights');
select is((select count(*) from app_public.my_permissions(tests.id('atlas'))), 0::bigint, 'also in the list of the own permissions');
select throws_ok(
  $$select app_public.invite_member(tests.id('atlas'), 'nora@atlas.test', 'Nora', array[uuidv7()])$$, 'RX404', 'not_found',
  'a verb on the hidden clinic finds nothing');
select tests.act_as('olga', 'corvin');
select is(pg_temp.seen(), '{}', 'naming a third opens nothing');

select tests.act_as(tests.id('ana (human)')) from (select tests.remember('ana (human)', principal_id) from tests.personas where name = 'ana') as known;
select is(pg_temp.seen(), '{atlas,boreal}', 'a patient of two clinics sees both');
select tests.act_as('ana', 'boreal');
select is(pg_temp.seen(), '{boreal}', 'and one, when one is named');
select is((select count(*) from app_public.patients), 1::bigint, 'with the own place there');
select set_config('app.organization_id', 'no uuid', true);
select throws_ok('select slug from app_public.organizations', '22P02', null, 'what is no id opens nothing either');
select * from finish();
rollback;
