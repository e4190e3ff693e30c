-- Test: record_ai_call, enter_ai_price, ai_cost_between - a call costs what its units cost at its time, exactly; a missing price is told and never nothing. FND-24.
begin;
select plan(52);
select tests.freeze_time('2027-03-10 12:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
create function pg_temp.call(key text, units jsonb, model text default 'small', at timestamptz default '2027-03-10 10:00+02', clinic text default 'atlas') returns app_public.ai_calls language sql security definer as $$
  select app_private.record_ai_call(tests.id(clinic), key, model, units, at) $$;
create function pg_temp.price(unit text, price numeric, from_at timestamptz, model text default 'small', currency text default 'RON') returns app_public.ai_model_prices language sql as $$
  select app_public.enter_ai_price(model, unit, currency, price, from_at) $$;

select tests.act_as('root');
select is((pg_temp.price('input_tokens', 123.456789, '2027-01-01 00:00+02')).valid_until, null, 'a price holds until there is another');
select lives_ok($$select pg_temp.price('output_tokens', 1000, '2027-01-01 00:00+02')$$, 'each unit has one');
select is((pg_temp.call('a', '{"input_tokens": 1234567, "output_tokens": 3}')).cost, 1234567 * 123.456789 * 0.000001 + 0.003, 'a call costs the exact sum of its units');
select is((pg_temp.call('a', '{"output_tokens": 3, "input_tokens": 1234567}')).priced_position, 1::bigint, 'told again, it is the call that is there');
select is((pg_temp.call('a', '{"input_tokens": 9}')).cost, 1234567 * 123.456789 * 0.000001 + 0.003, 'other units under its key change nothing');
select is((pg_temp.call('a', '{"input_tokens": 1234567, "output_tokens": 3}', 'large')).model, 'small', 'nor does another model');
select tests.act_as('the database');
select set_eq($$select details from app_public.usage_conflicts$$, $$values ('{"model": "small", "units": {"input_tokens": 9}}'::jsonb), ('{"model": "large", "units": {"input_tokens": 1234567, "output_tokens": 3}}')$$, 'they are kept apart');
select is((select count(*) from app_private.events where name = 'usage.conflict'), 2::bigint, 'and told');
select is((select quantity from app_public.usage_summaries where organization_id = tests.id('atlas') and meter = 'ai_calls'), 1::numeric, 'a call is one use');

-- The price of its time.
select tests.act_as('root');
select is((pg_temp.price('output_tokens', 2000, '2027-04-01 00:00+03')).valid_until, null, 'a new price');
select is((select array_agg(valid_until order by valid_from) from app_public.ai_model_prices where unit = 'output_tokens'), array['2027-04-01 00:00+03', null]::timestamptz[], 'ends the one before');
select is((pg_temp.price('output_tokens', 1500, '2027-03-20 00:00+02')).valid_until, '2027-04-01 00:00+03', 'one in between holds until the next');
select is((pg_temp.call('march', '{"output_tokens": 1000000}', at => '2027-03-09 00:00+02')).cost, 1000.0, 'a call before');
select is((pg_temp.call('january', '{"output_tokens": 1000000}', at => '2027-01-01 00:00+02')).cost, 1000.0, 'and at the first instant of a price');
select * from tests.refuses($$select pg_temp.price('output_tokens', 1, '2027-03-01 00:00+02')$$, 'CONFLICT', 'ai_price_is_known', 'what held in the past stays');
select * from tests.refuses($$select pg_temp.price('output_tokens', 1, '2027-03-20 00:00+02')$$, 'CONFLICT', 'ai_price_is_known', 'and what begins at this very instant');
select tests.act_as('the database');
select tests.freeze_time('2027-04-02 12:00+03');
select is((pg_temp.call('later', '{"output_tokens": 1000000}', at => '2027-04-01 00:00+03')).cost, 2000.0, 'a call at the change costs the new price');
select is((pg_temp.call('late', '{"output_tokens": 1000000}', at => '2027-03-31 23:59:59+03')).cost, 1500.0, 'one that is told late, that of its time');

-- A price that is missing.
select is((pg_temp.call('waits', '{"input_tokens": 10, "images": 2}')).cost, null, 'of a unit without a price there is no cost');
select is((pg_temp.call('waits', '{"input_tokens": 10, "images": 2}')).cost, null, 'also when it is told again');
select is((pg_temp.call('waits too', '{"images": 0}', at => '2027-03-05 10:00+02')).cost, null, 'nor of none of it');
select is((pg_temp.call('there', '{"images": 1}', clinic => 'boreal')).cost, null, 'nor at another clinic');
select is((select array_agg(organization_id) from app_private.events where name = 'ai_call.price_missing'), array[tests.id('atlas')], 'the platform is told, once a day');
select is((select payload ->> 'organizationId' from app_private.events where name = 'ai_call.price_missing'), tests.id('atlas')::text, 'about the first call');
select tests.freeze_time('2027-04-03 12:00+03');
select is((pg_temp.call('and one more', '{"images": 1, "seconds": 1}')).cost, null, 'another call that waits');
select is((select count(*) from app_private.events where name = 'ai_call.price_missing'), 3::bigint, 'of each unit anew the day after');
select is(app_private.ai_cost_between(tests.id('atlas'), 'RON', '[2027-03-01 00:00+02,2027-04-01 00:00+03)', 0, app_private.usage_watermark(tests.id('atlas'))),
  1234567 * 123.456789 * 0.000001 + 0.003 + 1000 + 1500, 'March costs what is known of it');
create temporary table closed as select app_private.usage_watermark(tests.id('atlas')) as position;
select tests.act_as('root');
select lives_ok($$select pg_temp.price('images', 5000000, '2027-03-01 00:00+02')$$, 'where there was none it may be entered for the past');
select tests.act_as('the database');
select is((pg_temp.call('waits', '{"input_tokens": 10, "images": 2}')).cost, 10 + 10 * 123.456789 * 0.000001, 'and those that waited are priced');
select is((select array_agg(c.priced_position = closed.position + 1) from app_public.ai_calls c, closed where c.organization_id = tests.id('atlas') and units ? 'images' and cost is not null), '{t,t}', 'at a new position, all at once');
select is((select cost from app_public.ai_calls where units ? 'seconds'), null, 'one that misses another price waits on');
select is((select cost from app_public.ai_calls where organization_id = tests.id('boreal')), 5.0, 'those of every clinic');
select is(app_private.ai_cost_between(tests.id('atlas'), 'RON', '[2027-03-01 00:00+02,2027-04-01 00:00+03)', 0, (select position from closed)),
  1234567 * 123.456789 * 0.000001 + 0.003 + 1000 + 1500, 'what was billed before stays');
select is(app_private.ai_cost_between(tests.id('atlas'), 'RON', '[2027-03-01 00:00+02,2027-04-01 00:00+03)', (select position from closed), app_private.usage_watermark(tests.id('atlas'))),
  10 + 10 * 123.456789 * 0.000001, 'and the rest is late');
select is(app_private.ai_cost_between(tests.id('atlas'), 'EUR', '[2027-03-01 00:00+02,2027-04-01 00:00+03)', 0, 100), 0::numeric, 'of another currency, nothing');
select throws_ok($$update app_public.ai_calls set cost = 0 where cost > 0$$, 'RX423', 'never_changed', 'a cost is written once');
select throws_ok($$update app_public.ai_calls set model = 'x' where cost is null$$, 'RX423', 'never_changed', 'and the rest never again');

-- In the currency of the clinic's bills.
select tests.subscribe(tests.id('boreal'), 'start', currency => 'EUR');
select is((pg_temp.call('in euro', '{"output_tokens": 1}', clinic => 'boreal')).currency::text, 'EUR', 'a clinic pays in the currency of its subscription');
select is((pg_temp.call('in euro', '{"output_tokens": 1}', clinic => 'boreal')).cost, null, 'whose price is another');

-- What is no call.
select throws_ok(format('select pg_temp.call(%L, %L, %L, %L)', key, units, model, at), 'RX400', reason, says)
from (values
  ('', '{"a": 1}', 'small', '2027-04-01', 'usage_key_malformed', 'no key'),
  ('k', '{"a": 1}', 'a model', '2027-04-01', 'ai_model_malformed', 'no model'),
  ('k', '{}', 'small', '2027-04-01', 'ai_units_malformed', 'no unit'),
  ('k', '[1]', 'small', '2027-04-01', 'ai_units_malformed', 'a list'),
  ('k', '{"a": 1.5}', 'small', '2027-04-01', 'ai_units_malformed', 'half a unit'),
  ('k', '{"a": -1}', 'small', '2027-04-01', 'ai_units_malformed', 'less than none'),
  ('k', '{"a": "1"}', 'small', '2027-04-01', 'ai_units_malformed', 'a text'),
  ('k', '{"A b": 1}', 'small', '2027-04-01', 'ai_units_malformed', 'no name'),
  ('k', '{"a": 1}', 'small', '2027-04-05', 'ai_call_time_malformed', 'a time to come')
) as bad (key, units, model, at, reason, says);
select tests.act_as('olga');
select * from tests.refuses($$select pg_temp.price('input_tokens', 1, '2028-01-01')$$, 'FORBIDDEN', 'superadmin_only', 'a clinic enters no price');
select * from finish();
rollback;
