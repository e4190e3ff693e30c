-- Test: grant_entitlement, revoke_entitlement - what one clinic has or had says nothing of another one or of another entitlement. FND-20, TEN-01.
begin;
select plan(12);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('boreal'), tests.clinic('atlas'), tests.clinic('gone');
update app_public.organizations set deleted_at = app_hidden.now() where id = tests.id('gone');
set local role app_owner;
update app_public.platform_entitlements set is_built = true;
reset role;
create function pg_temp.grants(name text, clinic text, entitlement text) returns uuid language sql as $$
  select tests.remember(name, (app_public.grant_entitlement(tests.id(clinic), entitlement, 'Because')).id)
$$;

select tests.act_as('root');
select isnt(pg_temp.grants('key', 'atlas', 'own_cmk'), null, 'one is granted');
select isnt(pg_temp.grants('bucket', 'atlas', 'own_s3_bucket'), tests.id('key'), 'another is another');
select isnt(pg_temp.grants('their key', 'boreal', 'own_cmk'), tests.id('key'), 'and so is another clinic''s');
select is((select organization_id from app_public.organization_entitlements where id = tests.id('their key')), tests.id('boreal'), 'which is its own');
select * from tests.refuses($$select app_public.grant_entitlement(tests.id('gone'), 'own_cmk', 'Because')$$, 'NOT_FOUND', 'organization_not_found', 'a clinic that was removed is granted nothing');
select is((app_public.revoke_entitlement(tests.id('key'), 'Not paid')).id, tests.id('key'), 'one is taken back');
select is((select count(*)::int from app_public.organization_entitlements where revoked_at is null), 2, 'and no other');
select * from tests.refuses($$select app_public.revoke_entitlement(tests.id('key'), 'Not paid')$$, 'NOT_FOUND', 'not_found', 'once');
select is(pg_temp.grants('bucket again', 'atlas', 'own_s3_bucket'), tests.id('bucket'), 'what it has it has');
select isnt(pg_temp.grants('key again', 'atlas', 'own_cmk'), tests.id('key'), 'what was taken back is granted anew');
select * from finish();
rollback;
