-- Test: usage_differences (recounted_usage), usage_between, ai_cost_between, record_usage (add_to_summary), resummarize_usage - what is kept, what is counted again and what is billed are the same of every meter; each word of a summary that is not so is told. FND-24, BIL-02.
begin;
select plan(35);
select tests.freeze_time('2027-03-25 12:00+02');
select tests.bill_meter('summed', 'sum'), tests.bill_meter('counted', 'count'), tests.bill_meter('highest', 'max'), tests.bill_meter('last', 'latest'), tests.bill_meter('whom', 'unique');
select tests.clinic('boreal'), tests.clinic('atlas'), tests.subscribe(tests.id('atlas'), 'start', '2027-03-05');
create function pg_temp.use(meter text, quantity numeric, at text, subject text default null, clinic text default 'atlas') returns bigint language sql as $$
  select (app_private.record_usage(tests.id(clinic), meter, 'test', meter || ' ' || quantity || at, quantity, ('2027-03-' || at || '+02')::timestamptz, tests.bill_id(subject))).position $$;
create function pg_temp.kept(meter text) returns text language sql as $$ select quantity || '/' || records from app_public.usage_summaries s where organization_id = tests.id('atlas') and s.meter = kept.meter and period_starts_at = '2027-03-05 00:00+02' $$;
create function pg_temp.between(meter text, after_position bigint default 0, to_position bigint default 1000) returns numeric language sql as $$
  select app_private.usage_between(tests.id('atlas'), meter, '[2027-03-05 00:00+02,2027-04-05 00:00+03)', after_position, to_position) $$;
-- Before the period, within it, and late.
select pg_temp.use(meter, 50, '04 23:59:59', 'eva') from unnest('{summed,counted,highest,last,whom}'::text[]) meter;
select pg_temp.use(meter, 4, '05 00:00', 'ana') from unnest('{summed,counted,highest,last,whom}'::text[]) meter;
select pg_temp.use(meter, 7, '20 10:00', 'dan') from unnest('{summed,counted,highest,last,whom}'::text[]) meter;
-- Of the same instant what was told last; then what was so before.
select pg_temp.use('last', 6, '20 10:00');
select pg_temp.use(meter, 5, '10 10:00', 'ana') from unnest('{summed,counted,highest,last,whom}'::text[]) meter;
select pg_temp.use('summed', 900, '20 10:00', null, 'boreal');
select is(pg_temp.kept(meter), kept, meter || ' is kept as ' || kept) from (values ('summed', '16/3'), ('counted', '3/3'), ('highest', '7/3'), ('last', '6/4'), ('whom', '2/3')) w (meter, kept);
select is(pg_temp.between(meter), billed, meter || ' is billed as ' || billed) from (values ('summed', 16::numeric), ('counted', 3), ('highest', 7), ('last', 6), ('whom', 2)) w (meter, billed);
select is(pg_temp.between(meter, 10, 15), billed, meter || ' that was told between two positions') from (values ('summed', 7::numeric), ('counted', 1), ('highest', 7), ('last', 7), ('whom', 1)) w (meter, billed);
select is(pg_temp.between('summed', 11), 5::numeric, 'of a position what comes after it, and not the one itself');
select is(pg_temp.between('summed', 0, 11), 11::numeric, 'and the one up to which is asked');
select is_empty($$select from app_private.usage_differences(tests.id('atlas'))$$, 'kept is what is counted again');
select set_eq($$select meter, quantity, records from app_private.recounted_usage(tests.id('atlas')) where period_starts_at = '2027-03-05 00:00+02'$$,
  $$values ('summed', 16::numeric, 3::bigint), ('counted', 3, 3), ('highest', 7, 3), ('last', 6, 4), ('whom', 2, 3)$$, 'of each meter');
select is((select min(period_starts_at) from app_private.recounted_usage(tests.id('boreal'))), '2027-03-01 00:00+02', 'and of each clinic its own');

