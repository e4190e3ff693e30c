-- Test: meters, refuse_tier_content, hard_limit, organization_usage - whatever the platform counts is limited by a tier: refused where it is known before it is used, else billed. FND-20.
begin;
select plan(10);
select tests.freeze_time('2027-03-08 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas'), tests.staff('olga', 'owner');
select set_eq($$select key from app_public.meters$$,
  array['specialists', 'active_patients', 'storage_bytes', 'video_minutes', 'sms_messages', 'telerehab_sessions', 'ai_calls'], 'all that is counted has a meter');
select set_eq($$select key from app_public.meters where can_be_hard$$, array['specialists', 'active_patients', 'storage_bytes', 'sms_messages', 'telerehab_sessions'], 'what is known before it is used can be refused');
select set_eq($$select key from app_public.meters where not is_standing$$, array['video_minutes', 'sms_messages', 'telerehab_sessions', 'ai_calls'], 'what is used can be billed');
select is_empty($$select key from app_public.meters where not can_be_hard and is_standing$$, 'nothing can be neither');

create function pg_temp.edit(limits app_public.tier_limit[]) returns void language sql as $$
  select app_public.edit_platform_tier_version(tests.id('draft'), 0, 3000,
    '{"(RON,shared,10000,100000,)","(RON,dedicated,90000,900000,500000)"}', limits,
    array(select row(l.meter, 'RON', 10)::app_public.tier_overage_price from unnest(limits) l where l.enforcement = 'soft')) $$;
create function pg_temp.reason_of(meter text) returns text language plpgsql as $$
begin
  perform pg_temp.edit(array[row(meter, 'hard', 1)::app_public.tier_limit]);
  return null;
exception when others then
  return sqlerrm;
end $$;

-- A tier says it of each; prices of shared and dedicated servers are rows beside it.
select tests.act_as('root');
select tests.remember('all', (app_public.set_platform_tier('all', 'Tot', 'All', 9, false)).id);
select tests.remember('draft', (app_public.draft_platform_tier_version(tests.id('all'))).id);
select lives_ok($$select pg_temp.edit(array(select row(m.key, case when m.can_be_hard then 'hard' else 'soft' end, 1)::app_public.tier_limit from app_public.meters m))$$, 'a tier limits every meter at once');
select is((select count(*)::int from app_public.platform_tier_limits where tier_version_id = tests.id('draft')), 7, 'as rows');
select results_eq($$select tenancy_mode, monthly_amount, setup_amount from app_public.platform_tier_prices where tier_version_id = tests.id('draft') order by 1$$,
  $$values ('dedicated', 90000::bigint, 500000::bigint), ('shared', 10000, 0)$$, 'and so are prices of both ways of being hosted');
select results_eq($$select m.key, pg_temp.reason_of(m.key) from app_public.meters m where not m.can_be_hard order by 1$$,
  $$values ('ai_calls', 'tier_limit_only_soft'), ('video_minutes', 'tier_limit_only_soft')$$, 'what was used already is refused as a hard limit, by its name');
select lives_ok($$select app_public.publish_platform_tier_version(tests.id('draft'))$$, 'it is published');
select tests.act_as('the database');
select tests.subscribe(tests.id('atlas'), 'all', '2027-03-01');
select tests.act_as('olga');
select results_eq($$select u.meter, u.enforcement, u.included from app_public.organization_usage(tests.id('atlas')) u order by 1$$,
  $$values ('active_patients', 'hard', 1::bigint), ('ai_calls', 'soft', 1), ('sms_messages', 'hard', 1), ('specialists', 'hard', 1), ('storage_bytes', 'hard', 1), ('telerehab_sessions', 'hard', 1), ('video_minutes', 'soft', 1)$$,
  'and the clinic reads all of it');
select * from finish();
rollback;
