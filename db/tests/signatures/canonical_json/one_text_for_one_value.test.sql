-- Test: canonical_json - one text for one value, as RFC 8785 writes it, with its numbers in full. CNS-07.
begin;
select plan(16);
select is(app_private.canonical_json(given::jsonb), wanted, given) from (values
  ('{}', '{}'), ('[]', '[]'), ('null', 'null'), ('true', 'true'),
  (' { "b" : 1 , "a" : [ 2, {"d":3,"c":4} ] } ', '{"a":[2,{"c":4,"d":3}],"b":1}'),
  ('{"aa":1,"b":2,"B":3}', '{"B":3,"aa":1,"b":2}'),
  ('1.500', '1.5'), ('100', '100'), ('1e3', '1000'), ('-0', '0'), ('0.0000001', '0.0000001'), ('12345678901234567890.5', '12345678901234567890.5'),
  ('"ș\u0219 \u0001 \n \" \\ / \u007f €"', e'"șș \\u0001 \\n \\" \\\\ / \x7f €"'),
  ('"\u001F"', '"\u001f"'),
  ('{"z":null,"ș":0}', '{"z":null,"ș":0}')
) as cases (given, wanted);
select is(app_private.canonical_json('{"a":1.0,"b":[true]}'), app_private.canonical_json('{"b":[true],"a":1}'), 'the same value has the same text');
select * from finish();
rollback;
