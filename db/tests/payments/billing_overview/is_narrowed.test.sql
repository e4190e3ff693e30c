-- Test: billing_overview - narrowed by what a clinic's name has in it, without regard to case and marks, and by how its subscription stands. BIL-06.
begin;
select plan(6);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.offered_tier('small');
select tests.clinic('boreal'), tests.billing_details(), tests.clinic_subscribed('small');
select tests.clinic('atlas'), tests.billing_details(), tests.clinic_subscribed('small', status => 'canceled');
update app_public.organizations set name = 'Clinica Țărăncuța' where id = tests.id('boreal');

select tests.act_as('root');
select is((select count(*)::int from app_public.billing_overview()), 2, 'all');
select results_eq($$select organization_name from app_public.billing_overview(named => 'TARANCUTA')$$, $$values ('Clinica Țărăncuța')$$, 'by its name, however it is typed');
select results_eq($$select organization_name from app_public.billing_overview(named => ' ')$$, $$values ('Clinica Țărăncuța'), ('Atlas')$$, 'nothing typed is everything');
select is_empty($$select from app_public.billing_overview(named => 'nobody')$$, 'or nobody');
select results_eq($$select organization_name, status from app_public.billing_overview(with_status => 'canceled')$$, $$values ('Atlas', 'canceled')$$, 'by how it stands');
select is_empty($$select from app_public.billing_overview(named => 'atlas', with_status => 'active')$$, 'or both');
select * from finish();
rollback;
