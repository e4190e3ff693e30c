-- Test: tier_change_preview (tier_change_lines) - what another tier would cost from today on is what the bill has for it once it is chosen; nothing on trial or for the same tier; other clinics' is not there. BIL-06, BIL-08.
begin;
select plan(17);
select tests.freeze_time('2027-03-01 09:00+02');
select tests.clinic('boreal'), tests.staff('otto', 'owner');
select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk');
select tests.person('root', superadmin => true);
select tests.offered_tier('small', monthly => 10000), tests.offered_tier('large', monthly => 31000), tests.offered_tier('try', trial_days => 14);
select tests.offered_tier('hidden', offered => false), tests.offered_tier('euro', currency => 'EUR');
select tests.billing_details('boreal'), tests.billing_details('atlas');

select tests.act_as('olga');
select * from tests.refuses($$select app_public.tier_change_preview(tests.id('atlas'), tests.id('large'))$$, 'NOT_FOUND', 'clinic_not_subscribed', 'without a plan there is none to change');
select tests.act_as('the database');
select tests.clinic_subscribed('small', clinic => 'atlas'), tests.clinic_subscribed('try', clinic => 'boreal');
-- 31 days from 1 March; 11 March is the eleventh, and 21 are left.
select tests.freeze_time('2027-03-11 09:00+02');
select tests.act_as('olga');
select tests.act_as('the database'); create temporary table shown (kind text, starts_on date, ends_on date, quantity numeric, amount bigint, descriptions jsonb); grant all on shown to app_member; select tests.act_as('olga');
insert into shown select kind, starts_on, ends_on, quantity, amount, descriptions from app_public.tier_change_preview(tests.id('atlas'), tests.id('large'));
select results_eq($$select kind, starts_on, ends_on, amount from shown order by amount$$,
  $$values ('plan_change', '2027-03-11'::date, '2027-04-01'::date, -6774::bigint), ('plan_change', '2027-03-11', '2027-04-01', 21000)$$, 'the days left of one are taken off, and those of the other added');
select is((select count(*)::int from shown where descriptions ->> 'ro' ~ '^Abonament ' and descriptions ->> 'en' ~ '^(small|large)'), 2, 'in both languages');
select is_empty($$select from app_public.tier_change_preview(tests.id('atlas'), tests.id('small'))$$, 'the tier that it has costs nothing more');
select is_empty($$select from app_public.projected_invoice(tests.id('atlas'))$$, 'and nothing is changed by looking');
select * from tests.refuses($$select app_public.tier_change_preview(tests.id('atlas'), tests.id('hidden'))$$, 'NOT_FOUND', 'platform_tier_not_found', 'what is not offered is not there');
select * from tests.refuses($$select app_public.tier_change_preview(tests.id('atlas'), tests.id('euro'))$$, 'VALIDATION', 'tier_has_no_price', 'nor is it sold in another currency');
select * from tests.refuses($$select app_public.tier_change_preview(tests.id('boreal'), tests.id('large'))$$, 'NOT_FOUND', 'not_found', 'another clinic is not there');
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.tier_change_preview(tests.id('atlas'), tests.id('large'))$$, 'FORBIDDEN', 'permission_missing', 'the front desk may not see it');
select tests.act_as('root');
select is((select sum(amount) from app_public.tier_change_preview(tests.id('atlas'), tests.id('large'))), 14226::numeric, 'a superadmin sees the same');
select is_empty($$select from app_public.tier_change_preview(tests.id('boreal'), tests.id('large'))$$, 'on trial nothing is billed for it');

select tests.act_as('olga');
select app_public.change_organization_tier(tests.id('atlas'), tests.id('large'));
select results_eq(
  $$select kind, starts_on, ends_on, quantity, amount, descriptions from app_public.projected_invoice(tests.id('atlas')) order by amount$$,
  $$select * from shown order by amount$$, 'and it is what the bill has then');
select * from finish();
rollback;
