-- Test: set_platform_tier, draft_, edit_ and publish_platform_tier_version (draft_version, refuse_tier_content) - tiers are the platform's, and what was published never changes. FND-20.
begin;
select plan(73);
select tests.freeze_time('2027-03-10 12:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk');
create function pg_temp.tier_id(slug text) returns uuid language sql security definer as $$ select id from app_public.platform_tiers t where t.slug = tier_id.slug $$;
create function pg_temp.version_id(tier text, number int default 1) returns uuid language sql security definer as $$
  select id from app_public.platform_tier_versions v where v.tier_id = pg_temp.tier_id(tier) and v.version = number $$;
create function pg_temp.edit(
  tier text default 'gold', number int default 1, days int default 14, markup int default 2500,
  prices app_public.tier_price[] default '{"(RON,shared,10000,100000,)"}', limits app_public.tier_limit[] default '{"(specialists,hard,3)","(sms_messages,soft,100)"}',
  overages app_public.tier_overage_price[] default '{"(sms_messages,RON,12.5)"}'
) returns app_public.platform_tier_versions language sql as $$
  select app_public.edit_platform_tier_version(pg_temp.version_id(tier, number), days, markup, prices, limits, overages) $$;

-- What came with the product: shipped, priced in both currencies and for both ways of being hosted, and closed.
select results_eq($$select slug, version, trial_days, published_at is not null from app_public.platform_tiers t join app_public.platform_tier_versions v on v.tier_id = t.id order by place$$,
  $$values ('free', 1, 0, true), ('start', 1, 30, true), ('pro', 1, 30, true)$$, 'three tiers come with the product, published; the free one is no trial');
select is((select sum(monthly_amount + annual_amount + setup_amount) from app_public.platform_tier_prices where tier_version_id = pg_temp.version_id('free')), 0::numeric, 'and costs nothing');
select results_eq($$select currency::text, tenancy_mode from app_public.platform_tier_prices where tier_version_id = pg_temp.version_id('start') order by 1, 2$$,
  $$values ('EUR', 'dedicated'), ('EUR', 'shared'), ('RON', 'dedicated'), ('RON', 'shared')$$, 'prices are data, shared and dedicated');
select is_empty($$select t.slug, m.key from app_public.platform_tiers t cross join app_public.meters m where not exists (select from app_public.platform_tier_limits l where l.tier_version_id = pg_temp.version_id(t.slug) and l.meter = m.key)$$, 'each says something of every meter');
select is_empty($$select from app_public.platform_tier_limits l cross join (values ('RON'), ('EUR')) c (currency) where l.enforcement = 'soft' and l.meter <> 'ai_calls' and not exists (select from app_public.platform_overage_prices p where (p.tier_version_id, p.meter, p.currency) = (l.tier_version_id, l.meter, c.currency))$$, 'and what more costs of what is billed by the unit, as calls of models are not');
select throws_ok(statement, 'RX423', 'never_changed', says)
from (values
  ($$update app_public.platform_tier_versions set trial_days = 90 where id = pg_temp.version_id('start')$$, 'a version that was published stays'),
  ($$update app_public.platform_tier_versions set published_at = null where id = pg_temp.version_id('start')$$, 'and stays published'),
  ($$delete from app_public.platform_tier_versions where id = pg_temp.version_id('start')$$, 'and there'),
  ($$update app_public.platform_tier_prices set monthly_amount = 1$$, 'and so do its prices'),
  ($$delete from app_public.platform_tier_prices$$, 'all of them'),
  ($$insert into app_public.platform_tier_prices values (pg_temp.version_id('start'), 'USD', 'shared', 1, 1, 0)$$, 'and no other'),
  ($$update app_public.platform_tier_limits set included = 1$$, 'its limits'),
  ($$delete from app_public.platform_overage_prices$$, 'and what more costs'),
  ($$truncate app_public.platform_overage_prices$$, 'nor is anything emptied')
) as changes (statement, says);