-- What is not so.
create function pg_temp.after(change text, clinic text default 'atlas') returns text language plpgsql as $$
declare
  v_told text;
begin
  set local session_replication_role = replica;
  execute change;
  set local session_replication_role = origin;
  select string_agg(concat_ws(' ', meter, to_char(period_starts_at at time zone 'Europe/Bucharest', 'MM-DD'), coalesce(summed::text, 'nothing'), coalesce(recounted::text, 'nothing')), ', ' order by meter, period_starts_at) into v_told from app_private.usage_differences(tests.id(clinic));
  raise exception using errcode = 'XX001', message = coalesce(v_told, 'nothing');
exception when sqlstate 'XX001' then
  return sqlerrm;
end $$;
select is(pg_temp.after($$update app_public.usage_summaries set $$ || change || $$ where meter = 'summed' and period_starts_at = '2027-03-05 00:00+02'$$), told, says)
from (values ('quantity = 17', 'summed 03-05 17 16', 'a quantity'), ('records = 4', 'summed 03-05 16 16', 'how many'), ('last_occurred_at = last_occurred_at + interval ''1 second''', 'summed 03-05 16 16', 'when it was used last'),
  ('period_ends_at = ''2027-04-06 00:00+03''', 'summed 03-05 16 16', 'until when'), ('meter = ''sms_messages''', 'sms_messages 03-05 16 nothing, summed 03-05 nothing 16', 'of what')) w (change, told, says);
select is(pg_temp.after('delete from app_public.usage_summaries where meter = ''whom'''), 'whom 03-01 nothing 1, whom 03-05 nothing 2', 'a summary that is gone');
select is(pg_temp.after('delete from app_public.usage_records where meter = ''counted'''), 'counted 03-01 1 nothing, counted 03-05 3 nothing', 'records that are gone');
select is(pg_temp.after('update app_public.usage_summaries set quantity = 1 where meter = ''summed''', 'boreal'), 'summed 03-01 1 900', 'another clinic''s is told of that clinic');
select is(pg_temp.after(format('update app_public.usage_summaries set quantity = 1 where organization_id = %L', tests.id('boreal'))), 'nothing', '… and not of this one');

-- What calls of models cost.
select tests.bill_ai('atlas', 8, '2027-03-04 23:59:59+02'), tests.bill_ai('atlas', 1, '2027-03-05 00:00+02'), tests.bill_ai('atlas', 2, '2027-04-04 23:59:59+03'), tests.bill_ai('atlas', 4, '2027-04-05 00:00+03'), tests.bill_ai('boreal', 16, '2027-03-10 10:00+02'), tests.bill_ai('atlas', 32, '2027-03-10 10:00+02', 'EUR');
create function pg_temp.cost(after_position bigint default 0, to_position bigint default 1000, currency text default 'RON') returns numeric language sql as $$
  select app_private.ai_cost_between(tests.id('atlas'), currency, '[2027-03-05 00:00+02,2027-04-05 00:00+03)', after_position, to_position) $$;
select is(pg_temp.cost(), 3::numeric, 'AI is of the time of its call, from the first instant to before the last, of this clinic and in this currency');
select is(pg_temp.cost(currency => 'EUR'), 32::numeric, 'what cost in another currency is of that one');
select is(pg_temp.cost(to_position => p), 1::numeric, 'up to the position at which its cost was known') from (select priced_position as p from app_public.ai_calls where cost = 1) c;
select is(pg_temp.cost(p), 2::numeric, 'and after it') from (select priced_position as p from app_public.ai_calls where cost = 1) c;
select is(pg_temp.cost(to_position => p - 1), 0::numeric, 'before it was known it costs nothing') from (select priced_position as p from app_public.ai_calls where cost = 1) c;
select is(pg_temp.between('toys'), 0::numeric, 'of what nobody counts nothing is used');
select * from finish();
rollback;
