-- Test: current_account_id - a closed account sees and changes nothing, not even its own rows, by policy alone. FND-03.
begin;
select plan(18);
select tests.clinic('atlas');
select tests.patient('ana');
select tests.staff('olga', 'owner');
select tests.patient('carmen', account => false);
select tests.caregiver('corina', 'carmen');
create function pg_temp.own_rows() returns text language sql as $$
  select concat_ws(',', (select count(*) from app_public.humans where principal_id = app_hidden.current_principal_id()),
    (select count(*) from app_public.principals where id = app_hidden.current_principal_id()),
    (select count(*) from app_public.caregivers where human_id = app_hidden.current_principal_id()),
    (select count(*) from app_public.me() as me where me.principal_id is not null), num_nonnulls(app_hidden.current_account_id()));
$$;
select r from (values ('ana', '1,1,0,1,1'), ('olga', '1,1,0,1,1'), ('corina', '1,1,1,1,1')) as t (persona, rows),
  lateral (select tests.act_as(persona)) a, lateral is(pg_temp.own_rows(), rows, persona || ' sees themself') r;
select tests.act_as('the database');
update app_public.principals set disabled_at = now();
select r from (values ('ana'), ('olga'), ('corina')) as t (persona),
  lateral (select tests.act_as(persona)) a, lateral is(pg_temp.own_rows(), '0,0,0,0,0', persona || ' does not, once the account is closed') r;
select is((select count(*) from app_public.humans), 0::bigint, 'nor anybody else');

select tests.act_as('ana');
with changed as (update app_public.humans set display_name = 'Altcineva' returning 1)
select is((select count(*) from changed), 0::bigint, 'one does not rename oneself');
select * from tests.refuses($$select app_public.claim_patient_profiles()$$, 'FORBIDDEN', 'email_not_verified', 'nor take over a profile');
select * from tests.refuses($$select app_public.add_caregiver(tests.id('atlas'), tests.id('ana'), 'x@people.test', 'X', 'friend', 'Said so')$$,
  'NOT_FOUND', 'not_found', 'nor name a caregiver');
select * from tests.refuses($$select app_public.add_caregiver(tests.id('atlas'), tests.id('carmen'), 'x@people.test', 'X', 'friend', 'Said so')$$,
  'NOT_FOUND', 'not_found', 'least of all for somebody without an account');
select tests.act_as('corina');
select * from tests.refuses($$select app_public.revoke_caregiver(tests.id('corina for carmen'))$$, 'NOT_FOUND', 'caregiver_not_found', 'nor end a link');
select tests.act_as('a visitor');
select is(app_hidden.current_account_id(), null, 'a visitor has no account');
select tests.act_as('the database');
select is((select count(*) from app_public.caregivers where revoked_at is null), 1::bigint, 'nothing was written');
select * from finish();
rollback;
