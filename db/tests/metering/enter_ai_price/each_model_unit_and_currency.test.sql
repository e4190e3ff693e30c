-- Test: enter_ai_price (price_waiting_calls), record_ai_call (ai_cost, units_without_price, refuse_ai_call, billing_currency), tg_ai_calls__keep - a price is of one model, one unit and one currency, from one instant to before another; only the calls that waited for it are priced, of each clinic at a position of its own. FND-24, BIL-02.
begin;
select plan(52);
select tests.freeze_time('2027-03-10 12:00+02');
select tests.person('root', superadmin => true), tests.clinic('euro'), tests.billing_details(currency => 'EUR'), tests.clinic('boreal'), tests.clinic('atlas');
create function pg_temp.call(key text, units jsonb, model text default 'small', at timestamptz default '2027-03-10 10:00+02', clinic text default 'atlas') returns app_public.ai_calls language sql security definer as $$
  select app_private.record_ai_call(tests.id(clinic), key, model, units, at) $$;
create function pg_temp.price(model text, unit text, currency text, price numeric, from_at timestamptz default '2027-01-01 00:00+02') returns text language sql as $$
  select to_char(p.valid_until at time zone 'Europe/Bucharest', 'YYYY-MM-DD') from app_public.enter_ai_price(model, unit, currency, price, from_at) p $$;
create function pg_temp.cost(key text, clinic text default 'atlas') returns text language sql security definer as $$
  select concat_ws(' at ', coalesce(trim_scale(c.cost)::text, 'waits'), c.priced_position) from app_public.ai_calls c join app_public.usage_records r on r.organization_id = c.organization_id and r.id = c.usage_record_id
  where r.organization_id = tests.id(clinic) and r.key = cost.key $$;
create function pg_temp.valid(of_model text, of_unit text, of_currency text) returns text language sql security definer as $$
  select string_agg(concat_ws('–', to_char(valid_from at time zone 'Europe/Bucharest', 'YYYY-MM-DD'), coalesce(to_char(valid_until at time zone 'Europe/Bucharest', 'YYYY-MM-DD'), 'on')), ', ' order by valid_from)
  from app_public.ai_model_prices where (model, unit, currency::text) = (of_model, of_unit, of_currency) $$;

-- Calls that wait, of two clinics that are billed in RON and one in EUR.
select pg_temp.call('in', '{"input_tokens": 1000000}'), pg_temp.call('out', '{"output_tokens": 1000000}'), pg_temp.call('both', '{"input_tokens": 1000000, "output_tokens": 1000000}'), pg_temp.call('large', '{"input_tokens": 1000000}', 'large'), pg_temp.call('old', '{"input_tokens": 1000000}', at => '2026-12-31 23:59:59+02');
select pg_temp.call('in', '{"input_tokens": 2000000}', clinic => 'boreal'), pg_temp.call('in', '{"input_tokens": 3000000}', clinic => 'euro');
select results_eq($$select model, unit, currency::text from app_private.missing_ai_prices order by 1, 2, 3$$, $$values ('large', 'input_tokens', 'RON'), ('small', 'input_tokens', 'EUR'), ('small', 'input_tokens', 'RON'), ('small', 'output_tokens', 'RON')$$, 'it is known which prices are missing');
select is((select count(*) from app_private.events where name = 'ai_call.price_missing'), 4::bigint, 'each is told once a day');
select tests.act_as('root');
select is(pg_temp.price('small', 'input_tokens', 'RON', 10), null, 'a price is entered');
select is(array(select pg_temp.cost(k) from unnest('{in,out,both,large,old}'::text[]) k), '{10 at 6,waits,waits,waits,waits}', 'whoever waited for that only is priced: not another unit, nor two, nor another model, nor a call before its time');
select is(pg_temp.cost('in', 'boreal') || ', ' || pg_temp.cost('in', 'euro'), '20 at 2, waits', 'of each clinic at its next position, and of none that is billed in another currency');
select is(pg_temp.price('small', 'output_tokens', 'RON', 100), null, 'the price of the other unit');
select is(array(select pg_temp.cost(k) from unnest('{in,out,both,large,old}'::text[]) k), '{10 at 6,100 at 7,110 at 7,waits,waits}', 'prices those that waited for it, and what has a price keeps it');
select is(pg_temp.cost('in', 'boreal'), '20 at 2', 'also elsewhere');
select is(pg_temp.price('small', 'input_tokens', 'EUR', 2), null, 'a price in another currency');
select is(pg_temp.cost('in', 'euro') || ', ' || pg_temp.cost('large'), '6 at 2, waits', 'is that clinic''s');
select is(pg_temp.price('large', 'input_tokens', 'RON', 70), null, 'and of another model');
select is(pg_temp.cost('large'), '70 at 8', 'that one''s');
select tests.act_as('the database');
select is((select jsonb_object_agg(o.slug, p.last_position) from app_private.usage_positions p join app_public.organizations o on o.id = p.organization_id), '{"atlas": 8, "boreal": 2, "euro": 2}', 'whose clinic had nothing to be priced has no new position');

