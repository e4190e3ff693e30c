-- Test: bill_inputs - what a bill was computed from: the prices and limits of the clinic's own version, in its currency, for how it is hosted, whatever others cost. BIL-02.
begin;
select plan(7);
select tests.freeze_time('2027-03-10 12:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas');
select tests.subscribe(tests.id('atlas'), 'start', '2027-03-05');
create function pg_temp.version_of(tier text) returns uuid language sql as $$
  select v.id from app_public.platform_tier_versions v join app_public.platform_tiers t on t.id = v.tier_id where t.slug = tier and v.version = 1 $$;
create function pg_temp.versions(kind text, tier text default 'start') returns jsonb language sql as $$
  select app_private.bill_inputs(s, p, kind, pg_temp.version_of(tier), 0, 0) -> 'versions'
  from app_public.organization_subscriptions s join app_public.billing_periods p on p.subscription_id = s.id $$;
-- The next version of the tier, which nobody has, costs something else.
select tests.act_as('root');
select app_public.draft_platform_tier_version((select id from app_public.platform_tiers where slug = 'start'));
select tests.act_as('the database');
set local session_replication_role = replica;
update app_public.platform_overage_prices set unit_price = 99 where tier_version_id in (select id from app_public.platform_tier_versions where published_at is null);
update app_public.platform_tier_limits set included = 7 where enforcement = 'soft' and tier_version_id in (select id from app_public.platform_tier_versions where published_at is null);
reset session_replication_role;

select is(jsonb_array_length(pg_temp.versions('period')), 1, 'one version in a period without a change');
select is(pg_temp.versions('period') -> 0 ->> 'tierVersionId', pg_temp.version_of('start')::text, 'the one that the clinic has');
select is(pg_temp.versions('period', 'pro') -> 0 ->> 'tierVersionId', pg_temp.version_of('start')::text, 'whatever would be billed in advance');
select is((pg_temp.versions('period') -> 0) - '{limits,tierVersionId,startsOn,endsOn}'::text[], '{"aiMarkupBasisPoints": 3000, "monthlyAmount": 24900, "annualAmount": 249000, "setupAmount": 0}', 'with its prices in the currency of the clinic, for a server that is shared');
select is(jsonb_path_query_array(pg_temp.versions('period'), '$[0].limits.keyvalue() ? (@.value.enforcement == "soft").value')::text, (
  select jsonb_agg(jsonb_build_object('enforcement', 'soft', 'included', l.included, 'unitPrice', (
    select o.unit_price from app_public.platform_overage_prices o where o.tier_version_id = l.tier_version_id and o.meter = l.meter and o.currency = 'RON')) order by length(l.meter), l.meter)
  from app_public.platform_tier_limits l where l.tier_version_id = pg_temp.version_of('start') and l.enforcement = 'soft')::text, 'and what more costs of each meter');
select is(jsonb_array_length(pg_temp.versions('advance', 'pro')), 1, 'in advance one version');
select is(pg_temp.versions('advance', 'pro') -> 0 ->> 'tierVersionId', pg_temp.version_of('pro')::text, 'is billed: the one that is asked for');
select * from finish();
rollback;
