-- Test: grant_entitlement, revoke_entitlement - what is not built is refused and leaves nothing; what will be is granted and taken back. FND-20, TEN-01.
begin;
select plan(31);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('sorin', 'specialist');
select tests.person('root', superadmin => true);
create function pg_temp.grant_it(entitlement text, reason text default 'Asked for in their contract') returns app_public.organization_entitlements language sql as $$
  select app_public.grant_entitlement(tests.id('atlas'), entitlement, reason)
$$;

select tests.act_as('olga');
select results_eq('select key, is_built from app_public.platform_entitlements order by key', $$values ('own_cmk', false), ('own_s3_bucket', false)$$,
  'the two that are declared are not built');
select * from tests.refuses($$select pg_temp.grant_it('own_cmk')$$, 'FORBIDDEN', 'superadmin_only', 'an owner grants nothing');
select tests.act_as('root');
select * from tests.refuses($$select pg_temp.grant_it('own_s3_bucket')$$, 'CAPABILITY_NOT_BUILT', 'entitlement_not_built', 'a bucket of their own is not built');
select * from tests.refuses($$select pg_temp.grant_it('own_cmk')$$, 'CAPABILITY_NOT_BUILT', 'entitlement_not_built', 'nor a master key');
select * from tests.refuses($$select pg_temp.grant_it('own_moon')$$, 'VALIDATION', 'entitlement_unknown', 'and there is no moon');
select * from tests.refuses($$select pg_temp.grant_it('own_cmk', ' ')$$, 'VALIDATION', 'reason_missing', 'nothing is granted without a reason');
select * from tests.refuses($$select app_public.grant_entitlement(uuidv7(), 'own_cmk', 'because')$$, 'NOT_FOUND', 'organization_not_found', 'nor to nobody');
select is_empty('select 1 from app_public.organization_entitlements', 'nothing is left of it');
select * from tests.refuses(
  $$select app_public.create_organization('dedicated', 'Dedicated', 'ana@people.test', 'Ana', tenancy_mode => 'dedicated')$$,
  'VALIDATION', 'tenancy_mode_not_built', 'a clinic on servers of its own is refused as well (TEN-01)');

-- As it will be once something implements it.
select tests.act_as('the database');
set local role app_owner;
update app_public.platform_entitlements set is_built = true where key = 'own_cmk';
reset role;
select tests.act_as('root');
select tests.remember('granted', (pg_temp.grant_it('own_cmk', '  As agreed ')).id);
select results_eq('select entitlement, reason, granted_by, granted_at, revoked_at from app_public.organization_entitlements',
  $$values ('own_cmk', 'As agreed', tests.id('root'), '2027-03-01 08:00+02'::timestamptz, null::timestamptz)$$, 'then it is granted, with its reason');
select is((pg_temp.grant_it('own_cmk', 'Once more')).id, tests.id('granted'), 'once');
select tests.act_as('olga');
select is((select count(*) from app_public.organization_entitlements), 1::bigint, 'the owner sees it');
select * from tests.refuses($$select app_public.revoke_entitlement(tests.id('granted'), 'because')$$, 'FORBIDDEN', 'superadmin_only', 'and does not take it back');
select tests.act_as('sorin');
select is_empty('select 1 from app_public.organization_entitlements', 'a specialist does not see it');
select tests.act_as('root');
select * from tests.refuses($$select app_public.revoke_entitlement(tests.id('granted'), '')$$, 'VALIDATION', 'reason_missing', 'it goes with a reason');
select tests.freeze_time('2027-04-01 08:00+03');
select is((app_public.revoke_entitlement(tests.id('granted'), 'Not paid')).revoke_reason, 'Not paid', 'it is taken back');
select * from tests.refuses($$select app_public.revoke_entitlement(tests.id('granted'), 'Twice')$$, 'NOT_FOUND', 'not_found', 'once');
select isnt((pg_temp.grant_it('own_cmk', 'Paid again')).id, tests.id('granted'), 'and granted anew');
select tests.act_as('the database');
select results_eq('select reason, revoked_at, revoked_by, revoke_reason from app_public.organization_entitlements order by granted_at',
  $$values ('As agreed', '2027-04-01 08:00+03'::timestamptz, tests.id('root'), 'Not paid'), ('Paid again', null, null, null)$$, 'both are kept');
select * from tests.breaks($$insert into app_public.organization_entitlements (organization_id, entitlement, reason) values (tests.id('atlas'), 'own_cmk', 'twice')$$,
  'organization_entitlements_one_is_open', 'a clinic has it once at a time');
select * from finish();
rollback;