-- One price follows another, of the same model, unit and currency.
select tests.act_as('root');
select is(pg_temp.price('small', 'input_tokens', 'RON', 20, '2027-05-01 00:00+03'), null, 'from May on');
select is(pg_temp.price('small', 'input_tokens', 'RON', 15, '2027-04-01 00:00+03'), '2027-05-01', 'in April another, until then');
select is(pg_temp.valid('small', 'input_tokens', 'RON'), '2027-01-01–2027-04-01, 2027-04-01–2027-05-01, 2027-05-01–on', 'each ends where the next begins');
select is(pg_temp.valid('small', 'output_tokens', 'RON') || ' ' || pg_temp.valid('small', 'input_tokens', 'EUR') || ' ' || pg_temp.valid('large', 'input_tokens', 'RON'), '2027-01-01–on 2027-01-01–on 2027-01-01–on', 'those of another unit, currency or model do not end');
select is(pg_temp.price('small', 'input_tokens', 'RON', 5, '2026-12-01 00:00+02'), '2027-01-01', 'a time that had no price gets one, until the one that is known');
select is(pg_temp.cost('old'), '5 at 9', 'and so does the call of that time');
select throws_ok($$select pg_temp.price('small', 'input_tokens', 'RON', 6, '2026-12-15 00:00+02')$$, 'RX409', 'ai_price_is_known', 'what held in the past is not changed');
select throws_ok($$select pg_temp.price('small', 'input_tokens', 'RON', 6, '2026-12-01 00:00+02')$$, 'RX409', 'ai_price_is_known', '… from its first instant');
select is(pg_temp.price('small', 'input_tokens', 'RON', 12, '2027-03-10 12:00+02'), '2027-04-01', 'from now on it may');
select is(pg_temp.price('medium', 'input_tokens', 'RON', 7, '2026-12-15 00:00+02'), null, 'of another model that time has none yet');
select is(pg_temp.price('small', 'images', 'RON', 7, '2026-12-15 00:00+02'), null, 'nor of another unit');
select is(pg_temp.price('small', 'input_tokens', 'USD', 7, '2026-12-15 00:00+02'), null, 'nor in another currency');
select tests.act_as('the database');
select tests.freeze_time('2027-06-01 12:00+03');
select is(array(select trim_scale((pg_temp.call('at ' || at, '{"input_tokens": 1000000}', at => at)).cost)::text from unnest('{2027-03-10 11:59:59+02,2027-03-10 12:00+02,2027-03-31 23:59:59+03,2027-04-01 00:00+03,2027-05-01 00:00+03}'::timestamptz[]) at), '{10,12,12,15,20}', 'a call costs the price of its instant');
select is(array(select app_private.units_without_price('small', '{"input_tokens": 1, "images": 1, "video": 1}', 'RON', '2026-12-14 00:00+02')), '{images,video}', 'which of its units had none then');
select is(array(select app_private.units_without_price('small', '{"input_tokens": 1, "images": 1}', 'EUR', '2027-02-01 00:00+02')), '{images}', '… in its currency');
select is(array(select app_private.units_without_price('large', '{"input_tokens": 1, "images": 1}', 'RON', '2027-01-01 00:00+02')), '{images}', '… of its model, from the first instant of a price');

