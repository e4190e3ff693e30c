-- Test: clinics_overview - every clinic, also those that never subscribed, which stand in their place; superadmins only. BIL-06.
begin;
select plan(11);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.offered_tier('small');
select tests.clinic('boreal'), tests.billing_details(), tests.clinic_subscribed('small');
select tests.clinic('cetus');
select tests.clinic('gone');
update app_public.organizations set deleted_at = now() where id = tests.id('gone');
select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.billing_details(), tests.clinic_subscribed('small', status => 'canceled');

select tests.act_as('root');
select results_eq($$select organization_name, tier_slug, status, currency, unpaid_amount from app_public.clinics_overview()$$,
  $$values ('Boreal', 'small', 'active', 'RON', 0::bigint), ('Cetus', null, null, 'RON', 0), ('Atlas', 'small', 'canceled', 'RON', 0)$$, 'all of them');
select results_eq($$select organization_name from app_public.clinics_overview(has_plan => false)$$, $$values ('Cetus')$$, 'those that never subscribed');
select results_eq($$select organization_name from app_public.clinics_overview(has_plan => true)$$, $$values ('Boreal'), ('Atlas')$$, 'those that did');
select results_eq($$select organization_name from app_public.clinics_overview(after_organization_id => tests.id('boreal'), up_to => 1)$$, $$values ('Cetus')$$, 'in pages');
select results_eq($$select organization_name from app_public.clinics_overview(with_status => 'active')$$, $$values ('Boreal')$$, 'by status');
select results_eq($$select organization_name from app_public.clinics_overview(named => 'CETU')$$, $$values ('Cetus')$$, 'by name');
select results_eq($$select organization_name from app_public.billing_overview()$$, $$values ('Boreal'), ('Atlas')$$, 'billing_overview stays with those that subscribe');
select * from tests.refuses($$select app_public.clinics_overview(up_to => 101)$$, 'VALIDATION', 'page_out_of_range', 'no more than a page');
select tests.act_as('olga');
select * from tests.refuses($$select app_public.clinics_overview()$$, 'FORBIDDEN', 'superadmin_only', 'a clinic knows of no other');
select * from finish();
rollback;
