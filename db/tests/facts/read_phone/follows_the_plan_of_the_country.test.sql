-- Test: read_phone - which plan a number is read by, and what is wrong by that plan. FND-07.
-- That every region is read as libphonenumber reads it, agrees_with_libphonenumber.test.ts proves; these are the edges.
begin;
select plan(60);
select is((app_hidden.read_phone(written, region))::text, format('(%s,%s)', number, problem), format('%L in %s', left(written, 30), coalesce(region, 'no region')))
from (values
  -- Nothing, too little, too much, and what is no number.
  (null, null, '', ''), (null, 'RO', '', ''), ('  ', 'RO', '', ''), ('+', 'RO', '', 'not_a_number'), ('++40722000123', 'RO', '', 'not_a_number'),
  ('12', null, '', 'too_short'), ('112', null, '', 'unknown_country'), ('+999', 'RO', '', 'unknown_country'), ('0722000123', null, '', 'unknown_country'),
  (repeat('(', 240) || '0722000123', 'RO', '+40722000123', ''), (repeat('(', 241) || '0722000123', 'RO', '', 'too_long'),
  -- Abroad is dialled by the prefix of the region; where no region is known, by 00.
  ('00', null, '', 'too_short'), ('0038050123456', null, '', 'too_short'), ('0040722000123', null, '+40722000123', ''), ('01140722000123', 'US', '+40722000123', ''),
  ('0040722000123', '+800', '', 'too_long'), ('+00852', 'KZ', '', 'unknown_country'),
  -- A calling code without its plus, unless the number is one of the region as it stands.
  ('2010012345', 'EG', '+2010012345', ''), ('2577956123', 'BI', '', 'too_short'), ('383432012340', 'XK', '+383383432012340', ''), ('407120345', 'RO', '', 'not_in_use'),
  ('4921123456', 'DE', '+494921123456', ''), ('40', 'RO', '', 'too_short'),
  -- What is dialled at home goes, or is replaced.
  ('0008270', 'RO', '', 'not_in_use'), ('068416', 'BY', '', 'too_short'), ('0115917123456', 'BO', '', 'too_long'), ('13812', 'NF', '+672313812', ''), ('4641234', 'AG', '+12684641234', ''),
  -- Regions that share a calling code.
  ('850623456', 'CA', '', 'wrong_length'), ('389 3371', 'CA', '', 'too_short'), ('+1 389 3371', 'CA', '', 'too_short'), ('310 1234', 'CA', '+13101234', ''), ('+1 211 555 1234', 'RO', '+12115551234', ''), ('+44 123 456 789', 'RO', '+44123456789', ''), ('03123456789', '1', '', 'too_long'), ('1779771234', 'JE', '+441779771234', ''), ('4641234', '1', '', 'too_short'),
  -- E.164 ends at fifteen digits, and begins at seven.
  ('+49123456789012', 'RO', '+49123456789012', ''), ('+4912345678901234', 'RO', '', 'too_long'), ('+431234', 'RO', '', 'too_short'), ('+6837455', 'RO', '+6837455', ''),
  -- What is kept is read as itself: nothing is left that would be dropped the next time.
  ('+55 90 539011431', 'RO', '+55539011431', ''), ('+55 90 90 539011431', 'RO', '', 'not_in_use'), ('+1 1 1 722 000 1234', 'RO', '', 'too_long')
) as t (written, region, number, problem);

-- The first region of a calling code is meant, wherever its row lies.
create temporary table shared as select * from app_hidden.phone_regions where calling_code in ('1', '44', '7');
delete from app_hidden.phone_regions where calling_code in ('1', '44', '7');
insert into app_hidden.phone_regions select * from shared order by region <> 'CA', place desc;
select is((app_hidden.read_phone(written, region))::text, read, format('%L in %s, once more', written, region))
from (values
  ('4641234', '1', '(,too_short)'), ('+1 464 1234', 'RO', '(,too_short)'), ('14641234', 'US', '(,too_short)'), ('+44 1234', 'RO', '(,too_short)'), ('44234567', 'GG', '(,too_short)'), ('389 3371', 'CA', '(,too_short)'), ('123456', '44', '(,too_short)'), ('+44 123456', 'RO', '(,too_short)')
) as t (written, region, read);

select is((app_hidden.phone_region_of('40', '722000123')).region, 'RO', 'a calling code of one region is that region''s');
select is((app_hidden.phone_region_of('1', '2684641234')).region, 'AG', 'of several it is whose digits it begins with');
select is((app_hidden.phone_region_of('39', '3123456789')).region, 'IT', 'or to whom such numbers are assigned');

-- A plan that rewrites what is dialled at home does so where it caught something to keep.
create function pg_temp.dialled(digits text, prefix text, becomes text) returns text language sql as $$
  select app_hidden.without_trunk_prefix(digits, jsonb_populate_record(null::app_hidden.phone_regions, jsonb_build_object(
    'region', 'ZZ', 'calling_code', '999', 'national_number', '\d{5,9}', 'possible_lengths', array[5, 6, 7, 8, 9], 'national_prefix', prefix, 'national_prefix_becomes', becomes)));
$$;
select is(pg_temp.dialled('012345678', '0(1)?', '9\1'), '912345678', 'with what was kept')
union all select is(pg_temp.dialled('023456789', '0(1)?', '9'), '23456789', 'not where nothing was')
union all select is(pg_temp.dialled('023456789', '0', '9'), '23456789', 'nor where the plan keeps nothing')
union all select is(pg_temp.dialled('013456789', '0(1)?(2)?', '9\1'), '3456789', 'nor where it kept nothing of the last')
union all select is(pg_temp.dialled('01234567890', '0', null), '1234567890', 'what is too long either way is too long without the prefix');
select * from finish();
rollback;