-- A superadmin makes one.
select tests.act_as('olga');
select * from tests.refuses($$select app_public.set_platform_tier('gold', 'Aur', 'Gold', 4, false)$$, 'FORBIDDEN', 'superadmin_only', 'a clinic makes no tier');
select * from tests.refuses($$select app_public.draft_platform_tier_version(pg_temp.tier_id('start'))$$, 'FORBIDDEN', 'superadmin_only', 'nor a version');
select * from tests.refuses($$select pg_temp.edit('start')$$, 'FORBIDDEN', 'superadmin_only', 'nor edits one');
select * from tests.refuses($$select app_public.publish_platform_tier_version(pg_temp.version_id('start'))$$, 'FORBIDDEN', 'superadmin_only', 'nor publishes one');
select tests.act_as('root');
select * from tests.refuses($$select app_public.set_platform_tier('Gold!', 'Aur', 'Gold', 4, false)$$, 'VALIDATION', 'tier_slug_malformed', 'a slug');
select * from tests.refuses($$select app_public.set_platform_tier('gold', ' ', 'Gold', 4, false)$$, 'VALIDATION', 'tier_name_malformed', 'a name');
select * from tests.refuses($$select app_public.set_platform_tier('gold', 'Aur', 'Gold', 4, true)$$, 'CONFLICT', 'tier_has_no_published_version', 'nobody could take it yet');
select is((app_public.set_platform_tier('gold', 'Aur', 'Gold', 4, false)).names, '{"ro": "Aur", "en": "Gold"}', 'a tier');
select is((app_public.set_platform_tier('gold', 'Aur', 'Golden', 5, false)).id, pg_temp.tier_id('gold'), 'is renamed by its slug');
select is((app_public.draft_platform_tier_version(pg_temp.tier_id('gold'))).version, 1, 'its first version is a draft');
select is((app_public.draft_platform_tier_version(pg_temp.tier_id('gold'))).version, 1, 'one, however often it is asked for');
select * from tests.refuses($$select app_public.draft_platform_tier_version(uuidv7())$$, 'NOT_FOUND', 'not_found', 'of a tier that is not there none');
select * from tests.refuses($$select app_public.publish_platform_tier_version(uuidv7())$$, 'NOT_FOUND', 'not_found', 'nor of a version that is not there');
select * from tests.refuses($$select app_public.publish_platform_tier_version(pg_temp.version_id('gold'))$$, 'CONFLICT', 'tier_has_no_price', 'without a price it is not published');
select throws_ok(format('select pg_temp.edit(%s)', changed), 'RX400', reason, says)
from (values
  ('days => 366', 'tier_trial_out_of_range', 'a trial of more than a year'),
  ('markup => -1', 'tier_markup_out_of_range', 'less than the cost'),
  ($$prices => '{"(RON,shared,-1,0,0)"}'$$, 'tier_price_malformed', 'a negative price'),
  ($$prices => '{"(lei,shared,1,0,0)"}'$$, 'tier_price_malformed', 'no currency'),
  ($$prices => '{"(RON,cloud,1,0,0)"}'$$, 'tier_price_malformed', 'no way of hosting'),
  ($$prices => '{"(RON,shared,1,,0)"}'$$, 'tier_price_malformed', 'no annual price'),
  ($$prices => '{"(RON,shared,1,1,0)","(RON,shared,2,2,0)"}'$$, 'tier_price_malformed', 'two prices for the same'),
  ($$limits => '{"(toys,hard,1)"}', overages => '{}'$$, 'tier_limit_malformed', 'what nobody counts'),
  ($$limits => '{"(video_minutes,hard,1)"}', overages => '{}'$$, 'tier_limit_only_soft', 'a hard limit of minutes that were talked already'),
  ($$limits => '{"(specialists,hard,1)","(ai_calls,hard,1)"}', overages => '{}'$$, 'tier_limit_only_soft', 'a hard limit of calls that were made already'),
  ($$limits => '{"(specialists,soft,1)"}', overages => '{}'$$, 'tier_limit_malformed', 'a soft limit of what stands'),
  ($$limits => '{"(specialists,hard,-1)"}', overages => '{}'$$, 'tier_limit_malformed', 'less than nothing'),
  ($$limits => '{"(specialists,hard,1)","(specialists,hard,2)"}', overages => '{}'$$, 'tier_limit_malformed', 'a meter twice'),
  ($$overages => '{"(sms_messages,RON,-1)"}'$$, 'overage_price_malformed', 'a negative price of more'),
  ($$overages => '{"(sms_messages,RON,NaN)"}'$$, 'overage_price_malformed', 'a price that is no number'),
  ($$overages => '{"(specialists,RON,1)"}'$$, 'overage_price_malformed', 'a price of what is refused'),
  ($$overages => '{"(sms_messages,RON,1)","(sms_messages,RON,2)"}'$$, 'overage_price_malformed', 'two of them')
) as bad (changed, reason, says);
select is((pg_temp.edit(overages => '{}')).trial_days, 14, 'what it says is written at once');
select * from tests.refuses($$select app_public.publish_platform_tier_version(pg_temp.version_id('gold'))$$, 'CONFLICT', 'overage_price_missing', 'what more costs has to be said');
select is((pg_temp.edit()).ai_markup_basis_points, 2500, 'and written again');
select results_eq($$select meter, enforcement, included from app_public.platform_tier_limits where tier_version_id = pg_temp.version_id('gold') order by 1$$, $$values ('sms_messages', 'soft', 100::bigint), ('specialists', 'hard', 3)$$, 'as it was given last');
select tests.act_as('olga');
select is_empty($$select from app_public.platform_tier_versions where published_at is null$$, 'nobody else sees a draft');
select tests.act_as('root');
select isnt((app_public.publish_platform_tier_version(pg_temp.version_id('gold'))).published_at, null, 'it is published');
select * from tests.refuses($$select pg_temp.edit()$$, 'IMMUTABLE', 'never_changed', 'and not edited any more');
select is((app_public.set_platform_tier('gold', 'Aur', 'Gold', 4, true)).is_offered, true, 'now it may be offered');
select is((app_public.draft_platform_tier_version(pg_temp.tier_id('gold'))).version, 2, 'the next version');
select results_eq($$select meter, unit_price from app_public.platform_overage_prices where tier_version_id = pg_temp.version_id('gold', 2)$$, $$values ('sms_messages', 12.5)$$, 'begins as the last one is');
select tests.act_as('flavia');
select is((select count(*) from app_public.platform_tier_prices where tier_version_id = pg_temp.version_id('gold')), 1::bigint, 'whoever is signed in reads what is offered');

-- What is not offered any more is read by whoever has it.
select tests.act_as('the database');
select tests.subscribe(tests.id('atlas'), 'gold');
update app_public.platform_tiers set is_offered = false where slug = 'gold';
select tests.act_as('olga');
select is((select count(*) from app_public.platform_tier_prices where tier_version_id = pg_temp.version_id('gold')), 1::bigint, 'its clinic reads it');
select tests.act_as('flavia');
select is((select count(*) from app_public.platform_tiers where slug = 'gold'), 0::bigint, 'but not whoever has nothing to do with bills');
select tests.act_as('otto');
select is((select count(*) from app_public.platform_tiers where slug = 'gold'), 0::bigint, 'nor another clinic');
select tests.act_as('root');
select is((select count(*) from app_public.platform_tiers where slug = 'gold'), 1::bigint, 'the platform reads all of its tiers');
select isnt((app_public.publish_platform_tier_version((app_public.draft_platform_tier_version(pg_temp.tier_id('start'))).id)).published_at, null,
  'a copy of a tier that came with the product can be published: calls of models need no price of their own');
select * from finish();
rollback;
