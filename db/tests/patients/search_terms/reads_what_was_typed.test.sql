-- Test: search_terms - days, numbers, addresses and names in what was typed, each as the words it may be found by. FND-07.
begin;
select plan(29);
select is(app_private.search_terms(typed, '40'), terms, format('%L', typed))
from (values
  ('', '{}'::text[]), (null, null), (' Ana-Maria  POP ', '{ana,maria,pop}'), ('1.2.1985 ana ANA@People.test', '{=1985-02-01,@ana@people.test,ana}'),
  -- No day, so it is the digits of a number.
  ('31.02.1985', array[e'+4031021985\n+31021985\n-58912013'])
) as t (typed, terms);

-- A number from its beginning, with and without what the country puts before it, and from its end.
select is(app_private.number_term(number, code), terms, format('%L of +%s', number, code))
from (values
  ('+40 722', '40', '+40722'), ('0040722', '40', e'+40722\n+400040722\n-2270400'), ('722', '40', e'+40722\n+722\n-227'),
  ('0722', '40', e'+40722\n+400722\n-2270'), ('061', '39', e'+3961\n+39061\n-160'),
  ('1985', '40', e'+401985\n+1985\n-5891\n=1985-'), ('1885', '40', e'+401885\n+1885\n-5881'), ('19850', '40', e'+4019850\n+19850\n-05891')
) as t (number, code, terms);

select is(app_private.day_of(year, month, day), expected, format('%s %s %s', year, month, day))
from (values
  ('1900', '1', '1', '1900-01-01'::date), ('1899', '12', '31', null), ('2200', '12', '31', '2200-12-31'), ('2201', '1', '1', null),
  ('1985', '0', '5', null), ('1985', '13', '13', null), ('1985', '13', '12', '1985-12-13'), ('1985', '12', '13', '1985-12-13'),
  ('1985', '5', '0', null), ('1985', '01', '31', '1985-01-31'), ('1985', '4', '31', null), ('2024', '2', '29', '2024-02-29'), ('2023', '2', '29', null),
  -- Two digits are a year up to this one.
  ('99', '3', '14', '1999-03-14'),
  (to_char(app_hidden.now(), 'YY'), '1', '1', date_trunc('year', app_hidden.now())::date),
  (to_char(app_hidden.now() + interval '1 year', 'YY'), '1', '1', (date_trunc('year', app_hidden.now()) - interval '99 years')::date)
) as t (year, month, day, expected);
select * from finish();
rollback;