-- What is no price, and what is none yet.
select tests.act_as('root');
select throws_ok(format('select pg_temp.price(%s)', given), 'RX400', reason, says) from (values
  ($$repeat('m', 101), 'a', 'RON', 1$$, 'ai_model_malformed', 'a model of more than a hundred letters'), ($$'m', repeat('a', 64), 'RON', 1$$, 'ai_unit_malformed', 'a unit of more than 63'), ($$'m', 'A b', 'RON', 1$$, 'ai_unit_malformed', 'a unit of two words'),
  ($$'m', 'a', 'lei', 1$$, 'currency_malformed', 'no currency'), ($$'m', 'a', 'RON', -1$$, 'ai_price_out_of_range', 'less than nothing'), ($$'m', 'a', 'RON', 1e12$$, 'ai_price_out_of_range', 'too much'),
  ($$'m', 'a', 'RON', 0.0000000001$$, 'ai_price_out_of_range', 'ten places'), ($$'m', 'a', 'RON', 'NaN'$$, 'ai_price_out_of_range', 'what is no number'), ($$'m', 'a', 'RON', 1, '1999-12-31'$$, 'ai_price_time_malformed', 'from another century'), ($$'m', 'a', 'RON', 1, '2200-01-02'$$, 'ai_price_time_malformed', '… or another')) w (given, reason, says);
select lives_ok($$select pg_temp.price(repeat('m', 100), repeat('a', 63), 'RON', 0.000000001, '2000-01-01 00:00Z')$$, 'the longest names, the least price and the first day are');
select lives_ok($$select pg_temp.price('free', 'a', 'RON', 0)$$, 'and so is nothing');
select tests.act_as('the database');
select throws_ok(format('select pg_temp.call(%s)', given), 'RX400', reason, says) from (values
  ($$repeat('k', 201), '{"a": 1}'$$, 'usage_key_malformed', 'a key of more than 200 letters'), ($$E'k\n', '{"a": 1}'$$, 'usage_key_malformed', 'one with a line end'), ($$'k', (select jsonb_object_agg('u' || chr(96 + n), 1) from generate_series(1, 21) n)$$, 'ai_units_malformed', 'more than twenty units'),
  ($$'k', jsonb_build_object(repeat('a', 64), 1)$$, 'ai_units_malformed', 'the name of a unit of more than 63 letters'), ($$'k', '{"a": 1000000000000001}'$$, 'ai_units_malformed', 'more than ever was used'), ($$'k', '{"a": 1}', at => '2027-06-01 12:05:00.000001+03'$$, 'ai_call_time_malformed', 'more than five minutes to come')) w (given, reason, says);
select lives_ok($$select pg_temp.call(repeat('k', 200), (select jsonb_object_agg('u' || chr(96 + n), 1) from generate_series(1, 20) n), at => '2027-06-01 12:05+03')$$, 'the longest key, twenty units, and clocks that differ by five minutes are taken');
select lives_ok($$select pg_temp.call('most', jsonb_build_object(repeat('a', 63), 1000000000000000, 'b', 0))$$, 'the longest name, the most and none');

-- A call stays as it is.
select throws_ok(statement, 'RX423', 'never_changed', says) from (values ($$update app_public.ai_calls set cost = 1, priced_position = 1 where cost = 10$$, 'what it cost is not changed'), ($$update app_public.ai_calls set units = '{}' where cost is null$$, 'nor what it took'), ($$delete from app_public.ai_calls$$, 'nor is it gone')) w (statement, says);
select * from finish();
rollback;
