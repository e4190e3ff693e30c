-- Test: e164 - a number as people write it becomes one that can be dialled; what is none is refused with the reason. FND-07.
begin;
select plan(35);
select is(app_hidden.e164(written, 'RO'), read, format('%L', written))
from (values
  ('0722 123 456', '+40722123456'), ('0722.123.456', '+40722123456'), ('0722-123-456', '+40722123456'), ('(021) 310/12/34', '+40213101234'),
  ('+40 722 123 456', '+40722123456'), ('0040722123456', '+40722123456'), ('722123456', '+40722123456'), ('+44 20 7946 0958', '+442079460958'),
  ('+40 (0)722 000 123', '+40722000123'), ('0040 (0)722 000 123', '+40722000123'), ('40722000123', '+40722000123'), ('(+40) 722000123', '+40722000123'),
  (U&'\202a+40\00a0722\2011000\2013123\202c', '+40722000123'), (U&'0722\200e000\0009123', '+40722000123'), ('tel:+40-722-000-123', '+40722000123'),
  ('＋４０７２２０００１２３', '+40722000123'), ('٠٧٢٢٠٠٠١٢٣', '+40722000123'),
  -- In Italy the zero belongs to the number.
  ('+39 06 698 12345', '+390669812345'), ('0039 06 698 12345', '+390669812345'),
  ('  ', null), ('', null), (null, null)
) as t (written, read);
select throws_ok(format('select app_hidden.e164(%L, %L)', written, 'RO'), 'RX400', reason, format('%L is refused: %s', written, reason))
from (values
  ('call me', 'not_a_number'), ('+40 722 x', 'not_a_number'), ('0722 000 123 ext. 5', 'not_a_number'), ('++40722000123', 'not_a_number'),
  ('072200012', 'wrong_length'), ('07220001234', 'too_long'), ('0722', 'too_short'), ('0722 12', 'too_short'), ('0000000000', 'not_in_use'), (repeat('1', 40), 'too_long'), ('+999 722 000 123', 'unknown_country')
) as t (written, reason);
select throws_ok($$select app_hidden.e164('0722 123 456', null)$$, 'RX400', 'unknown_country', 'without a region a number names its country');
select is(app_hidden.e164('0722 123 456', '40'), '+40722123456', 'a calling code stands for its first region');
select * from finish();
rollback;
