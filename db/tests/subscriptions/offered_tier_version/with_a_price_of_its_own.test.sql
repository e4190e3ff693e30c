-- Test: offered_tier_version, plan_price, subscribe_organization (prepare_organization_subscription), change_organization_tier, cancel_organization_subscription (end_organization_subscription), billing_currency - a clinic gets the version that was published last, if that one has a price in its currency and for its way of being hosted. BIL-01, BIL-02, FND-20.
begin;
select plan(30);
select tests.freeze_time('2027-01-10 12:00+02');
select tests.person('root', superadmin => true);
create function pg_temp.version(tier text, version int, prices text, published boolean default true) returns void language plpgsql as $$
declare
  v_id uuid;
begin
  insert into app_public.platform_tier_versions (tier_id, version) values (tests.id(tier), version) returning id into v_id;
  insert into app_public.platform_tier_prices (tier_version_id, currency, tenancy_mode, monthly_amount, annual_amount)
  select v_id, split_part(p, ' ', 1), split_part(p, ' ', 2), split_part(p, ' ', 3)::bigint, split_part(p, ' ', 3)::bigint * 10 from unnest(string_to_array(prices, ', ')) p;
  update app_public.platform_tier_versions set published_at = app_hidden.now() where id = v_id and published;
  perform tests.remember(tier || ' v' || version, v_id);
end $$;
select tests.offered_tier('plus', monthly => 100), tests.offered_tier('other', monthly => 900), tests.offered_tier('hidden', monthly => 700, offered => false);
select pg_temp.version('plus', 2, 'RON shared 200, EUR dedicated 50'), pg_temp.version('plus', 3, 'USD shared 1, EUR shared 1, RON dedicated 1', published => false);
create function pg_temp.offered(tier text, currency text, tenancy text, for_the_clinic boolean default true) returns uuid language sql as $$
  select (app_private.offered_tier_version(tests.id(tier), currency, tenancy, for_the_clinic)).id $$;
select is(pg_temp.offered('plus', 'RON', 'shared'), tests.id('plus v2'), 'the version that was published last, and no draft');
select is(pg_temp.offered('plus', 'EUR', 'dedicated'), tests.id('plus v2'), 'in a currency and for a way of being hosted');
select throws_ok(format('select pg_temp.offered(%L, %L, %L)', tier, currency, tenancy), 'RX400', 'tier_has_no_price', says)
from (values ('plus', 'EUR', 'shared', 'a price for another way of being hosted is none'), ('plus', 'RON', 'dedicated', '… nor one in another currency'), ('plus', 'USD', 'shared', 'nor one of a draft'), ('other', 'EUR', 'dedicated', 'nor one of another tier')) w (tier, currency, tenancy, says);
select is(pg_temp.offered('other', 'RON', 'shared'), tests.id('other v1'), 'each tier has versions of its own');
select throws_ok($$select pg_temp.offered('hidden', 'RON', 'shared')$$, 'RX404', 'platform_tier_not_found', 'what is not offered a clinic does not choose');
select is(pg_temp.offered('hidden', 'RON', 'shared', false), tests.id('hidden v1'), 'but the platform does');
select throws_ok($$select (app_private.offered_tier_version(uuidv7(), 'RON', 'shared', true)).id$$, 'RX404', 'platform_tier_not_found', 'what is not there nobody does');

-- What a version costs a subscription.
select tests.clinic('boreal'), tests.billing_details(currency => 'EUR'), tests.staff('beata', 'owner');
select tests.clinic('atlas'), tests.billing_details(), tests.staff('olga', 'owner');
create function pg_temp.price(currency text, tenancy text, version text default 'plus v2') returns bigint language plpgsql as $$
declare v_subscription app_public.organization_subscriptions; begin
  v_subscription.currency := currency; v_subscription.tenancy_mode := tenancy; return (app_private.plan_price(v_subscription, tests.id(version))).monthly_amount; end $$;
select is(pg_temp.price('RON', 'shared'), 200::bigint, 'a version costs what it says in the currency');
select is(pg_temp.price('EUR', 'dedicated'), 50::bigint, 'and for the way of being hosted');
select is(pg_temp.price('RON', 'shared', 'plus v1'), 100::bigint, 'an earlier version what that one says');
select throws_ok(format('select pg_temp.price(%L, %L)', currency, tenancy), 'RX412', 'tier_has_no_price', 'without a price it is not taken for nothing: ' || currency || ' ' || tenancy) from (values ('EUR', 'shared'), ('RON', 'dedicated')) w (currency, tenancy);

-- The currency is that of the subscription, of the details, of the clinic.
select is(app_private.billing_currency(tests.id('atlas')), 'RON', 'who subscribes to nothing is billed as the details say');
select is(app_private.billing_currency(tests.id('boreal')), 'EUR', 'each by its own');
select tests.clinic('cedru');
select is(app_private.billing_currency(tests.id('cedru')), (select currency::text from app_public.organizations where id = tests.id('cedru')), 'without details in its own currency');
select tests.act_as('olga');
select is((app_public.subscribe_organization(tests.id('atlas'), tests.id('plus'), 'monthly')).currency, 'RON', 'it subscribes in it');
select tests.act_as('the database');
update app_public.organization_billing set currency = 'EUR' where organization_id = tests.id('atlas');
select is(app_private.billing_currency(tests.id('atlas')), 'RON', 'and stays with it while the subscription runs');
select tests.act_as('olga');
select is((app_public.change_organization_tier(tests.id('atlas'), tests.id('other'))).currency, 'RON', 'also when the tier changes');
select is((app_public.cancel_organization_subscription(tests.id('atlas'), at_period_end => false)).status, 'canceled', 'ended');
select tests.act_as('the database');
select is(app_private.billing_currency(tests.id('atlas')), 'EUR', 'it is billed as the details say');

-- A subscription that was prepared is prepared anew; one that runs is not.
update app_public.organization_billing set registration_number = null where organization_id in (tests.id('atlas'), tests.id('boreal'));
update app_public.organization_billing set currency = 'RON' where organization_id = tests.id('atlas');
select tests.act_as('root');
select is((app_public.subscribe_organization(tests.id('atlas'), tests.id('plus'), 'monthly', 'They asked')).status, 'pending', 'prepared');
select is((app_public.subscribe_organization(tests.id('atlas'), tests.id('other'), 'annual', 'They asked again')).tier_version_id, tests.id('other v1'), 'prepared once more with another tier');
select results_eq($$select tier_version_id, cadence, status_reason from app_public.organization_subscriptions where organization_id = tests.id('atlas') and status = 'pending'$$, $$values (tests.id('other v1'), 'annual', 'They asked again')$$, 'it is that one');
select is((app_public.change_organization_tier(tests.id('atlas'), tests.id('plus'), 'After all')).tier_version_id, tests.id('plus v2'), 'what waits is changed, too');
select is((select count(*) from app_public.organization_subscription_tiers t join app_public.organization_subscriptions s on s.id = t.subscription_id where s.organization_id = tests.id('atlas') and s.status = 'pending'), 0::bigint, 'and has no day of its tiers before it begins');
select is((select count(*) from app_public.organization_subscriptions where organization_id = tests.id('boreal')), 0::bigint, 'another clinic has none by that');
select is((app_public.cancel_organization_subscription(tests.id('atlas'), 'They left')).status, 'canceled', 'what waits ends at once, whenever it is to end');
select * from finish();
rollback;
